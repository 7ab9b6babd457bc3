import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { DomainError } from '#shared/kernel/index.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { isBusy } from './store-error.ts';

/** The two connections of a store: what is being written is not seen by the reader before it is durable. */
export interface Connections {
  readonly writer: DatabaseSync;
  readonly reader: DatabaseSync;
}

const READER_TIMEOUT_MS = 5_000;
/** Short, since it blocks the whole process: in between, `untilFree` lets another store of this process finish. */
const WRITER_TIMEOUT_MS = 20;
const BUSY_ATTEMPTS = 500;
const BUSY_PAUSE_MS = 5;
const FULL = 2;

/**
 * Opens or makes the file with write-ahead log and full synchronisation, both read back, checks it and brings it up to date.
 * Errors: `DomainError` by `migrate`, `STORE_CORRUPT`, and `STORE_UNSAFE` where the file system refuses the settings.
 */
export async function openDatabase(file: string): Promise<Connections> {
  const writer = new DatabaseSync(file, { timeout: WRITER_TIMEOUT_MS });
  try {
    await untilFree(() => {
      setDurable(writer, file);
      checkPages(writer, file);
      migrate({ database: writer, file }, MIGRATIONS);
    });
    const reader = new DatabaseSync(file, { readOnly: true, timeout: READER_TIMEOUT_MS });
    return { writer, reader };
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** The outcome of a step that may find the file locked; it is tried again for a bounded time while the process stays awake. */
export async function untilFree<Value>(step: () => Value): Promise<Value> {
  for (let attempt = 1; attempt < BUSY_ATTEMPTS; attempt += 1) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error)) throw error;
      await wait(BUSY_PAUSE_MS);
    }
  }
  return step();
}

function setDurable(database: DatabaseSync, file: string): void {
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  const journal = database.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const synchronous = database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  if (journal === 'wal' && synchronous === FULL) return;
  const received = `journal_mode \`${String(journal)}\`, synchronous \`${String(synchronous)}\``;
  throw new DomainError(
    'STORE_UNSAFE',
    `\`${file}\` cannot be kept safe here (expected \`wal\` and \`2\`, received ${received}); use a local disk`,
  );
}

function checkPages(database: DatabaseSync, file: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found === 'ok') return;
  const text = `\`${file}\` is damaged: ${String(found)}; restore it from a backup`;
  throw new DomainError('STORE_CORRUPT', text);
}
