import { EXAMPLE_DOC } from '../parameters.ts';
import type * as coda from '../sdk.ts';
import { addClockButton } from './clock-button.ts';

/** Adds `PauseRun`: the button that pauses a run. */
export function addPauseRun(pack: coda.PackDefinitionBuilder): void {
  addClockButton(pack, {
    name: 'PauseRun',
    description:
      "Stops the clock of a person's open run of a task until ResumeRun or StartRun; the pause is not counted as work. Use it for a break; use FinishRun when the work is done.",
    examples: [
      {
        params: [EXAMPLE_DOC, 'Audit Acme'],
        result: 'Recorded: Pause · Audit Acme · Dana. Now paused, 1.50 h.',
      },
      {
        params: [EXAMPLE_DOC, 'Report Beta'],
        result: 'Recorded: Pause · Report Beta · Dana. Already paused, 1.00 h.',
      },
    ],
  });
}
