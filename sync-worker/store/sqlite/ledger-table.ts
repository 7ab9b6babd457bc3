import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { assert, DomainError, type Instant, isInstant, type Sha256 } from '#shared/kernel/index.ts';
import {
  type ChainHead,
  canonicalJson,
  type Envelope,
  type Json,
  type NewEvent,
  toSealedText,
} from '#shared/ledger/index.ts';
import type { AppendOptions, AppendResult } from '../port.ts';

const EVENT = 'SELECT body, hash FROM event';
const rowsSchema = z.array(z.object({ body: z.string(), hash: z.string() }));
const headSchema = z.object({ position: z.number(), hash: z.string() });
const versionSchema = z.object({ version: z.number() });
const bodySchema = z.object({
  position: z.int(),
  stream: z.string(),
  version: z.int(),
  type: z.string(),
  at: z.custom<Instant>((at) => typeof at === 'string' && isInstant(at)),
  actor: z.string(),
  // What `JSON.parse` gives is JSON: only its absence needs a look.
  payload: z.custom<Json>((payload) => payload !== undefined),
  idempotencyKey: z.exactOptional(z.string()),
  previousHash: z.string(),
});

/** The ledger's questions. */
export interface LedgerReader {
  readAll(afterPosition: number, limit: number): readonly Envelope[];
  readStream(stream: string): readonly Envelope[];
  /** All events of the append made with a key, oldest first. */
  readByKey(idempotencyKey: string): readonly Envelope[];
  head(): ChainHead;
}

/** An append as the port states it, in one value. */
export interface AppendRequest {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly options: AppendOptions;
}

/** Reads the ledger over one connection. */
export function createLedgerReader(database: DatabaseSync): LedgerReader {
  const all = database.prepare(`${EVENT} WHERE position > ? ORDER BY position LIMIT ?`);
  const ofStream = database.prepare(`${EVENT} WHERE stream = ? ORDER BY version`);
  const ofKey = database.prepare(`${EVENT} WHERE idempotency_key = ? ORDER BY position`);
  const head = database.prepare('SELECT position, hash FROM head');
  return {
    readAll: (afterPosition, limit) => toEnvelopes(all.all(afterPosition, limit)),
    readStream: (stream) => toEnvelopes(ofStream.all(stream)),
    readByKey: (idempotencyKey) => toEnvelopes(ofKey.all(idempotencyKey)),
    head: () => headSchema.parse(head.get()),
  };
}

/** Appends to the ledger over one connection, inside a transaction that holds the write lock: nobody else moves the head meanwhile. */
export function createAppend(
  database: DatabaseSync,
  sha256: Sha256,
): (request: AppendRequest) => AppendResult {
  const reader = createLedgerReader(database);
  const versions = database.prepare(
    'SELECT coalesce(max(version), 0) AS version FROM event WHERE stream = ?',
  );
  const insert = database.prepare('INSERT INTO event (position, body, hash) VALUES (?, ?, ?)');
  const moveHead = database.prepare('UPDATE head SET position = ?, hash = ?');

  return ({ stream, events, options }) => {
    assert(events.length > 0, `expected an event to append to \`${stream}\`, received none`);
    const { expectedVersion, idempotencyKey } = options;
    const earlier = idempotencyKey === undefined ? [] : reader.readByKey(idempotencyKey);
    if (earlier.length > 0) return answerRepeat(earlier, { stream, events }, sha256);
    const { version } = versionSchema.parse(versions.get(stream));
    if (expectedVersion !== 'any' && expectedVersion !== version) {
      return { kind: 'conflict', version };
    }
    let { position, hash } = reader.head();
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    for (const [index, event] of events.entries()) {
      position += 1;
      const place = { position, stream, version: version + index + 1, previousHash: hash };
      const body = toSealedText({ ...event, ...place, ...key });
      hash = sha256(body);
      insert.run(position, body, hash);
    }
    moveHead.run(position, hash);
    return { kind: 'appended', position, version: version + events.length };
  };
}

type Content = Pick<AppendRequest, 'stream' | 'events'>;

function answerRepeat(earlier: readonly Envelope[], given: Content, sha256: Sha256): AppendResult {
  const [first] = earlier;
  const last = earlier.at(-1);
  assert(first !== undefined && last !== undefined, 'a repeat has an earlier append');
  const storedHash = hashContent({ stream: first.stream, events: earlier }, sha256);
  const givenHash = hashContent(given, sha256);
  return storedHash === givenHash
    ? { kind: 'exists', position: last.position }
    : { kind: 'mismatch', storedHash, givenHash };
}

function hashContent({ stream, events }: Content, sha256: Sha256): string {
  const asked = events.map(({ type, at, actor, payload }) => ({ type, at, actor, payload }));
  return sha256(canonicalJson({ stream, events: asked }));
}

function toEnvelopes(rows: readonly unknown[]): readonly Envelope[] {
  return rowsSchema.parse(rows).map(({ body, hash }) => {
    const read = bodySchema.safeParse(parseJson(body));
    if (read.success) return { ...read.data, hash };
    const detail = z.prettifyError(read.error);
    throw new DomainError('STORE_CORRUPT', `the ledger holds an event that is none: ${detail}`);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
