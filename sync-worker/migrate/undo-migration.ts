import {
  awaitEarlierLoad,
  bringTables,
  judgeCell,
  type LoadOptions,
  type RowIdOf,
  type TargetDoc,
} from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';
import { beginUndo, type CellEntry, endUndo, type Journal } from './journal.ts';
import { openLoad } from './open-tables.ts';
import { type MigrationReading, readMigration } from './read-migration.ts';
import { removeMadeRows } from './remove-made-rows.ts';
import { cellOf, createRowFinder, holdsOurs, settle, toWantedValue } from './settle-journal.ts';
import type { LeftAlone, UndoFacts } from './undo-model.ts';
import { toWantedRows } from './wanted-rows.ts';

/** What came of undoing a migration. */
export interface MigrationUndone {
  /** Cells that hold again what they held before. */
  readonly cells: number;
  /** Rows that were made and are gone. */
  readonly rows: number;
  readonly left: readonly LeftAlone[];
  /** Cells and rows the doc does not show undone yet; 0 where the undo is finished. */
  readonly remaining: number;
}

/**
 * Puts back what stood in every cell that still holds what was written, then removes the rows that were made, as far as nobody has typed into
 * them or leads to them. It may be stopped anywhere and run again; once it is finished, what was written is forgotten. Errors:
 * `INTERRUPTED`, and those of API and store.
 */
export async function undoMigration(
  target: TargetDoc,
  store: Store,
  options: LoadOptions,
): Promise<MigrationUndone> {
  await awaitEarlierLoad(options);
  const reading = await readMigration(target);
  const journal = await settle(store, reading, false);
  const { state } = journal;
  if (state === undefined) return { cells: 0, rows: 0, left: [], remaining: 0 };
  if (state.phase !== 'undoing') await beginUndo(store, journal);
  await restoreCells({ target, reading, journal, options });
  const restored = await readMigration(target);
  const cells = judgeCells(restored, journal);
  const rows = await removeMadeRows({ target, reading: restored, journal, options });
  const remaining = cells.remaining + rows.remaining;
  if (remaining === 0) await endUndo(store, journal);
  const left = [...cells.left, ...rows.left];
  return { cells: cells.restored, rows: rows.removed, left, remaining };
}

async function restoreCells({ target, reading, journal, options }: UndoFacts): Promise<void> {
  const entries = listCells(journal);
  const rowIdOf = createRowFinder(reading, journal);
  const session = { reading, doc: target, options, rowIdOf };
  const wanted = toWantedRows(entries, reading, 'undo');
  const known = [...wanted].filter(([table]) => reading.binding.places.has(table));
  const loads = known.map(([table, rows]) => openLoad(table, rows, session));
  for (const load of loads) await load.look();
  await bringTables(loads, target.api, options);
}

/** What was never seen in the doc was never there, or was gone before anybody looked. */
const listCells = ({ entries }: Journal): readonly CellEntry[] =>
  [...entries.values()].flatMap((entry) => (entry.kind === 'cell' && entry.seen ? [entry] : []));

function judgeCells(
  reading: MigrationReading,
  journal: Journal,
): { readonly restored: number; readonly remaining: number; readonly left: readonly LeftAlone[] } {
  const rowIdOf = createRowFinder(reading, journal);
  const left: LeftAlone[] = [];
  let restored = 0;
  let remaining = 0;
  for (const entry of listCells(journal)) {
    const { table, rowId, name, column } = entry;
    const standing = judgeEntry(entry, reading, rowIdOf);
    if (standing === 'restored') restored += 1;
    if (standing === 'ours') remaining += 1;
    if (standing === 'gone') left.push({ table, rowId, name, message: 'was deleted since' });
    if (standing === 'changed')
      left.push({ table, rowId, name, message: `\`${column}\` was changed since, and stays so` });
  }
  return { restored, remaining, left };
}

function judgeEntry(
  entry: CellEntry,
  reading: MigrationReading,
  rowIdOf: RowIdOf,
): 'restored' | 'ours' | 'gone' | 'changed' {
  const cell = cellOf(entry, reading);
  if (cell === undefined) return 'gone';
  if (judgeCell(toWantedValue(entry.before), cell, rowIdOf) === 'right') return 'restored';
  return holdsOurs(entry, reading, rowIdOf) ? 'ours' : 'changed';
}
