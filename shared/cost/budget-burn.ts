import { type Instant, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import type { Span } from './zoned-period.ts';

/** What is used of a budget or a retainer: money in micros of one currency, or effort in milliseconds. */
export interface BurnFacts {
  /** Absent where the cell is blank: then nothing is budgeted, which is not a budget of 0. */
  readonly budget?: bigint;
  readonly used: bigint;
  /** The stretch the budget is for; absent, or without an end, there is no pace. */
  readonly span?: Span;
  readonly at: Instant;
}

/** Where a budget stands. Exactly 100 % is `fully_used`, not `over`. */
export type BurnState = 'not_budgeted' | 'no_budget' | 'ok' | 'fully_used' | 'over';

/** A budget as people read it. A number that cannot be told is `null`, never 0 and never infinite. */
export interface Burn {
  readonly state: BurnState;
  readonly used: bigint;
  /** Negative where more was used than budgeted; `null` where nothing is budgeted. */
  readonly left: bigint | null;
  /** Used ÷ budget: 1 is all of it. `null` without a budget, and for a budget of 0. */
  readonly usedShare: number | null;
  /** Used share ÷ elapsed share of the span: 1 is on time. `null` before anything has elapsed. */
  readonly pace: number | null;
  /** When it is all used if it goes on like this. `null` while nothing is used, and as far as no date goes. */
  readonly runsOutAt: Instant | null;
}

/** The last moment a date can be written at. */
const LAST_MS = toEpochMs(toInstant(Date.UTC(9999, 11, 31)));
/** Shares are cut to this, so that nothing below the budget reads 1. */
const PARTS = 1_000_000n;

/** How much of a budget is used, how fast, and until when it lasts: start + span · elapsed ÷ used. Source: earned-value practice, burn rate. */
export function burnOf({ budget, used, span, at }: BurnFacts): Burn {
  if (budget === undefined) return { ...NOTHING, state: 'not_budgeted', used, left: null };
  const left = budget - used;
  if (budget === 0n) return { ...NOTHING, state: 'no_budget', used, left };
  const usedShare = Number((used * PARTS) / budget) / Number(PARTS);
  return { state: stateOf(left), used, left, usedShare, ...paceOf({ budget, used, span, at }) };
}

const NOTHING = { usedShare: null, pace: null, runsOutAt: null };

function stateOf(left: bigint): BurnState {
  if (left < 0n) return 'over';
  return left === 0n ? 'fully_used' : 'ok';
}

function paceOf({
  budget,
  used,
  span,
  at,
}: Omit<BurnFacts, 'budget' | 'span'> & {
  readonly budget: bigint;
  readonly span: Span | undefined;
}): Pick<Burn, 'pace' | 'runsOutAt'> {
  if (span?.endAt === undefined) return { pace: null, runsOutAt: null };
  const startMs = toEpochMs(span.startAt);
  const wholeMs = toEpochMs(span.endAt) - startMs;
  const elapsedMs = Math.min(wholeMs, toEpochMs(at) - startMs);
  if (elapsedMs <= 0) return { pace: null, runsOutAt: null };
  const usedShare = Number(used) / Number(budget);
  // Start + span · elapsed share ÷ used share: at this pace the budget lasts `elapsed ÷ used share`.
  const lastsMs = elapsedMs / usedShare;
  const endMs = startMs + lastsMs;
  return {
    pace: (usedShare * wholeMs) / elapsedMs,
    runsOutAt: used > 0n && endMs <= LAST_MS ? toInstant(Math.floor(endMs)) : null,
  };
}
