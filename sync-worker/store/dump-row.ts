import { DomainError } from '#shared/kernel/index.ts';
import type { DumpRow } from './port.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** A table's columns that a dump holds, first the ones it is ordered by; all else is made of them. */
export interface DumpTable {
  readonly name: string;
  readonly order: readonly string[];
  readonly columns: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

const NUMBERS: ReadonlySet<string> = new Set(['position', 'number', 'fence', 'expires_at_ms']);

/** Every table of a dump, in its order. The head of the ledger is not among them: it is the last event. */
export const DUMP_TABLES: readonly DumpTable[] = [
  { name: 'events', order: ['position'], columns: ['position', 'body', 'hash'] },
  { name: 'collections', order: ['collection', 'id'], columns: ['collection', 'id', 'body'] },
  { name: 'outbox', order: ['number'], columns: ['number', 'id', 'body'] },
  { name: 'leases', order: ['name'], columns: ['name', 'owner', 'fence', 'expires_at_ms'] },
  ...Object.keys(RECORD_TABLES).map((name) => ({ name, order: ['id'], columns: ['id', 'body'] })),
];

/** A row of a table as a dump gives it. Errors: `DomainError` `STORE_CORRUPT` for a value that is none of its column. */
export function toDumpRow({ name, columns }: DumpTable, row: Values): DumpRow {
  const cells = columns.map((column): [string, string | number] => {
    const value = row[column];
    if (isFit(column, value)) return [column, value];
    throw new DomainError('STORE_CORRUPT', `the store holds no fit \`${name}.${column}\``);
  });
  return { table: name, row: Object.fromEntries(cells) };
}

/** A row's table and its values in the order of the table's columns. Errors: `DomainError` `BACKUP_UNREADABLE` for any other row. */
export function readDumpRow({ table: name, row }: DumpRow): {
  readonly table: DumpTable;
  readonly values: readonly (string | number)[];
} {
  const table = DUMP_TABLES.find((one) => one.name === name);
  if (table === undefined) throw toUnreadable(`a table \`${name}\` that is unknown here`);
  const extra = Object.keys(row).find((column) => !table.columns.includes(column));
  if (extra !== undefined) throw toUnreadable(`a column \`${name}.${extra}\` that is unknown here`);
  const values = table.columns.map((column) => {
    const value = row[column];
    if (isFit(column, value)) return value;
    throw toUnreadable(`no fit \`${name}.${column}\``);
  });
  return { table, values };
}

/** Why a store cannot be filled from a dump. */
export const toUnreadable = (found: string, cause?: unknown): DomainError =>
  new DomainError('BACKUP_UNREADABLE', `the backup holds ${found}; take another backup`, { cause });

const isFit = (column: string, value: unknown): value is string | number =>
  NUMBERS.has(column) ? Number.isSafeInteger(value) : typeof value === 'string';
