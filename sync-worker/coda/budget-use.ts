import * as z from 'zod/mini';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import { listPlaces, readStorm } from './account-budget.ts';
import type { RequestCounts } from './paced-transport.ts';

/** What was asked of the API for one doc in one day. */
export interface DayUse {
  /** Reads of every kind. */
  readonly reads: number;
  /** Writes of every kind. */
  readonly writes: number;
  /** Writes to rows among them. */
  readonly rowWrites: number;
  /** Requests that were refused as too many. */
  readonly refused: number;
}

/** How much of the account's limits is in use. */
export interface BudgetUse {
  /** Of the writes to rows that the limits leave to workers: how many are taken at this moment. */
  readonly rowWrites: { readonly taken: number; readonly of: number };
  /** Of the reads: places taken, each good for some reads. */
  readonly reads: { readonly taken: number; readonly of: number };
  /** Until when the service is left alone, since it refused too many requests; null in good weather. */
  readonly pausedUntil: Instant | null;
  readonly today: DayUse;
}

const USE = z.object({
  day: z.string(),
  reads: z.number(),
  writes: z.number(),
  rowWrites: z.number(),
  refused: z.number(),
});
const COLLECTION = 'use';
const NO_USE: DayUse = { reads: 0, writes: 0, rowWrites: 0, refused: 0 };

/** Adds to what was asked for a doc today what one command has asked. */
export async function keepUse(
  store: Store,
  {
    docId,
    before,
    after,
    nowMs,
  }: {
    readonly docId: string;
    readonly before: RequestCounts;
    readonly after: RequestCounts;
    readonly nowMs: number;
  },
): Promise<void> {
  const more = (name: keyof RequestCounts): number => after[name] - before[name];
  const day = toDay(nowMs);
  const { reads, writes, rowWrites, refused } = await readDayUse(store, docId, day);
  const next = {
    day,
    reads: reads + more('reads') + more('mutationPolls'),
    writes: writes + more('writes'),
    rowWrites: rowWrites + more('contentWrites'),
    refused: refused + more('rateLimited'),
  };
  await store.transaction((transaction) => transaction.put(COLLECTION, docId, next));
}

/** How much of the account's limits is in use now, and was today for one doc. */
export async function readBudgetUse(
  store: Store,
  { docId, nowMs }: { readonly docId: string; readonly nowMs: number },
): Promise<BudgetUse> {
  const count = async (name: 'content' | 'read') => {
    const leases = await Promise.all(listPlaces(name).map((place) => store.readLease(place)));
    const taken = leases.filter((lease) => lease !== undefined && lease.expiresAtMs > nowMs);
    return { taken: taken.length, of: leases.length };
  };
  const storm = await readStorm(store);
  const isPaused = storm !== undefined && storm.untilMs > nowMs;
  return {
    rowWrites: await count('content'),
    reads: await count('read'),
    pausedUntil: isPaused ? toInstant(storm.untilMs) : null,
    today: await readDayUse(store, docId, toDay(nowMs)),
  };
}

async function readDayUse(store: Store, docId: string, day: string): Promise<DayUse> {
  const kept = z.safeParse(USE, await store.get(COLLECTION, docId)).data;
  if (kept?.day !== day) return NO_USE;
  const { day: _, ...use } = kept;
  return use;
}

const toDay = (atMs: number): string => toInstant(atMs).slice(0, 10);
