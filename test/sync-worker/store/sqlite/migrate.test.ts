import { copyFileSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { EMPTY_HEAD } from '#shared/ledger/index.ts';
import { openSqliteStore, sha256 } from '#worker/store/index.ts';
import { planAppend } from '#worker/store/plan-append.ts';
import { migrate } from '#worker/store/sqlite/migrate.ts';
import { MIGRATIONS } from '#worker/store/sqlite/migrations.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
import { collect } from '../collect.ts';
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

/** By their first 16 hex digits. A text that had to change is another step. */
const RELEASED = ['f2363c8638d6dd81', 'ae3bd0640c8c8875', '0234ad7d9ebb51de'];

type Kept = readonly [stream: string, idempotencyKey: string | undefined, count: number];
/** Appends as an older store kept them: with keys and without, of one stream in a row and in turns, under odd names. */
const KEPT: readonly Kept[] = [
  ['desk/dana', 'K1', 2],
  ['desk/dana', 'K2', 1],
  ['desk/dana', undefined, 2],
  ['desk/dana', undefined, 1],
  ['desk/lee', undefined, 1],
  ['desk/dana', undefined, 1],
  ['desk/dana', 'K\ud800', 1],
  ['desk/\0', 'K\\ud800', 2],
  ['desk/\\u0000', '\udfff\n"', 1],
];
const KEY_OF_DANA: Kept = ['desk/dana', 'K1', 1];
const KEY_OF_LEE: Kept = ['desk/lee', 'K1', 1];
/** What they are found by: neighbours that no key tells apart have become one. */
const INDEX = [
  [1, 2, 'desk/dana', 1, 'K1'],
  [3, 3, 'desk/dana', 3, 'K2'],
  [4, 6, 'desk/dana', 4, undefined],
  [7, 7, 'desk/lee', 1, undefined],
  [8, 8, 'desk/dana', 7, undefined],
  [9, 9, 'desk/dana', 8, 'K\ud800'],
  [10, 11, 'desk/\0', 1, 'K\\ud800'],
  [12, 12, 'desk/\\u0000', 1, '\udfff\n"'],
];

/** Writes events into the tables of an older step. */
function keepEvents(
  database: DatabaseSync,
  names: { readonly events: string; readonly head: string },
  kept: readonly Kept[] = KEPT,
): void {
  const insert = database.prepare(
    `INSERT INTO ${names.events} (position, body, hash) VALUES (?, ?, ?)`,
  );
  const move = database.prepare(`UPDATE ${names.head} SET position = ?, hash = ?`);
  const versions = new Map<string, number>();
  let head = EMPTY_HEAD;
  for (const [stream, idempotencyKey, count] of kept) {
    const version = versions.get(stream) ?? 0;
    const plan = planAppend(
      {
        stream,
        events: Array.from({ length: count }, (_, index) => eventOf(index)),
        options: {
          expectedVersion: 'any',
          ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        },
      },
      { earlier: [], version, head },
      sha256,
    );
    for (const { position, body, hash } of plan.rows) insert.run(position, body, hash);
    ({ head } = plan);
    move.run(head.position, head.hash);
    versions.set(stream, version + count);
  }
}

/** What a store finds in a file, and how it goes on from there. */
async function readBack(file: string) {
  const store = await openSqliteStore({ file });
  const verdict = await verifyStore(store);
  const index = (await collect(store.readIndex())).map((one) => [
    one.firstPosition,
    one.lastPosition,
    one.stream,
    one.firstVersion,
    one.idempotencyKey,
  ]);
  const ofDana = (await store.readStream('desk/dana')).map(({ version }) => version);
  const ofKey = await store.findByKey('K\\ud800');
  const next = await append(store, 'desk/\0', [eventOf(1)], { expectedVersion: 2 });
  await store.close();
  return { verdict, index, ofDana, ofKey, next };
}
const ALL_OF_KEPT = {
  verdict: { ok: true, checked: 12 },
  index: INDEX,
  ofDana: [1, 2, 3, 4, 5, 6, 7, 8],
  ofKey: { stream: 'desk/\0', version: 2 },
  next: { kind: 'appended', position: 13, version: 3 },
};

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

  it('has not edited a step that was released', () => {
    const texts = MIGRATIONS.map(({ sql }) => sha256(sql).slice(0, 16));
    expect(texts).toEqual(RELEASED);
  });

  it('leaves a file as it was when it is killed after any statement', async () => {
    const { file, database } = openFile();
    database.exec('PRAGMA journal_mode = WAL');
    const [begin, ...later] = MIGRATIONS;
    if (begin === undefined) throw new Error('there is no step');
    migrate({ file, database }, [begin]);
    keepEvents(database, { events: 'event', head: 'head' });
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
    expect(await readBack(left)).toMatchObject(ALL_OF_KEPT);
    const fresh = newFile();
    await (await openSqliteStore({ file: fresh })).close();
    expect(schemaOf(left)).toEqual(schemaOf(fresh));
  });

  it.each([
    ['first', 1, { events: 'event', head: 'head' }],
    ['second', 2, { events: 'events', head: 'ledger_head' }],
  ])(
    'carries every event of the %s step over, with what it is found by',
    async (_what, steps, names) => {
      const { file, database } = openFile();
      migrate({ file, database }, MIGRATIONS.slice(0, steps));
      keepEvents(database, names);
      database.close();
      expect(await readBack(file)).toMatchObject(ALL_OF_KEPT);
    },
  );

  it.each<[string, string, readonly Kept[], string]>([
    ['a key of two appends', '', [KEY_OF_DANA, KEY_OF_LEE], 'idempotency_key'],
    ['a head after the last event', 'position = 2', [KEY_OF_DANA], 'head_is_the_last_event'],
    ['a head of another hash', `position = 2, hash = ''`, [KEY_OF_DANA], 'head_is_the_last_event'],
  ])(
    'stops at %s, which no store has written, and leaves the file as it was',
    async (_what, head, kept, rule) => {
      const { file, database } = openFile();
      migrate({ file, database }, MIGRATIONS.slice(0, 2));
      keepEvents(database, { events: 'events', head: 'ledger_head' }, kept);
      if (head !== '') database.exec(`UPDATE ledger_head SET ${head}`);
      const message = expect.stringMatching(`contradict each other .*${rule}.*; restore it`);
      await expect(openSqliteStore({ file })).rejects.toMatchObject({
        code: 'STORE_CORRUPT',
        message,
      });
      const count = database.prepare('SELECT count(stream) AS count FROM events').get();
      expect(count).toEqual({ count: kept.length });
      database.close();
    },
  );

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
