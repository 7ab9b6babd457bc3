import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_HEAD } from '#shared/ledger/index.ts';
import { type Store, verifyStore } from '#worker/store/index.ts';
import { append, eventOf } from './append-event.ts';

/** What every store does, whatever it is made of. */
export function describeStore(name: string, create: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await create();
  });
  afterEach(() => store.close());

  describe(`${name}: ledger`, () => {
    it('starts empty', async () => {
      expect(await store.head()).toEqual(EMPTY_HEAD);
      expect(await store.readAll(0, 10)).toEqual([]);
      expect(await store.readStream('desk/dana')).toEqual([]);
      expect(await store.findByKey('K1')).toBeUndefined();
    });

    it('keeps each event whole, in order, in its stream and in one chain', async () => {
      expect(await append(store, 'desk/dana', [eventOf(1), eventOf(2)])).toEqual({
        kind: 'appended',
        position: 2,
        version: 2,
      });
      await append(store, 'desk/lee', [eventOf(3)]);
      await append(store, 'desk/dana', [eventOf(4)]);
      const kept = await store.readAll(0, 10);
      expect(kept.map(({ position, stream, version }) => [position, stream, version])).toEqual([
        [1, 'desk/dana', 1],
        [2, 'desk/dana', 2],
        [3, 'desk/lee', 1],
        [4, 'desk/dana', 3],
      ]);
      expect(kept[3]).toMatchObject(eventOf(4));
      expect((await store.readStream('desk/dana')).map(({ position }) => position)).toEqual([
        1, 2, 4,
      ]);
      expect(await store.head()).toEqual({ position: 4, hash: kept[3]?.hash });
      expect(await verifyStore(store)).toEqual({ ok: true, value: await store.head() });
    });

    it('reads a page after a position', async () => {
      await append(store, 'desk/dana', [1, 2, 3, 4, 5].map(eventOf));
      const page = await store.readAll(2, 2);
      expect(page.map(({ position }) => position)).toEqual([3, 4]);
    });

    it('answers a conflict and writes nothing where a stream stands elsewhere than expected', async () => {
      await append(store, 'desk/dana', [eventOf(1)], { expectedVersion: 0 });
      const late = append(store, 'desk/dana', [eventOf(2)], { expectedVersion: 0 });
      expect(await late).toEqual({ kind: 'conflict', version: 1 });
      expect((await store.head()).position).toBe(1);
      const next = append(store, 'desk/dana', [eventOf(2)], { expectedVersion: 1 });
      expect(await next).toMatchObject({ kind: 'appended', version: 2 });
    });

    it('answers the same intention with the place it already has, even when its stream has moved on', async () => {
      const intention = { expectedVersion: 0, idempotencyKey: 'K1' };
      await append(store, 'desk/dana', [eventOf(1), eventOf(2)], intention);
      await append(store, 'desk/dana', [eventOf(3)]);
      const repeat = append(store, 'desk/dana', [eventOf(1), eventOf(2)], intention);
      expect(await repeat).toEqual({ kind: 'exists', position: 2 });
      expect((await store.head()).position).toBe(3);
      expect(await store.findByKey('K1')).toMatchObject({ position: 2, idempotencyKey: 'K1' });
    });

    it.each([
      ['another payload', 'desk/dana', [eventOf(2)]],
      ['another stream', 'desk/lee', [eventOf(1)]],
      ['more events', 'desk/dana', [eventOf(1), eventOf(2)]],
      ['another actor', 'desk/dana', [{ ...eventOf(1), actor: 'lee' }]],
    ])('answers a mismatch where a key comes again with %s', async (_what, stream, events) => {
      const options = { expectedVersion: 'any', idempotencyKey: 'K1' } as const;
      await append(store, 'desk/dana', [eventOf(1)], options);
      const result = await append(store, stream, events, options);
      const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
      expect(result).toEqual({ kind: 'mismatch', storedHash: hash, givenHash: hash });
      expect(new Set(Object.values(result)).size).toBe(3);
      expect((await store.head()).position).toBe(1);
    });

    it('refuses an append of nothing as a bug', async () => {
      await expect(append(store, 'desk/dana', [])).rejects.toThrow('Bug: expected an event');
    });
  });

  describe(`${name}: documents and outbox`, () => {
    const item = { id: 'Ledger/K1', table: 'Ledger', key: 'K1', cells: { state: 'settled' } };

    it('keeps, replaces and removes documents of a collection', async () => {
      await store.transaction(async (transaction) => {
        await transaction.put('desk', 'dana', { seq: 1 });
        await transaction.put('desk', 'lee', [null, true, 'x', 1.5]);
        await transaction.put('inbox', 'dana', 'other');
        await transaction.put('desk', 'dana', { seq: 2 });
      });
      expect(await store.get('desk', 'dana')).toEqual({ seq: 2 });
      await store.transaction((transaction) => transaction.remove('desk', 'dana'));
      expect(await store.get('desk', 'dana')).toBeUndefined();
      expect(await store.list('desk')).toEqual(new Map([['lee', [null, true, 'x', 1.5]]]));
    });

    it('lets a newer outbox item take the place of the older one for its row', async () => {
      const other = { ...item, id: 'Ledger/K2', key: 'K2' };
      const sent = { ...item, cells: { state: 'done', seq: 7 }, sentAtMs: 5, requestId: 'r' };
      await store.transaction((transaction) => transaction.putOutbox([item, other]));
      await store.transaction((transaction) => transaction.putOutbox([sent]));
      expect(await store.listOutbox()).toEqual([sent, other]);
      await store.transaction((transaction) => transaction.removeOutbox([item.id]));
      expect(await store.listOutbox()).toEqual([other]);
    });

    it('lands all writes of a step together', async () => {
      await store.transaction(async (transaction) => {
        await transaction.append('desk/dana', [eventOf(1)], { expectedVersion: 0 });
        await transaction.putOutbox([item]);
        await transaction.put('desk', 'dana', 1);
        expect((await store.head()).position).toBe(0);
        expect(await store.listOutbox()).toEqual([]);
      });
      expect((await store.head()).position).toBe(1);
      expect(await store.listOutbox()).toEqual([item]);
    });

    it('lands none of a step that throws', async () => {
      const step = store.transaction(async (transaction) => {
        await transaction.append('desk/dana', [eventOf(1)], { expectedVersion: 0 });
        await transaction.putOutbox([item]);
        await transaction.put('desk', 'dana', 1);
        throw new Error('the step gave up');
      });
      await expect(step).rejects.toThrow('the step gave up');
      expect(await store.head()).toEqual(EMPTY_HEAD);
      expect(await store.listOutbox()).toEqual([]);
      expect(await store.get('desk', 'dana')).toBeUndefined();
    });

    it('lands none of a step that goes on after a write has failed', async () => {
      const step = store.transaction(async (transaction) => {
        await transaction.put('desk', 'dana', 1);
        await transaction.put('desk', 'lee', Number.NaN).catch(() => undefined);
        await transaction.put('desk', 'kim', 1).catch(() => undefined);
      });
      await expect(step).rejects.toThrow('expected a finite number');
      expect(await store.list('desk')).toEqual(new Map());
    });

    it('takes no write from a step that is over', async () => {
      const kept = await store.transaction((transaction) => Promise.resolve([transaction]));
      await expect(kept[0]?.put('desk', 'dana', 1)).rejects.toThrow('its step was over');
      expect(await store.get('desk', 'dana')).toBeUndefined();
    });

    it('stops at a transaction begun inside another, instead of waiting for ever', async () => {
      const nested = store.transaction(() => store.transaction(() => Promise.resolve()));
      await expect(nested).rejects.toThrow('begun inside another');
      const lease = { name: 'sync', owner: 'dana', ttlMs: 1, nowMs: 1 };
      const asked = store.transaction(() => store.acquireLease(lease));
      await expect(asked).rejects.toThrow('begun inside another');
    });

    it('runs one step at a time, in the order they were asked for', async () => {
      const seen: string[] = [];
      const step = (label: string) =>
        store.transaction(async (transaction) => {
          seen.push(`${label} begins`);
          await new Promise<void>((resolve) => {
            setImmediate(resolve);
          });
          await transaction.append(label, [eventOf(1)], { expectedVersion: 0 });
          seen.push(`${label} ends`);
        });
      await Promise.all([step('a'), step('b')]);
      expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });
  });

  describe(`${name}: lease`, () => {
    const dana = { name: 'sync', owner: 'dana', ttlMs: 100, nowMs: 1_000 };

    it('is granted once and renewed under the same fence', async () => {
      const first = await store.acquireLease(dana);
      expect(first).toEqual({
        granted: true,
        lease: { name: 'sync', owner: 'dana', fence: 1, expiresAtMs: 1_100 },
      });
      const renewed = await store.acquireLease({ ...dana, nowMs: 1_050 });
      expect(renewed.lease).toEqual({
        name: 'sync',
        owner: 'dana',
        fence: 1,
        expiresAtMs: 1_150,
      });
      const refused = await store.acquireLease({ ...dana, owner: 'lee', nowMs: 1_149 });
      expect(refused).toEqual({ granted: false, lease: renewed.lease });
    });

    it('goes to another with a higher fence once it has run out or was released', async () => {
      const { lease } = await store.acquireLease(dana);
      const late = await store.acquireLease({ ...dana, owner: 'lee', nowMs: 1_100 });
      expect(late).toMatchObject({ granted: true, lease: { fence: 2 } });
      await store.releaseLease(lease);
      expect((await store.acquireLease({ ...dana, nowMs: 1_101 })).granted).toBe(false);
      await store.releaseLease(late.lease);
      const again = await store.acquireLease({ ...dana, nowMs: 1_101 });
      expect(again).toMatchObject({ granted: true, lease: { owner: 'dana', fence: 3 } });
    });

    it('takes a new fence after it ran out, even for the same owner', async () => {
      await store.acquireLease(dana);
      const again = await store.acquireLease({ ...dana, nowMs: 1_100 });
      expect(again).toMatchObject({ granted: true, lease: { owner: 'dana', fence: 2 } });
    });

    it('refuses a whole step under a stale fence and takes one under the last', async () => {
      const old = (await store.acquireLease(dana)).lease;
      const { lease } = await store.acquireLease({ ...dana, owner: 'lee', nowMs: 2_000 });
      const under = (fence: number) =>
        store.transaction((transaction) => transaction.put('desk', 'dana', fence), {
          under: { name: 'sync', fence },
        });
      await expect(under(old.fence)).rejects.toMatchObject({ code: 'STALE_LEASE' });
      expect(await store.get('desk', 'dana')).toBeUndefined();
      await under(lease.fence);
      expect(await store.get('desk', 'dana')).toBe(2);
    });
  });
}
