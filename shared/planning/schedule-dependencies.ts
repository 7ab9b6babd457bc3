import { isFinal } from '#shared/kernel/index.ts';
import {
  type DependencyCondition,
  TASK_TRANSITIONS,
  type TaskState,
} from '#shared/lifecycle/index.ts';
import { itemAt } from './item-at.ts';
import { failurePolicyOf, type PlanDependency, type PlanTask } from './plan.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import type { Blocker } from './schedule-entry.ts';
import { type RunStanding, standingOf } from './schedule-states.ts';

/** What a task still waits for. */
export interface Waits {
  readonly dependencies: readonly Blocker[];
  readonly gates: readonly Blocker[];
  /** Something it waited for failed, and the policy is to go on without. */
  readonly isDegraded: boolean;
}

/** Ends of a workstream or a phase that some condition does not take. */
const WHOLE_LOST: ReadonlySet<string> = new Set(['failed', 'canceled']);

/** What stands for a workstream or a phase of which nothing is known. */
const NOT_BEGUN = 'not begun';

type Answer = 'met' | 'degraded' | 'open';

/** What a task waits for: its own dependencies, those of its workstream, the phases before, and what it is to repair. */
export function findWaits(prepared: PreparedPlan, standing: RunStanding, task: PlanTask): Waits {
  const dependencies: Blocker[] = [];
  const gates: Blocker[] = [];
  let isDegraded = false;
  for (const dependency of listDependencies(prepared, task)) {
    const answer = judge(prepared, standing, dependency);
    if (answer === 'degraded') isDegraded = true;
    if (answer !== 'open') continue;
    if (dependency.kind === 'gate') gates.push({ kind: 'gate', id: dependency.fromId });
    else dependencies.push({ kind: 'dependency', id: dependency.fromId });
  }
  const { blockedBy } = standingOf(standing, task.taskId);
  if (blockedBy !== undefined) dependencies.push({ kind: 'dependency', id: blockedBy });
  return { dependencies, gates, isDegraded };
}

/** Whether a task waits for something that is over and did not come to what it needs: it will not start by itself. */
export function isStuck(prepared: PreparedPlan, standing: RunStanding, task: PlanTask): boolean {
  return listDependencies(prepared, task).some((dependency) => {
    const { fromId, kind } = dependency;
    if (kind === 'gate' || judge(prepared, standing, dependency) !== 'open') return false;
    if (kind === 'workstream' || kind === 'phase') {
      return WHOLE_LOST.has(toWholeState(standing, { kind, fromId }));
    }
    const hasOpenRepair = (prepared.repairs.get(fromId) ?? []).some((id) => !isOver(toState(id)));
    return isOver(toState(fromId)) && !hasOpenRepair;
  });

  function toState(id: string): TaskState {
    return standingOf(standing, id).state;
  }
}

/** Whether a task has come to its end. */
export const isOver = (state: TaskState): boolean => isFinal(TASK_TRANSITIONS, state);

function listDependencies(prepared: PreparedPlan, task: PlanTask): readonly PlanDependency[] {
  const workstream = prepared.workstreams.get(task.workstreamId);
  const { phaseIds } = prepared.plan;
  const phaseBefore = phaseIds[phaseIds.indexOf(workstream?.phaseId ?? '') - 1];
  return [
    ...task.dependsOn,
    ...(workstream?.dependsOn ?? []),
    ...(phaseBefore === undefined ? [] : [waitFor('phase', phaseBefore, 'success')]),
    ...(task.fixes === undefined ? [] : [waitFor('task', task.fixes, 'finished')]),
  ];
}

const waitFor = (
  kind: PlanDependency['kind'],
  fromId: string,
  condition: DependencyCondition,
): PlanDependency => ({ kind, fromId, condition });

function judge(prepared: PreparedPlan, standing: RunStanding, dependency: PlanDependency): Answer {
  const { fromId, kind, condition } = dependency;
  switch (kind) {
    case 'task':
    case 'file':
    case 'capability':
      return judgeTask(prepared, standing, dependency);
    case 'gate': {
      const gate = standing.gates.get(fromId);
      return toAnswer(gate === 'met' || (gate === 'failed' && condition !== 'success'));
    }
    case 'workstream':
      return judgeWorkstream(prepared, standing, dependency);
    case 'phase':
      return judgeWhole(condition, toWholeState(standing, { kind, fromId }));
  }
}

function judgeTask(
  prepared: PreparedPlan,
  standing: RunStanding,
  { fromId, condition }: PlanDependency,
): Answer {
  const stateOf = (id: string): TaskState => standingOf(standing, id).state;
  const state = stateOf(fromId);
  if (condition === 'always') return toAnswer(isOver(state));
  if (state !== 'failed') return toAnswer(state === 'completed');
  return condition === 'finished' ? 'met' : judgeFailed(prepared, fromId, stateOf);
}

/** A failed task will do once it is repaired, or where the policy is to go on without. */
function judgeFailed(
  prepared: PreparedPlan,
  taskId: string,
  stateOf: (id: string) => TaskState,
): Answer {
  const repairs = prepared.repairs.get(taskId) ?? [];
  if (repairs.some((id) => stateOf(id) === 'completed')) return 'met';
  const index = prepared.indexOf.get(taskId);
  if (index === undefined) return 'open';
  const policy = failurePolicyOf(prepared.plan, itemAt(prepared.tasks, index));
  return policy === 'continue' ? 'degraded' : 'open';
}

/** A failed workstream will do where the policy is to go on without. */
function judgeWorkstream(
  { workstreams, plan }: PreparedPlan,
  standing: RunStanding,
  { fromId, condition }: PlanDependency,
): Answer {
  const state = toWholeState(standing, { kind: 'workstream', fromId });
  const answer = judgeWhole(condition, state);
  const policy = workstreams.get(fromId)?.onFailure ?? plan.onFailure;
  return answer === 'open' && state === 'failed' && policy === 'continue' ? 'degraded' : answer;
}

/** Of a workstream or a phase: skipped is as good as completed. */
function judgeWhole(condition: DependencyCondition, state: string): Answer {
  const enough = {
    success: ['completed', 'skipped'],
    finished: ['completed', 'skipped', 'failed'],
    always: ['completed', 'skipped', 'failed', 'canceled'],
  }[condition];
  return toAnswer(enough.includes(state));
}

function toWholeState(
  { workstreams, phases }: RunStanding,
  { kind, fromId }: { readonly kind: 'workstream' | 'phase'; readonly fromId: string },
): string {
  const states: ReadonlyMap<string, string> = kind === 'workstream' ? workstreams : phases;
  return states.get(fromId) ?? NOT_BEGUN;
}

const toAnswer = (isMet: boolean): Answer => (isMet ? 'met' : 'open');
