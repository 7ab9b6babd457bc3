import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { DUMP_TABLES, type DumpTable, readDumpRow, toUnreadable } from '../dump-row.ts';
import { fromKeyText, toKeyText } from '../key-text.ts';
import type { DumpRow } from '../port.ts';
import { insertEvents } from './ledger-table.ts';
import { isRefused } from './postgres-error.ts';
import type { Session } from './session.ts';

const PAGE_SIZE = 1_000;
const rowsSchema = z.array(z.record(z.string(), z.string()));
/** Columns the database counts in; they come as text, for they may hold more than a number does. */
const NUMBERS: ReadonlySet<string> = new Set(['position', 'number', 'fence', 'expires_at_ms']);
/** Columns that hold a text to the letter; all others but numbers hold a name, as its key text. */
const TEXTS: ReadonlySet<string> = new Set(['body', 'hash']);

/** Every row of every table as one moment left them. The session does nothing else meanwhile. */
export async function* dumpRows(session: Session): AsyncGenerator<DumpRow> {
  await session.query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' });
  for (const { name: table, order, columns } of DUMP_TABLES) {
    const select = `SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order.join(', ')}`;
    await session.query({ text: `DECLARE page NO SCROLL CURSOR FOR ${select}` });
    for (;;) {
      const { rows } = await session.query({ text: `FETCH ${PAGE_SIZE} FROM page` });
      for (const row of rowsSchema.parse(rows)) yield { table, row: toDumped(row) };
      if (rows.length < PAGE_SIZE) break;
    }
    await session.query({ text: 'CLOSE page' });
  }
  await session.query({ text: 'COMMIT' });
}

/** Fills an empty store inside a transaction. Errors: `DomainError` `STORE_NOT_EMPTY`, `BACKUP_UNREADABLE`. */
export async function fillRows(session: Session, rows: AsyncIterable<DumpRow>): Promise<void> {
  await expectEmpty(session);
  try {
    for await (const page of toPages(rows)) await insertPage(session, page);
    await session.query({ text: 'SET CONSTRAINTS ALL IMMEDIATE' });
  } catch (error) {
    throw isRefused(error) && error instanceof Error ? toUnreadable(error.message, error) : error;
  }
}

async function expectEmpty(session: Session): Promise<void> {
  const parts = DUMP_TABLES.map(({ name }) => `(SELECT FROM ${name} LIMIT 1)`);
  const { rows } = await session.query({ text: parts.join(' UNION ALL ') });
  if (rows.length === 0) return;
  const text = 'the store holds something already; restore into one that is new';
  throw new DomainError('STORE_NOT_EMPTY', text);
}

/** Rows that follow each other in one table. */
interface Page {
  readonly table: DumpTable;
  readonly rows: (readonly (string | number)[])[];
}

async function* toPages(rows: AsyncIterable<DumpRow>): AsyncGenerator<Page> {
  let page: Page | undefined;
  for await (const row of rows) {
    const { table, values } = readDumpRow(row);
    if (page !== undefined && (page.table !== table || page.rows.length === PAGE_SIZE)) {
      yield page;
      page = undefined;
    }
    page ??= { table, rows: [] };
    page.rows.push(values);
  }
  if (page !== undefined) yield page;
}

async function insertPage(session: Session, { table, rows }: Page): Promise<void> {
  if (table.name === 'events') {
    const events = rows.map(([position, body, hash]) => ({
      position: Number(position),
      body: String(body),
      hash: String(hash),
    }));
    return insertEvents(session, events);
  }
  const { name, columns } = table;
  const lists = columns.map(
    (column, index) => `$${index + 1}::${NUMBERS.has(column) ? 'bigint' : 'text'}[]`,
  );
  const text = `INSERT INTO ${name} (${columns.join(', ')}) SELECT * FROM unnest(${lists.join(', ')})`;
  const values = columns.map((column, index) => rows.map((row) => toStored(column, row[index])));
  await session.query({ text, values });
}

const toStored = (column: string, value: string | number | undefined) =>
  typeof value === 'string' && !TEXTS.has(column) ? toKeyText(value) : value;

function toDumped(row: Readonly<Record<string, string>>): DumpRow['row'] {
  const dumped = Object.entries(row).map(([column, value]) => {
    if (NUMBERS.has(column)) return [column, Number(value)] as const;
    return [column, TEXTS.has(column) ? value : fromKeyText(value)] as const;
  });
  return Object.fromEntries(dumped);
}
