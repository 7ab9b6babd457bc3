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

/** Adds `PauseRun`: the button that pauses a run. */
export function addPauseRun(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'PauseRun',
    description:
      "Stops the clock of a person's open run of a task until ResumeRun or StartRun; the pause is not counted as work. Use it for a break; use FinishRun when the work is done.",
    isAction: true,
    connectionRequirement: coda.ConnectionRequirement.Required,
    cacheTtlSecs: 0,
    parameters: [DOC_PARAMETER, TASK_PARAMETER, PERSON_PARAMETER, LEDGER_DOC_PARAMETER],
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
    resultType: coda.ValueType.String,
    onError: explainFailure,
    execute: ([doc, task, person, ledgerDoc], context) =>
      recordPress(context, { type: 'PauseRun', doc, ledgerDoc, task, person }),
  });
}
