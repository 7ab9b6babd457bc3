import * as z from 'zod/mini';
import type { Sha256 } from '#shared/kernel/index.ts';
import type { ChainHead, Envelope } from '#shared/ledger/index.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import { type AppendPlan, type AppendRequest, planAppend } from '../plan-append.ts';
import type { AppendResult, IndexedAppend, RawEvent } from '../port.ts';
import { readEvent } from '../read-event.ts';
import { toSafeInteger } from './safe-integer.ts';
import type { Question, Session } from './session.ts';
import type { Step } from './step.ts';

const EVENT = 'SELECT position, body, hash FROM events';
const rowsSchema = z.array(
  z.object({ position: toSafeInteger, body: z.string(), hash: z.string() }),
);
const indexSchema = z.array(
  z.object({
    position: toSafeInteger,
    stream: z.string(),
    version: toSafeInteger,
    key: z.nullable(z.string()),
  }),
);
const headSchema = z.tuple([z.object({ position: toSafeInteger, hash: z.string() })]);
const foundSchema = z.tuple([
  z.object({ version: toSafeInteger, bodies: z.array(z.string()), hashes: z.array(z.string()) }),
]);

/** The ledger's questions. */
export interface LedgerReader {
  readRaw(afterPosition: number, limit: number): Promise<readonly RawEvent[]>;
  /** A page of what events are found by. */
  readAppends(afterPosition: number, limit: number): Promise<readonly IndexedAppend[]>;
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
    async readAppends(afterPosition, limit) {
      const text = `SELECT position, stream, version, idempotency_key AS key FROM events
        WHERE position > $1 ORDER BY position LIMIT $2`;
      const { rows } = await session.query({ text, values: [afterPosition, limit] });
      return indexSchema.parse(rows).map(toAppend);
    },
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

/** Appends within a step: one question, and one write that nobody waits for, however many events. */
export function createAppend(
  { session, head, send }: Step,
  sha256: Sha256,
): (request: AppendRequest) => Promise<AppendResult> {
  let standing = head;
  return async (request) => {
    const found = await lookUp(session, request);
    const plan = planAppend(request, { head: standing, ...found }, sha256);
    if (plan.rows.length > 0) send(toInsert(request, plan, found.version));
    standing = plan.head;
    return plan.result;
  };
}

/** Adds events as they lie in a store, and moves the head to the last of them. */
export async function insertEvents(session: Session, rows: readonly RawEvent[]): Promise<void> {
  const text = `
    WITH added AS (
      INSERT INTO events (position, stream, version, type, idempotency_key, body, hash)
      SELECT given.position, said.stream, said.version, said.type, said."idempotencyKey", body, hash
      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS given (position, body, hash),
        json_to_record(safe_json(body)) AS said (
          stream text, version bigint, type text, "idempotencyKey" text)
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
  return headSchema.parse((await session.query({ name: text, text })).rows)[0];
}

async function lookUp(session: Session, { stream, options }: AppendRequest) {
  const text = `
    SELECT
      (SELECT coalesce(max(version), 0) FROM events WHERE stream = $1) AS version,
      ARRAY(SELECT body FROM events WHERE idempotency_key = $2 ORDER BY position) AS bodies,
      ARRAY(SELECT hash FROM events WHERE idempotency_key = $2 ORDER BY position) AS hashes`;
  const values = [toKeyText(stream), toKeyOrNull(options.idempotencyKey)];
  const [found] = foundSchema.parse((await session.query({ name: 'look up', text, values })).rows);
  const { version, bodies, hashes } = found;
  return {
    version,
    earlier: bodies.map((body, at) => readEvent({ body, hash: hashes[at] ?? '' })),
  };
}

/** The write of an append. Neither a body, being canonical, nor a hash holds a line break: lists of lines are quickly told and read. */
function toInsert(
  { stream, events, options }: AppendRequest,
  { rows, head }: AppendPlan,
  version: number,
): Question {
  const text = `
    WITH added AS (
      INSERT INTO events (position, stream, version, type, idempotency_key, body, hash)
      SELECT $1::bigint + place, $2, $3::bigint + place, type, $4, body, hash
      FROM unnest($5::text[], string_to_array($6, E'\\n'), string_to_array($7, E'\\n'))
        WITH ORDINALITY AS given (type, body, hash, place)
    )
    UPDATE ledger_head SET position = $8, hash = $9`;
  const values = [
    head.position - rows.length,
    toKeyText(stream),
    version,
    toKeyOrNull(options.idempotencyKey),
    events.map(({ type }) => toKeyText(type)),
    rows.map(({ body }) => body).join('\n'),
    rows.map(({ hash }) => hash).join('\n'),
    head.position,
    head.hash,
  ];
  return { name: 'append', text, values };
}

/** Here each event is found by columns of its own, so each counts as an append. */
const toAppend = ({ position, stream, version, key }: z.infer<typeof indexSchema>[number]) => ({
  firstPosition: position,
  lastPosition: position,
  stream: fromKeyText(stream),
  firstVersion: version,
  ...(key === null ? {} : { idempotencyKey: fromKeyText(key) }),
});

const toKeyOrNull = (name: string | undefined): string | null =>
  name === undefined ? null : toKeyText(name);
