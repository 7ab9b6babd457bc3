import type { CellValue } from '#shared/coda/index.ts';
import type { Day } from '#shared/kernel/index.ts';
import { DECODERS } from '../cell-decoder.ts';
import type { RowLink, SprintRow } from '../model.ts';
import { MADE_TABLES, type MadeTable, type MigrationTable } from './migration-tables.ts';

/** A row as a migration looks at it. */
export interface MigrationRow {
  readonly rowId: string;
  readonly name: string;
  /** By the core's name of the column; one that is blank may be missing. */
  readonly cells: ReadonlyMap<string, CellValue>;
}

/** The rows of one table, and the columns the doc has of it. */
export interface MigrationRows {
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly MigrationRow[];
}

/** What a migration reads of a doc; a table the doc does not have is not here. */
export type MigrationDoc = ReadonlyMap<MigrationTable, MigrationRows>;

/** The rows of a table; none where the doc has no such table. */
export const rowsOf = (doc: MigrationDoc, table: MigrationTable): readonly MigrationRow[] =>
  doc.get(table)?.rows ?? [];

/** Whether a cell holds nothing. */
export const isBlankCell = ({ cells }: MigrationRow, column: string): boolean =>
  (cells.get(column) ?? BLANK).kind === 'blank';

/** The words of a cell, "" where it is blank. */
export function textOf({ cells }: MigrationRow, column: string): string {
  const text = DECODERS.text(cells.get(column) ?? BLANK);
  return text.ok ? (text.value ?? '').trim() : '';
}

/** The day of a cell; undefined where it is blank or none. */
export function dayOf({ cells }: MigrationRow, column: string): Day | undefined {
  const day = DECODERS.day(cells.get(column) ?? BLANK);
  return day.ok ? day.value : undefined;
}

/** The row a relation leads to; undefined where it is blank, leads to several, or is a text that leads nowhere. */
export function linkOf({ cells }: MigrationRow, column: string): RowLink | undefined {
  const link = DECODERS.link(cells.get(column) ?? BLANK);
  return link.ok ? link.value : undefined;
}

/** Every row the relations of a row lead to, by column. */
export const linksOf = ({ cells }: MigrationRow): readonly { column: string; to: RowLink }[] =>
  [...cells].flatMap(([column, cell]) => {
    const links = cell.kind === 'blank' ? undefined : DECODERS.links(cell);
    return links?.ok === true ? (links.value ?? []).map((to) => ({ column, to })) : [];
  });

/** Whether people have put a pattern out of use. */
export const isInUse = (row: MigrationRow): boolean =>
  textOf(row, 'status').toLowerCase() !== 'deprecated';

/** The row a migration made under a key, if it is there. */
export const findMade = (
  doc: MigrationDoc,
  table: MadeTable,
  key: string,
): MigrationRow | undefined =>
  rowsOf(doc, table).find((row) => textOf(row, MADE_TABLES[table]) === key);

/** The doc's sprints, as tasks are placed in them. */
export const toSprintRows = (doc: MigrationDoc): readonly SprintRow[] =>
  rowsOf(doc, 'sprints').map((row) => {
    const [startDay, endDay] = [dayOf(row, 'start_date'), dayOf(row, 'end_date')];
    return {
      rowId: row.rowId,
      name: row.name,
      ...(startDay === undefined ? {} : { startDay }),
      ...(endDay === undefined ? {} : { endDay }),
    };
  });

const BLANK: CellValue = { kind: 'blank' };
