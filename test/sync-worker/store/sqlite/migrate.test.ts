import { copyFileSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { migrate } from '#worker/store/sqlite/migrate.ts';
import { MIGRATIONS } from '#worker/store/sqlite/migrations.ts';
import { useStoreFiles } from '../store-files.ts';

const newFile = useStoreFiles();
const first = { number: 1, sql: 'CREATE TABLE one (id INTEGER) STRICT;' };
const second = { number: 2, sql: 'CREATE TABLE two (id INTEGER) STRICT;' };

const openFile = () => {
  const file = newFile();
  return { file, database: new DatabaseSync(file) };
};
const tablesOf = (database: DatabaseSync) =>
  database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .all()
    .map(({ name }) => name);

/** Every table, index, trigger and view, as it was asked for. */
function schemaOf(file: string): readonly unknown[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  database.close();
  return rows;
}

describe('migrate', () => {
  it('runs each step once, in order, and later only what is new', () => {
    const store = openFile();
    migrate(store, [first]);
    migrate(store, [first, second]);
    migrate(store, [first, second]);
    expect(tablesOf(store.database)).toEqual(['migration', 'one', 'two']);
    const rows = store.database.prepare('SELECT number FROM migration').all();
    expect(rows).toEqual([{ number: 1 }, { number: 2 }]);
    store.database.close();
  });

  it('leaves a file as it was where a step fails', () => {
    const store = openFile();
    migrate(store, [first]);
    const broken = {
      number: 2,
      sql: 'CREATE TABLE two (id INTEGER) STRICT; CREATE TABLE one (x);',
    };
    expect(() => migrate(store, [first, broken])).toThrow('table one already exists');
    expect(tablesOf(store.database)).toEqual(['migration', 'one']);
    store.database.close();
  });

  it('refuses a file with a step this program does not know', () => {
    const store = openFile();
    migrate(store, [first, second]);
    expect(() => migrate(store, [first])).toThrow(
      expect.objectContaining({
        code: 'STORE_NEWER',
        message: `\`${store.file}\` was written by a newer Founder HQ (expected at most step 1, received step 2); update the program`,
      }),
    );
    store.database.close();
  });

  it('refuses a step that was edited after it had run', () => {
    const store = openFile();
    migrate(store, [first]);
    expect(() => migrate(store, [{ ...first, sql: `${first.sql} ` }])).toThrow(
      expect.objectContaining({
        code: 'MIGRATION_CHANGED',
        message: expect.stringContaining(`\`${store.file}\` was made by another text of step 1`),
      }),
    );
    store.database.close();
  });

  it('reaches the person through the opening of a store', async () => {
    const file = newFile();
    await (await openSqliteStore({ file })).close();
    const database = new DatabaseSync(file);
    const next = MIGRATIONS.length + 1;
    database.prepare('INSERT INTO schema_migrations VALUES (?, ?)').run(next, 'a later step');
    database.close();
    await expect(openSqliteStore({ file })).rejects.toMatchObject({ code: 'STORE_NEWER' });
  });

  it('numbers its own steps from 1 without gaps', () => {
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it('leaves a file as it was when it is killed after any statement', async () => {
    const { file, database } = openFile();
    database.exec('PRAGMA journal_mode = WAL');
    const [begin, ...later] = MIGRATIONS;
    if (begin === undefined) throw new Error('there is no step');
    migrate({ file, database }, [begin]);
    const filesNow = () => [file, `${file}-wal`].map((path) => readFileSync(path));
    const before = filesNow();
    database.exec('BEGIN IMMEDIATE');
    const statements = later.flatMap(({ sql }) => sql.split(/(?<=;)\n(?=[A-Z-]|$)/));
    expect(statements.length).toBeGreaterThan(80);
    for (const statement of statements) {
      database.exec(statement);
      // What a kill leaves behind is what lies in the files now.
      expect(filesNow().map((now, index) => now.equals(before[index] ?? now))).toEqual([
        true,
        true,
      ]);
    }
    const left = newFile();
    copyFileSync(file, left);
    copyFileSync(`${file}-wal`, `${left}-wal`);
    database.exec('ROLLBACK');
    database.close();
    await (await openSqliteStore({ file: left })).close();
    const fresh = newFile();
    await (await openSqliteStore({ file: fresh })).close();
    expect(schemaOf(left)).toEqual(schemaOf(fresh));
  });

  it('carries the lease of the whole store and all that was kept over into the named tables', async () => {
    const { file, database } = openFile();
    migrate({ file, database }, MIGRATIONS.slice(0, 1));
    database.exec(`UPDATE lease SET owner = 'dana', fence = 7, expires_at_ms = 100`);
    database.exec(`INSERT INTO document VALUES ('desk', 'dana', '{"seq":2}')`);
    database.close();
    const store = await openSqliteStore({ file });
    expect(await store.get('desk', 'dana')).toEqual({ seq: 2 });
    const asked = { name: 'sync', owner: 'lee', ttlMs: 10, nowMs: 99 };
    const lease = { name: 'sync', owner: 'dana', fence: 7, expiresAtMs: 100 };
    expect(await store.acquireLease(asked)).toEqual({ granted: false, lease });
    expect(await store.acquireLease({ ...asked, nowMs: 100 })).toMatchObject({
      granted: true,
      lease: { fence: 8 },
    });
    await store.close();
  });
});
