import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSqliteStore } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from '../append-event.ts';
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
