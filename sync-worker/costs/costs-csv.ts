import { formatMicros } from '#shared/cost/index.ts';
import { COST_LINEAGE, escapeText } from '#shared/doc/index.ts';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { nameOf } from './cost-report.ts';
import type { ExportLeaf } from './export-leaf.ts';

const NAMED = [...COST_LINEAGE, 'person'] as const;
const HEADS = [
  'month',
  'day',
  'kind',
  'leaf',
  'category',
  ...NAMED,
  'hours',
  'currency',
  'cost',
  'billable',
  'missing',
  'corrects',
  'reason',
];
const PLACES = 6;

/** The first line of the CSV. */
export const COSTS_CSV_HEAD = `${HEADS.join(',')}\r\n`;

/**
 * One leaf as a line of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe in front; numbers are
 * written by us and stay numbers, negative ones too. What is unpriced is blank and named under `missing`.
 */
export function toCsvLine(one: ExportLeaf, names: ReadonlyMap<string, string>): string {
  const { month, day, kind, leaf, correction } = one;
  const { leafId, dimensions, currency = '' } = leaf;
  const named = NAMED.map((dimension) => {
    const id = dimensions[dimension] ?? '';
    return id === '' ? '' : nameOf(names, dimension, id);
  });
  const { closedMonth = '', reason = '' } = correction ?? {};
  const cells = [
    ...[month, day, kind, leafId, dimensions['category'] ?? '', ...named].map(toCell),
    ...toNumbers(one, toCell(currency)),
    ...[missingOf(one), closedMonth, reason].map(toCell),
  ];
  return `${cells.join(',')}\r\n`;
}

/** Hours, currency, cost and billable value; what is taken out counts against. */
function toNumbers({ kind, leaf }: ExportLeaf, currency: string): readonly string[] {
  const sign = kind === 'taken out' ? -1n : 1n;
  const { effortMs, costMicros, billableMicros } = leaf;
  const amount = (micros: bigint | undefined): string =>
    micros === undefined ? '' : formatMicros(sign * micros);
  const hours = effortMs === undefined ? '' : toHours(sign * BigInt(effortMs));
  return [hours, currency, amount(costMicros), amount(billableMicros)];
}

const missingOf = ({ leaf: { costMicros, isUnbilled } }: ExportLeaf): string =>
  [
    ...(costMicros === undefined ? ['cost rate or price'] : []),
    ...(isUnbilled === true ? ['billable rate'] : []),
  ].join(', ');

/** Hours to the millionth, which is far below a millisecond. */
function toHours(ms: bigint): string {
  const scaled = (ms * 10n ** BigInt(PLACES)) / BigInt(HOUR_MS);
  return formatMicros(scaled);
}

/** Blanks before a sign do not hide a formula from every spreadsheet, so they are looked through. */
function toCell(text: string): string {
  const safe = /^\s+[=+\-@]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : escapeText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
