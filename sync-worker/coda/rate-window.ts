import type { Clock } from '#shared/kernel/index.ts';
import type { Wait } from './wait.ts';

/** At most so many requests in any stretch of so many milliseconds. */
export interface RateLimit {
  readonly requests: number;
  /** Units: ms. */
  readonly windowMs: number;
}

/** Runs a task when its turn has come and the limit leaves room. */
export type RateWindow = <Value>(task: () => Promise<Value>) => Promise<Value>;

/**
 * A sliding window, first come first served. A classic token bucket would let through up to twice the limit in one
 * window. A request counts until a whole window after its *answer*, since it may have been counted at any moment
 * before: so no delay on the way can crowd two windows into one.
 */
export function createRateWindow(
  { requests, windowMs }: RateLimit,
  { clock, wait }: { readonly clock: Clock; readonly wait: Wait },
): RateWindow {
  let restingUntil: readonly number[] = [];
  let inFlight = 0;
  let answered = Promise.withResolvers<void>();
  let lastTurn: Promise<void> = Promise.resolve();

  const takeSlot = async (): Promise<void> => {
    for (;;) {
      const now = clock();
      restingUntil = restingUntil.filter((until) => until > now);
      if (inFlight + restingUntil.length < requests) break;
      const [soonest] = restingUntil;
      await (soonest === undefined ? answered.promise : wait(soonest - now));
    }
    inFlight += 1;
  };
  const giveSlotBack = (): void => {
    inFlight -= 1;
    restingUntil = [...restingUntil, clock() + windowMs];
    answered.resolve();
    answered = Promise.withResolvers();
  };

  return async (task) => {
    const turn = lastTurn.then(takeSlot);
    // One interrupted wait must not turn away everybody behind it.
    lastTurn = turn.catch(() => undefined);
    await turn;
    try {
      return await task();
    } finally {
      giveSlotBack();
    }
  };
}
