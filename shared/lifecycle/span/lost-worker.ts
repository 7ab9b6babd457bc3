import type { Task } from '../task/task.ts';
import type { Asked } from '../transition.ts';
import type { Worker } from '../worker/worker.ts';
import type { CrashReason, WorkerCommand } from '../worker/worker-messages.ts';
import { isOpen, toRelease } from './close-work.ts';
import type { RunView, SpanPlan, SpanStep } from './run-view.ts';

/** What takes a worker from its task: it fell silent, it died, or it was stopped by force. */
export type WorkerLoss = Extract<WorkerCommand, { readonly type: 'lose' | 'crash' | 'stop' }>;

/**
 * What follows when a worker is gone, in one transaction: its lease is fenced, so that a late write of it is worth nothing, its step
 * attempt fails, and its task is tried again or, out of attempts, becomes a dead letter. Effects: money and paths of the task are
 * freed, the worker's sandbox is set aside.
 */
export function loseWorker(view: RunView, worker: Worker, loss: WorkerLoss): SpanPlan {
  const { workerId: id, heldTaskId } = worker;
  const gone: SpanStep = { entity: 'worker', id, command: loss };
  const task = view.tasks.find(
    ({ taskId, state, workerId }) =>
      taskId === heldTaskId && state === 'running' && workerId === id,
  );
  const reason = loss.type === 'crash' ? loss.reason : `worker_${WORD[loss.type]}`;
  const steps =
    task === undefined ? [] : giveBack(view, task, { at: loss.at, by: loss.by, reason });
  return {
    steps: [gone, ...steps],
    effects: [
      ...(task === undefined ? [] : toRelease(task.taskId)),
      { type: 'set_sandbox_aside', workerId: id },
    ],
  };
}

/** What follows when a running task has no live lease: as if its worker had died, whether or not anybody still knows that worker. */
export function loseTask(
  view: RunView,
  taskId: string,
  asked: Pick<Asked, 'at' | 'by'> & { readonly reason: CrashReason },
): SpanPlan {
  const { at, by, reason } = asked;
  const worker = view.workers.find(({ heldTaskId }) => heldTaskId === taskId);
  if (worker !== undefined) {
    return loseWorker(view, worker, { at, by, type: 'crash', reason, message: '' });
  }
  const task = view.tasks.find((one) => one.taskId === taskId && one.state === 'running');
  if (task === undefined) return { steps: [], effects: [] };
  return { steps: giveBack(view, task, asked), effects: toRelease(taskId) };
}

const WORD = { lose: 'lost', stop: 'stopped' } as const;

function giveBack(
  view: RunView,
  task: Task,
  { at, by, reason }: Pick<Asked, 'at' | 'by'> & { readonly reason: string },
): readonly SpanStep[] {
  const { taskId: id, attempt, maxAttempts } = task;
  const attempts = view.steps.filter((step) => step.taskId === id && isOpen(step));
  const hasLeft = attempt < maxAttempts;
  return [
    { entity: 'task', id, command: { at, by, type: 'fence' } },
    ...attempts.map(({ stepAttemptId }): SpanStep => {
      const fail = { at, by, type: 'fail', failureKind: 'lease_lost' } as const;
      return { entity: 'step', id: stepAttemptId, command: fail };
    }),
    hasLeft
      ? { entity: 'task', id, command: { at, by, type: 'requeue', reason } }
      : { entity: 'task', id, command: { at, by, type: 'dead_letter' } },
  ];
}
