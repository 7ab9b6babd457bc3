import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { sha256 } from '../sha256.ts';
import type { Migration } from './migrations.ts';
import { isConstraint } from './store-error.ts';

/** Marks a SQLite file as a store of Founder HQ: "FHQs". */
const APPLICATION_ID = 0x46_48_51_73;

const CREATE_HISTORY = `
PRAGMA application_id = ${APPLICATION_ID};
CREATE TABLE migration (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT;
`;
const appliedSchema = z.array(z.object({ number: z.number(), checksum: z.string() }));

/** A database, and the file's name as it should appear in messages. */
export interface StoreFile {
  readonly database: DatabaseSync;
  readonly file: string;
}

/**
 * Brings a file to today's tables in one transaction, or leaves it as it was; a file that is there already is only read.
 * Errors: `DomainError` `STORE_CORRUPT` for a database of something else or rows that contradict each other, `STORE_NEWER`
 * for steps this program does not know, `MIGRATION_CHANGED` for a step that was edited after it had run.
 */
export function migrate({ database, file }: StoreFile, migrations: readonly Migration[]): void {
  if (findPending({ database, file }, migrations).length === 0) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have got here first: what is pending is asked again, now that no one else can write.
    const pending = findPending({ database, file }, migrations);
    if (isEmpty(database)) database.exec(CREATE_HISTORY);
    for (const { number, sql } of pending) {
      database.exec(sql);
      database
        .prepare(`INSERT INTO ${nameHistory(database)} VALUES (?, ?)`)
        .run(number, sha256(sql));
    }
    database.exec('COMMIT');
    // What the steps wrote moves from the log into the file now, instead of with some append that would wait for it.
    database.exec('PRAGMA wal_checkpoint');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw isConstraint(error) ? toContradiction(file, error) : error;
  }
}

function toContradiction(file: string, cause: unknown): DomainError {
  const text = `\`${file}\` holds rows that contradict each other (${String(cause)})`;
  return new DomainError('STORE_CORRUPT', `${text}; restore it from a backup`, { cause });
}

/** The steps a file still lacks; it is only read. Errors: as {@link migrate}. */
export function findPending(
  { database, file }: StoreFile,
  migrations: readonly Migration[],
): readonly Migration[] {
  if (isEmpty(database)) return migrations;
  if (database.prepare('PRAGMA application_id').get()?.['application_id'] !== APPLICATION_ID) {
    throw new DomainError(
      'STORE_CORRUPT',
      `\`${file}\` is a database, but no store of Founder HQ; choose another file`,
    );
  }
  const history = nameHistory(database);
  const rows = database.prepare(`SELECT number, checksum FROM ${history} ORDER BY number`).all();
  const applied = appliedSchema.parse(rows);
  for (const { number, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number);
    if (known === undefined) {
      const text = `expected at most step ${migrations.length}, received step ${number}`;
      throw new DomainError(
        'STORE_NEWER',
        `\`${file}\` was written by a newer Founder HQ (${text}); update the program`,
      );
    }
    if (sha256(known.sql) !== checksum) {
      throw new DomainError(
        'MIGRATION_CHANGED',
        `\`${file}\` was made by another text of step ${number}; use the version of Founder HQ that made it`,
      );
    }
  }
  return migrations.slice(applied.length);
}

/** The table of the steps that have run: the second step gives it the name it has in every store. */
function nameHistory(database: DatabaseSync): string {
  const ask = `SELECT count(*) AS count FROM sqlite_schema WHERE name = 'migration'`;
  return database.prepare(ask).get()?.['count'] === 1 ? 'migration' : 'schema_migrations';
}

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count'] === 0;
