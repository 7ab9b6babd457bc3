import { DOC_PARAMETER, EXAMPLE_DOC, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { recordCorrection } from './record-correction.ts';

/** Adds `CorrectRun`: the button for a run that was recorded wrongly. */
export function addCorrectRun(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'CorrectRun',
    description:
      'Corrects a run made by a button; the history keeps what was recorded. With a reason alone it confirms a run of over 24 hours, so that they count. What is left blank stays. To correct end or pauses, finish it first.',
    parameters: [
      DOC_PARAMETER,
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'run',
        description: "The run's id from the table Runs.",
        suggestedValue: '',
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'reason',
        description: 'Why it was wrong.',
        suggestedValue: 'Forgot.',
      }),
      toMoment('start', 'When work began.'),
      toMoment('end', 'When it ended.'),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'interruptionHours',
        description: 'All pauses, in hours.',
        optional: true,
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'task',
        description: 'The task it was.',
        optional: true,
      }),
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [
          EXAMPLE_DOC,
          '2WPN1QB8WKQXJY5NMGCTWYCTNT',
          'Began earlier.',
          '2026-03-02T08:30:00.000Z',
        ],
        result: 'Recorded: Correct · Audit Acme · Dana. Now running, 2.00 h.',
      },
      {
        params: [
          EXAMPLE_DOC,
          '58RK49811NXH385WDMEMGCEHPQ',
          'Began later.',
          '2026-03-02T08:15:00.000Z',
        ],
        result: 'Recorded: Correct · Report Beta · Dana. Now paused, 0.75 h.',
      },
    ],
    execute: ([doc, run, reason, start, end, interruptionHours, task, ledgerDoc], context) => {
      const asked = { doc, ledgerDoc, run, reason, start, end, interruptionHours, task };
      return recordCorrection(context, asked);
    },
  });
}

const toMoment = <Name extends string>(name: Name, description: string) =>
  coda.makeParameter({ type: coda.ParameterType.Date, name, description, optional: true });
