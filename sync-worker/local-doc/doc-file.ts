import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod/mini';
import { DomainError } from '#shared/kernel/index.ts';
import { makePrivateFile } from '#worker/store/index.ts';
import { type StoredRow, storedRowSchema } from './cell.ts';
import { type Change, changeSchema } from './change.ts';
import { toDocFileError } from './doc-file-error.ts';
import { type DocTable, docSchemaSchema } from './doc-schema.ts';
import type { DocPerson } from './write-cell.ts';

/** One entry of the doc's log: what a row became, or that it was deleted. */
export interface RowVersion {
  readonly seq: number;
  readonly tableId: string;
  readonly rowId: string;
  readonly atMs: number;
  /** When reads begin to see it. */
  readonly visibleAtMs: number;
  readonly row: StoredRow | undefined;
}

/** A change that was answered 202. */
export interface Mutation {
  readonly number: number;
  readonly requestId: string;
  readonly acceptedAtMs: number;
  readonly applyAtMs: number;
  /** Until then its status answers 404. */
  readonly knownAtMs: number;
  /** `lost` never applies; `silent` applies and is never reported. */
  readonly fate: 'applied' | 'lost' | 'silent';
  /** What is still to be done; `undefined` once it has applied. */
  readonly change: Change | undefined;
}

/** Who the doc is: kept with it from its making on. */
export interface DocIdentity {
  readonly docId: string;
  readonly name: string;
  readonly token: string;
  readonly zone: string;
  readonly createdAtMs: number;
  /** When tables or columns last changed; absent where they never did. */
  readonly shapedAtMs?: number;
  /** Who can stand in a person cell; the first owns the doc. */
  readonly people: readonly DocPerson[];
}

/** The doc on disk. Writes inside `transaction` are durable when it returns. */
export interface DocFile {
  /** What `journal_mode` and `synchronous` read back as. */
  readonly durability: { readonly journalMode: string; readonly synchronous: number };
  transaction<Value>(work: () => Value): Value;
  readIdentity(): DocIdentity | undefined;
  writeIdentity(identity: DocIdentity): void;
  readTables(): readonly DocTable[];
  writeTables(tables: readonly DocTable[]): void;
  readVersions(): Iterable<RowVersion>;
  addVersion(version: RowVersion): void;
  readMutations(): readonly Mutation[];
  addMutation(mutation: Mutation): void;
  markApplied(mutation: Mutation): void;
  /** Forgets versions that no read can see any more, and the statuses of mutations before a moment. */
  compact(nowMs: number, statusKeptMs: number): void;
  close(): void;
}

/** Marks a SQLite file as a local doc: "FHQd". */
const APPLICATION_ID = 0x46_48_51_64;
const VERSION = 1;
/** What `PRAGMA synchronous` reads back as when each commit waits for the disk. */
const FULL = 2;

const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE row_version (
  seq INTEGER PRIMARY KEY,
  table_id TEXT NOT NULL,
  row_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  visible_at_ms INTEGER NOT NULL,
  row TEXT
) STRICT;
CREATE INDEX row_version_of_row ON row_version (table_id, row_id, seq);
CREATE TABLE mutation (
  number INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL UNIQUE,
  accepted_at_ms INTEGER NOT NULL,
  apply_at_ms INTEGER NOT NULL,
  known_at_ms INTEGER NOT NULL,
  fate TEXT NOT NULL,
  change TEXT
) STRICT;
`;

const identitySchema = z.object({
  docId: z.string(),
  name: z.string(),
  token: z.string(),
  zone: z.string(),
  createdAtMs: z.number(),
  shapedAtMs: z.exactOptional(z.number()),
  people: z.array(z.object({ name: z.string(), email: z.string() })),
});

const versionSchema = z.object({
  seq: z.number(),
  table_id: z.string(),
  row_id: z.string(),
  at_ms: z.number(),
  visible_at_ms: z.number(),
  row: z.nullable(z.string()),
});

const mutationSchema = z.object({
  number: z.number(),
  request_id: z.string(),
  accepted_at_ms: z.number(),
  apply_at_ms: z.number(),
  known_at_ms: z.number(),
  fate: z.enum(['applied', 'lost', 'silent']),
  change: z.nullable(z.string()),
});

/**
 * Opens the doc in a file, or makes it; `:memory:` keeps it nowhere. `bytesMax` bounds the file as a full disk would.
 * Errors: `DomainError` `STORE_IN_USE`, `STORE_NEWER`, `STORE_UNSAFE`, `STORE_UNREADABLE`, `STORE_CORRUPT` (also for a
 * file that is no local doc); a transaction that finds no room is `DISK_FULL`.
 */
export function openDocFile(path: string, bytesMax?: number): DocFile {
  try {
    const database = openDatabase(path);
    if (bytesMax !== undefined) {
      const pages = Math.floor(bytesMax / readPragma(database, 'page_size'));
      database.exec(`PRAGMA max_page_count = ${Math.max(1, pages)}`);
    }
    return createDocFile(database, path);
  } catch (error) {
    throw toDocFileError(error, path);
  }
}

function openDatabase(path: string): DatabaseSync {
  makePrivateFile(path);
  const database = new DatabaseSync(path);
  try {
    // One process holds the file: rows are also kept in memory, which a second writer would not see.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    database.exec('PRAGMA synchronous = FULL;');
    assertDurable(database, path);
    const version = readPragma(database, 'user_version');
    const isMarked = readPragma(database, 'application_id') === APPLICATION_ID;
    const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get();
    const isNew = !isMarked && tables?.['count'] === 0;
    if (isNew) {
      database.exec(
        `BEGIN IMMEDIATE; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}; COMMIT;`,
      );
    } else if (!isMarked) {
      throw new DomainError('STORE_CORRUPT', `\`${path}\` is a database, but not a local doc`);
    } else if (version > VERSION) {
      throw new DomainError(
        'STORE_NEWER',
        `\`${path}\` was written by a newer version: expected format ${VERSION}, received ${version}`,
      );
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A setting that SQLite could not take is not an error to it, but would cost the last answers at a power cut. */
function assertDurable(database: DatabaseSync, path: string): void {
  const { journalMode, synchronous } = readDurability(database);
  const expected = path === ':memory:' ? 'memory' : 'wal';
  if (journalMode === expected && synchronous === FULL) return;
  const received = `\`${journalMode}\` and \`${synchronous}\``;
  throw new DomainError(
    'STORE_UNSAFE',
    `\`${path}\` cannot be written through to the disk: expected journal \`${expected}\` and synchronous \`${FULL}\`, received ${received}`,
  );
}

const readDurability = (database: DatabaseSync): DocFile['durability'] => ({
  journalMode: String(database.prepare('PRAGMA journal_mode').get()?.['journal_mode']),
  synchronous: readPragma(database, 'synchronous'),
});

const readPragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);

function createDocFile(database: DatabaseSync, path: string): DocFile {
  const prepare = (sql: string) => database.prepare(sql);
  const readMeta = prepare('SELECT body FROM meta WHERE name = ?');
  const writeMeta = prepare('INSERT OR REPLACE INTO meta (name, body) VALUES (?, ?)');
  const addVersion = prepare('INSERT INTO row_version VALUES (?, ?, ?, ?, ?, ?)');
  const addMutation = prepare('INSERT INTO mutation VALUES (?, ?, ?, ?, ?, ?, ?)');
  const markApplied = prepare('UPDATE mutation SET change = NULL WHERE number = ?');
  const metaOf = (name: string): unknown => {
    const body = readMeta.get(name)?.['body'];
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  };
  return {
    durability: readDurability(database),
    transaction(work) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const value = work();
        database.exec('COMMIT');
        return value;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw toDocFileError(error, path);
      }
    },
    readIdentity: () => z.optional(identitySchema).parse(metaOf('identity')),
    writeIdentity: (identity) => void writeMeta.run('identity', JSON.stringify(identity)),
    readTables: () => docSchemaSchema.parse(metaOf('tables') ?? []),
    writeTables: (tables) => void writeMeta.run('tables', JSON.stringify(tables)),
    *readVersions() {
      for (const record of prepare('SELECT * FROM row_version ORDER BY seq').iterate()) {
        yield toVersion(record);
      }
    },
    addVersion({ seq, tableId, rowId, atMs, visibleAtMs, row }) {
      const body = row === undefined ? null : JSON.stringify(row);
      addVersion.run(seq, tableId, rowId, atMs, visibleAtMs, body);
    },
    readMutations: () => prepare('SELECT * FROM mutation ORDER BY number').all().map(toMutation),
    addMutation({ number, requestId, acceptedAtMs, applyAtMs, ...rest }) {
      const { knownAtMs, fate, change } = rest;
      const body = change === undefined ? null : JSON.stringify(change);
      addMutation.run(number, requestId, acceptedAtMs, applyAtMs, knownAtMs, fate, body);
    },
    markApplied: ({ number }) => void markApplied.run(number),
    compact(nowMs, statusKeptMs) {
      prepare(`DELETE FROM row_version AS old WHERE EXISTS (
        SELECT 1 FROM row_version AS newer WHERE newer.table_id = old.table_id
        AND newer.row_id = old.row_id AND newer.seq > old.seq AND newer.visible_at_ms <= ?)`).run(
        nowMs,
      );
      // The newest number stays, so that numbers and the ids made of them are never used twice.
      prepare(`DELETE FROM mutation WHERE change IS NULL AND accepted_at_ms < ?
        AND number < (SELECT max(number) FROM mutation)`).run(nowMs - statusKeptMs);
    },
    close: () => database.close(),
  };
}

function toVersion(record: unknown): RowVersion {
  const { seq, table_id, row_id, at_ms, visible_at_ms, row } = versionSchema.parse(record);
  return {
    seq,
    tableId: table_id,
    rowId: row_id,
    atMs: at_ms,
    visibleAtMs: visible_at_ms,
    row: row === null ? undefined : storedRowSchema.parse(JSON.parse(row)),
  };
}

function toMutation(record: unknown): Mutation {
  const parsed = mutationSchema.parse(record);
  const { number, fate, change } = parsed;
  return {
    number,
    requestId: parsed.request_id,
    acceptedAtMs: parsed.accepted_at_ms,
    applyAtMs: parsed.apply_at_ms,
    knownAtMs: parsed.known_at_ms,
    fate,
    change: change === null ? undefined : changeSchema.parse(JSON.parse(change)),
  };
}
