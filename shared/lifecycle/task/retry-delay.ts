import type { Ms } from '#shared/kernel/index.ts';

/** How long a failed try waits for the next: not at all, the same step more each time, or twice as long each time. `none` allows no next one. */
export type RetryStrategy = 'none' | 'immediate' | 'linear' | 'exponential';

/** What the first retry waits, before jitter. Units: ms. */
export const RETRY_BASE_MS = 1_000;
/** What no retry waits longer than, jitter included. Units: ms. */
export const RETRY_CAP_MS = 60_000;

/**
 * How long a task waits after a failed try: base × 2^(attempt − 1) × jitter, the cap last; linear grows by the base instead.
 * The jitter is uniform in [0.5, 1.5), so that tasks which failed together do not come back together.
 * Units: ms, whole, rounded down. Range: attempt ≥ 1 is the try that failed; 0 ≤ random < 1.
 */
export function toBackoffMs(
  attempt: number,
  random: number,
  strategy: RetryStrategy = 'exponential',
): Ms {
  const delayMs = RETRY_BASE_MS * toFactor(attempt, strategy) * (0.5 + random);
  return Math.min(RETRY_CAP_MS, Math.floor(delayMs));
}

function toFactor(attempt: number, strategy: RetryStrategy): number {
  switch (strategy) {
    case 'none':
    case 'immediate':
      return 0;
    case 'linear':
      return attempt;
    case 'exponential':
      return 2 ** (attempt - 1);
  }
}
