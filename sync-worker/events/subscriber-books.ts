import {
  type ContractDocument,
  type ContractName,
  type DeadLetterRecord,
  parseContract,
  type SubscriberRecord,
} from '#shared/contracts/index.ts';
import { type Clock, DomainError, toEpochMs, toInstant, toUlid } from '#shared/kernel/index.ts';
import type { Envelope, Json } from '#shared/ledger/index.ts';
import { scrub } from '#worker/secrets/index.ts';
import {
  type LeaseMark,
  type Store,
  type StoredRecord,
  type StoreTransaction,
  sha256,
} from '#worker/store/index.ts';

/** Where the books of the subscribers are kept. */
export interface BooksPlace {
  readonly store: Pick<Store, 'transaction' | 'getRecord' | 'listRecords'>;
  readonly clock: Clock;
  /** The lease its holder writes under: once another has it, no cursor moves any more. */
  readonly under?: LeaseMark;
}

/** A failure of a handler. */
export interface Failure {
  readonly envelope: Envelope;
  /** How many tries there were by now. */
  readonly attempts: number;
  readonly error: unknown;
}

/** What is kept of subscribers: how far each has come, and what it could not deal with. */
export interface SubscriberBooks {
  read(subscriberId: string): Promise<SubscriberRecord | undefined>;
  save(subscriber: SubscriberRecord): Promise<void>;
  /** Tells the ledger of a failed try. */
  tellFailure(subscriberId: string, failure: Failure): Promise<void>;
  /** Sets an event aside, tells the ledger and lets the subscriber go on, in one step. */
  setAside(subscriber: SubscriberRecord, failure: Failure): Promise<void>;
  /** What is set aside and open, in the order of the events. */
  listOpen(subscriberId: string): Promise<readonly DeadLetterRecord[]>;
  closeLetter(letter: DeadLetterRecord): Promise<void>;
}

/** Events that tell of a delivery. Were one of them to fail and be told of in turn, there would be no end. */
const OF_DELIVERY: ReadonlySet<string> = new Set(['subscriber_failed', 'event_dead_lettered']);
const ERROR_MAX_LENGTH = 2_000;

/** Keeps the books in the store's tables. */
export function createSubscriberBooks({ store, clock, under }: BooksPlace): SubscriberBooks {
  const write = (work: (step: StoreTransaction) => Promise<void>) =>
    store.transaction(work, under === undefined ? {} : { under });
  const tell = async (
    step: StoreTransaction,
    told: { readonly type: string; readonly subscriberId: string; readonly payload: Tally },
    { envelope }: Failure,
  ) => {
    if (OF_DELIVERY.has(envelope.type)) return;
    const { type, subscriberId } = told;
    const payload = { subscriberId, eventPosition: envelope.position, ...told.payload };
    const event = { type, at: toInstant(clock()), actor: 'worker', payload };
    await step.append(`ledger/${subscriberId}`, [event], { expectedVersion: 'any' });
  };
  const tellFailure = (step: StoreTransaction, subscriberId: string, failure: Failure) => {
    const payload = { attempt: failure.attempts };
    return tell(step, { type: 'subscriber_failed', subscriberId, payload }, failure);
  };
  return {
    async read(subscriberId) {
      const record = await store.getRecord('subscribers', subscriberId);
      return record === undefined ? undefined : parse(record, 'subscriber');
    },
    save: (subscriber) => write((step) => putSubscriber(step, subscriber)),
    tellFailure: (subscriberId, failure) =>
      write((step) => tellFailure(step, subscriberId, failure)),
    setAside: (subscriber, failure) =>
      write(async (step) => {
        const { subscriberId } = subscriber;
        const payload = { attempts: failure.attempts };
        await putSubscriber(step, subscriber);
        await putLetter(step, toLetter(subscriberId, failure, toInstant(clock())));
        await tellFailure(step, subscriberId, failure);
        await tell(step, { type: 'event_dead_lettered', subscriberId, payload }, failure);
      }),
    async listOpen(subscriberId) {
      const records = await store.listRecords('dead_letters', { state: 'open' });
      return records
        .map((record) => parse(record, 'dead_letter'))
        .filter((letter) => letter.subscriberId === subscriberId)
        .sort((one, other) => one.position - other.position);
    },
    closeLetter: (letter) => write((step) => putLetter(step, { ...letter, state: 'redriven' })),
  };
}

type Tally = { readonly attempt: number } | { readonly attempts: number };

const putSubscriber = (step: StoreTransaction, subscriber: SubscriberRecord): Promise<void> =>
  step.putRecords('subscribers', [{ id: subscriber.subscriberId, document: toJson(subscriber) }]);

const putLetter = (step: StoreTransaction, letter: DeadLetterRecord): Promise<void> =>
  step.putRecords('dead_letters', [{ id: letter.deadLetterId, document: toJson(letter) }]);

/** One letter for each event and subscriber, however often it fails. */
function toLetter(
  subscriberId: string,
  { envelope, attempts, error }: Failure,
  at: DeadLetterRecord['at'],
): DeadLetterRecord {
  const { position, hash } = envelope;
  const text = error instanceof Error ? error.message : String(error);
  return {
    schema: 'dead_letter.v1',
    deadLetterId: toUlid(toEpochMs(envelope.at), sha256(`${subscriberId} ${hash}`)),
    subscriberId,
    position,
    attempts,
    lastError: scrub(text).replaceAll('\u0000', '').slice(0, ERROR_MAX_LENGTH).toWellFormed(),
    at,
    state: 'open',
  };
}

/** A document was JSON when it was parsed; only its type has forgotten. */
const toJson = (document: object): { readonly [field: string]: Json } =>
  JSON.parse(JSON.stringify(document));

function parse<Name extends ContractName>(
  { id, document }: StoredRecord,
  name: Name,
): ContractDocument<Name> {
  const parsed = parseContract(document, name);
  if (parsed.ok) return parsed.value;
  const { path, expected, received } = parsed.refusal;
  const text = `the ${name} \`${id}\` is none (${path}: expected ${expected}, received ${received}); restore the store from a backup`;
  throw new DomainError('STORE_CORRUPT', text);
}
