import { toInstant } from '#shared/kernel/index.ts';
import type { NewEvent } from '#shared/ledger/index.ts';
import type { AppendOptions, Store } from '#worker/store/index.ts';

/** An event that carries one number, so that a test can tell it from others. */
export const eventOf = (number: number): NewEvent => ({
  type: 'run_started',
  at: toInstant(1_700_000_000_000 + number),
  actor: 'dana@example.com',
  payload: { number, note: 'Ünïcode · “quoted”\n' },
});

/** Appends in a transaction of its own. */
export const append = (
  store: Store,
  stream: string,
  events: readonly NewEvent[],
  options: AppendOptions = { expectedVersion: 'any' },
) => store.transaction((transaction) => transaction.append(stream, events, options));
