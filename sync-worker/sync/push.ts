import type { Cell } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { assert, isDomainError } from '#shared/kernel/index.ts';
import type { Cells, Sent, Write } from '#shared/ledger/index.ts';
import type { OutboxItem, Store } from '#worker/store/index.ts';
import { countResent, toContent } from './held-rows.ts';
import { dropSent, keepSent } from './ledger-books.ts';
import {
  type OutRow,
  type PushContext,
  type Sending,
  type SendReport,
  sendRows,
} from './send-rows.ts';

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

/** What a push brought. */
export interface PushReport {
  /** Of the requests the doc took in. */
  readonly requestIds: readonly string[];
  /** How many rows it took in. */
  readonly rows: number;
  /** How many wait for the next tick. */
  readonly unsent: number;
}

/** Sends outbox rows, one table after the other. Errors: as {@link sendRows}. */
export async function pushOutbox(
  items: readonly OutboxItem[],
  context: PushContext,
): Promise<PushReport> {
  const reports: SendReport[] = [];
  for (const name of ['workflows', 'tasks', 'execution_runs'] as const) {
    const table = context.target.binding.tables.get(name);
    const due = items.filter((item) => item.table === name);
    if (table !== undefined && due.length > 0)
      reports.push(await pushTable(due, { table, keyColumn: keyOf(name) }, context));
  }
  return toReport(reports);
}

async function pushTable(
  items: readonly OutboxItem[],
  { table, keyColumn }: Pick<Sending, 'table' | 'keyColumn'>,
  context: PushContext,
): Promise<SendReport> {
  const itemOf = new Map(items.map((item) => [item.id, item]));
  const itemsOf = (rows: readonly OutRow[]) => rows.flatMap(({ id }) => itemOf.get(id) ?? []);
  const rows = items.map(({ id, key, cells }) => ({
    id,
    key,
    cells: toCells(table, { ...cells, [keyColumn]: key }),
    content: toContent(cells),
  }));
  const onBatch = async (batch: readonly OutRow[]): Promise<void> => {
    const sentAtMs = context.nowMs();
    await context.store.transaction(
      async (transaction) => {
        await transaction.putOutbox(itemsOf(batch).map((item) => ({ ...item, sentAtMs })));
        for (const { id } of batch) await transaction.put(PUBLISHED, id, true);
      },
      { under: context.under },
    );
  };
  const report = await sendRows(context, { table, keyColumn, rows, onBatch });
  await forgetSending(itemsOf(report.unsent), context);
  const again = report.sent.filter(({ id }) => itemOf.get(id)?.sentAtMs !== undefined);
  const resent = again.map(({ id, content }) => ({ id, content, table: table.spec.name }));
  await countResent(context.store, resent, { nowMs: context.nowMs(), under: context.under });
  return report;
}

/** What was not sent after all is sent by the next tick, without the patience that is owed to a row on its way. */
async function forgetSending(
  items: readonly OutboxItem[],
  { store, under }: PushContext,
): Promise<void> {
  if (items.length === 0) return;
  const waiting = items.map((item) => {
    const { sentAtMs: _, ...rest } = item;
    return rest;
  });
  await store.transaction((transaction) => transaction.putOutbox(waiting), { under });
}

const toReport = (reports: readonly SendReport[]): PushReport => ({
  requestIds: reports.flatMap(({ requestIds }) => requestIds),
  rows: reports.reduce((sum, { sent }) => sum + sent.length, 0),
  unsent: reports.reduce((sum, { unsent }) => sum + unsent.length, 0),
});

/** Sends the Ledger table's writes: settled rows and state rows in one body, then edits, then deletions. Errors: as {@link sendRows}. */
export async function pushLedger(
  writes: readonly Write[],
  sent: ReadonlyMap<string, Sent>,
  context: PushContext,
): Promise<PushReport> {
  const table = context.target.binding.tables.get('Ledger');
  assert(table !== undefined, 'the Ledger table is bound before anything is pushed');
  await rememberSent(writes, sent, context);
  const rows = writes.flatMap((write): OutRow[] =>
    write.kind === 'upsert'
      ? [
          {
            id: write.id,
            key: write.cells.key,
            cells: toCells(table, write.cells),
            content: toContent(write.cells),
          },
        ]
      : [],
  );
  const report = toReport([await sendRows(context, { table, keyColumn: 'key', rows })]);
  const edits = await editRows(writes, table, context);
  const deletions = await deleteRows(writes, table, context);
  return {
    requestIds: [...report.requestIds, ...edits, ...deletions],
    rows: report.rows + writes.filter(({ kind }) => kind !== 'upsert').length,
    unsent: report.unsent,
  };
}

/** Edits rows that no key finds. One that is not there any more is nobody's loss. */
async function editRows(
  writes: readonly Write[],
  table: BoundTable,
  { target: { api, docId }, checkLease }: PushContext,
): Promise<readonly string[]> {
  const requestIds: string[] = [];
  for (const write of writes) {
    if (write.kind !== 'edit') continue;
    await checkLease();
    try {
      const cells = toCells(table, write.cells);
      requestIds.push((await api.updateRow(docId, table.tableId, write.rowId, cells)).requestId);
    } catch (error) {
      if (!isDomainError(error) || error.code !== 'NOT_FOUND') throw error;
    }
  }
  return requestIds;
}

async function deleteRows(
  writes: readonly Write[],
  table: BoundTable,
  { target: { api, docId }, checkLease }: PushContext,
): Promise<readonly string[]> {
  const rowIds = writes.flatMap((write) => (write.kind === 'delete' ? [write.rowId] : []));
  if (rowIds.length === 0) return [];
  await checkLease();
  return [(await api.deleteRows(docId, table.tableId, rowIds)).requestId];
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
