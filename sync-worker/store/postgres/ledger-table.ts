import * as z from 'zod/mini';
import type { Sha256 } from '#shared/kernel/index.ts';
import type { ChainHead, Envelope } from '#shared/ledger/index.ts';
import { toKeyText } from '../key-text.ts';
import { type AppendRequest, planAppend } from '../plan-append.ts';
import type { AppendResult, RawEvent } from '../port.ts';
import { readEvent } from '../read-event.ts';
import { toSafeInteger } from './safe-integer.ts';
import type { Session } from './session.ts';

const EVENT = 'SELECT position, body, hash FROM events';
const rowsSchema = z.array(
  z.object({ position: toSafeInteger, body: z.string(), hash: z.string() }),
);
const headSchema = z.tuple([z.object({ position: toSafeInteger, hash: z.string() })]);
const beforeSchema = z.tuple([
  z.object({ version: toSafeInteger, earlier: z.array(z.string()), hashes: z.array(z.string()) }),
]);

/** The ledger's questions. */
export interface LedgerReader {
  readRaw(afterPosition: number, limit: number): Promise<readonly RawEvent[]>;
  readStream(stream: string): Promise<readonly Envelope[]>;
  /** The last event of the append made with a key. */
  findByKey(idempotencyKey: string): Promise<Envelope | undefined>;
  head(): Promise<ChainHead>;
}

/** Reads the ledger. */
export function createLedgerReader(session: Session): LedgerReader {
  const ask = async (text: string, values: unknown[]) =>
    rowsSchema.parse((await session.query({ text, values })).rows);
  return {
    readRaw: (afterPosition, limit) =>
      ask(`${EVENT} WHERE position > $1 ORDER BY position LIMIT $2`, [afterPosition, limit]),
    async readStream(stream) {
      const rows = await ask(`${EVENT} WHERE stream = $1 ORDER BY version`, [toKeyText(stream)]);
      return rows.map(readEvent);
    },
    async findByKey(key) {
      const text = `${EVENT} WHERE idempotency_key = $1 ORDER BY position DESC LIMIT 1`;
      return (await ask(text, [toKeyText(key)])).map(readEvent).at(0);
    },
    head: () => readHead(session, 'SELECT position, hash FROM ledger_head'),
  };
}

/** Locks the head until the transaction is over and tells it: nobody else appends meanwhile, so positions have no gaps and land in their order. */
export const lockHead = (session: Session): Promise<ChainHead> =>
  readHead(session, 'SELECT position, hash FROM ledger_head FOR UPDATE');

/** Appends within a transaction that holds the head: one question, and one write however many events. */
export function createAppend(
  session: Session,
  head: ChainHead,
  sha256: Sha256,
): (request: AppendRequest) => Promise<AppendResult> {
  let standing = head;
  return async (request) => {
    const { stream, options } = request;
    const found = await lookUp(session, stream, options.idempotencyKey);
    const plan = planAppend(request, { head: standing, ...found }, sha256);
    if (plan.rows.length > 0) await insertEvents(session, plan.rows);
    standing = plan.head;
    return plan.result;
  };
}

/** Adds events as they lie in a store and moves the head to the last of them. */
export async function insertEvents(session: Session, rows: readonly RawEvent[]): Promise<void> {
  const text = `
    WITH added AS (
      INSERT INTO events (position, body, hash) SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[])
    )
    UPDATE ledger_head SET position = $4, hash = $5`;
  const last = rows.at(-1);
  const values = [
    rows.map(({ position }) => position),
    rows.map(({ body }) => body),
    rows.map(({ hash }) => hash),
    last?.position,
    last?.hash,
  ];
  await session.query({ text, values });
}

async function readHead(session: Session, text: string): Promise<ChainHead> {
  return headSchema.parse((await session.query({ text })).rows)[0];
}

async function lookUp(session: Session, stream: string, key: string | undefined) {
  const text = `
    SELECT
      (SELECT coalesce(max(version), 0) FROM events WHERE stream = $1) AS version,
      ARRAY(SELECT body FROM events WHERE idempotency_key = $2 ORDER BY position) AS earlier,
      ARRAY(SELECT hash FROM events WHERE idempotency_key = $2 ORDER BY position) AS hashes`;
  const values = [toKeyText(stream), key === undefined ? null : toKeyText(key)];
  const [found] = beforeSchema.parse((await session.query({ text, values })).rows);
  const earlier = found.earlier.map((body, index) =>
    readEvent({ body, hash: found.hashes[index] ?? '' }),
  );
  return { version: found.version, earlier };
}
