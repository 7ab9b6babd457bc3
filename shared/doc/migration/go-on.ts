import type { CellValue } from '#shared/coda/index.ts';
import { toText } from '../cell-decoder.ts';
import { findMade, type MigrationRow } from './migration-doc.ts';
import type { MigrationDraft } from './migration-draft.ts';
import type { MigrationChange, PlannedValue } from './migration-plan.ts';
import { MADE_TABLES, type MadeTable, type MigrationTable } from './migration-tables.ts';

/** Plans again what was begun, as far as the doc still stands as it did then. What a person decided is left to what is decided by now. */
export function goOn(draft: MigrationDraft, begun: readonly MigrationChange[]): void {
  const open = begun.filter(({ rule }) => rule !== 'decided');
  for (const change of open) {
    if (change.kind !== 'row') continue;
    if (findMade(draft.doc, change.table, change.key) !== undefined) continue;
    const cells = [...change.cells].map(
      ([column, value]) => [column, resolve(draft, value)] as const,
    );
    draft.make({ ...change, cells: new Map(cells) });
  }
  const rows = new Map<MigrationTable, ReadonlyMap<string, MigrationRow>>();
  for (const change of open) {
    if (change.kind !== 'cell') continue;
    const { table, rowId, column, before, after, rule } = change;
    const known = rows.get(table) ?? new Map(draft.rows(table).map((row) => [row.rowId, row]));
    rows.set(table, known);
    const row = known.get(rowId);
    if (row === undefined || !isSame(row.cells.get(column), before)) continue;
    draft.set({ table, row, column }, resolve(draft, after), rule);
  }
}

const isSame = (cell: CellValue = { kind: 'blank' }, before: CellValue): boolean =>
  toText(cell) === toText(before);

/** A row that was still to be made may be there by now, under an id of its own. */
function resolve(draft: MigrationDraft, value: PlannedValue): PlannedValue {
  if (value.kind !== 'row' || value.key === undefined || !isMadeTable(value.table)) return value;
  const made = findMade(draft.doc, value.table, value.key);
  return made === undefined ? value : draft.toLink(value.table, made);
}

const isMadeTable = (table: MigrationTable): table is MadeTable => table in MADE_TABLES;
