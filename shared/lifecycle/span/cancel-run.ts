import type { Closing } from './close-work.ts';
import { closeWork, isOpen } from './close-work.ts';
import type { RunView, SpanPlan } from './run-view.ts';

/** Why whatever lay in a canceled run was ended. */
export const RUN_CANCELED = 'run_canceled';

/** What cancels a run: its open work first, then the run, so that nothing stays open. The run keeps the asker's reason. */
export function cancelRun(view: RunView, asked: Closing): SpanPlan {
  const { at, by, reason } = asked;
  const { steps, effects } = closeWork(view, { at, by, reason: RUN_CANCELED });
  const openTasks = view.tasks.filter(isOpen).length;
  const cancel = { at, by, type: 'cancel', reason, openTasks } as const;
  return {
    steps: [...steps, { entity: 'run', id: view.run.runId, command: cancel }],
    effects,
  };
}
