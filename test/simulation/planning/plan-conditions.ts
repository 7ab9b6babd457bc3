import type { DependencyCondition, FailurePolicy } from '#shared/lifecycle/index.ts';
import type { PlanDependency, PlanTask } from '#shared/planning/index.ts';
import { isFinalIn, type PlanWorld, standingIn } from './plan-world.ts';

/** What a wait has come to: it is over, it is over although upstream failed, it goes on, or it will never end. */
export type Answer = 'met' | 'degraded' | 'open' | 'never';

/** Which ends of a whole workstream or phase are as good as asked. Source: contract `ws_dependency.v1`. */
const WHOLE_ENDS: Readonly<Record<DependencyCondition, readonly string[]>> = {
  success: ['completed', 'skipped'],
  finished: ['completed', 'skipped', 'failed'],
  always: ['completed', 'skipped', 'failed', 'canceled'],
};

/** The most specific policy wins; a repair that fails is not repaired again. */
export function policyIn({ plan, streamOf }: PlanWorld, task: PlanTask): FailurePolicy {
  if (task.fixes !== undefined) return 'skip_dependents';
  return task.onFailure ?? streamOf.get(task.workstreamId)?.onFailure ?? plan.onFailure;
}

/** All that a task waits for: what it names, what its workstream names, the phase before, what it repairs. */
export function waitsOf(world: PlanWorld, task: PlanTask): readonly PlanDependency[] {
  const stream = world.streamOf.get(task.workstreamId);
  const waits = [...task.dependsOn, ...(stream?.dependsOn ?? [])];
  const phase = world.plan.phaseIds.indexOf(stream?.phaseId ?? '');
  const before = phase > 0 ? world.plan.phaseIds[phase - 1] : undefined;
  if (before !== undefined) waits.push({ kind: 'phase', fromId: before, condition: 'success' });
  if (task.fixes !== undefined) {
    waits.push({ kind: 'task', fromId: task.fixes, condition: 'finished' });
  }
  return waits;
}

/** How a wait stands, by the contract alone. */
export function answerOf(world: PlanWorld, wait: PlanDependency): Answer {
  const { kind, fromId, condition } = wait;
  if (kind === 'gate') {
    const status = world.gates.get(fromId) ?? 'open';
    return status === 'met' || (status === 'failed' && condition !== 'success') ? 'met' : 'open';
  }
  if (kind === 'workstream') return answerOfStream(world, wait);
  if (kind === 'phase') return answerOfWhole(world.phases.get(fromId), condition);
  return answerOfTask(world, wait);
}

function answerOfWhole(state: string | undefined, condition: DependencyCondition): Answer {
  if (state === undefined || !WHOLE_ENDS.always.includes(state)) return 'open';
  return WHOLE_ENDS[condition].includes(state) ? 'met' : 'never';
}

function answerOfStream(world: PlanWorld, { fromId, condition }: PlanDependency): Answer {
  const state = world.workstreams.get(fromId);
  const answer = answerOfWhole(state, condition);
  const policy = world.streamOf.get(fromId)?.onFailure ?? world.plan.onFailure;
  return answer === 'never' && state === 'failed' && policy === 'continue' ? 'degraded' : answer;
}

function answerOfTask(world: PlanWorld, { fromId, condition }: PlanDependency): Answer {
  if (!isFinalIn(world, fromId)) return 'open';
  const { state } = standingIn(world, fromId);
  if (state === 'completed' || condition === 'always') return 'met';
  if (state === 'canceled') return 'never';
  return condition === 'finished' ? 'met' : answerOfFailed(world, fromId);
}

function answerOfFailed(world: PlanWorld, taskId: string): Answer {
  const task = world.taskOf.get(taskId);
  const repairId = world.repairOf.get(taskId);
  if (repairId !== undefined && standingIn(world, repairId).state === 'completed') return 'met';
  if (repairId !== undefined && !isFinalIn(world, repairId)) return 'open';
  if (world.questions.has(taskId) || task === undefined) return 'open';
  return policyIn(world, task) === 'continue' ? 'degraded' : 'never';
}
