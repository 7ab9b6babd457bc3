import { toDecimalText } from '#shared/coda/index.ts';
import { isCurrency } from '#shared/cost/index.ts';
import { toLocalDay } from '../local-day.ts';
import { DOC_PARAMETER, EXAMPLE_DOC, LEDGER_DOC_PARAMETER } from '../parameters.ts';
import * as coda from '../sdk.ts';
import { BUTTON } from './button.ts';
import { malformed } from './press.ts';
import { recordAsk } from './record-ask.ts';

/** Adds `RecordCost`: the button for money that was spent. */
export function addRecordCost(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...BUTTON,
    name: 'RecordCost',
    description:
      'Records money that was spent for a project, task or run, such as a licence or a subcontractor; hours are costed by themselves. The same target, day, amount and note count once, however often they are pressed; to count them again give entry 2, then 3. A negative amount takes back the very same cost.',
    parameters: [
      DOC_PARAMETER,
      text('target', 'The project, task or run it was spent for: name or id.', 'Acme Website'),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'amount',
        description: 'How much, in the currency; below 0 to take back what was recorded.',
        suggestedValue: 49,
      }),
      text('currency', 'Its three letters, as ISO 4217 writes them.', 'EUR'),
      text('category', 'What kind of cost it is, in your own words.', 'software'),
      coda.makeParameter({
        type: coda.ParameterType.Date,
        name: 'day',
        description: "The day it counts on, in the doc's time zone: Today() or a date column.",
        suggestedValue: new Date('2026-03-02T12:00:00.000Z'),
      }),
      text('note', 'What was paid for, in at most 200 characters; may be "".', ''),
      coda.makeParameter({
        type: coda.ParameterType.Number,
        name: 'entry',
        description: '1, or 2, 3, … where the same was spent again that day. Blank: 1.',
        optional: true,
      }),
      LEDGER_DOC_PARAMETER,
    ],
    examples: [
      {
        params: [EXAMPLE_DOC, 'Acme Website', 49, 'EUR', 'software', '2026-03-02', 'Font licence'],
        result:
          'Recorded: Cost 49 EUR · Acme Website · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
      {
        params: [EXAMPLE_DOC, 'Audit Acme', 12.5, 'usd', 'travel', '2026-03-02', '', 2],
        result:
          'Recorded: Cost 12.5 USD · Audit Acme · Dana. It waits for a worker, and no sign of one is to be seen here.',
      },
    ],
    execute: (
      [doc, target, amount, currency, category, day, note, entry = 1, ledgerDoc],
      context,
    ) => {
      const money = { amount: toAmount(amount), currency: toCurrency(currency) };
      const data = {
        target: target.trim(),
        ...money,
        category: category.trim(),
        day: toLocalDay({ parameter: 'day', moment: day }, context.timezone),
        note: note.trim(),
        entry,
      };
      const title = `Cost ${money.amount} ${money.currency} · ${data.target}`;
      return recordAsk(context, { doc, ledgerDoc, title, asked: { type: 'RecordCost', data } });
    },
  });
}

const text = <Name extends string>(name: Name, description: string, suggestedValue: string) =>
  coda.makeParameter({ type: coda.ParameterType.String, name, description, suggestedValue });

function toAmount(amount: number): string {
  if (Number.isFinite(amount) && amount !== 0) return toDecimalText(amount);
  throw malformed(`an amount of ${amount} is no cost`);
}

function toCurrency(currency: string): string {
  const code = currency.trim().toUpperCase();
  if (isCurrency(code)) return code;
  throw malformed(`"${currency}" is no currency: give its three letters, such as EUR`);
}
