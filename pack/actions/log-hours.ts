import { toLocalDay } from '../local-day.ts';
import {
  DOC_PARAMETER,
  EXAMPLE_DOC,
  LEDGER_DOC_PARAMETER,
  PERSON_PARAMETER,
  TASK_PARAMETER,
} from '../parameters.ts';
import * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { recordPress } from './record-press.ts';

/** Adds `LogHours`: the button for work that no clock saw. */
export function addLogHours(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'LogHours',
    description:
      'Adds hours of work on a task that no clock saw, as a finished run of that day. The same hours, day, note and person count once, however often they are pressed; to count them again give entry 2, then 3. Use it afterwards; while working, use StartRun and FinishRun.',
    parameters: [
      DOC_PARAMETER,
      TASK_PARAMETER,
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'hours',
        description: 'Hours worked, above 0 and at most 24; 1.5 is an hour and a half.',
        suggestedValue: 1,
      }),
      coda.makeParameter({
        type: coda.ParameterType.Date,
        name: 'day',
        description: "The day worked, in the doc's time zone: Today() or a date column.",
        suggestedValue: new Date('2026-03-02T12:00:00.000Z'),
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'note',
        description: 'What was done, in at most 10,000 characters; may be "".',
        suggestedValue: '',
      }),
      PERSON_PARAMETER,
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'entry',
        description: '1, or 2, 3, … where the same hours were worked again that day. Blank: 1.',
        optional: true,
      }),
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [EXAMPLE_DOC, 'Audit Acme', 1.5, '2026-03-02', 'Read the brief.'],
        result: 'Recorded: Log 1.5 h · Audit Acme · Dana. Counted for 2026-03-02.',
      },
      {
        params: [EXAMPLE_DOC, 'Audit Acme', 0.5, '2026-03-02', '', 'lee@studio.example', 2],
        result: 'Recorded: Log 0.5 h · Audit Acme · lee@studio.example. Counted for 2026-03-02.',
      },
    ],
    execute: ([doc, task, hours, moment, note, person, entry, ledgerDoc], context) => {
      const day = toLocalDay({ parameter: 'day', moment }, context.timezone);
      const where = { doc, ledgerDoc, task, person };
      return recordPress(context, { type: 'LogHours', ...where, hours, day, note, entry });
    },
  });
}
