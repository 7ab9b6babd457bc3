import type { Asked } from '../transition.ts';
import type { Workstream } from '../workstream/workstream-decider.ts';
import type { RunView, SpanEffect, SpanPlan, SpanStep } from './run-view.ts';

/** Who closes a run's work, when and why. */
export interface Closing extends Pick<Asked, 'at' | 'by'> {
  readonly reason: string;
  /** What brought it about. */
  readonly causeId?: string;
  /** The workstream that fails, and the task that failed it, where the others are only canceled with it. */
  readonly failure?: { readonly workstreamId: string; readonly taskId: string };
}

/** Why a workstream failed whose task has. */
const TASK_FAILED = 'task_failed';

/** Whether something was born and has not ended. */
export const isOpen = (entity: { readonly state: string; readonly endedAt?: string }): boolean =>
  entity.state !== 'none' && entity.endedAt === undefined;

/** What ends all open work of a run, children before parents; the run itself is left to the asker. Patches stay: what lies in a tree is judged by its own rules. */
export function closeWork(view: RunView, closing: Closing): SpanPlan {
  const tasks = view.tasks.filter(isOpen);
  return {
    steps: [
      ...cancelTasks(
        view,
        tasks.map(({ taskId }) => taskId),
        closing,
      ),
      ...view.workstreams.filter(isOpen).map((one) => endWorkstream(view, one, closing)),
      ...endStages(view, closing),
      ...tasks.flatMap(({ taskId }) => freeWorkers(view, taskId, closing)),
    ],
    effects: tasks.flatMap(({ taskId }) => toRelease(taskId)),
  };
}

/** What cancels tasks with their open step attempts; the attempts first. */
export function cancelTasks(
  view: RunView,
  taskIds: readonly string[],
  closing: Closing,
): readonly SpanStep[] {
  const { at, by, reason, causeId } = closing;
  const chosen = new Set(taskIds);
  const cause = causeId === undefined ? {} : { causeId };
  const attempts = view.steps.filter((step) => isOpen(step) && chosen.has(step.taskId));
  return [
    ...attempts.map(({ stepAttemptId }): SpanStep => {
      return { entity: 'step', id: stepAttemptId, command: { at, by, type: 'cancel', reason } };
    }),
    ...taskIds.map((id): SpanStep => {
      return { entity: 'task', id, command: { at, by, type: 'cancel', reason, ...cause } };
    }),
  ];
}

/** What ends an open workstream: as failed where it is the one that failed and had begun, else as canceled. */
export function endWorkstream(view: RunView, one: Workstream, closing: Closing): SpanStep {
  const { at, by, reason, failure } = closing;
  const { workstreamId: id, state } = one;
  const hasBegun = state === 'executing' || state === 'validating';
  if (hasBegun && id === failure?.workstreamId) {
    const fail = { at, by, type: 'fail', reason: TASK_FAILED, taskId: failure.taskId } as const;
    return { entity: 'workstream', id, command: fail };
  }
  const openTasks = view.tasks.filter((task) => task.workstreamId === id && isOpen(task)).length;
  return { entity: 'workstream', id, command: { at, by, type: 'cancel', reason, openTasks } };
}

/** What lets go of a task's money and paths. */
export const toRelease = (taskId: string): readonly SpanEffect[] => [
  { type: 'release_reservations', taskId },
  { type: 'free_locks', taskId },
];

/** What takes a canceled task from the workers that hold it. A paused worker stays paused, a draining one goes on draining. */
export function freeWorkers(
  view: RunView,
  taskId: string,
  { at, by }: Closing,
): readonly SpanStep[] {
  return view.workers
    .filter(({ heldTaskId }) => heldTaskId === taskId)
    .map(({ workerId: id, state, leaseToken = 0 }): SpanStep => {
      const type = state === 'busy' ? 'finish' : 'release';
      return {
        entity: 'worker',
        id,
        command: { at, by, type, leaseToken, outcome: 'canceled' },
      };
    });
}

function endStages(view: RunView, { at, by, reason }: Closing): readonly SpanStep[] {
  const stages = view.phases.filter(isOpen);
  return [
    ...stages
      .filter(({ state }) => state === 'pending')
      .map(({ phaseId: id }): SpanStep => {
        return { entity: 'phase', id, command: { at, by, type: 'skip', reason } };
      }),
    ...view.checks.filter(isOpen).map(({ checkRunId: id }): SpanStep => {
      return { entity: 'gate_check', id, command: { at, by, type: 'skip', reason } };
    }),
    ...stages
      .filter(({ state }) => state !== 'pending')
      .map(({ phaseId: id }): SpanStep => {
        return { entity: 'phase', id, command: { at, by, type: 'fail', reason } };
      }),
  ];
}
