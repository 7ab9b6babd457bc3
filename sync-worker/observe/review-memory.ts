import * as z from 'zod/mini';
import type { SentMark, WantedRow, WantedValue } from '#worker/import/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

const SENT = 'review';
const LOADS = 'loads';
const OBSERVE = 'observe';
/** A review that was made again more often than this has been replaced by hand. */
const VERSIONS_MAX = 10;

const VALUE = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('blank') }),
  z.object({ kind: z.literal('text'), text: z.string() }),
  z.object({ kind: z.literal('hours'), hours: z.number() }),
  z.object({ kind: z.literal('day'), day: z.string() }),
  z.object({ kind: z.literal('row'), rowId: z.string() }),
]);
const VERSIONS = z.array(z.record(z.string(), VALUE));

type Cells = ReadonlyMap<string, WantedValue>;

/**
 * A row that may go over what earlier reviews wrote into it, and over nothing that somebody else has. What it is about to write is
 * remembered first, so that no crash makes it forget what is its own.
 */
export async function withEarlier(
  store: Store,
  {
    table,
    row,
    under,
  }: { readonly table: string; readonly row: WantedRow; readonly under: LeaseMark },
): Promise<WantedRow> {
  const id = `${table}/${row.rowId ?? row.key}`;
  const known = VERSIONS.safeParse((await store.get(SENT, id)) ?? []).data ?? [];
  const mine = JSON.stringify(Object.fromEntries(row.cells));
  const others = known.filter((version) => JSON.stringify(version) !== mine);
  const versions = [...others, Object.fromEntries(row.cells)].slice(-VERSIONS_MAX);
  if (JSON.stringify(versions) !== JSON.stringify(known)) {
    await store.transaction((transaction) => transaction.put(SENT, id, toJson(versions)), {
      under,
    });
  }
  const replaces = others.map((version): Cells => new Map(Object.entries(version)));
  return { ...row, replaces };
}

/** When a review was last sent, kept with the ledger, so that the next knows which rows may not show yet. */
export const createReviewMark = (store: Store): SentMark => ({
  lastSentAt: async () => {
    const sentAt = await store.get(LOADS, OBSERVE);
    return typeof sentAt === 'number' ? sentAt : undefined;
  },
  noteSent: (atMs) => store.transaction((transaction) => transaction.put(LOADS, OBSERVE, atMs)),
});
