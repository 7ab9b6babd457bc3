import {
  DOC_PARAMETER,
  EXAMPLE_DOC,
  LEDGER_DOC_PARAMETER,
  NOTE_PARAMETER,
  PERSON_PARAMETER,
  TASK_PARAMETER,
} from '../parameters.ts';
import type * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { recordPress } from './record-press.ts';

/** Adds `FinishRun`: the button that ends a run. */
export function addFinishRun(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'FinishRun',
    description:
      "Ends a person's open run of a task, paused or not, and stops its clock for good. Where gates are required it names what is missing: the run is done once they pass, and its hours count at once. The task stays open; its status is yours to set.",
    parameters: [
      DOC_PARAMETER,
      TASK_PARAMETER,
      PERSON_PARAMETER,
      NOTE_PARAMETER,
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [EXAMPLE_DOC, 'Audit Acme'],
        result: 'Recorded: Finish · Audit Acme · Dana. Now succeeded, 1.50 h.',
      },
      {
        params: [EXAMPLE_DOC, 'Report Beta', 'Dana', 'Sent to Beta.'],
        result: 'Recorded: Finish · Report Beta · Dana. Now succeeded, 1.00 h.',
      },
    ],
    execute: ([doc, task, person, note, ledgerDoc], context) =>
      recordPress(context, { type: 'FinishRun', doc, ledgerDoc, task, person, note }),
  });
}
