import { DatabaseSync } from 'node:sqlite';
import { DomainError } from '#shared/kernel/index.ts';
import { EMPTY_HEAD } from '#shared/ledger/index.ts';
import { DUMP_TABLES, type DumpTable, readDumpRow, toDumpRow, toUnreadable } from '../dump-row.ts';
import type { DumpRow } from '../port.ts';
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

/** Fills an empty database inside a transaction. Errors: `DomainError` `STORE_NOT_EMPTY`, `BACKUP_UNREADABLE`. */
export async function fillDatabase(
  database: DatabaseSync,
  rows: AsyncIterable<DumpRow>,
): Promise<void> {
  if (DUMP_TABLES.some(({ name }) => isFilled(database, name))) {
    throw new DomainError('STORE_NOT_EMPTY', 'the store holds something already; fill a new one');
  }
  const insert = createInsert(database);
  let head = EMPTY_HEAD;
  for await (const row of rows) {
    const { table, values } = readDumpRow(row);
    insert(table, values);
    const [position, , hash] = values;
    if (table.name === 'events') head = { position: Number(position), hash: String(hash) };
  }
  const broken = explainReference(database);
  if (broken !== undefined) {
    throw toUnreadable(`a document that names another (${broken.message})`, broken);
  }
  if (head.position === 0) return;
  const moveHead = database.prepare('UPDATE ledger_head SET position = ?, hash = ?');
  moveHead.run(head.position, head.hash);
}

function createInsert(
  database: DatabaseSync,
): (table: DumpTable, values: readonly (string | number)[]) => void {
  const inserts = new Map(DUMP_TABLES.map((table) => [table, database.prepare(toInsert(table))]));
  return (table, values) => {
    try {
      inserts.get(table)?.run(...values);
    } catch (error) {
      if (!isConstraint(error) && !isMalformed(error)) throw error;
      throw toUnreadable(`a row of \`${table.name}\` that is refused (${String(error)})`, error);
    }
  };
}

const isFilled = (database: DatabaseSync, table: string): boolean =>
  database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;

const toInsert = ({ name, columns }: DumpTable): string =>
  `INSERT INTO ${name} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`;
