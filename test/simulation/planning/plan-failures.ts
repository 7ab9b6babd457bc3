import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import type { Plan, PlanTask } from '#shared/planning/index.ts';
import { answerOf, policyIn, waitsOf } from './plan-conditions.ts';
import { fateOf, toRepairId } from './plan-script.ts';
import { isFinalIn, type PlanWorld, type Span, standingIn } from './plan-world.ts';

/** How long a person takes to decide. */
const DECIDES_IN_MS = 1_800_000;

/** What a person may decide: anything but to ask again. */
export const DECISIONS: readonly FailurePolicy[] = [
  'continue',
  'skip_dependents',
  'fix_task',
  'fail_fast',
];

/** What a failed task means for the rest, by its policy. Source: contracts, failure policies. */
export function spreadFailed(
  world: PlanWorld,
  task: PlanTask,
  policy = policyIn(world, task),
): void {
  world.failures.set(policy, (world.failures.get(policy) ?? 0) + 1);
  switch (policy) {
    case 'fail_fast':
      world.run = 'failed';
      for (const { taskId } of world.plan.tasks) cancel(world, taskId);
      return;
    case 'continue':
    case 'skip_dependents':
      settleFailed(world, task);
      return;
    case 'escalate':
      world.run = 'paused';
      world.questions.set(task.taskId, world.nowMs + DECIDES_IN_MS);
      return;
    case 'fix_task':
      if (world.repairOf.size < world.script.maxFixLoops) addRepair(world, task);
      else settleFailed(world, task);
  }
}

/** A person has decided on a failed task: from now on that is its policy. */
export function decide(world: PlanWorld, taskId: string): void {
  world.questions.delete(taskId);
  const { decision } = fateOf(world.script, taskId);
  const task = world.taskOf.get(taskId);
  if (task === undefined || world.run === 'failed') return;
  const decided = { ...task, onFailure: decision };
  world.taskOf.set(taskId, decided);
  replan(world, { tasks: world.plan.tasks.map((each) => (each === task ? decided : each)) });
  if (world.questions.size === 0) world.run = 'running';
  spreadFailed(world, decided, decision);
}

/** Cancels all that waits for what will never come, and closes what is over, until nothing more follows. */
export function settleWholes(world: PlanWorld): void {
  let isMoving = true;
  while (isMoving) {
    const stranded = world.run === 'failed' ? [] : listStranded(world);
    for (const taskId of stranded) cancel(world, taskId);
    const closed = closeStreams(world) + closePhases(world);
    isMoving = stranded.length > 0 || closed > 0;
  }
}

/** Ends a task that is not over, whatever it is doing. */
function cancel(world: PlanWorld, taskId: string): void {
  if (isFinalIn(world, taskId)) return;
  const going = world.running.get(taskId) ?? world.checking.get(taskId);
  if (going !== undefined) {
    const span: Span = { ...going, endMs: world.nowMs, isCanceled: true };
    world.spans.push({ ...span, runEndMs: Math.min(going.runEndMs, world.nowMs) });
    if (world.running.delete(taskId)) release(world, going.task);
    world.checking.delete(taskId);
  }
  world.standings.set(taskId, { state: 'canceled' });
}

function release({ purses }: PlanWorld, { budgetDemands }: PlanTask): void {
  for (const { budgetId, neededMicros } of budgetDemands) {
    const purse = purses.get(budgetId);
    if (purse !== undefined) purse.heldMicros -= neededMicros;
  }
}

/** A critical failure also ends its workstream. */
function settleFailed(world: PlanWorld, { taskId, workstreamId }: PlanTask): void {
  if (!fateOf(world.script, taskId).isCritical) return;
  world.workstreams.set(workstreamId, 'failed');
  for (const each of world.plan.tasks) {
    if (each.workstreamId === workstreamId) cancel(world, each.taskId);
  }
}

function addRepair(world: PlanWorld, task: PlanTask): void {
  const { deadlineAt: _deadline, notBefore: _notBefore, ...rest } = task;
  const repairId = toRepairId(task.taskId);
  const repair: PlanTask = { ...rest, taskId: repairId, dependsOn: [], fixes: task.taskId };
  world.taskOf.set(repairId, repair);
  world.repairOf.set(task.taskId, repairId);
  world.standings.set(repairId, { state: 'pending' });
  replan(world, { tasks: [...world.plan.tasks, repair] });
}

function replan(world: PlanWorld, change: Partial<Plan>): void {
  world.plan = { ...world.plan, ...change };
}

function listStranded(world: PlanWorld): readonly string[] {
  return world.plan.tasks.flatMap((task) => {
    const { state } = standingIn(world, task.taskId);
    if (state !== 'pending' && state !== 'queued' && state !== 'blocked') return [];
    return waitsOf(world, task).some((wait) => answerOf(world, wait) === 'never')
      ? [task.taskId]
      : [];
  });
}

function closeStreams(world: PlanWorld): number {
  const open = new Set<string>();
  const done = new Set<string>();
  // A person may yet ask for a repair.
  for (const taskId of world.questions.keys())
    open.add(world.taskOf.get(taskId)?.workstreamId ?? '');
  for (const { taskId, workstreamId } of world.plan.tasks) {
    if (!isFinalIn(world, taskId)) open.add(workstreamId);
    if (standingIn(world, taskId).state === 'completed') done.add(workstreamId);
  }
  const closing = world.plan.workstreams.filter(
    ({ workstreamId }) => !world.workstreams.has(workstreamId) && !open.has(workstreamId),
  );
  for (const { workstreamId } of closing) {
    world.workstreams.set(workstreamId, done.has(workstreamId) ? 'completed' : 'canceled');
  }
  return closing.length;
}

function closePhases(world: PlanWorld): number {
  const closing = world.plan.phaseIds.filter(
    (phaseId) =>
      !world.phases.has(phaseId) &&
      world.plan.workstreams.every(
        (each) => each.phaseId !== phaseId || world.workstreams.has(each.workstreamId),
      ),
  );
  for (const phaseId of closing) {
    const hasFailed = world.plan.workstreams.some(
      (each) => each.phaseId === phaseId && world.workstreams.get(each.workstreamId) === 'failed',
    );
    world.phases.set(phaseId, hasFailed ? 'failed' : 'completed');
  }
  return closing.length;
}
