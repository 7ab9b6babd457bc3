import { type Cell, MAX_ROW_BYTES, rowBytes, splitIntoBatches } from '#shared/coda/index.ts';
import type { BoundTable } from '#shared/doc/index.ts';
import { assert, isDomainError } from '#shared/kernel/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { type HeldRow, holdRow } from './held-rows.ts';
import type { SyncTarget } from './sync-target.ts';

/** What a push is carried out with. */
export interface PushContext {
  readonly store: Store;
  readonly target: SyncTarget;
  readonly under: LeaseMark;
  readonly nowMs: () => number;
  /** Asked before every request: a worker that lost its lease writes nothing more. Errors: `LEASE_LOST`. */
  readonly checkLease: () => Promise<void>;
  /** Asked when the doc refuses a body, since a column may have gone. Errors: `SHAPE_CHANGED`. */
  readonly checkShape: () => Promise<void>;
}

/** A row to be sent. */
export interface OutRow {
  /** What it is remembered by. */
  readonly id: string;
  readonly key: string;
  readonly cells: readonly Cell[];
  /** What it says, see {@link HeldRow}. */
  readonly content: string;
}

/** Rows of one table. */
export interface Sending {
  readonly table: BoundTable;
  /** The core's name of the column rows are found by. */
  readonly keyColumn: string;
  readonly rows: readonly OutRow[];
  /** Awaited before a body is first sent, so that no crash makes the worker forget that it was. */
  readonly onBatch?: (rows: readonly OutRow[]) => Promise<void>;
}

/** What became of them. */
export interface SendReport {
  readonly requestIds: readonly string[];
  readonly sent: readonly OutRow[];
  /** Rows that wait for the next tick, since the doc refused too many others. */
  readonly unsent: readonly OutRow[];
}

/** After so many refused rows of a table in one tick the rest waits: each costs several of the few writes there are. */
const REFUSED_MAX = 8;

/**
 * Sends rows in as few bodies as may be. A body that is refused is halved until the row is found that it was refused for:
 * that one is held back, and the others land. Errors: those of the API that say nothing about a row; `LEASE_LOST`, `SHAPE_CHANGED`.
 */
export async function sendRows(context: PushContext, sending: Sending): Promise<SendReport> {
  const { onBatch = async () => {} } = sending;
  const requestIds: string[] = [];
  const sent: OutRow[] = [];
  const unsent: OutRow[] = [];
  let refusals = 0;
  const queue = toBodies(await withoutTooLarge(context, sending));
  const fresh = new Set(queue);
  for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
    if (refusals >= REFUSED_MAX) {
      unsent.push(...body);
      continue;
    }
    if (fresh.has(body)) await onBatch(body);
    const answer = await tryUpsert(context, sending, body);
    if (answer.isTaken) {
      requestIds.push(answer.requestId);
      sent.push(...body);
    } else if (body.length > 1) {
      const middle = Math.ceil(body.length / 2);
      queue.unshift(body.slice(0, middle), body.slice(middle));
    } else {
      refusals += 1;
      await hold(context, sending, { rows: body, code: 'ROW_REFUSED', why: answer.why });
    }
  }
  return { requestIds, sent, unsent };
}

/** Keys are found by their text: the same one twice in a body would be one row or two, as the service pleases. */
function toBodies(rows: readonly OutRow[]): (readonly OutRow[])[] {
  const cellsOf = new Map(rows.map((row) => [row.cells, row]));
  const keys = new Set(rows.map(({ key }) => key));
  assert(keys.size === rows.length, 'no key is sent twice at once');
  return splitIntoBatches([...cellsOf.keys()]).map((batch) =>
    batch.flatMap((cells) => cellsOf.get(cells) ?? []),
  );
}

async function withoutTooLarge(context: PushContext, sending: Sending): Promise<readonly OutRow[]> {
  const tooLarge = sending.rows.filter(({ cells }) => rowBytes(cells) > MAX_ROW_BYTES);
  if (tooLarge.length === 0) return sending.rows;
  const why = `it is larger than the ${MAX_ROW_BYTES} bytes a row may have.`;
  await hold(context, sending, { rows: tooLarge, code: 'ROW_TOO_LARGE', why });
  return sending.rows.filter((row) => !tooLarge.includes(row));
}

async function hold(
  { store, under, nowMs }: PushContext,
  { table }: Sending,
  held: { readonly rows: readonly OutRow[] } & Pick<HeldRow, 'code' | 'why'>,
): Promise<void> {
  const { rows, code, why } = held;
  for (const { id, content } of rows) {
    const row = { id, content, code, why, table: table.spec.name, sinceMs: nowMs(), sends: 1 };
    await holdRow(store, row, under);
  }
}

type Answer =
  | { readonly isTaken: true; readonly requestId: string }
  | { readonly isTaken: false; readonly why: string };

async function tryUpsert(
  { target, checkLease, checkShape }: PushContext,
  { table, keyColumn }: Sending,
  rows: readonly OutRow[],
): Promise<Answer> {
  const column = table.columns.get(keyColumn)?.columnId;
  assert(column !== undefined, `\`${keyColumn}\` is bound before rows are pushed`);
  await checkLease();
  const { api, docId } = target;
  const isParsingDisabled = table.spec.name === 'Ledger';
  const body = { rows: rows.map(({ cells }) => cells), keyColumns: [column], isParsingDisabled };
  try {
    const { requestId } = await api.upsertRows(docId, table.tableId, body);
    return { isTaken: true, requestId };
  } catch (error) {
    // Refused whole, so nothing of it was applied. Every other failure says nothing about the rows.
    if (!isDomainError(error) || error.code !== 'BAD_REQUEST') throw error;
    await checkShape();
    return { isTaken: false, why: error.message };
  }
}
