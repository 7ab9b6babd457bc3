import type { Closing } from './close-work.ts';
import type { RunView, SpanPlan } from './run-view.ts';

/** The reason a hard stop of a budget pauses a run with. */
export const BUDGET_STOP = 'budget_exhausted';

/** What pauses a run: the run alone. Tasks that are under way finish; while it is paused none begins, for each start asks whether the run is running. */
export function pauseRun({ run, tasks }: RunView, { at, by, reason }: Closing): SpanPlan {
  const inFlightTasks = tasks.filter(({ state }) => state === 'running').length;
  const pause = { at, by, type: 'pause', reason, inFlightTasks } as const;
  return { steps: [{ entity: 'run', id: run.runId, command: pause }], effects: [] };
}
