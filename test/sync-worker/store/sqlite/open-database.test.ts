import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { openDatabase } from '#worker/store/sqlite/open-database.ts';
import { append, eventOf } from '../append-event.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();
const PAGE_BYTES = 4_096;

const settingsOf = (database: DatabaseSync) => ({
  ...database.prepare('PRAGMA journal_mode').get(),
  ...database.prepare('PRAGMA synchronous').get(),
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

describe('openDatabase', () => {
  it('writes through a log with full synchronisation, also when the file is opened again', async () => {
    const file = newFile();
    for (const opening of ['first', 'second']) {
      const { writer, reader } = await openDatabase(file);
      const expected = { journal_mode: 'wal', synchronous: 2 };
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

  it.each([
    'events',
    'collections',
    'outbox',
    'leases',
    'ledger_head',
    'schema_migrations',
    'runs',
  ])('takes only values of the declared type into `%s`', async (table) => {
    const file = await createFilled(1);
    const database = new DatabaseSync(file);
    const rows = database.prepare(`SELECT strict FROM pragma_table_list WHERE name = ?`);
    expect(rows.get(table)).toEqual({ strict: 1 });
    database.close();
  });

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

  it('finds a damaged page before anything is read from it', async () => {
    const file = await createFilled(200);
    const handle = openSync(file, 'r+');
    const pages = readFileSync(file).length / PAGE_BYTES;
    for (let page = 2; page < pages; page += 1) {
      writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, page * PAGE_BYTES);
    }
    closeSync(handle);
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining(`\`${file}\` is damaged`),
    });
  });

  it('says where a folder is missing', async () => {
    const file = `${newFile()}/missing/store.sqlite`;
    await expect(openSqliteStore({ file })).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
      message: `\`${file}\` cannot be opened; check that its folder exists`,
    });
  });
});
