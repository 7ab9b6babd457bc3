import { EXAMPLE_DOC } from '../parameters.ts';
import type * as coda from '../sdk.ts';
import { addClockButton } from './clock-button.ts';

/** Adds `ResumeRun`: the button that lets a paused run go on. */
export function addResumeRun(pack: coda.PackDefinitionBuilder): void {
  addClockButton(pack, {
    name: 'ResumeRun',
    description:
      "Lets the clock of a person's paused run of a task go on. Another task of theirs that is running is paused, and the answer says so. Use it after PauseRun.",
    examples: [
      {
        params: [EXAMPLE_DOC, 'Report Beta'],
        result: 'Recorded: Resume · Report Beta · Dana. Now running, 1.00 h. Paused: Audit Acme.',
      },
      {
        params: [EXAMPLE_DOC, 'Audit Acme'],
        result: 'Recorded: Resume · Audit Acme · Dana. Already running, 1.50 h.',
      },
    ],
  });
}
