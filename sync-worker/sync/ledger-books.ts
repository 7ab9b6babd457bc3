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
import type { Store, StoreTransaction } from '#worker/store/index.ts';

/** Collections of the store: what the ledger folds to, kept beside it in the same transactions. */
const DESKS = 'desk';
const RUNS = 'run';
const INBOX = 'inbox';
const SENT = 'sent';

/** A run of a desk with the desk it lies on. */
export interface BookedRun {
  readonly deskId: string;
  readonly run: Desk['runs'][number];
}

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
    desks: await readCollection<Desk>(store, DESKS),
    runs: await readCollection<BookedRun>(store, RUNS),
    inbox: await readCollection<Waiting>(store, INBOX),
    sent: await readCollection<Sent>(store, SENT),
  };
}

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
  for (const one of waiting) await transaction.put(INBOX, one.command.key, toJson(one));
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
    if (touched.has(run.run.runId)) {
      await transaction.put(RUNS, run.run.runId, toJson({ deskId, run }));
    }
  }
  await transaction.remove(INBOX, key);
  return after;
}

/** Keeps a desk as it now stands. */
export const keepDesk = (transaction: StoreTransaction, desk: Desk): Promise<void> =>
  transaction.put(DESKS, desk.deskId, toJson(desk));

/** Remembers what is about to be sent, before it is, so that no crash makes the worker forget it. */
export async function keepSent(
  transaction: StoreTransaction,
  sent: ReadonlyMap<string, Sent>,
): Promise<void> {
  for (const [id, one] of sent) await transaction.put(SENT, id, toJson(one));
}

/** Forgets what has long been shown. */
export async function dropSent(
  transaction: StoreTransaction,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await transaction.remove(SENT, id);
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

/** The store gives back what these functions put in; its own checksums and types vouch for it. */
async function readCollection<Value>(
  store: Store,
  collection: string,
): Promise<ReadonlyMap<string, Value>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (await store.list(collection)) as unknown as ReadonlyMap<string, Value>;
}

/** Data through JSON: fields that are `undefined` go, everything else stays. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const toJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
