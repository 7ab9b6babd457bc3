import type { DatabaseSync } from 'node:sqlite';
import { DomainError, type Sha256 } from '#shared/kernel/index.ts';
import type { ChainHead, Envelope } from '#shared/ledger/index.ts';
import { toKeyText } from '../key-text.ts';
import { type AppendFacts, type AppendRequest, planAppend } from '../plan-append.ts';
import type { AppendResult, RawEvent } from '../port.ts';
import { readClaimed, readPlaced, toAppend, toRaw } from './claimed-events.ts';
import { integerOf, type Row, textOf } from './column.ts';
import { createLedgerWriter } from './ledger-writer.ts';
import { isConstraint } from './store-error.ts';

const EVENT = 'SELECT position, body, hash FROM events';
const APPEND = 'SELECT * FROM appends';

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
  const range = database.prepare(`${EVENT} WHERE position BETWEEN ? AND ? ORDER BY position`);
  const ofStream = database.prepare(`${APPEND} WHERE stream = ? ORDER BY first_version`);
  const ofKey = database.prepare(`${APPEND} WHERE idempotency_key = ?`);
  const head = database.prepare('SELECT position, hash FROM ledger_head');
  const readRaw = (afterPosition: number, limit: number) =>
    all.all(afterPosition, limit).map(toRaw);
  const readRange = (first: number, last: number) => range.all(first, last).map(toRaw);
  return {
    readAll: (afterPosition, limit) => readRaw(afterPosition, limit).map(readPlaced),
    readRaw,
    readStream: (stream) =>
      readClaimed(ofStream.all(toKeyText(stream)).map(toAppend), readRange, 1),
    readByKey(key) {
      const found = ofKey.all(toKeyText(key)).map(toAppend);
      return readClaimed(found, readRange, found.at(0)?.firstVersion ?? 1);
    },
    head: () => toHead(head.get()),
  };
}

/** What every append asks, in one question: where the ledger and the stream stand, and whether the key was used. */
const STANDING = `SELECT position, hash,
  coalesce((SELECT first_version + last_position - first_position FROM appends
    WHERE stream = ? ORDER BY first_version DESC LIMIT 1), 0) AS version,
  EXISTS (SELECT 1 FROM appends WHERE idempotency_key = ?) AS is_repeat
FROM ledger_head`;

/**
 * Appends to the ledger over one connection, inside a transaction that holds the write lock: nobody else moves the head meanwhile.
 * Errors: `DomainError` `STORE_CORRUPT` where rows are in the way that no append left.
 */
export function createAppend(
  database: DatabaseSync,
  sha256: Sha256,
): (request: AppendRequest) => AppendResult {
  const reader = createLedgerReader(database);
  const writer = createLedgerWriter(database);
  const standing = database.prepare(STANDING);
  const look = ({ stream, options: { idempotencyKey } }: AppendRequest): AppendFacts => {
    const key = idempotencyKey === undefined ? null : toKeyText(idempotencyKey);
    const row = standing.get(toKeyText(stream), key);
    const isRepeat = integerOf(row, 'is_repeat') === 1;
    return {
      earlier: idempotencyKey !== undefined && isRepeat ? reader.readByKey(idempotencyKey) : [],
      version: integerOf(row, 'version'),
      head: toHead(row),
    };
  };
  return (request) => {
    const facts = look(request);
    const { result, rows, head } = planAppend(request, facts, sha256);
    if (rows.length === 0) return result;
    try {
      for (const row of rows) writer.insertEvent(row);
      writer.insertAppend({
        ...request.options,
        firstPosition: facts.head.position + 1,
        lastPosition: head.position,
        stream: request.stream,
        firstVersion: facts.version + 1,
      });
      return result;
    } catch (error) {
      throw isConstraint(error) ? toObstructed(facts.head, error) : error;
    }
  };
}

const toHead = (row: Row | undefined): ChainHead => ({
  position: integerOf(row, 'position'),
  hash: textOf(row, 'hash'),
});

const toObstructed = ({ position }: ChainHead, cause: unknown): DomainError =>
  new DomainError(
    'STORE_CORRUPT',
    `the ledger takes nothing after event ${position}, since rows lie there that no append left (${String(cause)}); \`founder-hq verify\` says more`,
    { cause },
  );
