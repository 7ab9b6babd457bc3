import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DumpRow, Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from './append-event.ts';
import { collect } from './collect.ts';

const item = { id: 'Ledger/K1', table: 'Ledger', key: 'K1', cells: { state: 'settled', seq: 2 } };
const lease = { name: 'sync', owner: 'dana', ttlMs: 100, nowMs: 1_000 };

/** How every store is copied whole, and how it tells of what was appended. */
export function describeCopies(name: string, create: () => Promise<Store>): void {
  let store: Store;
  let other: Store;
  beforeEach(async () => {
    store = await create();
    other = await create();
  });
  afterEach(async () => {
    await store.close();
    await other.close();
  });

  async function fillStore(): Promise<void> {
    await append(store, 'desk/dana', [eventOf(1), eventOf(2)]);
    await append(store, 'desk/\ud800', [eventOf(3)], { expectedVersion: 0, idempotencyKey: 'K1' });
    await store.transaction(async (transaction) => {
      await transaction.put('desk', 'dana', { seq: 2 });
      await transaction.putOutbox([item, { ...item, id: 'Ledger/K2', key: 'K2' }]);
      // The first is known to the second, and the table of the first is dumped after it.
      await transaction.putRecords('breakers', [
        { id: 'lint', document: { toolId: 'lint', state: 'closed' } },
      ]);
      await transaction.putRecords('dead_letters', [
        { id: 'L1', document: { deadLetterId: 'L1', subscriberId: 'S1', state: 'open' } },
      ]);
      await transaction.putRecords('subscribers', [{ id: 'S1', document: { subscriberId: 'S1' } }]);
    });
    await store.acquireLease(lease);
  }

  async function* give(rows: readonly DumpRow[]): AsyncGenerator<DumpRow> {
    yield* rows;
  }

  describe(`${name}: dump`, () => {
    it('fills another store with all there is', async () => {
      await fillStore();
      const rows = await collect(store.dump());
      expect([...new Set(rows.map(({ table }) => table))]).toEqual([
        'events',
        'collections',
        'outbox',
        'leases',
        'breakers',
        'subscribers',
        'dead_letters',
      ]);
      await other.fill(give(rows));
      expect(await collect(other.dump())).toEqual(rows);
      expect(await other.head()).toEqual(await store.head());
      expect(await other.readRaw(0, 9)).toEqual(await store.readRaw(0, 9));
      expect(await verifyStore(other)).toMatchObject({ ok: true, head: { position: 3 } });
      expect(await other.listOutbox()).toEqual(await store.listOutbox());
      expect((await other.acquireLease({ ...lease, owner: 'lee' })).granted).toBe(false);
      const more = append(other, 'desk/dana', [eventOf(4)], { expectedVersion: 2 });
      expect(await more).toEqual({ kind: 'appended', position: 4, version: 3 });
    });

    it('shows one moment while others go on writing', async () => {
      await fillStore();
      const before = await collect(store.dump());
      const seen: DumpRow[] = [];
      for await (const row of store.dump()) {
        if (seen.length === 0) await append(store, 'desk/dana', [eventOf(9)]);
        seen.push(row);
      }
      expect(seen).toEqual(before);
      expect((await store.head()).position).toBe(4);
    });

    it('of an empty store fills an empty store', async () => {
      expect(await collect(store.dump())).toEqual([]);
      await other.fill(store.dump());
      expect((await other.head()).position).toBe(0);
    });

    it.each([
      ['an event', (into: Store) => append(into, 'desk/dana', [eventOf(1)])],
      ['a document', (into: Store) => into.transaction((step) => step.put('desk', 'dana', 1))],
      ['a lease', (into: Store) => into.acquireLease(lease)],
    ])('goes into no store that holds %s', async (_what, write) => {
      await fillStore();
      await write(other);
      const before = await collect(other.dump());
      await expect(other.fill(store.dump())).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
      expect(await collect(other.dump())).toEqual(before);
    });

    it.each<[string, (rows: readonly DumpRow[]) => readonly DumpRow[]]>([
      ['a table nobody knows', (rows) => [...rows, { table: 'invoices', row: { id: 'x' } }]],
      [
        'a column nobody knows',
        (rows) => [...rows, { table: 'outbox', row: { number: 9, id: 'x', body: '{}', more: 1 } }],
      ],
      ['a column missing', (rows) => [...rows, { table: 'outbox', row: { number: 9, id: 'x' } }]],
      [
        'a value of another kind',
        (rows) => [{ table: 'outbox', row: { number: 'x', id: 'x', body: '{}' } }, ...rows],
      ],
      ['a row twice', (rows) => [...rows, ...rows.slice(-1)]],
      ['a gap in the ledger', (rows) => rows.filter(({ row }) => row['position'] !== 2)],
      ['a name that leads nowhere', (rows) => rows.filter(({ table }) => table !== 'subscribers')],
      [
        'a document that is no JSON',
        (rows) => [...rows, { table: 'breakers', row: { id: 'x', body: '{' } }],
      ],
    ])('with %s fills nothing', async (_what, spoil) => {
      await fillStore();
      const rows = spoil(await collect(store.dump()));
      await expect(other.fill(give(rows))).rejects.toMatchObject({ code: 'BACKUP_UNREADABLE' });
      expect(await collect(other.dump())).toEqual([]);
      expect((await other.head()).position).toBe(0);
    });

    it('that breaks off fills nothing', async () => {
      await fillStore();
      async function* breakOff(): AsyncGenerator<DumpRow> {
        for await (const row of store.dump()) {
          yield row;
          if (row.table === 'outbox') throw new Error('the file broke off');
        }
      }
      await expect(other.fill(breakOff())).rejects.toThrow('the file broke off');
      expect(await collect(other.dump())).toEqual([]);
    });
  });

  describe(`${name}: watch`, () => {
    it('calls every watcher after an append, and none whose watch is over', async () => {
      let overheard = 0;
      const end = await store.watch(() => {
        overheard += 1;
      });
      await end();
      const hear: (() => void)[] = [];
      const heard = [1, 2].map(() => new Promise<void>((resolve) => hear.push(resolve)));
      const ends = await Promise.all(hear.map((resolve) => store.watch(resolve)));
      await append(store, 'desk/dana', [eventOf(1)]);
      await Promise.all(heard);
      expect(overheard).toBe(0);
      await Promise.all(ends.map((stop) => stop()));
    });

    it('goes on after an append, for the next one', async () => {
      const positions: number[] = [];
      let hear: () => void = () => undefined;
      const end = await store.watch(() => hear());
      for (const number of [1, 2, 3]) {
        const heard = new Promise<void>((resolve) => {
          hear = resolve;
        });
        await append(store, 'desk/dana', [eventOf(number)]);
        await heard;
        positions.push((await store.head()).position);
      }
      expect(positions).toEqual([1, 2, 3]);
      await end();
    });
  });
}
