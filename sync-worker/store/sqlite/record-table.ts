import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DomainError } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import type { RecordFilter, StoredRecord } from '../port.ts';
import { readStoredJson } from '../read-event.ts';
import { toConditions } from '../record-filter.ts';
import { RECORD_TABLES, type RecordTableName } from '../record-tables.ts';
import { type Row, textOf } from './column.ts';
import { isConstraint } from './store-error.ts';

/** The questions of the contract documents. */
export interface RecordReader {
  getRecord(table: RecordTableName, id: string): StoredRecord | undefined;
  listRecords(table: RecordTableName, filter?: RecordFilter): readonly StoredRecord[];
}

/** Reads contract documents over one connection. */
export function createRecordReader(database: DatabaseSync): RecordReader {
  const prepare = createPrepare(database);
  return {
    getRecord(table, id) {
      const row = prepare(`SELECT id, body FROM ${table} WHERE id = ?`).get(id);
      return row === undefined ? undefined : toRecord(row);
    },
    listRecords(table, filter = {}) {
      const conditions = toConditions(table, filter);
      if (conditions === undefined) return [];
      const where = conditions.map(({ column }) => `${column} = ?`).join(' AND ') || 'TRUE';
      const statement = prepare(`SELECT id, body FROM ${table} WHERE ${where} ORDER BY id`);
      return statement.all(...conditions.map(({ value }) => value)).map(toRecord);
    },
  };
}

/** Writes contract documents over one connection. Errors: `DomainError` `RECORD_REFUSED`, naming the document and what it breaks. */
export function createPutRecords(
  database: DatabaseSync,
): (table: RecordTableName, records: readonly StoredRecord[]) => void {
  const prepare = createPrepare(database);
  return (table, records) => {
    const change = RECORD_TABLES[table].isAppendOnly
      ? // Where it is the same document there is nothing to do, else the table's guard speaks.
        'UPDATE SET body = excluded.body WHERE body <> excluded.body'
      : 'UPDATE SET body = excluded.body';
    const put = prepare(
      `INSERT INTO ${table} (id, body) VALUES (?, ?) ON CONFLICT (id) DO ${change}`,
    );
    for (const { id, document } of records) {
      try {
        put.run(id, canonicalJson(document));
      } catch (error) {
        throw isConstraint(error) ? toRefused(`${table}/${id}`, error) : error;
      }
    }
  };
}

/** What a step that may not land leaves unfulfilled: the first document that names another which is not there. */
export function explainReference(database: DatabaseSync, cause?: unknown): DomainError | undefined {
  const missing = database.prepare('PRAGMA foreign_key_check').get();
  if (missing === undefined) return undefined;
  const table = textOf(missing, 'table');
  const select = `SELECT id FROM ${table} WHERE rowid = ?`;
  const id = textOf(database.prepare(select).get(missing['rowid'] ?? null), 'id');
  const detail = `names one of \`${textOf(missing, 'parent')}\` that is not there`;
  return toRefused(`${table}/${id}`, new Error(detail, { cause }));
}

/** Statements are kept, since preparing one costs more than running it. The texts are few: none holds a value. */
function createPrepare(database: DatabaseSync): (sql: string) => StatementSync {
  const kept = new Map<string, StatementSync>();
  return (sql) => {
    const statement = kept.get(sql) ?? database.prepare(sql);
    kept.set(sql, statement);
    return statement;
  };
}

function toRecord(row: Row): StoredRecord {
  const document = readStoredJson(textOf(row, 'body'));
  if (isObject(document)) return { id: textOf(row, 'id'), document };
  throw new DomainError('STORE_CORRUPT', 'the store holds a contract document that is none');
}

const isObject = (value: Json): value is { readonly [field: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const toRefused = (name: string, cause: unknown): DomainError => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new DomainError('RECORD_REFUSED', `\`${name}\` is refused: ${detail}`, { cause });
};
