import * as z from 'zod/mini';
import type { ApiRow } from '#shared/coda/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, toJson } from '#worker/store/index.ts';

/** Since when a doc has said that nothing changes in it. */
export interface Stillness {
  /** The doc's own word for when it last changed, by its clock: never held against ours. */
  readonly updatedAt: string;
  /** When a tick that had read that word was over. Units: ms since 1970. */
  readonly sinceMs: number;
  /** Whether a whole look that left nothing to do was begun when all of that last change had had the time to show. */
  readonly isSeen: boolean;
  /** Whether rows were younger than the doc said it was: then its word is worth nothing, and never asked again. */
  readonly isUntrue?: true;
}

/** What one tick can say of it. */
export interface StillTick {
  readonly updatedAt: string | undefined;
  /** When it began to look. Units: ms since 1970. */
  readonly lookedAtMs: number;
  /** When it is over. Units: ms since 1970. */
  readonly nowMs: number;
  /** When the youngest row changed, by the doc's clock; nothing where not all tables were looked at. Units: ms since 1970. */
  readonly youngestMs: number | undefined;
  /** Whether the doc shows all the ledger says. */
  readonly isSettled: boolean;
  /** How long a change may stay invisible. Units: ms. */
  readonly lagMs: number;
}

/** What one stamp may be coarser than another, or a little late. Units: ms. */
const MARGIN_MS = 1_000;
const COLLECTION = 'still';
const DOC = 'doc';
const STILL = z.object({
  updatedAt: z.string(),
  sinceMs: z.number(),
  isSeen: z.boolean(),
  isUntrue: z.exactOptional(z.literal(true)),
});

/** What the last tick kept of it; what cannot be read is not known. */
export async function readStillness(store: Store): Promise<Stillness | undefined> {
  return z.safeParse(STILL, await store.get(COLLECTION, DOC)).data;
}

/** Whether nothing can have changed since a whole look, going by the doc's word. */
export const isStill = (kept: Stillness | undefined, updatedAt: string | undefined): boolean =>
  kept?.isSeen === true && kept.isUntrue === undefined && kept.updatedAt === updatedAt;

/** Keeps what a tick leaves, where it differs. */
export async function keepStillness(
  store: Store,
  tick: StillTick,
  under: LeaseMark,
): Promise<void> {
  const kept = await readStillness(store);
  const next = toNext(kept, tick);
  if (canonicalJson(toJson({ next })) === canonicalJson(toJson({ next: kept }))) return;
  await store.transaction(
    (transaction) =>
      next === undefined
        ? transaction.remove(COLLECTION, DOC)
        : transaction.put(COLLECTION, DOC, toJson(next)),
    { under },
  );
}

/** When the youngest of these rows changed. Units: ms since 1970; nothing where one does not tell. */
export const youngestOf = (rows: Iterable<ApiRow>): number => {
  let youngestMs = 0;
  for (const { updatedAt } of rows) {
    const atMs = Date.parse(updatedAt);
    if (Number.isNaN(atMs)) return Number.POSITIVE_INFINITY;
    if (atMs > youngestMs) youngestMs = atMs;
  }
  return youngestMs;
};

function toNext(kept: Stillness | undefined, tick: StillTick): Stillness | undefined {
  const { updatedAt, nowMs, lookedAtMs, isSettled } = tick;
  if (updatedAt === undefined || kept?.isUntrue === true) return kept;
  // A moment that lies ahead was written by a clock that was wrong.
  if (kept?.updatedAt !== updatedAt || lookedAtMs < kept.sinceMs)
    return { updatedAt, sinceMs: nowMs, isSeen: false };
  if (!isWholeLook(kept, tick)) return { ...kept, isSeen: isSettled && kept.isSeen };
  return isYounger(tick.youngestMs, updatedAt)
    ? { ...kept, isSeen: false, isUntrue: true }
    : { ...kept, isSeen: isSettled };
}

/** Whether a tick looked at every table when all of the doc's last change had had the time to show. */
const isWholeLook = (
  { sinceMs }: Stillness,
  { lookedAtMs, lagMs, youngestMs }: StillTick,
): boolean => youngestMs !== undefined && lookedAtMs >= sinceMs + lagMs + MARGIN_MS;

/** By then a row that is younger is one that the doc keeps silent about. */
const isYounger = (atMs: number | undefined, updatedAt: string): boolean =>
  atMs !== undefined && !(atMs <= Date.parse(updatedAt) + MARGIN_MS);
