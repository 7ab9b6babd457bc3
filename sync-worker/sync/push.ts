import { type Cell, splitIntoBatches } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { assert } from '#shared/kernel/index.ts';
import type { Cells, Sent, Write } from '#shared/ledger/index.ts';
import type { LeaseMark, OutboxItem, Store } from '#worker/store/index.ts';
import { dropSent, keepSent } from './ledger-books.ts';
import type { SyncTarget } from './sync-target.ts';

/** What a push is carried out with. */
export interface PushContext {
  readonly store: Store;
  readonly target: SyncTarget;
  readonly under: LeaseMark;
  readonly nowMs: () => number;
  /** Asked before every request: a worker that lost its lease writes nothing more. Errors: `LEASE_LOST`. */
  readonly checkLease: () => Promise<void>;
}

const PUBLISHED = 'published';
/** The key column of each table that takes keyed rows. */
const KEY_COLUMNS: Readonly<Record<string, string>> = {
  workflows: 'external_id',
  tasks: 'external_id',
  execution_runs: 'run_id',
  Ledger: 'key',
};
/** After this long a row that was sent has been shown or is sent anew, so its memory says nothing. Units: ms. */
const FORGET_AFTER_MS = 3_600_000;

/** The rows ever sent through the outbox, as `table/key`. */
export async function readPublished(store: Store): Promise<ReadonlySet<string>> {
  return new Set((await store.list(PUBLISHED)).keys());
}

/** Sends outbox rows, one table after the other. Returns the ids of the requests the doc took in. */
export async function pushOutbox(
  items: readonly OutboxItem[],
  context: PushContext,
): Promise<readonly string[]> {
  const requestIds: string[] = [];
  for (const name of ['workflows', 'tasks', 'execution_runs'] as const) {
    const table = context.target.binding.tables.get(name);
    const due = items.filter((item) => item.table === name);
    if (table === undefined || due.length === 0) continue;
    const cellsOf = new Map(
      due.map((item) => [toCells(table, { ...item.cells, [keyOf(name)]: item.key }), item]),
    );
    for (const rows of splitIntoBatches([...cellsOf.keys()])) {
      const sent = rows.flatMap((row) => cellsOf.get(row) ?? []);
      const sentAtMs = context.nowMs();
      const stamped = sent.map((item) => ({ ...item, sentAtMs }));
      await context.store.transaction(
        async (transaction) => {
          await transaction.putOutbox(stamped);
          for (const { id } of sent) await transaction.put(PUBLISHED, id, true);
        },
        { under: context.under },
      );
      requestIds.push(await upsert(context, table, { rows, keyColumn: keyOf(name) }));
    }
  }
  return requestIds;
}

/** Sends the Ledger table's writes: settled rows and state rows in one body, then edits, then deletions. */
export async function pushLedger(
  writes: readonly Write[],
  sent: ReadonlyMap<string, Sent>,
  context: PushContext,
): Promise<readonly string[]> {
  const table = context.target.binding.tables.get('Ledger');
  assert(table !== undefined, 'the Ledger table is bound before anything is pushed');
  await rememberSent(writes, sent, context);
  const { api, docId } = context.target;
  const requestIds: string[] = [];
  const upserts = writes.flatMap((write) => (write.kind === 'upsert' ? [write.cells] : []));
  for (const rows of splitIntoBatches(upserts.map((cells) => toCells(table, cells)))) {
    requestIds.push(await upsert(context, table, { rows, keyColumn: 'key' }));
  }
  for (const write of writes) {
    if (write.kind !== 'edit') continue;
    await context.checkLease();
    const cells = toCells(table, write.cells);
    requestIds.push((await api.updateRow(docId, table.tableId, write.rowId, cells)).requestId);
  }
  const rowIds = writes.flatMap((write) => (write.kind === 'delete' ? [write.rowId] : []));
  if (rowIds.length > 0) {
    await context.checkLease();
    requestIds.push((await api.deleteRows(docId, table.tableId, rowIds)).requestId);
  }
  return requestIds;
}

async function rememberSent(
  writes: readonly Write[],
  sent: ReadonlyMap<string, Sent>,
  { store, under, nowMs }: PushContext,
): Promise<void> {
  const atMs = nowMs();
  const now = new Map(
    writes.map((write): [string, Sent] => [
      write.id,
      { cells: write.kind === 'delete' ? {} : write.cells, atMs },
    ]),
  );
  const old = [...sent].flatMap(([id, one]) => {
    // The last state row sent is what a damaged one is put back to, so it is kept.
    const isOver = one.atMs < atMs - FORGET_AFTER_MS && !id.startsWith('state/');
    return isOver && !now.has(id) ? [id] : [];
  });
  if (now.size === 0) return;
  await store.transaction(
    async (transaction) => {
      await keepSent(transaction, now);
      await dropSent(transaction, old);
    },
    { under },
  );
}

async function upsert(
  { target, checkLease }: PushContext,
  table: BoundTable,
  request: { readonly rows: readonly (readonly Cell[])[]; readonly keyColumn: string },
): Promise<string> {
  const keyColumn = table.columns.get(request.keyColumn)?.columnId;
  assert(keyColumn !== undefined, `\`${request.keyColumn}\` is bound before rows are pushed`);
  await checkLease();
  const { api, docId } = target;
  const isParsingDisabled = table.spec.name === 'Ledger';
  const { rows } = request;
  const body = { rows, keyColumns: [keyColumn], isParsingDisabled };
  return (await api.upsertRows(docId, table.tableId, body)).requestId;
}

function toCells(
  table: BoundTable,
  cells: Cells | Readonly<Record<string, string | number | boolean>>,
): readonly Cell[] {
  return Object.entries(cells).flatMap(([name, value]): Cell[] => {
    const column = table.columns.get(name)?.columnId;
    return column === undefined || value === undefined ? [] : [{ column, value }];
  });
}

const keyOf = (table: string): string => KEY_COLUMNS[table] ?? '';
