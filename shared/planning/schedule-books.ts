import { toEpochMs, toInstant } from '#shared/kernel/index.ts';
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
}

/** Who has what at a moment; the one place of a plan that changes while it is worked out. */
export interface Books {
  readonly prepared: PreparedPlan;
  readonly capacities: Capacities;
  readonly groups: Map<string, number>;
  readonly locks: Map<number, readonly WantedLock[]>;
  readonly tools: Map<string, number>;
  readonly budgets: Map<string, bigint>;
  /** Fewest abilities first, so that those who can do much are kept for what only they can do. */
  readonly idle: PlanWorker[];
  readonly busy: Map<number, PlanWorker | undefined>;
  readonly streams: Map<string, number[]>;
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
  const task = books.prepared.tasks[index];
  if (task === undefined) return undefined;
  return (
    findGroup(books, task) ??
    findLock(books, index) ??
    findTool(books, task) ??
    findRate(books, task, nowMs) ??
    findBudget(books, task) ??
    findWorker(books, task) ??
    findStream(books, task) ??
    findRun(books)
  );
}

/** Whether an obstacle will pass by itself as work goes on; what is missing for good does not. */
export function canPass(books: Books, index: number, { reason }: Obstacle): boolean {
  const task = books.prepared.tasks[index];
  if (reason === 'worker') {
    return task !== undefined && books.capacities.workers.some((worker) => canWork(worker, task));
  }
  if (reason === 'tool_capacity') {
    return (books.capacities.tools.get(task?.toolId ?? '')?.maxParallel ?? 0) > 0;
  }
  return reason !== 'rate' && reason !== 'budget';
}

/** Notes that a task has its locks and its group: from its start to its end. */
export function holdScope(books: Books, index: number): void {
  const group = books.prepared.tasks[index]?.conflictGroup;
  if (group !== undefined && !books.groups.has(group)) books.groups.set(group, index);
  const locks = books.prepared.locks[index] ?? [];
  if (locks.length > 0) books.locks.set(index, locks);
}

/** Notes that a task runs, with the worker named or the first idle one who can; answers who that is. */
export function startWork(books: Books, index: number, workerId?: string): PlanWorker | undefined {
  const task = books.prepared.tasks[index];
  if (task === undefined) return undefined;
  const place = books.idle.findIndex((worker) =>
    workerId === undefined ? canWork(worker, task) : worker.workerId === workerId,
  );
  const worker = place === -1 ? undefined : books.idle.splice(place, 1)[0];
  books.busy.set(index, worker);
  if (task.toolId !== undefined) {
    books.tools.set(task.toolId, (books.tools.get(task.toolId) ?? 0) + 1);
  }
  const stream = books.streams.get(task.workstreamId) ?? [];
  stream.push(index);
  books.streams.set(task.workstreamId, stream);
  return worker;
}

/** Sets aside what a task will cost, in each of its budgets. */
export function reserveMoney(books: Books, index: number): void {
  for (const { budgetId, neededMicros } of books.prepared.tasks[index]?.budgetDemands ?? []) {
    const freeMicros = books.budgets.get(budgetId);
    if (freeMicros !== undefined) books.budgets.set(budgetId, freeMicros - neededMicros);
  }
}

/** Notes that a task is over: all it had is free again but the money. */
export function endWork(books: Books, index: number): void {
  const task = books.prepared.tasks[index];
  if (task === undefined) return;
  const group = task.conflictGroup ?? '';
  if (books.groups.get(group) === index) books.groups.delete(group);
  books.locks.delete(index);
  if (!books.busy.has(index)) return;
  rest(books, books.busy.get(index));
  books.busy.delete(index);
  const stream = books.streams.get(task.workstreamId) ?? [];
  stream.splice(stream.indexOf(index), 1);
  if (task.toolId === undefined) return;
  books.tools.set(task.toolId, (books.tools.get(task.toolId) ?? 0) - 1);
}

function rest({ idle }: Books, worker: PlanWorker | undefined): void {
  if (worker === undefined) return;
  const place = idle.findIndex((each) => compareWorkers(worker, each) < 0);
  idle.splice(place === -1 ? idle.length : place, 0, worker);
}

function compareWorkers(left: PlanWorker, right: PlanWorker): number {
  const fewer = left.capabilities.length - right.capabilities.length;
  if (fewer !== 0) return fewer;
  return left.workerId < right.workerId ? -1 : 1;
}

const idOf = (books: Books, index: number): string => books.prepared.tasks[index]?.taskId ?? '';

function findGroup(books: Books, task: PlanTask): Obstacle | undefined {
  const group = task.conflictGroup;
  const holder = group === undefined ? undefined : books.groups.get(group);
  if (group === undefined || holder === undefined) return undefined;
  return {
    reason: 'conflict_group',
    key: `group:${group}`,
    blockers: () => [{ kind: 'lock', id: idOf(books, holder) }],
  };
}

function findLock(books: Books, index: number): Obstacle | undefined {
  const wanted = books.prepared.locks[index] ?? [];
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
    };
  }
  return undefined;
}

function findTool(books: Books, { toolId }: PlanTask): Obstacle | undefined {
  const capacity = books.capacities.tools.get(toolId ?? '');
  if (toolId === undefined || capacity === undefined) return undefined;
  if ((books.tools.get(toolId) ?? 0) < capacity.maxParallel) return undefined;
  return block('tool_capacity', { kind: 'tool', id: toolId });
}

function findRate(books: Books, { toolId }: PlanTask, nowMs: number): Obstacle | undefined {
  const notBefore = books.capacities.tools.get(toolId ?? '')?.notBefore;
  if (toolId === undefined || notBefore === undefined) return undefined;
  return toEpochMs(notBefore) > nowMs ? block('rate', { kind: 'rate', id: toolId }) : undefined;
}

/** A task of unknown cost needs at least something left; one that costs nothing needs nothing. */
function findBudget(books: Books, { budgetDemands }: PlanTask): Obstacle | undefined {
  const short = budgetDemands.find(
    ({ budgetId, neededMicros }) => neededMicros > (books.budgets.get(budgetId) ?? neededMicros),
  );
  return short && block('budget', { kind: 'budget', id: short.budgetId });
}

function findWorker(books: Books, task: PlanTask): Obstacle | undefined {
  if (books.idle.some((worker) => canWork(worker, task))) return undefined;
  const need = toNeed(task);
  return {
    reason: 'worker',
    key: `worker:${need}`,
    // Those who could do it; if nobody can, what is asked for.
    blockers: () => {
      const fit = books.capacities.workers.filter((worker) => canWork(worker, task));
      const ids = fit.length > 0 ? fit.map(({ workerId }) => workerId) : [need];
      return ids.map((id) => ({ kind: 'worker', id }));
    },
  };
}

function findStream(books: Books, task: PlanTask): Obstacle | undefined {
  const concurrency = books.prepared.workstreams.get(task.workstreamId)?.concurrency;
  const running = books.streams.get(task.workstreamId) ?? [];
  if (concurrency === undefined || running.length === 0) return undefined;
  const allOk = running.every((index) => books.prepared.tasks[index]?.parallelOk === true);
  if (running.length < toWidth(concurrency, task.parallelOk && allOk)) return undefined;
  return block('workstream_parallel', { kind: 'run', id: task.workstreamId });
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
  return block('run_parallel', { kind: 'run', id: runId });
}

function block(reason: ConstraintCode, blocker: Blocker): Obstacle {
  return { reason, key: `${reason}:${blocker.id}`, blockers: () => [blocker] };
}

/** When a wait for a tool's rate limit is over. */
export const rateEndsAt = (books: Books, index: number): number =>
  toEpochMs(
    books.capacities.tools.get(books.prepared.tasks[index]?.toolId ?? '')?.notBefore ??
      toInstant(0),
  );
