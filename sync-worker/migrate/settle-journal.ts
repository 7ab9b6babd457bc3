import { createHash } from 'node:crypto';
import type { ApiRow, CellValue } from '#shared/coda/index.ts';
import { MADE_TABLES, type MigrationTable } from '#shared/doc/index.ts';
import { judgeCell, type RowIdOf, type WantedValue } from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';
import {
  type CellEntry,
  type Journal,
  type JournalEntry,
  type KeptValue,
  keepEntries,
  type RowEntry,
  readJournal,
} from './journal.ts';
import type { MigrationReading } from './read-migration.ts';

/** The value as it is written and looked for. */
export function toWantedValue(value: KeptValue): WantedValue {
  switch (value.kind) {
    case 'blank':
    case 'text':
    case 'day':
      return value;
    case 'row':
      return value.key === undefined
        ? { kind: 'row', rowId: value.rowId }
        : { kind: 'link', table: value.table, key: value.key };
  }
}

/** Finds made rows by their key; those that have been deleted since by what was seen of them. */
export function createRowFinder(reading: MigrationReading, { entries }: Journal): RowIdOf {
  const ids = new Map<string, string>();
  for (const entry of entries.values()) {
    if (entry.kind !== 'row' || entry.rowId === undefined) continue;
    ids.set(`${entry.table} ${entry.key}`, entry.rowId);
  }
  const columns = new Map<string, string>(Object.entries(MADE_TABLES));
  for (const [table, { rows }] of reading.doc) {
    const column = columns.get(table);
    if (column === undefined) continue;
    for (const { rowId, cells } of rows) {
      const key = cells.get(column);
      if (key?.kind === 'text') ids.set(`${table} ${key.text}`, rowId);
    }
  }
  return (table, key) => ids.get(`${table} ${key}`);
}

/**
 * The entries that a reading tells more of: what is there as it was written has been seen from now on. Shape: `isFresh` says that it was
 * written by this very run, so that whatever else stands in a made row came with it.
 */
export function settleEntries(
  reading: MigrationReading,
  journal: Journal,
  isFresh: boolean,
): ReadonlyMap<string, JournalEntry> {
  const rowIdOf = createRowFinder(reading, journal);
  const settled = new Map<string, JournalEntry>();
  for (const [id, entry] of journal.entries) {
    if (entry.seen) continue;
    const next =
      entry.kind === 'cell'
        ? settleCell(entry, reading, rowIdOf)
        : settleRow(entry, { reading, rowIdOf, isFresh });
    if (next !== undefined) settled.set(id, next);
  }
  return settled;
}

/** Remembers what a reading shows of what was written. */
export async function settle(
  store: Store,
  reading: MigrationReading,
  isFresh: boolean,
): Promise<Journal> {
  const journal = await readJournal(store);
  const settled = settleEntries(reading, journal, isFresh);
  if (settled.size > 0) await keepEntries(store, settled);
  return withSettled(journal, settled);
}

/** A journal with what has been seen of it. */
export const withSettled = (journal: Journal, settled: Journal['entries']): Journal => ({
  ...journal,
  entries: new Map([...journal.entries, ...settled]),
});

/** Whether a cell still holds what was written into it. */
export function holdsOurs(entry: CellEntry, reading: MigrationReading, rowIdOf: RowIdOf): boolean {
  const cell = cellOf(entry, reading);
  return cell !== undefined && judgeCell(toWantedValue(entry.after), cell, rowIdOf) === 'right';
}

/** What the cell of an entry holds; undefined where its row is gone. */
export function cellOf(
  { table, rowId, column }: CellEntry,
  { raw, binding }: MigrationReading,
): CellValue | undefined {
  const row = raw.get(table)?.get(rowId);
  if (row === undefined) return undefined;
  const columnId = binding.places.get(table)?.columns.get(column)?.columnId ?? '';
  return row.values[columnId] ?? { kind: 'blank' };
}

function settleCell(
  entry: CellEntry,
  reading: MigrationReading,
  rowIdOf: RowIdOf,
): CellEntry | undefined {
  return holdsOurs(entry, reading, rowIdOf) ? { ...entry, seen: true } : undefined;
}

interface RowFacts {
  readonly reading: MigrationReading;
  readonly rowIdOf: RowIdOf;
  readonly isFresh: boolean;
}

function settleRow(entry: RowEntry, { reading, rowIdOf, isFresh }: RowFacts): RowEntry | undefined {
  const rowId = rowIdOf(entry.table, entry.key);
  const row = rowId === undefined ? undefined : reading.raw.get(entry.table)?.get(rowId);
  if (row === undefined) return undefined;
  const isOurs = isFresh || isAsMade(entry, row, { reading, rowIdOf });
  const print = isOurs ? printOf(reading, entry.table, row) : '';
  return { ...entry, seen: true, rowId: row.id, print };
}

/** Nothing else stands in the row than what was to be written into it. */
function isAsMade(
  entry: RowEntry,
  row: ApiRow,
  { reading, rowIdOf }: Pick<RowFacts, 'reading' | 'rowIdOf'>,
): boolean {
  const columns = reading.binding.places.get(entry.table)?.columns ?? new Map();
  const wanted = new Map(
    Object.entries(entry.cells).flatMap(([column, value]) => {
      const columnId: string | undefined = columns.get(column)?.columnId;
      return columnId === undefined ? [] : [[columnId, toWantedValue(value)] as const];
    }),
  );
  return (reading.typed.get(entry.table) ?? []).every((columnId) => {
    const cell = row.values[columnId] ?? { kind: 'blank' };
    return judgeCell(wanted.get(columnId) ?? { kind: 'blank' }, cell, rowIdOf) === 'right';
  });
}

/** Stands for all that a person could have typed into a row. */
export function printOf(reading: MigrationReading, table: MigrationTable, row: ApiRow): string {
  const cells = (reading.typed.get(table) ?? []).map((id) => row.values[id] ?? { kind: 'blank' });
  return createHash('sha256').update(JSON.stringify(cells)).digest('hex');
}
