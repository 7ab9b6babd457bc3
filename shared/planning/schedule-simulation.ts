import type { Ms } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { canWork, type PlanWorker } from './plan.ts';
import { compareRank, type Ranked } from './priority.ts';
import * as books from './schedule-books.ts';
import type { ConstraintCode } from './schedule-entry.ts';
import { createHeap, type Heap } from './schedule-heap.ts';
import { openRunningBooks, type SimulationStart } from './schedule-start.ts';

/** How a plan went in one imagined future. Units: ms from now; `NaN` for a task that never came to it. */
export interface Simulation {
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
  /** When the last task ended. */
  readonly finishMs: Ms;
  /** Task-milliseconds each constraint held back; one not named held nothing. */
  readonly heldMs: ReadonlyMap<ConstraintCode, Ms>;
}

interface Waiter extends Ranked {
  readonly index: number;
  /** The line it was called from. */
  readonly calledFrom?: string;
}

interface Line {
  readonly reason: ConstraintCode;
  readonly heap: Heap<Waiter>;
}

interface Happening {
  readonly atMs: Ms;
  readonly index: number;
  /** What held the task until now; without it, the task ends. */
  readonly wakes?: 'not_before' | 'rate';
}

/** One imagined future while it unfolds. */
interface Future {
  readonly start: SimulationStart;
  readonly durationOf: (index: number) => Ms;
  readonly books: books.Books;
  readonly open: Int32Array;
  readonly ready: Heap<Waiter>;
  /** Who waits for each scarce thing, by its key. */
  readonly lines: Map<string, Line>;
  readonly happenings: Heap<Happening>;
  readonly startsMs: Float64Array;
  readonly endsMs: Float64Array;
  readonly heldMs: Map<ConstraintCode, Ms>;
  /** How many tasks each constraint holds now; those that only want a free place are counted by the heap. */
  readonly heldCount: Map<ConstraintCode, number>;
  nowMs: Ms;
}

/**
 * Lets a plan run on from where it stands with durations as given, each task sent off as the scheduler would, from event to
 * event. Gates are taken to be passed in time. Tasks that wait for one scarce thing stand in one line, and only its head is
 * asked when the thing is free, so the cost is (tasks + edges) × log n, times the locks held where there are locks.
 * Units: durations in ms; that of a task under way is what is left of it.
 */
export function simulate(start: SimulationStart, durationOf: (index: number) => Ms): Simulation {
  const future = openFuture(start, durationOf);
  for (const index of start.underWay) endAfter(future, index);
  for (const [node, open] of start.open.entries()) if (open === 0) reach(future, node);
  sendOff(future);
  for (let next = future.happenings.pop(); next !== undefined; next = future.happenings.pop()) {
    advance(future, next.atMs);
    if (next.wakes === undefined) finish(future, next.index);
    else wake(future, next.index, next.wakes);
    // What happens at one moment happens together, before anybody is sent off.
    if (future.happenings.peek()?.atMs !== next.atMs) sendOff(future);
  }
  const { startsMs, endsMs, heldMs, nowMs } = future;
  return { startsMs, endsMs, heldMs, finishMs: nowMs };
}

function openFuture(start: SimulationStart, durationOf: (index: number) => Ms): Future {
  const tasks = start.prepared.tasks.length;
  return {
    start,
    durationOf,
    books: openRunningBooks(start.prepared, start.situation),
    open: Int32Array.from(start.open),
    ready: createHeap<Waiter>(compareRank),
    lines: new Map(),
    happenings: createHeap<Happening>(compareHappenings),
    startsMs: new Float64Array(tasks).fill(Number.NaN),
    endsMs: new Float64Array(tasks).fill(Number.NaN),
    heldMs: new Map(),
    heldCount: new Map([['dependency', start.waitingCount]]),
    nowMs: 0,
  };
}

const compareHappenings = (left: Happening, right: Happening): number => left.atMs - right.atMs;

function advance(future: Future, atMs: Ms): void {
  const passedMs = atMs - future.nowMs;
  future.nowMs = atMs;
  const place = isCrowded(future) ? 'run_parallel' : 'worker';
  addHeld(future, place, future.ready.size() * passedMs);
  for (const [reason, held] of future.heldCount) addHeld(future, reason, held * passedMs);
}

function addHeld({ heldMs }: Future, reason: ConstraintCode, ms: Ms): void {
  if (ms > 0) heldMs.set(reason, (heldMs.get(reason) ?? 0) + ms);
}

function count({ heldCount }: Future, reason: ConstraintCode, change: 1 | -1): void {
  heldCount.set(reason, (heldCount.get(reason) ?? 0) + change);
}

/** A node whose last dependency is met: a point without work is passed at once, a task comes to its turn. */
function reach(future: Future, node: number): void {
  const { start, nowMs } = future;
  if (node >= start.prepared.graph.taskCount) {
    pass(future, node);
  } else if (start.isOut[node] !== true) {
    count(future, 'dependency', -1);
    const earliestMs = itemAt(start.earliestMs, node);
    if (earliestMs <= nowMs) queue(future, node);
    else postpone(future, node, { reason: 'not_before', untilMs: earliestMs });
  }
}

function pass(future: Future, node: number): void {
  for (const next of itemAt(future.start.prepared.graph.successors, node)) {
    const open = itemAt(future.open, next) - 1;
    future.open[next] = open;
    if (open === 0) reach(future, next);
  }
}

function queue(future: Future, index: number): void {
  const task = itemAt(future.start.prepared.tasks, index);
  future.ready.push({ index, task, score: future.start.scoreAt(index, future.nowMs) });
}

function wake(future: Future, index: number, held: 'not_before' | 'rate'): void {
  count(future, held, -1);
  queue(future, index);
}

function postpone(
  future: Future,
  index: number,
  hold: { readonly reason: 'not_before' | 'rate'; readonly untilMs: Ms },
): void {
  count(future, hold.reason, 1);
  future.happenings.push({ atMs: hold.untilMs, index, wakes: hold.reason });
}

const isCrowded = (future: Future): boolean =>
  future.books.busy.size >= future.start.prepared.plan.maxParallel;

/** Sends off who can go, the most wanted first, until every place is taken. */
function sendOff(future: Future): void {
  while (!isCrowded(future) && future.books.idle.length > 0) {
    const waiter = future.ready.pop();
    if (waiter === undefined) return;
    const obstacle = books.findObstacle(
      future.books,
      waiter.index,
      future.start.nowMs + future.nowMs,
    );
    if (obstacle === undefined) begin(future, waiter.index);
    else stand(future, waiter, obstacle);
    // One who could not use what became free leaves it to the next of the line.
    if (waiter.calledFrom !== obstacle?.key) callNext(future, waiter.calledFrom);
  }
}

function begin(future: Future, index: number): void {
  books.holdScope(future.books, index);
  books.reserveMoney(future.books, index);
  books.startWork(future.books, index);
  future.startsMs[index] = future.nowMs;
  endAfter(future, index);
}

function endAfter(future: Future, index: number): void {
  future.happenings.push({ atMs: future.nowMs + future.durationOf(index), index });
}

/** Waits for a moment where that is known, else in the line for the scarce thing. */
function stand(future: Future, { index, task, score }: Waiter, obstacle: books.Obstacle): void {
  const { key, reason, endsAtMs } = obstacle;
  if (endsAtMs !== undefined) {
    postpone(future, index, { reason: 'rate', untilMs: endsAtMs - future.start.nowMs });
    return;
  }
  const own = future.lines.get(key) ?? { reason, heap: createHeap<Waiter>(compareRank) };
  own.heap.push({ index, task, score, calledFrom: key });
  future.lines.set(key, own);
  count(future, reason, 1);
}

function callNext(future: Future, key: string | undefined): void {
  const own = future.lines.get(key ?? '');
  const next = own?.heap.pop();
  if (own === undefined || next === undefined) return;
  count(future, own.reason, -1);
  future.ready.push(next);
}

function finish(future: Future, index: number): void {
  const worker = books.endWork(future.books, index);
  future.endsMs[index] = future.nowMs;
  for (const key of listFreed(future, index)) callNext(future, key);
  if (worker !== undefined) callForWorker(future, worker);
  pass(future, index);
}

/** The keys of all lines that may move on now that a task is over. */
function listFreed({ start }: Future, index: number): readonly string[] {
  const { conflictGroup, toolId, workstreamId } = itemAt(start.prepared.tasks, index);
  return [
    ...(conflictGroup === undefined ? [] : [`group:${conflictGroup}`]),
    ...(toolId === undefined ? [] : [`tool_capacity:${toolId}`]),
    `workstream_parallel:${workstreamId}`,
    ...itemAt(start.prepared.locks, index).map(({ path }) => `lock:${path}`),
  ];
}

function callForWorker(future: Future, worker: PlanWorker): void {
  for (const [key, { reason, heap }] of future.lines) {
    const head = reason === 'worker' ? heap.peek() : undefined;
    if (head !== undefined && canWork(worker, head.task)) callNext(future, key);
  }
}
