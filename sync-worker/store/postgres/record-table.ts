import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { RecordFilter, StoredRecord } from '../port.ts';
import { readStoredJson } from '../read-event.ts';
import { toConditions } from '../record-filter.ts';
import { RECORD_TABLES, type RecordTableName } from '../record-tables.ts';
import { isRefused } from './postgres-error.ts';
import type { Session } from './session.ts';

const documentSchema = z.custom<{ readonly [field: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const rowsSchema = z.array(z.object({ id: z.string(), body: z.string() }));

/** Asks for the documents of a table that fit a condition, by id. */
export async function listRecords(
  session: Session,
  table: RecordTableName,
  filter: RecordFilter = {},
): Promise<readonly StoredRecord[]> {
  const conditions = toConditions(table, filter);
  if (conditions === undefined) return [];
  const where = conditions.map(({ column }, index) => ` AND ${column} = $${index + 1}`).join('');
  const text = `SELECT id, body FROM ${table} WHERE true${where} ORDER BY id`;
  const values = conditions.map(({ value }) => toKeyText(value));
  return toRecords((await session.query({ text, values })).rows);
}

/** The document of a table under an id. */
export async function getRecord(
  session: Session,
  table: RecordTableName,
  id: string,
): Promise<StoredRecord | undefined> {
  const text = `SELECT id, body FROM ${table} WHERE id = $1`;
  return toRecords((await session.query({ text, values: [toKeyText(id)] })).rows)[0];
}

/** Keeps documents within a transaction; whether their references lead anywhere is judged when it lands. Errors: `DomainError` `RECORD_REFUSED`. */
export async function putRecords(
  session: Session,
  table: RecordTableName,
  records: readonly StoredRecord[],
): Promise<void> {
  const isKept = RECORD_TABLES[table].isAppendOnly === true;
  const bodies = new Map<string, string>();
  for (const { id, document } of records) {
    const key = toKeyText(id);
    const body = canonicalJson(document);
    const earlier = bodies.get(key);
    if (isKept && earlier !== undefined && earlier !== body) throw refuseChange(table, id);
    bodies.set(key, body);
  }
  if (bodies.size === 0) return;
  await writeAll({ session, table, write: isKept ? insertKept : insertOrReplace }, [...bodies]);
}

/** Documents a step has written. */
export interface Written {
  readonly table: RecordTableName;
  readonly records: readonly StoredRecord[];
}

/** A reference that leads nowhere, found when the step landed: naming the first document that holds it. */
export function toOpenReference(error: unknown, written: readonly Written[]): DomainError {
  const { table = 'a table', detail = '' } = errorSchema.safeParse(error).data ?? {};
  const [, column = '', value] = /^Key \((\w+)\)=\((.*)\) is not present/.exec(detail) ?? [];
  const field = column.replaceAll(/_(\w)/g, (_whole, letter: string) => letter.toUpperCase());
  const records = written.flatMap((part) => (part.table === table ? part.records : []));
  const id = records.find(({ document }) => document[field] === value)?.id;
  return toRefusal(error, id === undefined ? table : `${table}/${id}`);
}

const text = z.optional(z.string());
const errorSchema = z.object({ table: text, constraint: text, detail: text, message: text });

function toRefusal(error: unknown, what: string): DomainError {
  const { constraint, detail, message } = errorSchema.safeParse(error).data ?? {};
  // The detail of a failing row repeats the whole document; that of a key or a reference says what is wrong with it.
  const isOfKey = detail?.startsWith('Key ') === true;
  const broken = `\`${constraint ?? message ?? 'a rule'}\`${isOfKey ? `: ${detail}` : ''}`;
  return new DomainError('RECORD_REFUSED', `\`${what}\` breaks ${broken}`, { cause: error });
}

type Bodies = readonly (readonly [id: string, body: string])[];
type Write = (session: Session, table: RecordTableName, bodies: Bodies) => Promise<void>;

interface Writing {
  readonly session: Session;
  readonly table: RecordTableName;
  readonly write: Write;
}

async function writeAll({ session, table, write }: Writing, bodies: Bodies): Promise<void> {
  const [[first] = [''], ...others] = bodies;
  try {
    if (others.length > 0) await session.query({ text: 'SAVEPOINT records' });
    await write(session, table, bodies);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (others.length === 0) throw toRefusal(error, `${table}/${fromKeyText(first)}`);
    // The server does not say which of them it was: they are tried again, one by one, until it is met.
    await session.query({ text: 'ROLLBACK TO SAVEPOINT records' });
    for (const one of bodies) await writeAll({ session, table, write }, [one]);
    throw error;
  }
}

async function insertOrReplace(session: Session, table: RecordTableName, bodies: Bodies) {
  const sql = `INSERT INTO ${table} (id, body) SELECT * FROM unnest($1::text[], $2::text[])
    ON CONFLICT (id) DO UPDATE SET body = excluded.body`;
  await session.query({ text: sql, values: toLists(bodies) });
}

async function insertKept(session: Session, table: RecordTableName, bodies: Bodies) {
  const sql = `
    WITH given AS (SELECT * FROM unnest($1::text[], $2::text[]) AS given (id, body)),
    added AS (INSERT INTO ${table} (id, body) SELECT * FROM given ON CONFLICT (id) DO NOTHING)
    SELECT given.id, given.body FROM given JOIN ${table} AS kept ON kept.id = given.id
    WHERE kept.body <> given.body LIMIT 1`;
  const values = toLists(bodies);
  const [other] = toRecords((await session.query({ text: sql, values })).rows);
  if (other !== undefined) throw refuseChange(table, other.id);
}

const toLists = (bodies: Bodies) => [bodies.map(([id]) => id), bodies.map(([, body]) => body)];

const refuseChange = (table: RecordTableName, id: string): DomainError =>
  new DomainError('RECORD_REFUSED', `\`${table}/${id}\` is kept as it was first written`);

const toRecords = (rows: readonly unknown[]): readonly StoredRecord[] =>
  rowsSchema.parse(rows).map(({ id, body }) => ({
    id: fromKeyText(id),
    document: documentSchema.parse(readStoredJson(body)),
  }));
