import { formatMicros } from '#shared/cost/index.ts';
import { msToHours } from '#shared/kernel/index.ts';
import { nameOf } from './cost-report.ts';
import type { ExportLeaf } from './export-leaf.ts';

const PLACES = 6;

/** One amount of one account. */
interface Posting {
  readonly account: string;
  readonly micros: bigint;
  readonly currency: string;
}

/** What stands before the transactions. */
export const COSTS_JOURNAL_HEAD = `; Costs, as hledger reads them: costs against what is owed for them, billable value against income.
; What has no rate is a comment, since its amount is not known.
decimal-mark .

`;

/**
 * Leaves as a plain-text accounting journal, one transaction each; the two sides of a correction are one transaction of their own, at the
 * day it was recorded. Every amount stands with all its digits, and each posting has its exact opposite.
 */
export function toJournal(
  leaves: readonly ExportLeaf[],
  names: ReadonlyMap<string, string>,
): string {
  const groups = new Map<string, ExportLeaf[]>();
  for (const one of leaves) {
    const id = one.correction?.id ?? `${one.month}/${one.leaf.leafId}`;
    groups.set(id, [...(groups.get(id) ?? []), one]);
  }
  return [...groups.values()].map((group) => toTransaction(group, names)).join('');
}

function toTransaction(group: readonly ExportLeaf[], names: ReadonlyMap<string, string>): string {
  const [first] = group;
  if (first === undefined) return '';
  const { day, leaf, correction } = first;
  const postings = group.flatMap((one) => toPostings(one, names));
  const what =
    correction === undefined
      ? leaf.name
      : `correction of ${correction.closedMonth}: ${correction.reason}, ${leaf.name}`;
  const title = `${day} (${toPlain(leaf.leafId).replaceAll(/[()]/g, '_')}) ${toPlain(what)}`;
  const notes = group.flatMap(toNotes);
  if (postings.length === 0) return `; no amount: ${title}\n${notes.join('')}\n`;
  return `${title}\n${notes.join('')}${postings.map(toLine).join('')}\n`;
}

function toPostings(
  { kind, leaf }: ExportLeaf,
  names: ReadonlyMap<string, string>,
): readonly Posting[] {
  const { costMicros, billableMicros, currency, dimensions } = leaf;
  if (currency === undefined) return [];
  const sign = kind === 'taken out' ? -1n : 1n;
  const category = toAccountPart(dimensions['category'] ?? '');
  const project = toAccountPart(nameOf(names, 'project', dimensions['project'] ?? ''));
  const pair = (debit: string, credit: string, micros: bigint): readonly Posting[] => [
    { account: debit, micros: sign * micros, currency },
    { account: credit, micros: sign * -micros, currency },
  ];
  return [
    ...(costMicros === undefined
      ? []
      : pair(`costs:${category}:${project}`, `liabilities:${category}`, costMicros)),
    ...(billableMicros === undefined
      ? []
      : pair(`assets:billable:${project}`, `income:billable:${project}`, billableMicros)),
  ];
}

const toLine = ({ account, micros, currency }: Posting): string =>
  `    ${account}  ${toFixed(micros)} ${currency}\n`;

/** Hours, and what is not known. */
function toNotes({ kind, leaf }: ExportLeaf): readonly string[] {
  const { effortMs, costMicros, isUnbilled } = leaf;
  const against = kind === 'taken out' ? '-' : '';
  return [
    ...(effortMs === undefined ? [] : [`    ; hours: ${against}${msToHours(effortMs)}\n`]),
    ...(costMicros === undefined ? ['    ; unpriced: no cost rate or price is known\n'] : []),
    ...(isUnbilled === true ? ['    ; unbilled: no billable rate is known\n'] : []),
  ];
}

/** All six places, so that nobody takes a decimal mark for one of thousands. */
function toFixed(micros: bigint): string {
  const [whole = '', fraction = ''] = formatMicros(micros).split('.');
  return `${whole}.${fraction.padEnd(PLACES, '0')}`;
}

/**
 * A name as one part of an account: a colon would begin another part, two blanks would end the account, and brackets, quotes, marks and
 * signs of the journal's own at its beginning would mean something else.
 */
function toAccountPart(name: string): string {
  const text = toPlain(name)
    .replaceAll(':', '·')
    .replaceAll(/["()[\]{}]/g, '')
    .trim();
  return text === '' ? 'none' : text.replace(/^[;#*!=~%@+-]+/, '_');
}

/** A text on one line, without what begins a comment. */
const toPlain = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(';', ',')
    .replaceAll('|', '/')
    .trim()
    .slice(0, 200);
