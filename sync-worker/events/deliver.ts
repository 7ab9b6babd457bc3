import { type Envelope, toExecutionEvent } from '#shared/ledger/index.ts';
import type { Wait } from '#worker/coda/index.ts';
import { untilStopped } from './bell.ts';
import type { Failure } from './subscriber-books.ts';
import type { EventHandler, RetryPolicy } from './subscription.ts';

/** What a delivery needs. */
export interface DeliveryMeans {
  readonly handler: EventHandler;
  readonly retry: RetryPolicy;
  readonly wait: Wait;
  /** Ends the tries before the next one. */
  readonly signal: AbortSignal;
  /** Told of each failed try but the last. */
  readonly onFailedTry: (failure: Failure) => Promise<void>;
}

/** What came of a delivery: done, out of tries, or to be made again by whoever comes after a stop. */
export type Delivered =
  | { readonly kind: 'handled' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Gives one event to a handler until it is dealt with, its tries are used up, or a stop. `triesBefore` are of an earlier delivery. */
export async function deliver(
  { envelope, triesBefore = 0 }: { readonly envelope: Envelope; readonly triesBefore?: number },
  { handler, retry, wait, signal, onFailedTry }: DeliveryMeans,
): Promise<Delivered> {
  const event = toExecutionEvent(envelope);
  const isRedriven = triesBefore > 0;
  for (let attempts = triesBefore + 1; !signal.aborted; attempts += 1) {
    try {
      await handler(event, { attempt: attempts, isRedriven });
      return { kind: 'handled' };
    } catch (error) {
      const failure = { envelope, attempts, error };
      const delayMs = retry.delaysMs[attempts - triesBefore - 1];
      if (delayMs === undefined) return { kind: 'failed', failure };
      await onFailedTry(failure);
      await untilStopped(wait(delayMs), signal);
    }
  }
  return { kind: 'stopped' };
}
