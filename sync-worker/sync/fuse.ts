import * as z from 'zod/mini';
import { FOUNDER_HQ_TABLES, type FounderHqTable } from '#shared/doc/index.ts';
import type { Json } from '#shared/ledger/index.ts';
import { type Store, type StoreTransaction, toJson } from '#worker/store/index.ts';
import { decodeBook } from './book-codecs.ts';

/** A row that stood in the doc and is not listed any more. */
export interface MissingRow {
  readonly rowId: string;
  /** What people know it by. */
  readonly name: string;
}

/** A table that lost so many rows at once that a person should look before any of them counts as deleted. */
export interface BlownFuse {
  readonly table: FounderHqTable;
  /** Units: ms since 1970. */
  readonly sinceMs: number;
  /** How many rows of people the table had before. */
  readonly known: number;
  readonly missing: readonly MissingRow[];
}

/** What an absence is judged by. */
export interface AbsenceFacts {
  readonly table: FounderHqTable;
  /** How many rows of people were there at the last complete look. */
  readonly known: number;
  /** Those of them that are not there now. */
  readonly missing: readonly MissingRow[];
  /** As it was left by the last look. */
  readonly kept: BlownFuse | undefined;
  /** Whether a person has looked at what `kept` names and means it. */
  readonly isAccepted: boolean;
  readonly nowMs: number;
}

const ROWS_MIN = 5;
const SHARE_MAX = 0.02;
const FUSE = z.object({
  table: z.custom<FounderHqTable>((name) => FOUNDER_HQ_TABLES.some((one) => one.name === name)),
  sinceMs: z.number(),
  known: z.number(),
  missing: z.array(z.object({ rowId: z.string(), name: z.string() })),
});

const FUSES = {
  collection: 'fuse',
  decode: (body: Json) => z.safeParse(FUSE, body).data,
};

/**
 * The fuse that more than five rows and more than 2 % of a table blow when they are gone at once. A person who accepts
 * means the rows that were named before, and no others: what went since is judged by itself. Rows that came back close it.
 */
export function judgeAbsence(facts: AbsenceFacts): BlownFuse | undefined {
  const { table, known, missing, kept, isAccepted, nowMs } = facts;
  const accepted = new Set(isAccepted ? kept?.missing.map(({ rowId }) => rowId) : []);
  const doubtful = missing.filter(({ rowId }) => !accepted.has(rowId));
  if (doubtful.length <= Math.max(ROWS_MIN, known * SHARE_MAX)) return undefined;
  return { table, known, missing: doubtful, sinceMs: kept?.sinceMs ?? nowMs };
}

/** The fuses that are blown, by table. Errors: `STORE_CORRUPT`. */
export async function readFuses(store: Store): Promise<ReadonlyMap<string, BlownFuse>> {
  const bodies = await store.list(FUSES.collection);
  return new Map([...bodies].map(([table, body]) => [table, decodeBook(FUSES, table, body)]));
}

/** Keeps the fuse of a table as the last look left it. */
export const keepFuse = (
  transaction: StoreTransaction,
  table: FounderHqTable,
  fuse: BlownFuse | undefined,
): Promise<void> =>
  fuse === undefined
    ? transaction.remove(FUSES.collection, table)
    : transaction.put(FUSES.collection, table, toJson(fuse));
