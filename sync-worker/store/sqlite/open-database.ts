import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { DomainError } from '#shared/kernel/index.ts';
import { integerOf } from './column.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { makePrivateFile } from './private-file.ts';
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
/** A file up to this size is looked through at each opening; a greater one would hold up the worker, and tells its damage when it is read. Units: bytes. */
const CHECKED_BYTES_MAX = 33_554_432;

/**
 * Opens or makes the file with write-ahead log, full synchronisation and enforced references, all read back, looks through a
 * small one for damage, and brings it up to date.
 * Errors: `DomainError` by `migrate`, `STORE_CORRUPT`, and `STORE_UNSAFE` where the file system refuses the settings.
 */
export async function openDatabase(
  file: string,
  checkedBytesMax: number = CHECKED_BYTES_MAX,
): Promise<Connections> {
  makePrivateFile(file);
  const writer = new DatabaseSync(file, { timeout: WRITER_TIMEOUT_MS });
  try {
    await untilFree(() => {
      setDurable(writer, file);
      if (sizeOf(writer) <= checkedBytesMax) checkPages(writer, file);
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

const SETTINGS = { journal_mode: 'wal', synchronous: FULL, foreign_keys: 1 } as const;

function setDurable(database: DatabaseSync, file: string): void {
  for (const [name, value] of Object.entries(SETTINGS)) database.exec(`PRAGMA ${name} = ${value}`);
  const wrong = Object.entries(SETTINGS).flatMap(([name, expected]) => {
    const received = database.prepare(`PRAGMA ${name}`).get()?.[name];
    return received === expected ? [] : [{ name, expected, received }];
  });
  const [first] = wrong;
  if (first === undefined) return;
  const found = `expected ${first.name} \`${first.expected}\`, received \`${String(first.received)}\``;
  const text = `\`${file}\` cannot be kept safe here (${found}); use a local disk`;
  throw new DomainError('STORE_UNSAFE', text);
}

function sizeOf(database: DatabaseSync): number {
  const row = database.prepare(
    'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size',
  );
  return integerOf(row.get(), 'bytes');
}

function checkPages(database: DatabaseSync, file: string): void {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (found === 'ok') return;
  const text = `\`${file}\` is damaged: ${String(found)}; restore it from a backup`;
  throw new DomainError('STORE_CORRUPT', text);
}
