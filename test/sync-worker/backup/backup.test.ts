import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBackup, restoreBackup, writeBackup } from '#worker/backup/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import type { Witness } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';
import { HAS_NO_POSTGRES, useEmptyStores } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';
import { createDie } from '../verify/sample-ledgers.ts';
import { AT, clock, docId, fillStore } from './backup-scene.ts';
import { describeBackup } from './backup-suite.ts';

const newFile = useStoreFiles();
const createSqlite = () => openSqliteStore({ file: newFile() });

describeBackup('SQLite', { create: createSqlite, createOther: createSqlite }, newFile);

describe.skipIf(HAS_NO_POSTGRES)('from store to store', () => {
  const createPostgres = useEmptyStores();
  const there = { create: createSqlite, createOther: createPostgres };
  const back = { create: createPostgres, createOther: createSqlite };
  describeBackup('SQLite in PostgreSQL', there, newFile);
  describeBackup('PostgreSQL in SQLite', back, newFile);
});

describe('a backup file', () => {
  let store: Store;
  let file: string;
  let witness: Witness;
  beforeAll(async () => {
    store = await createSqlite();
    witness = await fillStore(store);
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    file = newFile();
    await back();
  });
  const back = () => writeBackup(store, { file, witness, clock });
  const check = (known = witness) => checkBackup(file, known);
  const restoreInto = (changes: Partial<Store>) =>
    restoreBackup({ ...store, ...changes }, { file, witness });

  it('says what it holds', async () => {
    const summary = await back();
    expect(summary).toEqual({
      docId,
      at: AT,
      head: await store.head(),
      tables: { events: 3, collections: 1, outbox: 1, subscribers: 1 },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(await check()).toEqual(summary);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('shows one moment while others go on writing', async () => {
    const grown = await createSqlite();
    await fillStore(grown);
    const head = await grown.head();
    let isFirst = true;
    async function* dump() {
      for await (const row of grown.dump()) {
        if (isFirst) await append(grown, 'desk/lee', [eventOf(9)]);
        isFirst = false;
        yield row;
      }
    }
    expect(await writeBackup({ dump }, { file, witness, clock })).toMatchObject({ head });
    expect((await grown.head()).position).toBe(4);
    await grown.close();
  });

  it('of an empty store is one too', async () => {
    async function* dump() {}
    const nothing = { docId, anchors: [] };
    await writeBackup({ dump }, { file, witness: nothing, clock });
    expect(await check(nothing)).toMatchObject({ tables: {}, head: { position: 0 } });
  });

  it('holds what is larger than one write', async () => {
    async function* dump() {
      for (let index = 100; index < 300; index += 1) {
        const row = { collection: 'desk', id: `${index}`, body: `"${'é'.repeat(1_000)}"` };
        yield { table: 'collections', row };
      }
    }
    const nothing = { docId, anchors: [] };
    const summary = await writeBackup({ dump }, { file, witness: nothing, clock });
    expect(summary.tables).toEqual({ collections: 200 });
    expect(await check(nothing)).toEqual(summary);
  });

  it('leaves the older backup and no half of a new one when it fails', async () => {
    const summary = await check();
    async function* dump() {
      yield* store.dump();
      throw new Error('the disk is gone');
    }
    await expect(writeBackup({ dump }, { file, witness, clock })).rejects.toThrow('disk is gone');
    expect(await check()).toEqual(summary);
    const names = readdirSync(dirname(file)).filter((one) => one.startsWith(basename(file)));
    expect(names).toEqual([basename(file)]);
  });

  it('is not taken of a ledger its anchors deny', async () => {
    const anchors = witness.anchors.map((anchor) => ({ ...anchor, hash: 'f'.repeat(64) }));
    const denied = newFile();
    const taken = writeBackup(store, { file: denied, witness: { docId, anchors }, clock });
    await expect(taken).rejects.toMatchObject({ code: 'BACKUP_BROKEN' });
    expect(existsSync(denied)).toBe(false);
  });

  it('is refused when an anchor saw events that came after it', async () => {
    const anchors = [...witness.anchors, { docId, position: 4, hash: 'f'.repeat(64) }];
    await expect(check({ docId, anchors })).rejects.toMatchObject({
      code: 'BACKUP_OUTDATED',
      message: expect.stringContaining('before event 4'),
    });
  });

  it('is told from what the store gives back, and from a ledger that is broken there', async () => {
    const fill = async () => {};
    async function* dump() {
      for await (const row of store.dump()) if (row.table !== 'outbox') yield row;
    }
    await expect(restoreInto({ fill, dump })).rejects.toThrow('gives back other rows');
    const readRaw = async () => [];
    await expect(restoreInto({ fill, readRaw })).rejects.toMatchObject({
      code: 'RESTORE_DIFFERS',
      message: expect.stringContaining('HEAD_WRONG at event 3'),
    });
  });

  it('cut anywhere is refused', async () => {
    const bytes = readFileSync(file);
    const roll = createDie(3);
    const cuts = [0, 1, bytes.length - 1, ...Array.from({ length: 100 }, () => roll(bytes.length))];
    for (const cut of cuts) {
      writeFileSync(file, bytes.subarray(0, cut));
      await expect(check(), `cut at ${cut}`).rejects.toMatchObject({ code: 'BACKUP_CUT' });
    }
  });

  it('with any one byte changed is refused', async () => {
    const bytes = readFileSync(file);
    const roll = createDie(4);
    for (let tries = 0; tries < 200; tries += 1) {
      const edited = Buffer.from(bytes);
      const place = roll(bytes.length);
      edited[place] = (bytes[place] ?? 0) ^ (1 + roll(255));
      writeFileSync(file, edited);
      await expect(check(), `byte ${place}`).rejects.toMatchObject({
        code: expect.stringMatching(/^BACKUP_/),
      });
    }
  });

  it.each([
    [
      'BACKUP_NEWER',
      'update Founder HQ',
      (text: string) => text.replace('"version":1', '"version":2'),
    ],
    [
      'BACKUP_EDITED',
      'copy it again',
      (text: string) => text.replace('"version":1', '"version":0'),
    ],
    ['BACKUP_OF_OTHER_DOC', 'name the doc', (text: string) => text.replace('dOwn', 'dOther')],
    ['BACKUP_UNREADABLE', '`founder-hq backup`', () => 'task,hours\nAudit Acme,3\n'],
    ['BACKUP_UNREADABLE', '`founder-hq backup`', () => '\0'.repeat(20_000)],
    ['BACKUP_EDITED', 'copy it again', (text: string) => `${text}\n`],
    ['BACKUP_EDITED', 'copy it again', (text: string) => text.replace(/\n.*"outbox".*\n/, '\n')],
    ['BACKUP_EDITED', 'copy it again', (text: string) => text.replace('\n', '\n[]\n')],
    ['BACKUP_EDITED', 'copy it again', (text: string) => text.replace('{"row"', '{ "row"')],
    ['BACKUP_CUT', 'take another', () => ''],
  ])('is refused as %s, with the next step `%s`', async (code, next, change) => {
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    await expect(check()).rejects.toMatchObject({
      code,
      message: expect.stringContaining(next),
    });
  });
});
