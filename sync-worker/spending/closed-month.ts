import * as z from 'zod/mini';
import { type Adjustment, type CostLeaf, microsToText } from '#shared/cost/index.ts';
import { DomainError, type Instant, isInstant } from '#shared/kernel/index.ts';
import { type ChainHead, canonicalJson, type Json } from '#shared/ledger/index.ts';
import { type LeaseMark, type Store, sha256 } from '#worker/store/index.ts';

/** How a founder counts: fixed by the first month that is closed, since other settings would move what is closed. */
export interface CostSettings {
  readonly timeZone: string;
  /** What an amount is in that says no currency itself. */
  readonly currency: string;
}

/** Runs without hours that can be believed. */
export interface Uncounted {
  readonly open: number;
  readonly suspect: number;
  readonly invalid: number;
}

/** A month whose figures are frozen. */
export interface ClosedMonth extends CostSettings {
  readonly month: string;
  readonly closedAt: Instant;
  /** The end of the ledger the figures were computed at. */
  readonly head: ChainHead;
  readonly leaves: readonly CostLeaf[];
  /** What rows were called when the month was closed, by row id. */
  readonly names: Readonly<Record<string, string>>;
}

/** What a ledger holds about closed months. */
export interface ClosedBooks {
  /** By month. */
  readonly months: ReadonlyMap<string, ClosedMonth>;
  /** Oldest first. */
  readonly adjustments: readonly Adjustment[];
}

const STREAM = 'costs';
const COLLECTION = 'closed_month';
const BY = 'founder';
const TEXT = z.string();
const AT = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
const MICROS = z.exactOptional(
  z.pipe(
    TEXT.check(z.regex(/^-?\d{1,30}$/)),
    z.transform((text) => BigInt(text)),
  ),
);
const LEAF = z.object({
  leafId: TEXT,
  name: TEXT,
  dimensions: z.record(TEXT, TEXT),
  currency: z.exactOptional(TEXT),
  costMicros: MICROS,
  billableMicros: MICROS,
  effortMs: z.exactOptional(z.number()),
  isUnbilled: z.exactOptional(z.boolean()),
});
const CLOSED = z.object({
  month: TEXT,
  closedAt: AT,
  timeZone: TEXT,
  currency: TEXT,
  head: z.object({ position: z.number(), hash: TEXT }),
  leaves: z.array(LEAF),
  names: z.record(TEXT, TEXT),
});
const ADJUSTMENT = z.object({
  adjustmentId: TEXT,
  leafId: TEXT,
  closedMonth: TEXT,
  month: TEXT,
  recordedAt: AT,
  reason: TEXT,
  before: z.exactOptional(LEAF),
  after: z.exactOptional(LEAF),
});
const SEAL = z.object({ documentHash: TEXT });

/**
 * What is closed, and how it was corrected since. Each month is checked against the hash in the event of its closing, which the ledger's
 * chain keeps. Errors: `STORE_CORRUPT`.
 */
export async function readClosedBooks(
  store: Pick<Store, 'list' | 'readStream'>,
): Promise<ClosedBooks> {
  const seals = new Map<string, string>();
  const adjustments: Adjustment[] = [];
  for (const { type, payload } of await store.readStream(STREAM)) {
    if (type === 'month_closed') {
      const { month } = parse(z.object({ month: TEXT }), payload, STREAM);
      seals.set(month, parse(SEAL, payload, month).documentHash);
    } else adjustments.push(parse(ADJUSTMENT, payload, STREAM));
  }
  const months = new Map<string, ClosedMonth>();
  for (const [month, body] of await store.list(COLLECTION)) {
    if (sha256(canonicalJson(body)) !== seals.get(month)) throw corrupt(month);
    months.set(month, parse(CLOSED, body, month));
  }
  const lost = [...seals.keys()].find((month) => !months.has(month));
  if (lost !== undefined) throw corrupt(lost);
  return { months, adjustments };
}

/** Freezes a month: the figures as a document, and their hash and sums as an event of the chain, in one step. */
export async function keepClosedMonth(
  store: Pick<Store, 'transaction'>,
  closed: ClosedMonth,
  { figures, under }: { readonly figures: Json; readonly under: LeaseMark },
): Promise<void> {
  const { month, closedAt, head, timeZone, currency } = closed;
  const document = microsToText(closed);
  const documentHash = sha256(canonicalJson(document));
  const facts = { month, timeZone, currency, head, figures, documentHash };
  const payload = microsToText(facts);
  await store.transaction(
    async (transaction) => {
      await transaction.append(
        STREAM,
        [{ type: 'month_closed', at: closedAt, actor: BY, payload }],
        { expectedVersion: 'any', idempotencyKey: `close/${month}` },
      );
      await transaction.put(COLLECTION, month, document);
    },
    { under },
  );
}

/** Records corrections of closed months. */
export async function keepAdjustments(
  store: Pick<Store, 'transaction'>,
  adjustments: readonly Adjustment[],
  { at, under }: { readonly at: Instant; readonly under: LeaseMark },
): Promise<void> {
  if (adjustments.length === 0) return;
  await store.transaction(
    async (transaction) => {
      for (const adjustment of adjustments) {
        const payload = microsToText(adjustment);
        await transaction.append(
          STREAM,
          [{ type: 'closed_month_adjusted', at, actor: BY, payload }],
          { expectedVersion: 'any', idempotencyKey: `adjust/${adjustment.adjustmentId}` },
        );
      }
    },
    { under },
  );
}

function parse<Value>(schema: z.ZodMiniType<Value>, json: Json, what: string): Value {
  const value = z.safeParse(schema, json);
  if (value.success) return value.data;
  throw corrupt(what);
}

const corrupt = (what: string): DomainError =>
  new DomainError(
    'STORE_CORRUPT',
    `What the ledger holds about the closed month \`${what}\` is not what was written.`,
  );
