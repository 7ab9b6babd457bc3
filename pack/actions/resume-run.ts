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

/** Adds `ResumeRun`: the button that lets a paused run go on. */
export function addResumeRun(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'ResumeRun',
    description:
      "Lets the clock of a person's paused run of a task go on. Another task of theirs that is running is paused, and the answer says so. Use it after PauseRun.",
    isAction: true,
    connectionRequirement: coda.ConnectionRequirement.Required,
    cacheTtlSecs: 0,
    parameters: [DOC_PARAMETER, TASK_PARAMETER, PERSON_PARAMETER, LEDGER_DOC_PARAMETER],
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
    resultType: coda.ValueType.String,
    onError: explainFailure,
    execute: ([doc, task, person, ledgerDoc], context) =>
      recordPress(context, { type: 'ResumeRun', doc, ledgerDoc, task, person }),
  });
}
