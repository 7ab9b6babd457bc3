import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_HEAD } from '#shared/ledger/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from './append-event.ts';
import { collect } from './collect.ts';
import { describeCopies } from './store-contract-copies.ts';
import { describeLeases } from './store-contract-leases.ts';
import { describeOddTexts } from './store-contract-odd-texts.ts';
import { describeRecords } from './store-contract-records.ts';

/** What every store does, whatever it is made of. */
export function describeStore(name: string, create: () => Promise<Store>): void {
  describeWrites(name, create);
  describeOddTexts(name, create);
  describeLeases(name, create);
  describeRecords(name, create);
  describeCopies(name, create);
}

function describeWrites(name: string, create: () => Promise<Store>): void {
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
      expect(await verifyStore(store)).toMatchObject({ ok: true, head: await store.head() });
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

    it('keeps what an event says of its transition, its scope and its cause', async () => {
      const event = {
        ...eventOf(1),
        transition: { from: 'pending', trigger: 'queue', to: 'queued' },
        scope: { runId: 'R1', taskId: 'T1' },
        correlationId: 'E0',
        causationId: 'E1',
      };
      const options = { expectedVersion: 0, idempotencyKey: 'K1' };
      await append(store, 'task/T1', [event], options);
      expect((await store.readStream('task/T1'))[0]).toMatchObject(event);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
      const again = append(store, 'task/T1', [event], options);
      expect(await again).toEqual({ kind: 'exists', position: 1 });
      const other = { ...event, transition: { ...event.transition, to: 'canceled' } };
      const changed = append(store, 'task/T1', [other], options);
      expect(await changed).toMatchObject({ kind: 'mismatch' });
    });

    it('gives the text an event’s hash was taken of', async () => {
      await append(store, 'desk/dana', [eventOf(1), eventOf(2), eventOf(3)]);
      const raw = await store.readRaw(1, 1);
      expect(raw.map(({ position }) => position)).toEqual([2]);
      expect(raw[0]?.hash).toBe(sha256(raw[0]?.body ?? ''));
      expect(JSON.parse(raw[0]?.body ?? '')).toMatchObject({ ...eventOf(2), position: 2 });
    });

    it('tells what it finds events by, which leads to each of them once', async () => {
      await append(store, 'desk/dana', [eventOf(1), eventOf(2)]);
      const options = { expectedVersion: 0, idempotencyKey: 'K\ud800' } as const;
      await append(store, 'desk/\0', [eventOf(3), eventOf(4)], options);
      await append(store, 'desk/dana', [eventOf(5)]);
      const index = await collect(store.readIndex());
      const found = index.flatMap((one) =>
        Array.from({ length: one.lastPosition - one.firstPosition + 1 }, (_, step) => [
          one.firstPosition + step,
          one.stream,
          one.firstVersion + step,
          one.idempotencyKey,
        ]),
      );
      expect(found).toEqual([
        [1, 'desk/dana', 1, undefined],
        [2, 'desk/dana', 2, undefined],
        [3, 'desk/\0', 1, 'K\ud800'],
        [4, 'desk/\0', 2, 'K\ud800'],
        [5, 'desk/dana', 3, undefined],
      ]);
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
}
