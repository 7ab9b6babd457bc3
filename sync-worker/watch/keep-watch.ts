import type { Wait } from '#worker/coda/index.ts';
import type { Cadence } from './cadence.ts';
import type { HealthBook } from './health.ts';
import { createNextPass, type TwoClocks } from './next-pass.ts';

/** What a watch needs. */
export interface WatchOptions {
  readonly cadence: Cadence;
  /** Makes one pass and answers how it ended: `done`, or a code. What it throws ends the watch. */
  readonly pass: () => Promise<string>;
  readonly health: HealthBook;
  readonly clocks: TwoClocks;
  /** Ends early, without complaint, where the watch is to stop. */
  readonly wait: Wait;
  readonly signal: AbortSignal;
  /** From 0 up to 1, to spread the passes of many watches. @default Math.random */
  readonly random?: () => number;
  /** Told after each pass how it ended and when the next is due at the soonest. Units: ms. */
  readonly onPass?: (outcome: string, nextInMs: number) => void;
}

/** The wall clock may be set at any moment, so nobody sleeps longer than this without looking at it. Units: ms. */
const LOOK_MS = 15_000;
const MOST_JITTER_MS = 30_000;
const JITTER_SHARE = 0.1;

/**
 * Makes passes by a cadence until it is told to stop, never two at once: the next is not even thought of before the last has ended.
 * A pass that fails is made again later and later; see {@link createNextPass}.
 */
export async function keepWatch(options: WatchOptions): Promise<void> {
  const { cadence, pass, health, clocks, wait, signal, onPass, random = Math.random } = options;
  const next = createNextPass(cadence, clocks);
  const waitUntilDue = async (): Promise<void> => {
    for (;;) {
      const leftMs = next.leftMs();
      if (leftMs === 0 || signal.aborted) return;
      await wait(Math.min(leftMs, LOOK_MS));
    }
  };
  while (!signal.aborted) {
    health.begin();
    next.begin();
    const outcome = await pass();
    // Whether it failed is for the book to say, and how long to rest then for the cadence.
    health.end(outcome);
    next.end(health.failures());
    const nextInMs = next.leftMs();
    health.expect(nextInMs);
    if (signal.aborted) return;
    onPass?.(outcome, nextInMs);
    await waitUntilDue();
    await wait(random() * Math.min(nextInMs * JITTER_SHARE, MOST_JITTER_MS));
  }
}
