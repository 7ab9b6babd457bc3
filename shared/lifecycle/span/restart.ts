import type { Asked } from '../transition.ts';
import { loseTask } from './lost-worker.ts';
import type { RunView, SpanPlan } from './run-view.ts';

/** Why a task is taken from its worker after the program that watched both was down. */
export const ORCHESTRATOR_CRASH = 'orchestrator_crash';

/** What a restart does: every running task without a live lease loses its worker, and gets another where tries are left. Nothing fails outright for it. */
export function restartRun(
  view: RunView,
  leasedTaskIds: readonly string[],
  { at, by }: Pick<Asked, 'at' | 'by'>,
): SpanPlan {
  const leased = new Set(leasedTaskIds);
  const plans = view.tasks
    .filter(({ state, taskId }) => state === 'running' && !leased.has(taskId))
    .map(({ taskId }) => loseTask(view, taskId, { at, by, reason: ORCHESTRATOR_CRASH }));
  return {
    steps: plans.flatMap(({ steps }) => steps),
    effects: plans.flatMap(({ effects }) => effects),
  };
}
