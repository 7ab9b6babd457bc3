import * as z from 'zod/mini';
import { accept, assert, type Result, refuse, type Sha256 } from '#shared/kernel/index.ts';
import {
  type Books,
  canonicalJson,
  type DocumentStep,
  decideSteps,
  type Json,
  type NewEvent,
  type StepRefusal,
  type StreamEvent,
  toDocumentEvent,
  toDocuments,
  type WorkDecision,
  type WorkStep,
} from '#shared/ledger/index.ts';
import {
  type AppendResult,
  isRecordTable,
  type Lease,
  RECORD_TABLE_ORDER,
  type Store,
  type StoreTransaction,
} from '#worker/store/index.ts';
import { createWorkBooks, type WorkBooks, type WorkNeeds } from './work-books.ts';

/** What is done in one transaction, or not at all. */
export interface WorkBatch extends WorkNeeds {
  /** One intention: the same key again is answered as the first time, whatever has happened since. */
  readonly key: string;
  /** What was asked for, in the asker's words: the same key with other words is refused. @default nothing that could differ */
  readonly request?: Json;
  /** The commands, in order, on the books as they now stand. It is asked anew where another writer was quicker. */
  readonly plan: (books: Books) => readonly WorkStep[];
  readonly documents?: readonly DocumentStep[];
  /** What is told beside it and changes no document. */
  readonly notices?: readonly StreamEvent[];
  /** The lease it is done under; a stale one is refused. */
  readonly under?: Pick<Lease, 'name' | 'fence'>;
}

/** What a batch came to. */
export type WorkDone =
  | { readonly kind: 'done'; readonly position: number; readonly events: number }
  /** It was done before, by the same key. */
  | { readonly kind: 'exists'; readonly position: number };

/** Why nothing of a batch was done. */
export type WorkRefusal =
  | (StepRefusal & { readonly code: 'STEP_REFUSED' })
  | {
      readonly code: 'REQUEST_MISMATCH';
      readonly storedHash: string;
      readonly givenHash: string;
    }
  | { readonly code: 'VERSION_CONFLICT'; readonly attempts: number };

/** The work of a doc: lifecycles moved by commands, with history, documents and outbox in one transaction. */
export interface WorkLedger {
  /**
   * Carries a batch out, one batch at a time. Another writer's events are read first, and where one came in between, the plan is
   * asked again, at most three times. Refusals: a step's own, `REQUEST_MISMATCH`, `VERSION_CONFLICT`.
   * Errors: the store's own, `STALE_LEASE` among them; nothing is written then.
   */
  carryOut(batch: WorkBatch): Promise<Result<WorkDone, WorkRefusal>>;
  /** See {@link WorkBooks.look}. */
  readonly look: WorkBooks['look'];
}

/** Times a batch is tried, the first included. Source: machines, rule on optimistic locks. */
const ATTEMPTS_MAX = 4;
/** Collection of the requests that were carried out, by key. */
const REQUESTS = 'request';
const requestSchema = z.object({ hash: z.string(), position: z.number() });

/** Opens the work that lies in a store. */
export function createWorkLedger(store: Store, sha256: Sha256): WorkLedger {
  const books = createWorkBooks(store, sha256);
  let last: Promise<unknown> = Promise.resolve();

  const attempt = async (batch: WorkBatch): Promise<Result<WorkDone, WorkRefusal>> => {
    const earlier = await findRequest(batch, store, sha256);
    if (earlier !== undefined) return earlier;
    const now = await books.look(batch);
    const decided = decideSteps(now, batch.plan(now), sha256);
    if (!decided.ok) return refuse({ ...decided.refusal, code: 'STEP_REFUSED' });
    const written = await writeDecision(
      { batch, decision: decided.value, books: now, requestHash: toRequestHash(batch, sha256) },
      store,
    );
    if (written.ok && written.value.kind === 'done') books.keep(decided.value.entries);
    return written;
  };
  const carryOut: WorkLedger['carryOut'] = async (batch) => {
    for (let attempts = 1; ; attempts += 1) {
      const result = await attempt(batch);
      const isLate = !result.ok && result.refusal.code === 'VERSION_CONFLICT';
      if (!isLate || attempts === ATTEMPTS_MAX) return result;
    }
  };
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    look: (needs) => inTurn(() => books.look(needs)),
    carryOut: (batch) => inTurn(() => carryOut(batch)),
  };
}

interface Writing {
  readonly batch: WorkBatch;
  readonly decision: WorkDecision;
  readonly books: Books;
  readonly requestHash: string;
}

const toRequestHash = ({ request = null }: WorkBatch, sha256: Sha256): string =>
  sha256(canonicalJson(request));

/** Position of what was done under a key; nothing where nothing was. */
export async function findDone(store: Store, key: string): Promise<number | undefined> {
  const stored = await store.get(REQUESTS, key);
  return stored === undefined ? undefined : requestSchema.parse(stored).position;
}

/** The answer a key already has: a request is known by it even where its entity is in a final state by now. */
async function findRequest(
  batch: WorkBatch,
  store: Store,
  sha256: Sha256,
): Promise<Result<WorkDone, WorkRefusal> | undefined> {
  const stored = await store.get(REQUESTS, batch.key);
  if (stored === undefined) return undefined;
  const { hash: storedHash, position } = requestSchema.parse(stored);
  const givenHash = toRequestHash(batch, sha256);
  return storedHash === givenHash
    ? accept({ kind: 'exists', position })
    : refuse({ code: 'REQUEST_MISMATCH', storedHash, givenHash });
}

async function writeDecision(
  writing: Writing,
  store: Store,
): Promise<Result<WorkDone, WorkRefusal>> {
  const { under } = writing.batch;
  try {
    const work = (transaction: StoreTransaction) => write(transaction, writing);
    return accept(await store.transaction(work, under === undefined ? {} : { under }));
  } catch (error) {
    if (error instanceof GivenUp) return refuse(error.refusal);
    throw error;
  }
}

const toRank = (table: string): number => RECORD_TABLE_ORDER.indexOf(table);

/** Thrown inside a transaction so that it leaves nothing behind. */
class GivenUp extends Error {
  readonly refusal: WorkRefusal;

  constructor(refusal: WorkRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

async function write(
  transaction: StoreTransaction,
  { batch, decision, books, requestHash }: Writing,
): Promise<WorkDone> {
  let position = 0;
  let count = 0;
  const append = async (
    stream: string,
    events: readonly NewEvent[],
    expectedVersion: number | 'any',
  ): Promise<AppendResult> => {
    const key = count === 0 ? { idempotencyKey: batch.key } : {};
    const result = await transaction.append(stream, events, { expectedVersion, ...key });
    count += events.length;
    return result;
  };
  const appends = [
    ...decision.appends,
    ...[...(batch.documents ?? []).map(toDocumentEvent), ...(batch.notices ?? [])].map(
      ({ stream, event }) => ({ stream, events: [event], expectedVersion: 'any' as const }),
    ),
  ];
  for (const { stream, events, expectedVersion } of appends) {
    const result = await append(stream, events, expectedVersion);
    if (result.kind === 'exists') return result;
    if (result.kind === 'conflict')
      throw new GivenUp({ code: 'VERSION_CONFLICT', attempts: ATTEMPTS_MAX });
    if (result.kind === 'mismatch') {
      const { storedHash, givenHash } = result;
      throw new GivenUp({ code: 'REQUEST_MISMATCH', storedHash, givenHash });
    }
    position = result.position;
  }
  const documents = [...toDocuments(decision, books), ...(batch.documents ?? [])];
  // A reference to what is yet to come makes the database look for who waits at every row from there on.
  const inOrder = documents.sort((one, other) => toRank(one.table) - toRank(other.table));
  for (const { table, id, document } of inOrder) {
    assert(isRecordTable(table), `expected a table of documents, received \`${table}\``);
    await transaction.putRecords(table, [{ id, document }]);
  }
  await transaction.put(REQUESTS, batch.key, { hash: requestHash, position });
  return { kind: 'done', position, events: count };
}
