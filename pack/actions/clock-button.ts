import {
  DOC_PARAMETER,
  LEDGER_DOC_PARAMETER,
  PERSON_PARAMETER,
  TASK_PARAMETER,
} from '../parameters.ts';
import type * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { recordPress } from './record-press.ts';

/** What tells one button of a clock from another. */
interface ClockButton {
  readonly name: 'StartRun' | 'PauseRun' | 'ResumeRun';
  readonly description: string;
  readonly examples: { params: [doc: string, task: string, person?: string]; result: string }[];
}

/** Adds a button that moves the clock of a task and a person and asks for nothing else. */
export function addClockButton(
  pack: coda.PackDefinitionBuilder,
  { name, description, examples }: ClockButton,
): void {
  pack.addFormula({
    ...BUTTON,
    name,
    description,
    parameters: [DOC_PARAMETER, TASK_PARAMETER, PERSON_PARAMETER, LEDGER_DOC_PARAMETER],
    examples,
    execute: ([doc, task, person, ledgerDoc], context) =>
      recordPress(context, { type: name, doc, ledgerDoc, task, person }),
  });
}
