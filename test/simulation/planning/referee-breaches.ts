import type { ConstraintCode, PlanTask, PlanWorker } from '#shared/planning/index.ts';
import { answerOf, waitsOf } from './plan-conditions.ts';
import { type PlanWorld, standingIn } from './plan-world.ts';
import { isLocked, type Ledger } from './referee-ledger.ts';

type Test = (world: PlanWorld, ledger: Ledger, task: PlanTask) => boolean;

/** Each constraint as its contract tells it, in the order in which the first that holds is the reason. */
const TESTS: readonly (readonly [ConstraintCode, Test])[] = [
  ['dependency', isWaiting],
  ['gate', isGated],
  ['run_not_running', ({ run }) => run !== 'running'],
  ['not_before', isEarly],
  ['conflict_group', (_world, { groups }, { conflictGroup = '' }) => groups.has(conflictGroup)],
  ['lock', (_world, ledger, task) => isLocked(ledger, task)],
  ['tool_capacity', isToolFull],
  ['rate', ({ rates, nowMs }, _ledger, { toolId = '' }) => (rates.get(toolId) ?? 0) > nowMs],
  ['budget', isShort],
  ['worker', (_world, { idle }, task) => ![...idle.values()].some((one) => isFit(one, task))],
  ['workstream_parallel', isStreamFull],
  ['run_parallel', ({ plan }, { running }) => running >= plan.maxParallel],
];

/** All constraints that forbid a task to start now. */
export const listBreaches = (
  world: PlanWorld,
  ledger: Ledger,
  task: PlanTask,
): readonly ConstraintCode[] =>
  TESTS.flatMap(([code, test]) => (test(world, ledger, task) ? [code] : []));

/** The first constraint that forbids a task to start now. */
export const findBreach = (
  world: PlanWorld,
  ledger: Ledger,
  task: PlanTask,
): ConstraintCode | undefined => TESTS.find(([, test]) => test(world, ledger, task))?.[0];

/** Whether a worker can do a task. */
export function isFit(worker: PlanWorker, { affinity, requiredCapabilities }: PlanTask): boolean {
  if (affinity !== undefined && worker.affinity !== affinity) return false;
  const known = new Set(worker.capabilities);
  return requiredCapabilities.every((capability) => known.has(capability));
}

/** Whether a task starts on what failed, because the policy is to go on without. */
export const isDegraded = (world: PlanWorld, task: PlanTask): boolean =>
  waitsOf(world, task).some((wait) => answerOf(world, wait) === 'degraded');

function isWaiting(world: PlanWorld, _ledger: Ledger, task: PlanTask): boolean {
  if (standingIn(world, task.taskId).blockedBy !== undefined) return true;
  return waitsOf(world, task).some((wait) => wait.kind !== 'gate' && isUnmet(world, wait));
}

function isGated(world: PlanWorld, _ledger: Ledger, task: PlanTask): boolean {
  return waitsOf(world, task).some((wait) => wait.kind === 'gate' && isUnmet(world, wait));
}

function isUnmet(world: PlanWorld, wait: PlanTask['dependsOn'][number]): boolean {
  const answer = answerOf(world, wait);
  return answer === 'open' || answer === 'never';
}

function isEarly(world: PlanWorld, _ledger: Ledger, { taskId, notBefore }: PlanTask): boolean {
  const backoff = standingIn(world, taskId).notBefore;
  return [notBefore, backoff].some((at) => at !== undefined && at > world.now);
}

function isToolFull({ script }: PlanWorld, { tools }: Ledger, { toolId = '' }: PlanTask): boolean {
  return (tools.get(toolId) ?? 0) >= (script.tools.get(toolId) ?? Infinity);
}

function isShort(_world: PlanWorld, { free }: Ledger, { budgetDemands }: PlanTask): boolean {
  return budgetDemands.some(({ budgetId, neededMicros }) => {
    const micros = free.get(budgetId);
    return micros !== undefined && micros < neededMicros;
  });
}

function isStreamFull({ streamOf }: PlanWorld, { streams }: Ledger, task: PlanTask): boolean {
  const concurrency = streamOf.get(task.workstreamId)?.concurrency;
  const beside = streams.get(task.workstreamId) ?? [];
  if (concurrency === undefined || beside.length === 0) return false;
  switch (concurrency.mode) {
    case 'sequential':
      return true;
    case 'parallel':
      return beside.length >= concurrency.maxParallel;
    case 'parallel_groups': {
      const isGroup = [task, ...beside].every(({ parallelOk }) => parallelOk);
      return !isGroup || beside.length >= concurrency.maxParallel;
    }
  }
}
