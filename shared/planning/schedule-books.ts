import { toEpochMs } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { isConflict, type WantedLock } from './locks.ts';
import {
  canWork,
  type PlanTask,
  type PlanWorker,
  toNeed,
  type WorkstreamConcurrency,
} from './plan.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import type { Blocker, ConstraintCode } from './schedule-entry.ts';
import type { Capacities } from './schedule-states.ts';

/** What stands in the way of a task. */
export interface Obstacle {
  readonly reason: ConstraintCode;
  /** The scarce thing: who waits for one of it waits in the same line. */
  readonly key: string;
  readonly blockers: () => readonly Blocker[];
  /** Whether it passes by itself as work goes on; what is missing for good does not. */
  readonly canPass: () => boolean;
  /** When a rate limit ends; set for `rate` alone. */
  readonly endsAtMs?: number;
}

/** Who has what at a moment; the one place of a plan that changes while it is worked out. */
export interface Books {
  readonly prepared: PreparedPlan;
  readonly capacities: Capacities;
  readonly groups: Map<string, number>;
  readonly locks: Map<number, readonly WantedLock[]>;
  /** The tasks that run with each tool. */
  readonly tools: Map<string, Set<number>>;
  readonly budgets: Map<string, bigint>;
  /** Fewest abilities first, so that those who can do much are kept for what only they can do. */
  readonly idle: PlanWorker[];
  readonly busy: Map<number, Work>;
  /** The tasks that run in each workstream. */
  readonly streams: Map<string, Set<number>>;
}

/** What a running task has taken. */
interface Work {
  readonly worker: PlanWorker | undefined;
  /** The tasks it is counted among, of its workstream and of its tool. */
  readonly countedIn: readonly Set<number>[];
}

/** The books of a plan before anybody has taken anything. */
export function openBooks(prepared: PreparedPlan, capacities: Capacities): Books {
  return {
    prepared,
    capacities,
    groups: new Map(),
    locks: new Map(),
    tools: new Map(),
    budgets: new Map(capacities.budgets),
    idle: [...capacities.workers].sort(compareWorkers),
    busy: new Map(),
    streams: new Map(),
  };
}

/** The first constraint that holds a task back, from the conflict group on; nothing if it may start. */
export function findObstacle(books: Books, index: number, nowMs: number): Obstacle | undefined {
  const task = itemAt(books.prepared.tasks, index);
  return (
    findGroup(books, task) ??
    findLock(books, index) ??
    findTool(books, task, nowMs) ??
    findBudget(books, task) ??
    findWorker(books, task) ??
    findStream(books, task) ??
    findRun(books)
  );
}

/** Notes that a task has its locks and its group: from its start to its end. */
export function holdScope(books: Books, index: number): void {
  const group = itemAt(books.prepared.tasks, index).conflictGroup;
  if (group !== undefined && !books.groups.has(group)) books.groups.set(group, index);
  books.locks.set(index, itemAt(books.prepared.locks, index));
}

/** Notes that a task runs, with the worker named or the first idle one who can; answers who that is. */
export function startWork(books: Books, index: number, workerId?: string): PlanWorker | undefined {
  const task = itemAt(books.prepared.tasks, index);
  const place = books.idle.findIndex((worker) =>
    workerId === undefined ? canWork(worker, task) : worker.workerId === workerId,
  );
  const worker = place === -1 ? undefined : books.idle.splice(place, 1)[0];
  const countedIn = [enter(books.streams, task.workstreamId, index)];
  if (task.toolId !== undefined) countedIn.push(enter(books.tools, task.toolId, index));
  books.busy.set(index, { worker, countedIn });
  return worker;
}

function enter(lists: Map<string, Set<number>>, key: string, index: number): Set<number> {
  const list = lists.get(key) ?? new Set();
  lists.set(key, list);
  return list.add(index);
}

/** Sets aside what a task will cost, in each of its budgets. */
export function reserveMoney(books: Books, index: number): void {
  for (const { budgetId, neededMicros } of itemAt(books.prepared.tasks, index).budgetDemands) {
    const freeMicros = books.budgets.get(budgetId);
    if (freeMicros !== undefined) books.budgets.set(budgetId, freeMicros - neededMicros);
  }
}

/** Notes that a task is over: all it had is free again but the money. Answers who is idle now, if it had a worker. */
export function endWork(books: Books, index: number): PlanWorker | undefined {
  const group = itemAt(books.prepared.tasks, index).conflictGroup ?? '';
  if (books.groups.get(group) === index) books.groups.delete(group);
  books.locks.delete(index);
  const work = books.busy.get(index);
  if (work === undefined) return undefined;
  books.busy.delete(index);
  for (const list of work.countedIn) list.delete(index);
  if (work.worker !== undefined) rest(books, work.worker);
  return work.worker;
}

function rest({ idle }: Books, worker: PlanWorker): void {
  const place = idle.findIndex((each) => compareWorkers(worker, each) < 0);
  idle.splice(place === -1 ? idle.length : place, 0, worker);
}

function compareWorkers(left: PlanWorker, right: PlanWorker): number {
  const fewer = left.capabilities.length - right.capabilities.length;
  if (fewer !== 0) return fewer;
  return left.workerId < right.workerId ? -1 : 1;
}

const idOf = ({ prepared }: Books, index: number): string => itemAt(prepared.tasks, index).taskId;

const always = (): boolean => true;
const never = (): boolean => false;

function findGroup(books: Books, task: PlanTask): Obstacle | undefined {
  const group = task.conflictGroup;
  const holder = group === undefined ? undefined : books.groups.get(group);
  if (group === undefined || holder === undefined) return undefined;
  return {
    reason: 'conflict_group',
    key: `group:${group}`,
    blockers: () => [{ kind: 'lock', id: idOf(books, holder) }],
    canPass: always,
  };
}

function findLock(books: Books, index: number): Obstacle | undefined {
  const wanted = itemAt(books.prepared.locks, index);
  if (wanted.length === 0) return undefined;
  const isRival = (held: WantedLock): boolean => wanted.some((lock) => isConflict(lock, held));
  for (const held of books.locks.values()) {
    const rival = held.find(isRival);
    if (rival === undefined) continue;
    return {
      reason: 'lock',
      key: `lock:${rival.path}`,
      blockers: () =>
        [...books.locks].flatMap(([holder, locks]) =>
          locks.some(isRival) ? [{ kind: 'lock', id: idOf(books, holder) }] : [],
        ),
      canPass: always,
    };
  }
  return undefined;
}

/** Too many of a tool's tasks, then its rate limit. */
function findTool(books: Books, { toolId }: PlanTask, nowMs: number): Obstacle | undefined {
  if (toolId === undefined) return undefined;
  const capacity = books.capacities.tools.get(toolId);
  if (capacity === undefined) return undefined;
  const { maxParallel, notBefore } = capacity;
  const running = books.tools.get(toolId)?.size ?? 0;
  if (running >= maxParallel) {
    return block('tool_capacity', { kind: 'tool', id: toolId }, () => maxParallel > 0);
  }
  const endsAtMs = notBefore === undefined ? nowMs : toEpochMs(notBefore);
  if (endsAtMs <= nowMs) return undefined;
  return { ...block('rate', { kind: 'rate', id: toolId }, never), endsAtMs };
}

/** A task of unknown cost needs at least something left; one that costs nothing needs nothing. */
function findBudget(books: Books, { budgetDemands }: PlanTask): Obstacle | undefined {
  const short = budgetDemands.find(
    ({ budgetId, neededMicros }) => neededMicros > (books.budgets.get(budgetId) ?? neededMicros),
  );
  return short && block('budget', { kind: 'budget', id: short.budgetId }, never);
}

function findWorker(books: Books, task: PlanTask): Obstacle | undefined {
  if (books.idle.some((worker) => canWork(worker, task))) return undefined;
  const need = toNeed(task);
  const listFit = (): readonly PlanWorker[] =>
    books.capacities.workers.filter((worker) => canWork(worker, task));
  return {
    reason: 'worker',
    key: `worker:${need}`,
    // Those who could do it; if nobody can, what is asked for.
    blockers: () => {
      const fit = listFit();
      const ids = fit.length > 0 ? fit.map(({ workerId }) => workerId) : [need];
      return ids.map((id) => ({ kind: 'worker', id }));
    },
    canPass: () => listFit().length > 0,
  };
}

function findStream(books: Books, task: PlanTask): Obstacle | undefined {
  const concurrency = books.prepared.workstreams.get(task.workstreamId)?.concurrency;
  const running = [...(books.streams.get(task.workstreamId) ?? [])];
  if (concurrency === undefined) return undefined;
  const allOk = running.every((index) => itemAt(books.prepared.tasks, index).parallelOk);
  if (running.length < toWidth(concurrency, task.parallelOk && allOk)) return undefined;
  return block('workstream_parallel', { kind: 'run', id: task.workstreamId }, always);
}

function toWidth({ mode, maxParallel }: WorkstreamConcurrency, isGroup: boolean): number {
  switch (mode) {
    case 'sequential':
      return 1;
    case 'parallel':
      return maxParallel;
    case 'parallel_groups':
      return isGroup ? maxParallel : 1;
  }
}

function findRun(books: Books): Obstacle | undefined {
  const { maxParallel, runId } = books.prepared.plan;
  if (books.busy.size < maxParallel) return undefined;
  return block('run_parallel', { kind: 'run', id: runId }, always);
}

function block(reason: ConstraintCode, blocker: Blocker, canPass: () => boolean): Obstacle {
  return { reason, key: `${reason}:${blocker.id}`, blockers: () => [blocker], canPass };
}
