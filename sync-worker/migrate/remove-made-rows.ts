import { MAX_BATCH_ROWS } from '#shared/coda/index.ts';
import { awaitMutations } from '#worker/coda/index.ts';
import { throwIfStopped } from '#worker/import/index.ts';
import { findReferrers, type Referrer } from './find-referrers.ts';
import type { RowEntry } from './journal.ts';
import { readMigration } from './read-migration.ts';
import { printOf } from './settle-journal.ts';
import type { LeftAlone, UndoFacts } from './undo-model.ts';

/** Between two looks at a doc that shows deletions late. Units: ms. */
const PAUSE_MS = 15_000;
/** How often what is still there is deleted again before it is reported. */
const ROUNDS_MAX = 5;

/** A row that was made and is there. */
type MadeRow = RowEntry & { readonly rowId: string };

/** Removes the rows a migration made, as far as they hold nothing else and nothing leads to them. */
export async function removeMadeRows(facts: UndoFacts): Promise<{
  readonly removed: number;
  readonly remaining: number;
  readonly left: readonly LeftAlone[];
}> {
  const { target, reading, journal } = facts;
  const made = [...journal.entries.values()].flatMap((entry): readonly MadeRow[] =>
    entry.kind === 'row' && entry.rowId !== undefined ? [{ ...entry, rowId: entry.rowId }] : [],
  );
  const there = made.filter(({ table, rowId }) => reading.raw.get(table)?.has(rowId) === true);
  const tableIds = there.map(({ table }) => reading.binding.places.get(table)?.tableId ?? '');
  const referrers = there.length === 0 ? new Map() : await findReferrers(target, new Set(tableIds));
  const left = judgeRows(there, facts, referrers);
  const doomed = there.filter(({ rowId }) => !left.has(rowId));
  const remaining = await removeRows(doomed, facts);
  return { removed: made.length - left.size - remaining, remaining, left: [...left.values()] };
}

/** Rows that have to stay, by row id. What stays keeps what it leads to. */
function judgeRows(
  there: readonly MadeRow[],
  { reading }: UndoFacts,
  referrers: ReadonlyMap<string, readonly Referrer[]>,
): ReadonlyMap<string, LeftAlone> {
  const left = new Map<string, LeftAlone>();
  const leave = ({ table, rowId, name }: MadeRow, message: string): void => {
    left.set(rowId, { table, rowId, name, message });
  };
  for (const entry of there) {
    const row = reading.raw.get(entry.table)?.get(entry.rowId);
    if (row !== undefined && printOf(reading, entry.table, row) !== entry.print)
      leave(entry, 'was changed since it was made, and stays');
  }
  const ids = new Set(there.map(({ rowId }) => rowId));
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    for (const entry of there) {
      if (left.has(entry.rowId)) continue;
      const user = referrers
        .get(entry.rowId)
        ?.find(({ rowId }) => !ids.has(rowId) || left.has(rowId));
      if (user !== undefined)
        leave(entry, `is used by \`${user.name}\` in ${user.table}, and stays`);
    }
  }
  return left;
}

/** Deletes rows and looks until they are gone. Returns how many still show. */
async function removeRows(
  doomed: readonly MadeRow[],
  { target, reading, options }: UndoFacts,
): Promise<number> {
  const { clock, wait, lagMs, sentMark, signal } = options;
  let open = doomed;
  for (let round = 1; round <= ROUNDS_MAX && open.length > 0; round += 1) {
    const requestIds: string[] = [];
    for (const [tableId, rowIds] of toBatches(open, reading)) {
      throwIfStopped(signal);
      await sentMark?.noteSent(clock());
      const { requestId } = await target.api.deleteRows(target.docId, tableId, rowIds);
      requestIds.push(requestId);
    }
    const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
    await awaitMutations(target.api, requestIds, { clock, wait, ...timing });
    const believedFrom = clock() + lagMs;
    for (;;) {
      const { raw } = await readMigration(target);
      open = open.filter(({ table, rowId }) => raw.get(table)?.has(rowId) === true);
      if (open.length === 0 || clock() >= believedFrom) break;
      throwIfStopped(signal);
      await wait(Math.min(PAUSE_MS, believedFrom - clock()));
    }
  }
  return open.length;
}

function toBatches(
  rows: readonly MadeRow[],
  { binding }: UndoFacts['reading'],
): readonly (readonly [tableId: string, rowIds: readonly string[]])[] {
  const byTable = new Map<string, string[]>();
  for (const { table, rowId } of rows) {
    const tableId = binding.places.get(table)?.tableId ?? '';
    byTable.set(tableId, [...(byTable.get(tableId) ?? []), rowId]);
  }
  return [...byTable].flatMap(([tableId, ids]) =>
    Array.from({ length: Math.ceil(ids.length / MAX_BATCH_ROWS) }, (_, at) => {
      return [tableId, ids.slice(at * MAX_BATCH_ROWS, (at + 1) * MAX_BATCH_ROWS)] as const;
    }),
  );
}
