import { EXAMPLE_DOC } from '../parameters.ts';
import type * as coda from '../sdk.ts';
import { addClockButton } from './clock-button.ts';

/** Adds `StartRun`: the button that starts a run. */
export function addStartRun(pack: coda.PackDefinitionBuilder): void {
  addClockButton(pack, {
    name: 'StartRun',
    description:
      'Starts the clock of a task for a person, or lets it go on after a pause. Another task of theirs that is running is paused, and the answer says so. Pressing twice within 10 seconds counts once. Use it when work begins; hours worked earlier go in with LogHours.',
    examples: [
      {
        params: [EXAMPLE_DOC, 'Invoice Acme'],
        result: 'Recorded: Start · Invoice Acme · Dana. Now running, 0.00 h. Paused: Audit Acme.',
      },
      {
        params: [EXAMPLE_DOC, 'Invoice Acme', 'lee@studio.example'],
        result: 'Recorded: Start · Invoice Acme · lee@studio.example. Now running, 0.00 h.',
      },
    ],
  });
}
