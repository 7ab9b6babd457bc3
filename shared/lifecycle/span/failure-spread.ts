import { assert } from '#shared/kernel/index.ts';
import type { Task } from '../task/task.ts';
import type { Asked } from '../transition.ts';
import type { Workstream } from '../workstream/workstream-decider.ts';
import {
  cancelTasks,
  closeWork,
  endWorkstream,
  freeWorkers,
  isOpen,
  toRelease,
} from './close-work.ts';
import { pauseRun } from './pause-run.ts';
import { listStranded, mayRepair, toFailurePolicy, UPSTREAM_FAILED } from './plan-inputs.ts';
import type { RunView, SpanPlan, SpanStep } from './run-view.ts';

/** Which task has come to an end its dependents did not wait for. */
export interface Dropping extends Pick<Asked, 'at' | 'by'> {
  readonly taskId: string;
}

/** Which task has failed, and the id a repair would bear: nothing here draws one. */
export interface FailureAsked extends Dropping {
  readonly fixTaskId: string;
}

/** Why a run is paused for a person. */
export const ESCALATED = 'escalated';

const NOTHING: SpanPlan = { steps: [], effects: [] };

/**
 * What a failed task means for the rest of its run, by its policy; asked again once a person has decided what was escalated.
 * fail_fast: all open work is canceled, its workstream and the run fail. continue: what depends on it goes on with degraded inputs.
 * skip_dependents: what depends on it by success is canceled. escalate: the run is paused until a person decides. fix_task: a repair is
 * put before its dependents, while the run has fix loops left; else skip_dependents. A critical failure also fails its workstream,
 * at once, save while a person or a repair may yet mend it.
 */
export function spreadFailure(view: RunView, asked: FailureAsked): SpanPlan {
  const task = view.tasks.find(({ taskId }) => taskId === asked.taskId);
  assert(task?.state === 'failed', `expected a failed task, received \`${asked.taskId}\``);
  switch (toFailurePolicy(view, task)) {
    case 'fail_fast':
      return failRun(view, task, asked);
    case 'continue':
    case 'skip_dependents':
      return settleFailure(view, task, asked);
    case 'escalate': {
      const { at, by } = asked;
      return view.run.state === 'running' ? pauseRun(view, { at, by, reason: ESCALATED }) : NOTHING;
    }
    case 'fix_task':
      return mayRepair(view, task)
        ? { steps: [toRepair(task, asked)], effects: [] }
        : settleFailure(view, task, asked);
  }
}

/** What cancels the work that can never begin; also asked after a task was canceled by hand. A critical workstream is canceled, another skipped, for without a critical one the run cannot succeed. */
export function dropStranded(view: RunView, asked: Dropping): SpanPlan {
  const { at, by, taskId: causeId } = asked;
  const { taskIds, workstreamIds } = listStranded(view);
  const lost = new Set(workstreamIds);
  const closing = { at, by, reason: UPSTREAM_FAILED, causeId };
  const ended = view.workstreams
    .filter(({ workstreamId }) => lost.has(workstreamId))
    .map((one): SpanStep => {
      const id = one.workstreamId;
      return one.isCritical
        ? endWorkstream(view, one, closing)
        : { entity: 'workstream', id, command: { at, by, type: 'skip', reason: UPSTREAM_FAILED } };
    });
  return { steps: [...cancelTasks(view, taskIds, closing), ...ended], effects: [] };
}

function failRun(view: RunView, task: Task, { at, by }: FailureAsked): SpanPlan {
  const { taskId, workstreamId } = task;
  const failure = { workstreamId, taskId };
  const closing = { at, by, reason: UPSTREAM_FAILED, causeId: taskId, failure };
  const { steps, effects } = closeWork(view, closing);
  const fail = { at, by, type: 'fail', reason: 'workstream_failed', ...toError(task) } as const;
  return { steps: [...steps, { entity: 'run', id: view.run.runId, command: fail }], effects };
}

function settleFailure(view: RunView, task: Task, asked: FailureAsked): SpanPlan {
  const failed = view.workstreams.find(
    (one) => task.isCritical && one.workstreamId === task.workstreamId && isOpen(one),
  );
  if (failed === undefined) return dropStranded(view, asked);
  const own = failWorkstream(view, failed, { task, asked });
  const rest = dropStranded(withoutWorkstream(view, failed, asked), asked);
  return { steps: [...own.steps, ...rest.steps], effects: own.effects };
}

function failWorkstream(
  view: RunView,
  workstream: Workstream,
  { task, asked: { at, by } }: { readonly task: Task; readonly asked: FailureAsked },
): SpanPlan {
  const { taskId: causeId } = task;
  const { workstreamId } = workstream;
  const closing = { at, by, reason: UPSTREAM_FAILED, causeId };
  const failure = { workstreamId, taskId: causeId };
  const taskIds = view.tasks
    .filter((one) => one.workstreamId === workstreamId && isOpen(one))
    .map(({ taskId }) => taskId);
  return {
    steps: [
      ...cancelTasks(view, taskIds, closing),
      ...taskIds.flatMap((taskId) => freeWorkers(view, taskId, closing)),
      endWorkstream(view, workstream, { ...closing, failure }),
    ],
    effects: taskIds.flatMap(toRelease),
  };
}

/** The view as it will be once a workstream has failed and its open tasks are canceled, so that what depends on them is lost too. */
function withoutWorkstream(
  view: RunView,
  { workstreamId }: Workstream,
  { at }: FailureAsked,
): RunView {
  return {
    ...view,
    workstreams: view.workstreams.map((one) =>
      one.workstreamId === workstreamId ? { ...one, state: 'failed', endedAt: at } : one,
    ),
    tasks: view.tasks.map((one) =>
      one.workstreamId === workstreamId && isOpen(one)
        ? { ...one, state: 'canceled', endedAt: at }
        : one,
    ),
  };
}

function toRepair(task: Task, { at, by, taskId, fixTaskId }: FailureAsked): SpanStep {
  const { workstreamId, kind, isCritical, estimateMs, maxAttempts, retryStrategy } = task;
  const birth = { taskId: fixTaskId, workstreamId, kind, isCritical, maxAttempts };
  const estimate = estimateMs === undefined ? {} : { estimateMs };
  const retries = retryStrategy === undefined ? {} : { retryStrategy };
  const create = { ...birth, ...estimate, ...retries, dependsOn: [], fixes: taskId };
  return { entity: 'task', id: fixTaskId, command: { at, by, type: 'create', ...create } };
}

const toError = ({ errorId }: Task): { readonly errorId?: string } =>
  errorId === undefined ? {} : { errorId };
