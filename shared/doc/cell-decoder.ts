import type { CellValue } from '#shared/coda/index.ts';
import {
  accept,
  type Day,
  HOUR_MS,
  type Instant,
  isDay,
  MINUTE_MS,
  type Ms,
  type Result,
  refuse,
  toInstant,
} from '#shared/kernel/index.ts';
import type { MoneyCell, RowLink } from './model.ts';

/** What a cell holds once it is read, by the name of its codec. */
export interface Decoded {
  readonly text: string;
  /** Hours in the doc, two decimals; milliseconds here. */
  readonly hours: Ms;
  /** Minutes in the doc, two decimals; milliseconds here. */
  readonly minutes: Ms;
  readonly number: number;
  /** A percent as a fraction, four decimals: 0.15 is 15 %. */
  readonly fraction: number;
  readonly money: MoneyCell;
  readonly day: Day;
  readonly instant: Instant;
  readonly link: RowLink;
  /** Any number of links, in the order of the cell. */
  readonly links: readonly RowLink[];
  readonly checkbox: boolean;
  /** E-mail address, or the name where the doc gives none. */
  readonly person: string;
}

/** The name of a codec. */
export type Codec = keyof Decoded;

/** Why a cell could not be read. */
export interface CellFault {
  readonly expected: string;
  readonly received: string;
}

/** Beyond it a number of hours is a slip of the finger; below it milliseconds stay exact integers. */
const MAX_HOURS = 1_000_000;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;
/** A date with a time and the zone it is meant in; without a zone it is no moment. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const ESCAPED_START = /^'+[=+\-@]/;
const SHOWN_LENGTH = 60;

/** What a cell says, in any form the API gives it, by the codec of its column. Refusals: a {@link CellFault}, never a guess. */
export const DECODERS: {
  readonly [Name in Codec]: (cell: CellValue) => Result<Decoded[Name] | undefined, CellFault>;
} = {
  text: decodeText,
  hours: (cell) => decodeEffort(cell, HOUR_MS, 'a number of hours'),
  minutes: (cell) => decodeEffort(cell, MINUTE_MS, 'a number of minutes'),
  number: (cell) => decodeNumber(cell, 'a number'),
  fraction: decodeFraction,
  money: decodeMoney,
  day: decodeDay,
  instant: decodeInstant,
  link: decodeLink,
  links: decodeLinks,
  checkbox: decodeCheckbox,
  person: decodePerson,
};

/** The words of a cell, whatever its form, unescaped: the text form of everything. */
export function toText(cell: CellValue): string {
  switch (cell.kind) {
    case 'blank':
      return '';
    case 'text':
      return cell.text;
    case 'number':
      return String(cell.number);
    case 'checkbox':
      return String(cell.checked);
    case 'money':
      return `${cell.amount} ${cell.currency}`;
    case 'link':
    case 'person':
      return cell.name;
    case 'url':
      return cell.url;
    case 'list':
      return cell.items.map(toText).join(', ');
  }
}

/** The words behind an escaped text; any other text stays as it is. */
export function unescapeText(text: string): string {
  return ESCAPED_START.test(text) ? text.slice(1) : text;
}

function decodeText(cell: CellValue): Result<string | undefined, CellFault> {
  const text = toText(cell);
  if (text === '') return accept(undefined);
  return accept(unescapeText(text));
}

function decodeNumber(cell: CellValue, expected: string): Result<number | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  if (only.kind === 'number' && Number.isFinite(only.number)) return accept(only.number);
  // A number column can hold text: Coda's types are what a column is shown as, not what a cell holds.
  if (only.kind === 'text' && DECIMAL.test(only.text.trim())) return accept(Number(only.text));
  return fault(expected, cell);
}

function decodeEffort(
  cell: CellValue,
  unitMs: Ms,
  expected: string,
): Result<Ms | undefined, CellFault> {
  const result = decodeNumber(cell, expected);
  if (!result.ok || result.value === undefined) return result;
  const ms = Math.round(result.value * unitMs);
  return Math.abs(ms) > MAX_HOURS * HOUR_MS ? fault(expected, cell) : accept(ms);
}

function decodeFraction(cell: CellValue): Result<number | undefined, CellFault> {
  const expected = 'a percentage';
  if (cell.kind !== 'text' || !cell.text.trim().endsWith('%')) return decodeNumber(cell, expected);
  const percent = decodeNumber({ kind: 'text', text: cell.text.trim().slice(0, -1) }, expected);
  if (!percent.ok || percent.value === undefined) return fault(expected, cell);
  return accept(percent.value / 100);
}

function decodeDay(cell: CellValue): Result<Day | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  // A date comes alone or as a moment written in the doc's own zone; either way the local day stands in front.
  const text = only.kind === 'text' ? only.text.trim() : '';
  const isForm = text.length === 10 || text.charAt(10) === 'T';
  return isForm && isDay(text.slice(0, 10)) ? accept(text.slice(0, 10)) : fault('a date', cell);
}

function decodeInstant(cell: CellValue): Result<Instant | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  const text = only.kind === 'text' ? only.text.trim() : '';
  const epochMs = MOMENT.test(text) && isDay(text.slice(0, 10)) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(epochMs)
    ? fault('a date and time with its zone', cell)
    : accept(toInstant(epochMs));
}

function decodeLinks(cell: CellValue): Result<readonly RowLink[] | undefined, CellFault> {
  const links: RowLink[] = [];
  for (const item of cell.kind === 'list' ? cell.items : [cell]) {
    const link = decodeLink(item);
    if (!link.ok) return fault('links to rows', cell);
    if (link.value !== undefined) links.push(link.value);
  }
  return accept(links.length === 0 ? undefined : links);
}

function decodeLink(cell: CellValue): Result<RowLink | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  if (only.kind !== 'link') return fault('a link to one row', cell);
  return accept({ rowId: only.rowId, name: unescapeText(only.name) });
}

function decodeCheckbox(cell: CellValue): Result<boolean | undefined, CellFault> {
  if (cell.kind === 'text' && /^(true|false)$/i.test(cell.text)) {
    return accept(cell.text.toLowerCase() === 'true');
  }
  if (isBlank(cell)) return accept(undefined);
  return cell.kind === 'checkbox' ? accept(cell.checked) : fault('a tick', cell);
}

function decodePerson(cell: CellValue): Result<string | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  if (only.kind === 'person') return accept(only.email === '' ? only.name : only.email);
  return only.kind === 'text' ? accept(only.text) : fault('a person', cell);
}

function decodeMoney(cell: CellValue): Result<MoneyCell | undefined, CellFault> {
  const only = toSingle(cell);
  if (isBlank(only)) return accept(undefined);
  if (only.kind === 'money') return accept({ amount: only.amount, currency: only.currency });
  const number = decodeNumber(only, 'an amount of money');
  if (!number.ok || number.value === undefined) return fault('an amount of money', cell);
  return accept({
    amount: only.kind === 'text' ? only.text.trim() : String(number.value),
    currency: '',
  });
}

/** Coda gives some single values as a list of one. */
function toSingle(cell: CellValue): CellValue {
  if (cell.kind !== 'list' || cell.items.length > 1) return cell;
  return cell.items[0] ?? { kind: 'blank' };
}

const isBlank = (cell: CellValue): boolean =>
  cell.kind === 'blank' || (cell.kind === 'text' && cell.text.trim() === '');

function fault(expected: string, cell: CellValue): Result<never, CellFault> {
  const shown = toText(cell);
  const received = shown.length > SHOWN_LENGTH ? `${shown.slice(0, SHOWN_LENGTH)}…` : shown;
  return refuse({ expected, received });
}
