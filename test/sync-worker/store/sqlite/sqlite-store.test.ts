import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
import { collect } from '../collect.ts';
import { describeStore } from '../store-contract.ts';
import { useStoreFiles } from '../store-files.ts';
import { describeStoreModel } from '../store-model.ts';

const newFile = useStoreFiles();

const template = newFile();
beforeAll(async () => (await openSqliteStore({ file: template })).close());
/** Making the tables takes longer than most tests: a copy of an empty store is a new store. */
const create = () => {
  const file = newFile();
  copyFileSync(template, file);
  return openSqliteStore({ file });
};
describeStore('SQLite store', create);
describeStoreModel('SQLite store', create);

describe('a SQLite store', () => {
  it('says when the disk is full, keeps what it had, and goes on when there is room again', async () => {
    const file = newFile();
    const store = await openSqliteStore({ file, maxBytes: 100_000 });
    let appended = 0;
    const fill = async () => {
      for (let round = 0; round < 1_000; round += 1) {
        await append(store, 'desk/dana', [eventOf(round), eventOf(round)]);
        appended += 2;
      }
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: `\`${file}\` has no room left and was not changed; free disk space and run again`,
    });
    expect(appended).toBeGreaterThan(0);
    expect((await store.head()).position).toBe(appended);
    await store.close();
    const roomy = await openSqliteStore({ file });
    await append(roomy, 'desk/dana', [eventOf(1)]);
    const value = { position: appended + 1 };
    expect(await verifyStore(roomy)).toMatchObject({ ok: true, head: value });
    await roomy.close();
  });

  it('lets nothing of a step land where SQLite itself has undone it half-way', async () => {
    const file = newFile();
    await (await openSqliteStore({ file })).close();
    const database = new DatabaseSync(file);
    database.exec(`CREATE TRIGGER undo BEFORE INSERT ON collections WHEN NEW.id = 'undo'
      BEGIN SELECT RAISE(ROLLBACK, 'undone half-way'); END`);
    database.close();
    const store = await openSqliteStore({ file });
    const step = store.transaction(async (transaction) => {
      await transaction.put('desk', 'before', 1);
      await transaction.put('desk', 'undo', 1).catch(() => undefined);
      await transaction.put('desk', 'after', 1).catch(() => undefined);
    });
    await expect(step).rejects.toThrow('undone half-way');
    expect(await store.list('desk')).toEqual(new Map());
    await store.close();
  });

  it('finds events again that were filled in: by their key, and neighbours without one as one append', async () => {
    const store = await create();
    const keyed = (idempotencyKey: string) => ({ expectedVersion: 'any', idempotencyKey }) as const;
    await append(store, 'desk/dana', [eventOf(1), eventOf(2)], keyed('K1'));
    await append(store, 'desk/dana', [eventOf(3)], keyed('K2'));
    await append(store, 'desk/dana', [eventOf(4)]);
    await append(store, 'desk/dana', [eventOf(5)]);
    await append(store, 'desk/lee', [eventOf(6)]);
    const other = await create();
    await other.fill(store.dump());
    const appends = await collect(other.readIndex());
    expect(appends.map(({ firstPosition, lastPosition }) => [firstPosition, lastPosition])).toEqual(
      [
        [1, 2],
        [3, 3],
        [4, 5],
        [6, 6],
      ],
    );
    expect(await verifyStore(other)).toMatchObject({ ok: true, head: await store.head() });
    expect(await other.readStream('desk/dana')).toEqual(await store.readStream('desk/dana'));
    expect(await other.findByKey('K1')).toEqual(await store.findByKey('K1'));
    await Promise.all([store.close(), other.close()]);
  });

  it.each<[string, (body: string) => string]>([
    ['that is none', () => '{}'],
    ['of another place', (body) => body.replace('"position":2', '"position":3')],
    ['that leaves a gap in its stream', (body) => body.replace('"version":1', '"version":2')],
    ['under the key of another append', (body) => body.replace('"K2"', '"K1"')],
  ])('is not filled with an event %s', async (_what, spoil) => {
    const store = await create();
    const keyed = (idempotencyKey: string) => ({ expectedVersion: 0, idempotencyKey });
    await append(store, 'desk/dana', [eventOf(1)], keyed('K1'));
    await append(store, 'desk/lee', [eventOf(2)], keyed('K2'));
    async function* giveSpoiled() {
      for await (const { table, row } of store.dump()) {
        const body = String(row['body']);
        yield { table, row: { ...row, body: row['position'] === 2 ? spoil(body) : body } };
      }
    }
    const other = await create();
    await expect(other.fill(giveSpoiled())).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
    expect((await other.head()).position).toBe(0);
    await Promise.all([store.close(), other.close()]);
  });

  it('lands what was begun before it closes', async () => {
    const file = newFile();
    const store = await openSqliteStore({ file });
    const begun = append(store, 'desk/dana', [eventOf(1)]);
    await store.close();
    expect(await begun).toMatchObject({ kind: 'appended' });
    const again = await openSqliteStore({ file });
    expect((await again.head()).position).toBe(1);
    await again.close();
  });

  it('waits for another store of the same process on the same file', async () => {
    const file = newFile();
    const stores = await Promise.all([openSqliteStore({ file }), openSqliteStore({ file })]);
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) =>
        stores.map((store) => append(store, `s${round}`, [eventOf(round)])),
      ),
    );
    for (const store of stores) {
      expect(await verifyStore(store)).toMatchObject({ ok: true, head: { position: 40 } });
    }
    await Promise.all(stores.map((store) => store.close()));
  });

  it('tells of what another process appended at its next look, once, and of nothing else', async () => {
    const file = newFile();
    const rounds: { readonly periodMs: number; readonly look: () => void }[] = [];
    let stops = 0;
    const every = (periodMs: number, look: () => void) => {
      rounds.push({ periodMs, look });
      return () => {
        stops += 1;
      };
    };
    const store = await openSqliteStore({ file, every });
    const other = await openSqliteStore({ file });
    let heard = 0;
    const end = await store.watch(() => {
      heard += 1;
    });
    const endSecond = await store.watch(() => undefined);
    expect(rounds.map(({ periodMs }) => periodMs)).toEqual([200]);
    const look = async () => {
      rounds[0]?.look();
      await Promise.resolve();
      return heard;
    };
    expect(await look()).toBe(0);
    await append(other, 'desk/dana', [eventOf(1)]);
    expect(heard).toBe(0);
    expect(await look()).toBe(1);
    expect(await look()).toBe(1);
    await other.transaction((transaction) => transaction.put('desk', 'dana', 1));
    expect(await look()).toBe(1);
    await append(store, 'desk/dana', [eventOf(2)]);
    expect(heard).toBe(2);
    await end();
    expect(stops).toBe(0);
    await endSecond();
    expect(stops).toBe(1);
    await store.close();
    await other.close();
  });
});
