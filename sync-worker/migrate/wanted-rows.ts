import type { MigrationTable } from '#shared/doc/index.ts';
import { CODECS } from '#shared/doc/index.ts';
import type { WantedRow, WantedValue } from '#worker/import/index.ts';
import type { CellEntry, JournalEntry, KeptValue } from './journal.ts';
import { keyColumnOf } from './open-tables.ts';
import type { MigrationReading } from './read-migration.ts';
import { toWantedValue } from './settle-journal.ts';

/** The rows that entries ask for in the direction they are carried out, by table. */
export function toWantedRows(
  entries: Iterable<JournalEntry>,
  reading: MigrationReading,
  direction: 'apply' | 'undo',
): ReadonlyMap<MigrationTable, readonly WantedRow[]> {
  const wanted = new Map<MigrationTable, WantedRow[]>();
  const add = (table: MigrationTable, rows: readonly WantedRow[]): void => {
    wanted.set(table, [...(wanted.get(table) ?? []), ...rows]);
  };
  const cells = new Map<MigrationTable, CellEntry[]>();
  for (const entry of entries) {
    if (entry.kind === 'cell') cells.set(entry.table, [...(cells.get(entry.table) ?? []), entry]);
    else if (direction === 'apply')
      add(entry.table, [{ key: entry.key, cells: toValues(Object.entries(entry.cells)) }]);
  }
  for (const [table, list] of cells) add(table, toKnownRows(table, list, { reading, direction }));
  return wanted;
}

/** Rows that are there: each by its id, and by its key where it has one, so that many go in one request. */
function toKnownRows(
  table: MigrationTable,
  entries: readonly CellEntry[],
  { reading, direction }: { reading: MigrationReading; direction: 'apply' | 'undo' },
): readonly WantedRow[] {
  const byRow = new Map<string, CellEntry[]>();
  for (const entry of entries) {
    const known = byRow.get(entry.rowId);
    if (known === undefined) byRow.set(entry.rowId, [entry]);
    else known.push(entry);
  }
  const keyColumnId = keyColumnOf(reading, table);
  return [...byRow].map(([rowId, list]): WantedRow => {
    const cell = reading.raw.get(table)?.get(rowId)?.values[keyColumnId] ?? { kind: 'blank' };
    const key = CODECS.text.decode(cell);
    const [from, to] =
      direction === 'apply' ? (['before', 'after'] as const) : (['after', 'before'] as const);
    return {
      key: key.ok ? (key.value ?? '') : '',
      rowId,
      cells: toValues(list.map((entry) => [entry.column, entry[to]])),
      replaces: [toValues(list.map((entry) => [entry.column, entry[from]]))],
    };
  });
}

const toValues = (
  cells: readonly (readonly [string, KeptValue])[],
): ReadonlyMap<string, WantedValue> =>
  new Map(cells.map(([column, value]) => [column, toWantedValue(value)]));
