import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { isDomainError } from '#shared/kernel/index.ts';
import { openDocFile } from '#worker/local-doc/doc-file.ts';
import { isRecordTable, openSqliteStore, RECORD_TABLES } from '#worker/store/index.ts';
import { createCollectionReader } from '#worker/store/sqlite/collection-table.ts';
import { createLedgerReader } from '#worker/store/sqlite/ledger-table.ts';
import { openDatabase } from '#worker/store/sqlite/open-database.ts';
import { createRecordReader } from '#worker/store/sqlite/record-table.ts';
import { toStoreError } from '#worker/store/sqlite/store-error.ts';
import { append, eventOf } from '../append-event.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();
const PAGE_BYTES = 4_096;

const settingsOf = (database: DatabaseSync) => ({
  ...database.prepare('PRAGMA journal_mode').get(),
  ...database.prepare('PRAGMA synchronous').get(),
  ...database.prepare('PRAGMA foreign_keys').get(),
});

async function createFilled(events: number): Promise<string> {
  const file = newFile();
  const store = await openSqliteStore({ file });
  await append(
    store,
    'desk/dana',
    Array.from({ length: events }, (_, number) => eventOf(number)),
  );
  await store.close();
  return file;
}

function damage(file: string, isHit: (page: number) => boolean): void {
  const handle = openSync(file, 'r+');
  const pages = readFileSync(file).length / PAGE_BYTES;
  for (let page = 0; page < pages; page += 1) {
    if (isHit(page)) writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, page * PAGE_BYTES);
  }
  closeSync(handle);
}

/** What comes of reading all there is from a file that was not looked through first. */
async function readEverything(file: string): Promise<string> {
  try {
    const { writer, reader } = await openDatabase(file, 0);
    const ledger = createLedgerReader(reader);
    const records = createRecordReader(reader);
    const read = [ledger.readAll(0, 1_000).length, ledger.readStream('desk/dana').length];
    for (const table of Object.keys(RECORD_TABLES).filter(isRecordTable))
      records.listRecords(table);
    createCollectionReader(reader).list('desk');
    createCollectionReader(reader).listOutbox();
    read.push(ledger.head().position);
    reader.close();
    writer.close();
    return read.every((count) => count === 200) ? 'whole' : `cut to ${read.join()}`;
  } catch (error) {
    const failure = toStoreError(error, file);
    return isDomainError(failure) ? failure.code : String(error);
  }
}

describe('the file of a database', () => {
  it.each([
    ['ledger', openDatabase],
    ['local doc', openDocFile],
  ])('of a %s is made for this account alone', async (_what, open) => {
    const file = newFile();
    await open(file);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  });
});

describe('openDatabase', () => {
  it('writes through a log with full synchronisation and enforced references, also when the file is opened again', async () => {
    const file = newFile();
    for (const opening of ['first', 'second']) {
      const { writer, reader } = await openDatabase(file);
      const expected = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 };
      expect(settingsOf(writer), `${opening} opening`).toEqual(expected);
      reader.close();
      writer.close();
    }
  });

  it('keeps what was appended when the file is opened again', async () => {
    const file = await createFilled(3);
    const store = await openSqliteStore({ file });
    expect((await store.readStream('desk/dana')).map(({ version }) => version)).toEqual([1, 2, 3]);
    await store.close();
  });

  it.each(['events', 'appends', 'collections', 'outbox', 'leases', 'schema_migrations', 'runs'])(
    'takes only values of the declared type into `%s`',
    async (table) => {
      const file = await createFilled(1);
      const database = new DatabaseSync(file);
      const rows = database.prepare(`SELECT strict FROM pragma_table_list WHERE name = ?`);
      expect(rows.get(table)).toEqual({ strict: 1 });
      database.close();
    },
  );

  it('refuses a file that is no database, and leaves it as it is', async () => {
    const file = newFile();
    writeFileSync(file, 'task,hours\nAudit,2\n'.repeat(100));
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: `\`${file}\` is no store of Founder HQ; choose another file`,
    });
    expect(readFileSync(file, 'utf8')).toMatch(/^task,hours\n/);
  });

  it('refuses a database of something else, and leaves it as it is', async () => {
    const file = newFile();
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE invoice (id INTEGER PRIMARY KEY)');
    other.close();
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: `\`${file}\` is a database, but no store of Founder HQ; choose another file`,
    });
    const again = new DatabaseSync(file);
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'invoice' }]);
    again.close();
  });

  it.each([
    ['journal_mode', 'delete', 'wal'],
    ['synchronous', '1', '2'],
    ['foreign_keys', '0', '1'],
  ])('refuses a file that does not take %s', async (name, other, expected) => {
    const file = newFile();
    const exec = DatabaseSync.prototype.exec;
    // A file system that takes the setting and keeps another: nothing less shows that it is read back.
    const deaf = vi.spyOn(DatabaseSync.prototype, 'exec').mockImplementation(function (
      this: DatabaseSync,
      sql: string,
    ) {
      return exec.call(
        this,
        sql.startsWith(`PRAGMA ${name} =`) ? `PRAGMA ${name} = ${other}` : sql,
      );
    });
    const found = `expected ${name} \`${expected}\`, received \`${other}\``;
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_UNSAFE',
      message: `\`${file}\` cannot be kept safe here (${found}); use a local disk`,
    });
    deaf.mockRestore();
  });

  it('finds a damaged page before anything is read from it', async () => {
    const file = await createFilled(200);
    damage(file, (page) => page > 1);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(`\`${file}\` is damaged`),
    });
  });

  it('does not look through a big file, and says so all the same where a damaged page is read', async () => {
    const whole = await createFilled(200);
    const pages = readFileSync(whole).length / PAGE_BYTES;
    const answers = new Set<string>();
    for (let page = 1; page < pages; page += 1) {
      const file = newFile();
      copyFileSync(whole, file);
      damage(file, (one) => one === page);
      answers.add(await readEverything(file));
    }
    // Whatever page it is, the answer is right or the failure is named; never a third thing.
    expect([...answers].toSorted()).toEqual(['STORE_CORRUPT', 'whole']);
  });

  it('says where a folder is missing', async () => {
    const file = `${newFile()}/missing/store.sqlite`;
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      message: `\`${file}\` cannot be opened; check that its folder exists`,
    });
  });
});
