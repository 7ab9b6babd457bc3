import type { Instant, Ms } from '#shared/kernel/index.ts';

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
  /** Later edits, in the order they were made: shown, and never used for variance. */
  readonly revisions: readonly Estimate[];
}

/**
 * Freezes a task's estimate: the one in force when its first run started. Without a known start the
 * first one is taken, since nothing tells that a later one foresaw anything.
 * Shape: estimates in the order of their source; ties in time keep it. Nothing where there is none.
 */
export function freezeBaseline(
  estimates: readonly Estimate[],
  firstStartedAt: Instant | undefined,
): Baseline | undefined {
  const ordered = [...estimates].sort((one, other) => compareTimes(one.at ?? '', other.at ?? ''));
  const [first] = ordered;
  if (first === undefined) return undefined;
  const isBeforeWork = ({ at }: Estimate): boolean =>
    firstStartedAt !== undefined && (at ?? '') <= firstStartedAt;
  const lastBefore = Math.max(0, ordered.filter(isBeforeWork).length - 1);
  const { estimateMs } = ordered[lastBefore] ?? first;
  return {
    baselineMs: estimateMs,
    isEstimateLate: firstStartedAt !== undefined && !isBeforeWork(first),
    revisions: ordered.slice(lastBefore + 1),
  };
}

const compareTimes = (one: string, other: string): number =>
  one < other ? -1 : Number(one > other);
