import { compareText, type Instant, type Ms } from '#shared/kernel/index.ts';
import type { Beginning } from './beginning.ts';

/** One estimate of a task as somebody gave it. */
export interface Estimate {
  /** Units: ms. Range: above 0. */
  readonly estimateMs: Ms;
  /** When it was given; one without a time was there before every other. */
  readonly at?: Instant;
}

/** The estimate a task is judged by, and those that came after. */
export interface Baseline {
  /** Units: ms. */
  readonly baselineMs: Ms;
  /** Whether even the first estimate came after the first run had started, so that it foresaw nothing. */
  readonly isEstimateLate: boolean;
  /** Whether work has begun and nothing tells that the estimate was there before: it is taken for one that was. */
  readonly isUndated: boolean;
  /** Later edits, in the order they were made: shown, and never used for variance. */
  readonly revisions: readonly Estimate[];
}

/**
 * Freezes a task's estimate: the one in force when its first run started. Where that start is unknown the first one is
 * taken, since nothing tells that a later one foresaw anything; while nobody has begun, the last one is in force.
 * Shape: estimates in the order of their source; ties in time keep it. Nothing where there is none.
 */
export function freezeBaseline(
  estimates: readonly Estimate[],
  begun: Beginning,
): Baseline | undefined {
  const ordered = [...estimates].sort((one, other) => compareText(one.at ?? '', other.at ?? ''));
  const last = countInForce(ordered, begun) - 1;
  const inForce = ordered[Math.max(0, last)];
  if (inForce === undefined) return undefined;
  return {
    baselineMs: inForce.estimateMs,
    isEstimateLate: last < 0,
    isUndated: begun === 'unknown' || (begun !== 'not_begun' && inForce.at === undefined),
    revisions: ordered.slice(Math.max(0, last) + 1),
  };
}

/** How many of the estimates, in the order of time, had been given when work began. */
function countInForce(ordered: readonly Estimate[], begun: Beginning): number {
  if (begun === 'not_begun') return ordered.length;
  if (begun === 'unknown') return Math.min(1, ordered.length);
  return ordered.filter(({ at }) => (at ?? '') <= begun).length;
}
