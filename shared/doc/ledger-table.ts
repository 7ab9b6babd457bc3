import { type TableSpec, text } from './column.ts';

const LEDGER = { owner: 'ledger' } as const;

/**
 * The one table the Pack writes to: commands asked for by buttons, and what the worker answered. Text in every
 * column, so that no import of a CSV file can guess a type wrong.
 */
export const LEDGER_TABLE: TableSpec<'Ledger'> = {
  name: 'Ledger',
  aliases: ['Founder HQ Ledger'],
  isOptional: false,
  columns: [
    text('title', { ...LEDGER, isDisplay: true }),
    text('kind', LEDGER),
    text('state', LEDGER),
    text('key', { ...LEDGER, isKey: true }),
    text('stream', LEDGER),
    text('type', LEDGER),
    text('at', LEDGER),
    text('by', LEDGER),
    text('data', LEDGER),
    text('outcome', LEDGER),
    text('seq', LEDGER),
  ],
};
