import type { ApiRow, CellValue } from '#shared/coda/index.ts';
import { CODECS, toText } from '#shared/doc/index.ts';
import { evenBlanks } from './even-blanks.ts';
import { type CellStanding, judgeCell, type RowIdOf } from './judge-cell.ts';
import type { TargetDoc, TargetTable } from './target-tables.ts';
import type { WantedRow } from './wanted-rows.ts';

/** The rows of a table as one listing showed them. */
export interface TableView {
  readonly rowCount: number;
  readonly listPages: number;
  /** The row that stands for a wanted one: that of its key, else the only one of its name. */
  readonly find: (key: string) => ApiRow | undefined;
  /** The row with an id. */
  readonly at: (rowId: string) => ApiRow | undefined;
  /** How many rows have a key. More than one is a doubled row. */
  readonly countOf: (key: string) => number;
}

/** What is left to do about a wanted row. */
export type RowStanding =
  | { readonly kind: 'right' }
  | { readonly kind: 'absent' }
  /** Cells that a write would mend, and cells that hold something else, which is left to people. */
  | {
      readonly kind: 'differing';
      readonly lacking: readonly string[];
      readonly other: readonly OtherCell[];
    };

/** A cell that holds something else than the file says. */
export interface OtherCell {
  readonly column: string;
  readonly found: string;
}

/** Lists a whole table, a page of 200 rows at a time. */
export async function viewTable(
  { api, docId }: TargetDoc,
  { tableId, keyColumnId, isKnownByName }: TargetTable,
): Promise<TableView> {
  const byId = new Map<string, ApiRow>();
  const byKey = new Map<string, ApiRow[]>();
  const byName = new Map<string, ApiRow[]>();
  let rowCount = 0;
  let listPages = 0;
  for await (const page of api.listRows(docId, tableId)) {
    listPages += 1;
    for (const row of page.rows) {
      rowCount += 1;
      byId.set(row.id, row);
      addTo(byKey, readText(row.values[keyColumnId]), row);
      addTo(byName, readText({ kind: 'text', text: row.name }), row);
    }
  }
  const findByName = (name: string): ApiRow | undefined => {
    const [only, second] = byName.get(name) ?? [];
    return second === undefined ? only : undefined;
  };
  return {
    rowCount,
    listPages,
    find: (key) => byKey.get(key)?.[0] ?? (isKnownByName ? findByName(key) : undefined),
    at: (rowId) => byId.get(rowId),
    countOf: (key) => byKey.get(key)?.length ?? 0,
  };
}

/** Compares a wanted row with the row a listing showed for it. */
export function judgeRow(
  wanted: WantedRow,
  row: ApiRow | undefined,
  context: { readonly table: TargetTable; readonly rowIdOf: RowIdOf },
): RowStanding {
  if (row === undefined) return { kind: 'absent' };
  const { table, rowIdOf } = context;
  if (isAdopted(wanted, row, table)) return { kind: 'right' };
  const lacking: string[] = [];
  const other: OtherCell[] = [];
  for (const [column, value] of wanted.cells) {
    const columnId = table.columnIds.get(column);
    if (columnId === undefined) continue;
    const cell = row.values[columnId] ?? { kind: 'blank' };
    const standing = judgeAgain(judgeCell(value, cell, rowIdOf), wanted, { column, cell, rowIdOf });
    if (standing === 'lacking') lacking.push(column);
    if (standing === 'other') other.push({ column, found: toText(cell) });
  }
  return lacking.length === 0 && other.length === 0
    ? { kind: 'right' }
    : { kind: 'differing', lacking, other };
}

/** A row that stands for the wanted one by its name alone is taken as it is. */
const isAdopted = (wanted: WantedRow, row: ApiRow, { keyColumnId }: TargetTable): boolean =>
  wanted.rowId === undefined && readText(row.values[keyColumnId]) !== wanted.key;

/** A cell that still holds what an earlier load wrote into it lacks the new value. */
function judgeAgain(
  standing: CellStanding,
  { replaces = [] }: WantedRow,
  at: { readonly column: string; readonly cell: CellValue; readonly rowIdOf: RowIdOf },
): CellStanding {
  if (standing !== 'other') return standing;
  const earlier = replaces.flatMap((cells) => cells.get(at.column) ?? []);
  const isOurs = earlier.some((value) => judgeCell(value, at.cell, at.rowIdOf) === 'right');
  return isOurs ? 'lacking' : 'other';
}

function addTo(rows: Map<string, ApiRow[]>, key: string, row: ApiRow): void {
  const known = rows.get(key);
  if (known === undefined) rows.set(key, [row]);
  else known.push(row);
}

/** A cell's words as they were before they were made safe to publish, blanks evened out as in the file's. */
function readText(cell: CellValue | undefined): string {
  const text = cell === undefined ? undefined : CODECS.text.decode(cell);
  return text?.ok === true ? evenBlanks(text.value ?? '') : '';
}
