import { assert, toInstant } from '#shared/kernel/index.ts';
import {
  applyDecision,
  type Decision,
  type Desk,
  emptyDesk,
  formatOutcome,
  type Json,
  type Outcome,
  parseOutcome,
  type Sent,
  toViewRun,
  type ViewRun,
  type Waiting,
} from '#shared/ledger/index.ts';
import { type Store, type StoreTransaction, toJson } from '#worker/store/index.ts';
import {
  type BookCodec,
  type BookedRun,
  DESKS,
  decodeBook,
  INBOX,
  RUNS,
  SENT_ROWS,
} from './book-codecs.ts';

/** What a worker must know to decide and to publish, read from the store at the start of a tick. */
export interface Books {
  readonly desks: ReadonlyMap<string, Desk>;
  /** Every run ever made by a command, by run id. */
  readonly runs: ReadonlyMap<string, BookedRun>;
  readonly inbox: ReadonlyMap<string, Waiting>;
  /** What was last sent for each row of the Ledger table. */
  readonly sent: ReadonlyMap<string, Sent>;
}

/** The books as the last committed step left them. */
export async function readBooks(store: Store): Promise<Books> {
  return {
    desks: await readCollection(store, DESKS),
    runs: await readCollection(store, RUNS),
    inbox: await readCollection(store, INBOX),
    sent: await readSentRows(store),
  };
}

/** What was last sent for each row of the Ledger table. */
export const readSentRows = (store: Store): Promise<ReadonlyMap<string, Sent>> =>
  readCollection(store, SENT_ROWS);

/** The runs as every reader sees them. */
export const toViewRuns = (books: Books, nowMs: number): readonly ViewRun[] =>
  [...books.runs.values()].map(({ deskId, run }) =>
    toViewRun(run, deskId, { isPending: false, nowMs }),
  );

/** The runs of buttons that have not ended, as they stand now. */
export async function readOpenRuns(store: Store, nowMs: number): Promise<readonly ViewRun[]> {
  const runs = toViewRuns(await readBooks(store), nowMs);
  return runs.filter(({ endedAtMs }) => endedAtMs === undefined);
}

/** Keeps commands that were read for the first time. */
export async function keepWaiting(
  transaction: StoreTransaction,
  waiting: readonly Waiting[],
): Promise<void> {
  for (const one of waiting) {
    await put(transaction, INBOX, [one.command.key, one]);
  }
}

/** Writes a decision, its events before it, and what they change in the books. Returns the desk after it. */
export async function keepDecision(
  transaction: StoreTransaction,
  decision: Decision,
  desk: Desk | undefined,
): Promise<Desk> {
  const { command, deskId, decided, events, outcome } = decision;
  const { key, by } = command;
  for (const [index, { runId, event }] of events.entries()) {
    const { type, at, ...payload } = event;
    await transaction.append(
      `run/${runId}`,
      [{ type, at, actor: by, payload: toJson({ ...payload, key }) }],
      { expectedVersion: 'any', idempotencyKey: `${key}/${index}` },
    );
  }
  const { data, type } = command;
  const payload = toJson({ key, type, data, outcome: formatOutcome(outcome) });
  const result = await transaction.append(
    deskId,
    [{ type: 'command_decided', at: toInstant(command.atMs), actor: by, payload }],
    { expectedVersion: 'any', idempotencyKey: key },
  );
  const position = result.kind === 'appended' ? result.position : undefined;
  assert(position === decided.position, `decision ${key} landed at \`${position}\``);
  const after = applyDecision(desk ?? emptyDesk(deskId), decision);
  const touched = new Set(events.map(({ runId }) => runId));
  for (const run of after.runs) {
    if (touched.has(run.run.runId)) await keepRun(transaction, { deskId, run });
  }
  await transaction.remove(INBOX.collection, key);
  return after;
}

/** Keeps a run as it now stands. */
export const keepRun = (transaction: StoreTransaction, booked: BookedRun): Promise<void> =>
  put(transaction, RUNS, [booked.run.run.runId, booked]);

/** Keeps a desk as it now stands. */
export const keepDesk = (transaction: StoreTransaction, desk: Desk): Promise<void> =>
  put(transaction, DESKS, [desk.deskId, desk]);

/** Remembers what is about to be sent, before it is, so that no crash makes the worker forget it. */
export async function keepSent(
  transaction: StoreTransaction,
  sent: ReadonlyMap<string, Sent>,
): Promise<void> {
  for (const entry of sent) await put(transaction, SENT_ROWS, entry);
}

/** Forgets what has long been shown. */
export async function dropSent(
  transaction: StoreTransaction,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await transaction.remove(SENT_ROWS.collection, id);
}

/** What became of the commands with these keys; undecided ones are not in it. */
export async function readOutcomes(
  store: Store,
  keys: Iterable<string>,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (const key of keys) {
    const envelope = await store.findByKey(key);
    const outcome = envelope === undefined ? undefined : readOutcome(envelope.payload);
    if (outcome !== undefined) outcomes.set(key, outcome);
  }
  return outcomes;
}

function readOutcome(payload: Json): Outcome | undefined {
  const text = isRecord(payload) ? payload['outcome'] : undefined;
  return typeof text === 'string' ? parseOutcome(text) : undefined;
}

const isRecord = (json: Json): json is { readonly [field: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

async function readCollection<Value>(
  store: Store,
  codec: BookCodec<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const bodies = await store.list(codec.collection);
  return new Map([...bodies].map(([id, body]) => [id, decodeBook(codec, id, body)]));
}

const put = <Value>(
  transaction: StoreTransaction,
  { collection, encode }: BookCodec<Value>,
  [id, value]: readonly [string, Value],
): Promise<void> => transaction.put(collection, id, encode(value));
