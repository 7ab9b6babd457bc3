import type { Clock } from '#shared/kernel/index.ts';
import type { Wait } from './wait.ts';

/** Lets requests of one class pass, and holds all of them back while the service refuses them. */
export interface StormGate {
  /** Runs a task at once, or in its turn where a refusal came before it. */
  readonly pass: <Value>(task: () => Promise<Value>) => Promise<Value>;
  /** Tells that a request was refused as too early, and how long to leave the service alone. Units: ms. */
  readonly refused: (waitMs: number) => void;
  /** Tells that a request was not refused. */
  readonly served: () => void;
}

/**
 * A gate that is open in good weather. After a refusal one request at a time tries the service, each only when the wait it
 * was given is over: eight requests that each keep their own patience would be eight times the storm.
 */
export function createStormGate({
  clock,
  wait,
}: {
  readonly clock: Clock;
  readonly wait: Wait;
}): StormGate {
  let closedUntilMs: number | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const waitForEnd = async (): Promise<void> => {
    for (;;) {
      const leftMs = (closedUntilMs ?? 0) - clock();
      if (leftMs <= 0) return;
      await wait(leftMs);
    }
  };
  return {
    pass: (task) => {
      if (closedUntilMs === undefined) return task();
      const mine = turn.then(waitForEnd).then(task);
      // One that fails must not turn away everybody behind it.
      turn = mine.catch(() => undefined);
      return mine;
    },
    refused: (waitMs) => {
      closedUntilMs = Math.max(closedUntilMs ?? 0, clock() + waitMs);
    },
    served: () => {
      if (closedUntilMs !== undefined && closedUntilMs <= clock()) closedUntilMs = undefined;
    },
  };
}
