import type { DatabaseSync } from 'node:sqlite';
import type { Sha256 } from '#shared/kernel/index.ts';
import type { ChainHead, Envelope } from '#shared/ledger/index.ts';
import { type AppendFacts, type AppendRequest, planAppend } from '../plan-append.ts';
import type { AppendResult, RawEvent } from '../port.ts';
import { readEvent } from '../read-event.ts';
import { integerOf, type Row, textOf } from './column.ts';

const EVENT = 'SELECT position, body, hash FROM events';
/** A name out of a body and a name that is asked for go the same way through JSON, so that half a surrogate pair is itself in both. */
const NAME = `(? ->> '$')`;

/** The ledger's questions. */
export interface LedgerReader {
  readAll(afterPosition: number, limit: number): readonly Envelope[];
  readRaw(afterPosition: number, limit: number): readonly RawEvent[];
  readStream(stream: string): readonly Envelope[];
  /** All events of the append made with a key, oldest first. */
  readByKey(idempotencyKey: string): readonly Envelope[];
  head(): ChainHead;
}

/** Reads the ledger over one connection. */
export function createLedgerReader(database: DatabaseSync): LedgerReader {
  const all = database.prepare(`${EVENT} WHERE position > ? ORDER BY position LIMIT ?`);
  const ofStream = database.prepare(`${EVENT} WHERE stream = ${NAME} ORDER BY version`);
  const ofKey = database.prepare(`${EVENT} WHERE idempotency_key = ${NAME} ORDER BY position`);
  const head = database.prepare('SELECT position, hash FROM ledger_head');
  const readRaw = (afterPosition: number, limit: number) =>
    all.all(afterPosition, limit).map(toRaw);
  return {
    readAll: (afterPosition, limit) => readRaw(afterPosition, limit).map(readEvent),
    readRaw,
    readStream: (stream) => ofStream.all(JSON.stringify(stream)).map(toRaw).map(readEvent),
    readByKey: (key) => ofKey.all(JSON.stringify(key)).map(toRaw).map(readEvent),
    head: () => toHead(head.get()),
  };
}

/** What every append asks, in one question: where the ledger and the stream stand, and whether the key was used. */
const STANDING = `SELECT position, hash,
  (SELECT coalesce(max(version), 0) FROM events WHERE stream = ${NAME}) AS version,
  EXISTS (SELECT 1 FROM events WHERE idempotency_key = ${NAME}) AS is_repeat
FROM ledger_head`;

/** Appends to the ledger over one connection, inside a transaction that holds the write lock: nobody else moves the head meanwhile. */
export function createAppend(
  database: DatabaseSync,
  sha256: Sha256,
): (request: AppendRequest) => AppendResult {
  const reader = createLedgerReader(database);
  const standing = database.prepare(STANDING);
  const insert = database.prepare('INSERT INTO events (position, body, hash) VALUES (?, ?, ?)');
  const moveHead = database.prepare('UPDATE ledger_head SET position = ?, hash = ?');
  const look = ({ stream, options: { idempotencyKey } }: AppendRequest): AppendFacts => {
    const key = idempotencyKey === undefined ? null : JSON.stringify(idempotencyKey);
    const row = standing.get(JSON.stringify(stream), key);
    const isRepeat = integerOf(row, 'is_repeat') === 1;
    return {
      earlier: idempotencyKey !== undefined && isRepeat ? reader.readByKey(idempotencyKey) : [],
      version: integerOf(row, 'version'),
      head: toHead(row),
    };
  };
  return (request) => {
    const { result, rows, head } = planAppend(request, look(request), sha256);
    for (const { position, body, hash } of rows) insert.run(position, body, hash);
    if (rows.length > 0) moveHead.run(head.position, head.hash);
    return result;
  };
}

const toHead = (row: Row | undefined): ChainHead => ({
  position: integerOf(row, 'position'),
  hash: textOf(row, 'hash'),
});

const toRaw = (row: Row): RawEvent => ({
  position: integerOf(row, 'position'),
  body: textOf(row, 'body'),
  hash: textOf(row, 'hash'),
});
