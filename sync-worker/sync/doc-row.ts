import type { ApiRow, CellValue, WireValue } from '#shared/coda/index.ts';
import {
  type BoundColumn,
  type BoundTable,
  type CellCodec,
  CODECS,
  type Codec,
  type Decoded,
  toText,
} from '#shared/doc/index.ts';
import { assert, isDay } from '#shared/kernel/index.ts';

/** What a column can be told, by the form of its codec; an absent cell is left as it is. */
export type CellContent = Decoded['text' | 'number' | 'day' | 'link'];
/** A value as the API takes it. */
export type Scalar = string | number | boolean;

/** A row the core computes: the table's key, and the cells it should show, by the core's column names. */
export interface WantedRow {
  readonly key: string;
  readonly cells: Readonly<Record<string, CellContent>>;
}

/** The cells of a wanted row as they are sent; columns the doc does not have, or computes itself, are left out. */
export function toScalars(table: BoundTable, row: WantedRow): Readonly<Record<string, Scalar>> {
  return Object.fromEntries(
    Object.entries(row.cells).flatMap(([name, content]): [string, Scalar][] => {
      const column = table.columns.get(name);
      return column?.isWritable === true ? [[name, encode(column, content)]] : [];
    }),
  );
}

/** The text of a cell to the letter, with whatever guards it against being taken for a formula. */
export function rawText(column: BoundColumn, row: ApiRow): string {
  const cell = row.values[column.columnId];
  return cell === undefined ? '' : toText(cell);
}

/** Whether a row of the doc already shows these cells. */
export function showsCells(
  table: BoundTable,
  row: ApiRow,
  scalars: Readonly<Record<string, Scalar>>,
): boolean {
  return Object.entries(scalars).every((cell) => shownAs(table, row, cell) === cell[1]);
}

/** What a row shows in one cell, in the form the given value would be sent in; nothing where its column cannot mean it. */
export function shownAs(
  table: BoundTable,
  row: ApiRow,
  [name, scalar]: readonly [name: string, scalar: Scalar],
): Scalar | undefined {
  const column = table.columns.get(name);
  if (column === undefined) return undefined;
  // A day sent into a column of moments is shown as that day's beginning in the doc's zone.
  const isByDay = column.spec.codec === 'instant' && isDay(String(scalar));
  return READERS[isByDay ? 'day' : column.spec.codec](row.values[column.columnId]);
}

type Reader = (cell: CellValue | undefined) => Scalar | undefined;

/** What a cell shows, in the form it would be sent in; blank is "", and `undefined` what the column cannot mean. */
const createReader =
  <Value>({ decode, encode: toWire }: CellCodec<Value>): Reader =>
  (cell) => {
    if (cell === undefined) return '';
    const decoded = decode(cell);
    if (!decoded.ok) return undefined;
    return decoded.value === undefined ? '' : toScalar(toWire(decoded.value));
  };

/** There and back through each codec: what is shown is compared in the form it would be sent in. */
const READERS: Readonly<Record<Codec, Reader>> = {
  text: createReader(CODECS.text),
  hours: createReader(CODECS.hours),
  minutes: createReader(CODECS.minutes),
  number: createReader(CODECS.number),
  fraction: createReader(CODECS.fraction),
  money: createReader(CODECS.money),
  day: createReader(CODECS.day),
  instant: createReader(CODECS.instant),
  link: createReader(CODECS.link),
  links: createReader(CODECS.links),
  checkbox: createReader(CODECS.checkbox),
  person: createReader(CODECS.person),
};

/** Blank is sent as "", whatever the column. Moments and days are sent as they are written. */
function encode({ spec: { codec } }: BoundColumn, content: CellContent): Scalar {
  if (content === '') return '';
  if (typeof content === 'object') return toScalar(CODECS.link.encode(content));
  if (typeof content === 'string') {
    return codec === 'text' ? toScalar(CODECS.text.encode(content)) : content;
  }
  const isNumeric =
    codec === 'hours' || codec === 'minutes' || codec === 'fraction' || codec === 'number';
  assert(isNumeric, `a column of \`${codec}\` is told no number`);
  return toScalar(CODECS[codec].encode(content));
}

function toScalar(value: WireValue): Scalar {
  assert(!Array.isArray(value) && typeof value !== 'object', 'one cell holds one value');
  return value;
}
