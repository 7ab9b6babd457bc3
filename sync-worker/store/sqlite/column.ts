import type { SQLOutputValue } from 'node:sqlite';
import { DomainError } from '#shared/kernel/index.ts';

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** A row's text in a column. Errors: `DomainError` `STORE_CORRUPT` where there is none. */
export function textOf(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value === 'string') return value;
  throw toMissing(column);
}

/** A row's whole number in a column. Errors: `DomainError` `STORE_CORRUPT` where there is none. */
export function integerOf(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value === 'number') return value;
  throw toMissing(column);
}

const toMissing = (column: string): DomainError =>
  new DomainError(
    'STORE_CORRUPT',
    `the store holds no fit \`${column}\`; restore it from a backup`,
  );
