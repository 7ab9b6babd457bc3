import type { ApiRow } from '#shared/coda/index.ts';
import { type BoundColumn, type BoundTable, CODECS, type Decoded } from '#shared/doc/index.ts';

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

/** Whether a row of the doc already shows these cells. */
export function showsCells(
  table: BoundTable,
  row: ApiRow,
  scalars: Readonly<Record<string, Scalar>>,
): boolean {
  return Object.entries(scalars).every(([name, scalar]) => {
    const column = table.columns.get(name);
    const shown = column === undefined ? undefined : readScalar(column, row);
    return shown === scalar;
  });
}

/** What a cell shows, in the form it would be sent in; blank is "". */
export function readScalar(column: BoundColumn, row: ApiRow): Scalar | undefined {
  const cell = row.values[column.columnId];
  if (cell === undefined) return '';
  const { codec } = column.spec;
  const decoded = CODECS[codec].decode(cell);
  if (!decoded.ok) return undefined;
  return decoded.value === undefined ? '' : encode(column, decoded.value);
}

/** Blank is sent as "", whatever the column. The codec and its content come from the same column, so they fit. */
function encode(column: BoundColumn, content: unknown): Scalar {
  if (content === '') return '';
  const { encode: toWire } = CODECS[column.spec.codec];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const wire = (toWire as (value: unknown) => unknown)(content);
  return typeof wire === 'string' || typeof wire === 'number' || typeof wire === 'boolean'
    ? wire
    : JSON.stringify(wire);
}
