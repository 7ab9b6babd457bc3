import { DatabaseSync } from 'node:sqlite';
import { DomainError, isDomainError } from '#shared/kernel/index.ts';
import { DUMP_TABLES, type DumpTable, readDumpRow, toDumpRow, toUnreadable } from '../dump-row.ts';
import type { DumpRow, IndexedAppend } from '../port.ts';
import { toAppend } from './claimed-events.ts';
import { createLedgerFiller } from './fill-ledger.ts';
import { explainReference } from './record-table.ts';
import { isConstraint, isMalformed } from './store-error.ts';

/** Every row of a file as one moment left it, over a connection of its own: writers go on meanwhile. */
export function* dumpFile(file: string): Generator<DumpRow> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    // The first question fixes the moment.
    database.exec('BEGIN; SELECT position FROM ledger_head;');
    for (const table of DUMP_TABLES) {
      const { name, columns, order } = table;
      const sql = `SELECT ${columns.join()} FROM ${name} ORDER BY ${order.join()}`;
      for (const row of database.prepare(sql).iterate()) yield toDumpRow(table, row);
    }
  } finally {
    database.close();
  }
}

/** Every append of a file as one moment left them, by first position, in the same way. */
export function* readIndexOf(file: string): Generator<IndexedAppend> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const all = database.prepare('SELECT * FROM appends ORDER BY first_position');
    for (const row of all.iterate()) yield toAppend(row);
  } finally {
    database.close();
  }
}

/** Fills an empty database inside a transaction. Errors: `DomainError` `STORE_NOT_EMPTY`, `BACKUP_UNREADABLE`. */
export async function fillDatabase(
  database: DatabaseSync,
  rows: AsyncIterable<DumpRow>,
): Promise<void> {
  if (DUMP_TABLES.some(({ name }) => isFilled(database, name))) {
    throw new DomainError('STORE_NOT_EMPTY', 'the store holds something already; fill a new one');
  }
  const ledger = createLedgerFiller(database);
  const inserts = new Map(DUMP_TABLES.map((table) => [table, database.prepare(toInsert(table))]));
  for await (const row of rows) {
    const { table, values } = readDumpRow(row);
    const [position, body, hash] = values;
    refuseIn(table.name, () =>
      table.name === 'events'
        ? ledger.add({ position: Number(position), body: String(body), hash: String(hash) })
        : inserts.get(table)?.run(...values),
    );
  }
  refuseIn('events', ledger.end);
  const broken = explainReference(database);
  if (broken === undefined) return;
  throw toUnreadable(`a document that names another (${broken.message})`, broken);
}

/** Writes a row, or says of which table the backup holds one that cannot be. */
function refuseIn(table: string, write: () => unknown): void {
  try {
    write();
  } catch (error) {
    if (!isConstraint(error) && !isMalformed(error) && !isDomainError(error)) throw error;
    throw toUnreadable(`a row of \`${table}\` that is refused (${String(error)})`, error);
  }
}

const isFilled = (database: DatabaseSync, table: string): boolean =>
  database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;

const toInsert = ({ name, columns }: DumpTable): string =>
  `INSERT INTO ${name} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`;
