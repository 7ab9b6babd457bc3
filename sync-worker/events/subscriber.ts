import type { DeadLetterRecord, SubscriberRecord } from '#shared/contracts/index.ts';
import { assert, type Clock, toInstant } from '#shared/kernel/index.ts';
import { type Envelope, toExecutionEvent } from '#shared/ledger/index.ts';
import type { Wait } from '#worker/coda/index.ts';
import type { Store } from '#worker/store/index.ts';
import { createBell } from './bell.ts';
import { type Delivered, type DeliveryMeans, deliver } from './deliver.ts';
import { isWanted } from './event-filter.ts';
import type { SubscriberBooks } from './subscriber-books.ts';
import type { EventHandler, RedriveReport, RetryPolicy } from './subscription.ts';

/** What all subscribers of a bus share. */
export interface SubscriberMeans {
  readonly store: Pick<Store, 'readAll'>;
  readonly books: SubscriberBooks;
  readonly clock: Clock;
  readonly wait: Wait;
  readonly signal: AbortSignal;
  /** The most events a subscriber holds in memory. */
  readonly pageSize: number;
}

/** One reader of the ledger, with a pace of its own. */
export interface Subscriber {
  /** Reads and delivers until the signal fires. Errors: those of the store; calling it again goes on from the cursor. */
  readonly run: () => Promise<void>;
  /** Has it look whether there is something new. */
  readonly ring: () => void;
  /** The last position that is dealt with for good. */
  readonly position: () => number;
  /** Resolves when the subscriber has come so far. */
  readonly reach: (position: number) => Promise<void>;
  /** Delivers once more what was set aside, between two events of its own. */
  readonly redrive: (letters: readonly DeadLetterRecord[]) => Promise<RedriveReport>;
}

/** A reader that goes on from where its document says. */
export function createSubscriber(
  means: SubscriberMeans,
  asked: {
    readonly record: SubscriberRecord;
    readonly handler: EventHandler;
    readonly retry: RetryPolicy;
  },
): Subscriber {
  const { store, books, signal, pageSize } = means;
  const { subscriberId } = asked.record;
  const bell = createBell();
  const cursor = createCursor(asked.record, means);
  const takeTurn = createTurns();
  const delivery: DeliveryMeans = {
    ...asked,
    ...means,
    onFailedTry: (failure) => books.tellFailure(subscriberId, failure),
  };

  async function take(envelope: Envelope): Promise<void> {
    if (signal.aborted) return;
    assert(envelope.position === cursor.read() + 1, `expected no gap before ${envelope.position}`);
    if (!isWanted(toExecutionEvent(envelope), asked.record.filter)) {
      return cursor.skip(envelope.position);
    }
    await settle(await deliver({ envelope }, delivery), envelope.position);
  }

  async function settle(delivered: Delivered, position: number): Promise<void> {
    if (delivered.kind === 'stopped') return;
    await cursor.move(position, (record) =>
      delivered.kind === 'handled' ? books.save(record) : books.setAside(record, delivered.failure),
    );
  }

  async function redriveOne(letter: DeadLetterRecord): Promise<Delivered['kind']> {
    const [envelope] = await store.readAll(letter.position - 1, 1);
    assert(envelope?.position === letter.position, 'a dead letter is of an event of the ledger');
    const delivered = await deliver({ envelope, triesBefore: letter.attempts }, delivery);
    if (delivered.kind === 'handled') await books.closeLetter(letter);
    if (delivered.kind === 'failed') await books.setAside(cursor.record(), delivered.failure);
    return delivered.kind;
  }

  return {
    async run() {
      cursor.reset();
      while (!signal.aborted) {
        const page = await store.readAll(cursor.read(), pageSize);
        for (const envelope of page) await takeTurn(() => take(envelope));
        await takeTurn(() => cursor.flush((record) => books.save(record)));
        if (page.length === 0) await bell.heard();
      }
    },
    ring: bell.ring,
    position: cursor.saved,
    reach: cursor.reach,
    async redrive(letters) {
      const report = { redriven: 0, failed: 0 };
      for (const letter of letters) {
        const kind = await takeTurn(() => redriveOne(letter));
        report[kind === 'handled' ? 'redriven' : 'failed'] += 1;
      }
      return report;
    },
  };
}

/** Where a subscriber stands: `read` may be ahead of `saved` by events it does not want. */
function createCursor(first: SubscriberRecord, { clock }: Pick<SubscriberMeans, 'clock'>) {
  let saved = first;
  let read = first.position;
  const waiting = new Map<() => void, number>();
  const at = (position: number): SubscriberRecord => ({
    ...first,
    position,
    updatedAt: toInstant(clock()),
  });
  const move = async (to: number, save: (record: SubscriberRecord) => Promise<void>) => {
    const record = at(to);
    await save(record);
    saved = record;
    read = to;
    for (const [resolve, position] of waiting) {
      if (position > to) continue;
      waiting.delete(resolve);
      resolve();
    }
  };
  return {
    move,
    read: () => read,
    record: () => at(saved.position),
    saved: () => saved.position,
    skip: (position: number) => void (read = position),
    reset: () => void (read = saved.position),
    flush: async (save: (record: SubscriberRecord) => Promise<void>) => {
      if (read !== saved.position) await move(read, save);
    },
    reach: async (position: number) => {
      if (saved.position >= position) return;
      await new Promise<void>((resolve) => waiting.set(resolve, position));
    },
  };
}

/** Runs one thing after the other. What fails is its caller's affair. */
function createTurns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
