import { AsyncLocalStorage } from 'node:async_hooks';
import { assert } from '#shared/kernel/index.ts';

/** Runs one piece of work after the other. */
export interface TransactionQueue {
  /** The outcome of work that begins when all before it is over. Work asked for inside another is a bug: each would wait for the other. */
  readonly run: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Waits for all work that was asked for. */
  readonly idle: () => Promise<void>;
}

/** A queue with nothing in it. */
export function createTransactionQueue(): TransactionQueue {
  let last: Promise<unknown> = Promise.resolve();
  const inside = new AsyncLocalStorage<boolean>();
  return {
    run(work) {
      assert(inside.getStore() !== true, 'a transaction was begun inside another');
      const turn = last.then(() => inside.run(true, work));
      // The next one does not care how this one ended; its own caller is told.
      last = turn.catch(() => undefined);
      return turn;
    },
    idle: async () => void (await last),
  };
}
