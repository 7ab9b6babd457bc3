import type { CellValue, WireValue } from '#shared/coda/index.ts';
import { CODECS } from '#shared/doc/index.ts';
import { hoursToMs, type Result } from '#shared/kernel/index.ts';
import { evenBlanks } from './even-blanks.ts';
import type { LoadTable, WantedValue } from './wanted-rows.ts';

/** The row id of a row by its table and key, once it is known. */
export type RowIdOf = (table: LoadTable, key: string) => string | undefined;

/**
 * How a cell stands to what it should hold. `lacking`: blank, or a relation that is only text, which nobody means;
 * a write mends it. `other`: somebody may have meant it.
 */
export type CellStanding = 'right' | 'lacking' | 'other';

/**
 * Compares what a cell holds with what it should hold, in the form both have inside the core: on the way into a doc
 * and back a value may change its form.
 */
export function judgeCell(wanted: WantedValue, cell: CellValue, rowIdOf: RowIdOf): CellStanding {
  switch (wanted.kind) {
    case 'blank':
      return cell.kind === 'blank' ? 'right' : 'other';
    case 'text':
      return standing(
        CODECS.text.decode(cell),
        (text) => evenBlanks(text) === evenBlanks(wanted.text),
      );
    case 'hours':
      return standing(CODECS.hours.decode(cell), (ms) => ms === hoursToMs(wanted.hours));
    case 'day':
      return standing(CODECS.day.decode(cell), (day) => day === wanted.day);
    case 'moment':
      return standing(CODECS.instant.decode(cell), (at) => at === wanted.at);
    case 'link':
      return judgeLink(cell, rowIdOf(wanted.table, wanted.key));
    case 'row':
      return judgeLink(cell, wanted.rowId);
  }
}

/** What to write so that a cell comes to hold the value; undefined while the row it points to is not known. */
export function toWire(wanted: WantedValue, rowIdOf: RowIdOf): WireValue | undefined {
  switch (wanted.kind) {
    case 'blank':
      return '';
    case 'text':
      return CODECS.text.encode(wanted.text);
    case 'hours':
      return wanted.hours;
    case 'day':
      return CODECS.day.encode(wanted.day);
    case 'moment':
      return CODECS.instant.encode(wanted.at);
    case 'link':
      return rowIdOf(wanted.table, wanted.key);
    case 'row':
      return wanted.rowId;
  }
}

function judgeLink(cell: CellValue, wantedRowId: string | undefined): CellStanding {
  const link = CODECS.link.decode(cell);
  if (!link.ok) return 'lacking';
  return standing(link, ({ rowId }) => rowId === wantedRowId);
}

function standing<Value>(
  decoded: Result<Value | undefined, unknown>,
  isWanted: (value: Value) => boolean,
): CellStanding {
  if (!decoded.ok) return 'other';
  if (decoded.value === undefined) return 'lacking';
  return isWanted(decoded.value) ? 'right' : 'other';
}
