import { parseContract, type SubscriberRecord } from '#shared/contracts/index.ts';
import {
  accept,
  assert,
  type Clock,
  isDomainError,
  type Result,
  refuse,
  toInstant,
} from '#shared/kernel/index.ts';
import type { Wait } from '#worker/coda/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { untilStopped } from './bell.ts';
import { createSubscriber, type Subscriber } from './subscriber.ts';
import { createSubscriberBooks, type SubscriberBooks } from './subscriber-books.ts';
import {
  DEFAULT_RETRY,
  type RedriveRefusal,
  type RedriveReport,
  type SubscribeOptions,
  type SubscribeRefusal,
} from './subscription.ts';

/** What a bus is made of. */
export interface EventBusOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly wait: Wait;
  /** Told when a subscriber can no longer read or write its books; it stands still until it is subscribed again, the others go on. */
  readonly onFailure: (subscriberId: string, error: unknown) => void;
  /** The lease cursors are moved under, where several processes could run the same subscribers. */
  readonly under?: LeaseMark;
  /** The most events one subscriber holds in memory; what is beyond stays in the store. Range: 1 to 1,000. @default 200 */
  readonly pageSize?: number;
}

/** The ledger as a feed: events are appended first, and then delivered at least once to each subscriber, in their order. */
export interface EventBus {
  /** Begins a subscription; it ends with the bus. */
  subscribe(options: SubscribeOptions): Promise<Result<Subscription, SubscribeRefusal>>;
  /** Delivers dead letters once more: one, or all that are open. */
  redrive(
    subscriberId: string,
    deadLetterId?: string,
  ): Promise<Result<RedriveReport, RedriveRefusal>>;
  /** Lets every handler finish the event it has, takes no more, and resolves when all cursors are saved. */
  stop(): Promise<void>;
}

/** A subscriber that is being served. */
export interface Subscription {
  /** The last position it has dealt with for good. */
  readonly position: () => number;
  /** Resolves when it has dealt with everything up to a position, or has ended; answers whether it came so far. */
  readonly reach: (position: number) => Promise<boolean>;
}

interface Served {
  readonly subscriber: Subscriber;
  readonly ended: Promise<void>;
}

const PAGE_MAX = 1_000;
const STORE_RETRIES = 10;
const STORE_RETRY_MS = 1_000;

/** A bus over a store. Subscribers of one bus share nothing but the store: none delays another. */
export async function createEventBus(options: EventBusOptions): Promise<EventBus> {
  const { store, pageSize = 200 } = options;
  assert(pageSize >= 1 && pageSize <= PAGE_MAX, `expected 1 to 1000 events, received ${pageSize}`);
  const books = createSubscriberBooks(options);
  const stopping = new AbortController();
  const { signal } = stopping;
  const served = new Map<string, Served>();
  // A name is taken from the first question on, not only when its document has been read.
  const starting = new Set<string>();
  const endWatch = await store.watch(() => {
    for (const { subscriber } of served.values()) subscriber.ring();
  });

  async function begin(asked: SubscribeOptions): Promise<Result<Subscription, SubscribeRefusal>> {
    const { subscriberId, handler, retry = DEFAULT_RETRY } = asked;
    const record = await readStart(asked, { ...options, books });
    if (!record.ok) return record;
    await books.save(record.value);
    const means = { ...options, books, signal, pageSize };
    const subscriber = createSubscriber(means, { record: record.value, handler, retry });
    const ended = serve(subscriber, { ...options, signal }).catch((error: unknown) => {
      served.delete(subscriberId);
      options.onFailure(subscriberId, error);
    });
    served.set(subscriberId, { subscriber, ended });
    const reach = async (position: number) => {
      await Promise.race([subscriber.reach(position), ended]);
      return subscriber.position() >= position;
    };
    return accept({ position: subscriber.position, reach });
  }

  return {
    async subscribe(asked) {
      const { subscriberId } = asked;
      assert(!signal.aborted, 'a subscription was asked of a bus that was stopped');
      if (served.has(subscriberId) || starting.has(subscriberId)) {
        return refuse({ code: 'SUBSCRIBER_TAKEN', subscriberId });
      }
      starting.add(subscriberId);
      try {
        return await begin(asked);
      } finally {
        starting.delete(subscriberId);
      }
    },
    async redrive(subscriberId, deadLetterId) {
      const subscriber = served.get(subscriberId)?.subscriber;
      if (subscriber === undefined) return refuse({ code: 'SUBSCRIBER_UNKNOWN', subscriberId });
      const open = await books.listOpen(subscriberId);
      if (deadLetterId === undefined) return accept(await subscriber.redrive(open));
      const chosen = open.filter((letter) => letter.deadLetterId === deadLetterId);
      return chosen.length === 0
        ? refuse({ code: 'DEAD_LETTER_UNKNOWN', deadLetterId })
        : accept(await subscriber.redrive(chosen));
    },
    async stop() {
      stopping.abort();
      await endWatch();
      for (const { subscriber } of served.values()) subscriber.ring();
      await Promise.all([...served.values()].map(({ ended }) => ended));
    },
  };
}

/** Runs a subscriber to the end of the bus; a store that is busy for a moment is asked again, a bounded number of times in a row. */
async function serve(
  subscriber: Subscriber,
  { wait, signal }: { readonly wait: Wait; readonly signal: AbortSignal },
): Promise<void> {
  let position = subscriber.position();
  for (let failures = 0; ; ) {
    try {
      return await subscriber.run();
    } catch (error) {
      failures = subscriber.position() > position ? 1 : failures + 1;
      position = subscriber.position();
      if (!isDomainError(error) || !error.retryable || failures > STORE_RETRIES) throw error;
      await untilStopped(wait(STORE_RETRY_MS), signal);
    }
  }
}

/** The document a subscription begins with. */
async function readStart(
  { subscriberId, filter = {}, from = 'cursor' }: SubscribeOptions,
  { store, clock, books }: Pick<EventBusOptions, 'store' | 'clock'> & { books: SubscriberBooks },
): Promise<Result<SubscriberRecord, SubscribeRefusal>> {
  const { position: head } = await store.head();
  const wanted = { cursor: (await books.read(subscriberId))?.position ?? 0, now: head };
  const position = typeof from === 'number' ? from : wanted[from];
  const updatedAt = toInstant(clock());
  const document = { schema: 'subscriber.v1', subscriberId, position, filter, updatedAt };
  const parsed = parseContract(document, 'subscriber');
  if (!parsed.ok) return refuse({ ...parsed.refusal, code: 'SUBSCRIPTION_INVALID' });
  if (position <= head) return parsed;
  return refuse({ code: 'POSITION_BEYOND_HEAD', position, head });
}
