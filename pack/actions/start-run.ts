import { explainFailure } from '../failures.ts';
import {
  DOC_PARAMETER,
  EXAMPLE_DOC,
  LEDGER_DOC_PARAMETER,
  PERSON_PARAMETER,
  TASK_PARAMETER,
} from '../parameters.ts';
import * as coda from '../sdk.ts';
import { recordPress } from './record-press.ts';

/** Adds `StartRun`: the button that starts a run. */
export function addStartRun(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'StartRun',
    description:
      'Starts the clock of a task for a person, or lets it go on after a pause. Another task of theirs that is running is paused, and the answer says so. Pressing twice within 10 seconds counts once. Use it when work begins; hours worked earlier go in with LogHours.',
    isAction: true,
    connectionRequirement: coda.ConnectionRequirement.Required,
    cacheTtlSecs: 0,
    parameters: [DOC_PARAMETER, TASK_PARAMETER, PERSON_PARAMETER, LEDGER_DOC_PARAMETER],
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
    resultType: coda.ValueType.String,
    onError: explainFailure,
    execute: ([doc, task, person, ledgerDoc], context) =>
      recordPress(context, { type: 'StartRun', doc, ledgerDoc, task, person }),
  });
}
