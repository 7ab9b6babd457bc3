import * as z from 'zod/mini';
import type { DocFinding } from '#shared/doc/index.ts';
import { DAY_MS } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';

/** A row that is not sent as it is: the doc would not take it, and it must not keep others from getting there. */
export interface HeldRow {
  /** Of its place in the outbox, or of its write to the Ledger table. */
  readonly id: string;
  readonly table: string;
  readonly code: 'ROW_REFUSED' | 'ROW_TOO_LARGE' | 'ROW_NOT_KEPT';
  /** What it would have said, by which a changed row is told: that one is tried again. */
  readonly content: string;
  readonly why: string;
  /** Units: ms since 1970. */
  readonly sinceMs: number;
  /** How often it was sent in vain: only the sixth time it is held back for not being kept. */
  readonly sends: number;
}

/** The rows held back, by id. */
export type HeldRows = ReadonlyMap<string, HeldRow>;

const ROW = z.object({
  id: z.string(),
  table: z.string(),
  code: z.enum(['ROW_REFUSED', 'ROW_TOO_LARGE', 'ROW_NOT_KEPT']),
  content: z.string(),
  why: z.string(),
  sinceMs: z.number(),
  sends: z.number(),
});
const ROWS = { collection: 'held', decode: (body: Json) => z.safeParse(ROW, body).data };
/** A row that was taken in this often and never showed will not show the next time. */
const SENDS_MAX = 6;
/** The doc may have been mended by then; what it refused outright it refuses until the row says something else. */
const NOT_KEPT_MS = DAY_MS;

/** What a row says, to tell whether it has changed. */
export const toContent = (cells: Readonly<Record<string, Json | undefined>>): string =>
  canonicalJson(toJson(cells));

/** Every row that is held back. Errors: `STORE_CORRUPT`. */
export async function readHeld(store: Store): Promise<HeldRows> {
  const bodies = await store.list(ROWS.collection);
  return new Map([...bodies].map(([id, body]) => [id, decodeBook(ROWS, id, body)]));
}

/** Whether a row that says this is held back. */
export function isHeld(
  held: HeldRows,
  { id, content }: Pick<HeldRow, 'id' | 'content'>,
  nowMs: number,
): boolean {
  const row = held.get(id);
  return row?.content === content && isHolding(row, nowMs);
}

const isHolding = ({ code, sends, sinceMs }: HeldRow, nowMs: number): boolean =>
  code !== 'ROW_NOT_KEPT' || (sends >= SENDS_MAX && nowMs - sinceMs < NOT_KEPT_MS);

/** Counts rows that were sent before and did not show; the first time is no news. */
export async function countResent(
  store: Store,
  rows: readonly Pick<HeldRow, 'id' | 'table' | 'content'>[],
  { nowMs, under }: { readonly nowMs: number; readonly under: LeaseMark },
): Promise<void> {
  if (rows.length === 0) return;
  const held = await readHeld(store);
  const why = `it was taken in ${SENDS_MAX} times, and the doc does not show it so.`;
  await store.transaction(
    async (transaction) => {
      for (const row of rows) {
        const before = held.get(row.id);
        const isCounted = before?.content === row.content && before.sends < SENDS_MAX;
        const sends = isCounted ? before.sends + 1 : 2;
        const body: HeldRow = { ...row, code: 'ROW_NOT_KEPT', why, sinceMs: nowMs, sends };
        await transaction.put(ROWS.collection, row.id, toJson(body));
      }
    },
    { under },
  );
}

/** Holds a row back from now on. */
export const holdRow = (store: Store, row: HeldRow, under: LeaseMark): Promise<void> =>
  store.transaction((transaction) => transaction.put(ROWS.collection, row.id, toJson(row)), {
    under,
  });

/** Lets go of rows that were sent after all or that nobody wants any more. */
export async function releaseRows(
  store: Store,
  rows: readonly HeldRow[],
  under: LeaseMark,
): Promise<void> {
  if (rows.length === 0) return;
  await store.transaction(
    async (transaction) => {
      for (const { id } of rows) await transaction.remove(ROWS.collection, id);
    },
    { under },
  );
}

/** The rows that are held back, for a person to look at. */
export async function listHeld(store: Store, nowMs: number): Promise<readonly DocFinding[]> {
  const held = [...(await readHeld(store)).values()].filter((row) => isHolding(row, nowMs));
  return held.map(({ id, table, code, why }) => ({
    code,
    severity: 'error',
    table,
    message: `Row \`${id}\` is held back: ${why}`,
    fix: 'It is tried again once what it says changes; the other rows are not kept waiting.',
  }));
}
