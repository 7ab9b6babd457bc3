import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/index.ts';
import type { ExecutionEvent } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { append } from '../store/append-event.ts';
import { appendMany, createRecorder, eventOf, openBus, subscribe } from './bus-scene.ts';

const troubleOf = async (store: Store) =>
  (await store.readAll(0, 100))
    .filter(({ stream }) => stream.startsWith('ledger/'))
    .map(({ type, stream, payload }) => ({ type, stream, payload }));

/** What the event bus does over any store. */
export function describeEventBus(name: string, create: () => Promise<Store>): void {
  describe(`the event bus over ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    it('delivers what is there and what comes, in order, and keeps how far it came', async () => {
      await appendMany(store, 3);
      const bus = await openBus(store).bus;
      const { seen, handler } = createRecorder();
      const subscription = await subscribe(bus, { subscriberId: 'alerts', handler });
      expect(await subscription.reach(3)).toBe(true);
      await appendMany(store, 2);
      expect(await subscription.reach(5)).toBe(true);
      expect([seen, subscription.position()]).toEqual([[1, 2, 3, 4, 5], 5]);
      const kept = await store.getRecord('subscribers', 'alerts');
      expect(kept?.document).toMatchObject({ position: 5, filter: {} });
      await bus.stop();
    });

    it('gives the handler the event as others read it', async () => {
      await appendMany(store, 1);
      const bus = await openBus(store).bus;
      const given: unknown[] = [];
      const handler = (...all: unknown[]) => void given.push(...all);
      await (await subscribe(bus, { subscriberId: 'alerts', handler })).reach(1);
      expect(given).toEqual([
        expect.objectContaining({
          schema: 'execution_event.v1',
          eventId: expect.stringMatching(/^[0-9A-Z]{26}$/),
          position: 1,
          entityType: 'run',
          entityId: '01RUN',
        }),
        { attempt: 1, isRedriven: false },
      ]);
      await bus.stop();
    });

    it('goes on where it stopped, under the same name', async () => {
      await appendMany(store, 2);
      const { seen, handler } = createRecorder();
      for (const count of [2, 4]) {
        const bus = await openBus(store).bus;
        await (await subscribe(bus, { subscriberId: 'alerts', handler })).reach(count);
        await bus.stop();
        await appendMany(store, 2);
      }
      expect(seen).toEqual([1, 2, 3, 4]);
    });

    it.each([
      ['any position', 3, [4, 5, 6]],
      ['the beginning', 0, [1, 2, 3, 4, 5, 6]],
      ['now', 'now', [6]],
    ] as const)('begins anew from %s', async (_what, from, expected) => {
      await appendMany(store, 5);
      const first = await openBus(store).bus;
      const { handler } = createRecorder();
      await (await subscribe(first, { subscriberId: 'alerts', handler })).reach(4);
      await first.stop();
      const second = await openBus(store).bus;
      const { seen, handler: again } = createRecorder();
      const subscription = await subscribe(second, {
        subscriberId: 'alerts',
        handler: again,
        from,
      });
      await appendMany(store, 1);
      await subscription.reach(6);
      expect(seen).toEqual(expected);
      await second.stop();
    });

    it('delivers only what is wanted, and still comes to the end', async () => {
      await append(store, 'run/01RUN', [eventOf(1), eventOf(2, 'run_failed'), eventOf(3)]);
      const bus = await openBus(store, { pageSize: 2 }).bus;
      const { seen, handler } = createRecorder();
      const filter = { types: ['run_failed'] };
      await (await subscribe(bus, { subscriberId: 'alerts', handler, filter })).reach(3);
      expect(seen).toEqual([2]);
      const kept = await store.getRecord('subscribers', 'alerts');
      expect(kept?.document).toMatchObject({ position: 3, filter });
      await bus.stop();
    });

    it('holds no more than a page in memory', async () => {
      await appendMany(store, 5);
      const limits: number[] = [];
      const readAll: Store['readAll'] = (after, limit) => {
        limits.push(limit);
        return store.readAll(after, limit);
      };
      const bus = await openBus({ ...store, readAll }, { pageSize: 2 }).bus;
      const { seen, handler } = createRecorder();
      await (await subscribe(bus, { subscriberId: 'alerts', handler })).reach(5);
      expect([new Set(limits), seen]).toEqual([new Set([2]), [1, 2, 3, 4, 5]]);
      await bus.stop();
    });

    it('sets an event aside after three more tries, tells the ledger and goes on', async () => {
      await appendMany(store, 2);
      const { bus: opening, waitsMs } = openBus(store);
      const bus = await opening;
      const { seen, handler } = createRecorder(({ position }) => position === 1);
      await (await subscribe(bus, { subscriberId: 'alerts', handler })).reach(7);
      expect(seen).toEqual([1, 1, 1, 1, 2, 3, 4, 5, 6, 7]);
      expect(waitsMs).toEqual([1_000, 2_000, 4_000]);
      const told = { subscriberId: 'alerts', eventPosition: 1 };
      const stream = 'ledger/alerts';
      expect(await troubleOf(store)).toEqual([
        ...[1, 2, 3, 4].map((attempt) => ({
          type: 'subscriber_failed',
          stream,
          payload: { ...told, attempt },
        })),
        { type: 'event_dead_lettered', stream, payload: { ...told, attempts: 4 } },
      ]);
      const letters = await store.listRecords('dead_letters', { state: 'open' });
      expect(letters.map(({ document }) => document)).toEqual([
        expect.objectContaining({
          subscriberId: 'alerts',
          position: 1,
          attempts: 4,
          lastError: 'cannot deal with 1',
        }),
      ]);
      await bus.stop();
    });

    it('tells nothing of a failure over what tells of failures, so that two who fail at all come to an end', async () => {
      await appendMany(store, 1);
      const bus = await openBus(store).bus;
      const broken = createRecorder(() => true);
      const one = await subscribe(bus, { subscriberId: 'one', handler: broken.handler });
      const other = await subscribe(bus, { subscriberId: 'other', handler: broken.handler });
      await Promise.all([one.reach(11), other.reach(11)]);
      expect((await store.head()).position).toBe(11);
      expect(await store.listRecords('dead_letters')).toHaveLength(22);
      await bus.stop();
    });

    it('lets no subscriber wait for another', async () => {
      await appendMany(store, 2);
      const bus = await openBus(store).bus;
      let release = () => {};
      const handler = () => new Promise<void>((resolve) => (release = resolve));
      const slow = await subscribe(bus, { subscriberId: 'slow', handler });
      const quick = createRecorder();
      const fast = await subscribe(bus, { subscriberId: 'fast', handler: quick.handler });
      await fast.reach(2);
      expect([slow.position(), quick.seen]).toEqual([0, [1, 2]]);
      const stopped = bus.stop();
      release();
      await stopped;
      // The event it had is finished, and no more is taken.
      expect(slow.position()).toBe(1);
    });

    it('stops between two tries, and makes the delivery again', async () => {
      await appendMany(store, 1);
      let isWaiting = () => {};
      const waiting = new Promise<void>((resolve) => (isWaiting = resolve));
      const wait = () => {
        isWaiting();
        return new Promise<void>(() => {});
      };
      const bus = await openBus(store, { wait }).bus;
      const broken = createRecorder(() => true);
      const subscription = await subscribe(bus, {
        subscriberId: 'alerts',
        handler: broken.handler,
      });
      await waiting;
      await bus.stop();
      expect([broken.seen, subscription.position()]).toEqual([[1], 0]);
      const again = await openBus(store).bus;
      const { seen, handler } = createRecorder();
      await (await subscribe(again, { subscriberId: 'alerts', handler })).reach(2);
      expect(seen).toEqual([1, 2]);
      await again.stop();
    });

    it('redrives what was set aside: one, or all that are open', async () => {
      await appendMany(store, 3);
      const bus = await openBus(store).bus;
      let isBroken = true;
      const attempts: [number, number, boolean][] = [];
      const handler = (
        { position }: ExecutionEvent,
        delivery: { attempt: number; isRedriven: boolean },
      ) => {
        attempts.push([position, delivery.attempt, delivery.isRedriven]);
        if (isBroken && position <= 3) throw new Error('broken');
      };
      const retry = { delaysMs: [] };
      await (await subscribe(bus, { subscriberId: 'alerts', handler, retry })).reach(9);
      const open = await store.listRecords('dead_letters', { state: 'open' });
      expect(open.length).toBe(3);
      const third = open.find(({ document }) => document['position'] === 3)?.id ?? '';
      attempts.length = 0;
      expect(await bus.redrive('alerts', third)).toEqual({
        ok: true,
        value: { redriven: 0, failed: 1 },
      });
      expect(attempts[0]).toEqual([3, 2, true]);
      isBroken = false;
      expect(await bus.redrive('alerts', third)).toEqual({
        ok: true,
        value: { redriven: 1, failed: 0 },
      });
      expect(await bus.redrive('alerts')).toEqual({ ok: true, value: { redriven: 2, failed: 0 } });
      expect(await bus.redrive('alerts')).toEqual({ ok: true, value: { redriven: 0, failed: 0 } });
      const redriven = attempts.filter(([, , isRedriven]) => isRedriven);
      expect(redriven).toEqual([
        [3, 2, true],
        [3, 3, true],
        [1, 2, true],
        [2, 2, true],
      ]);
      expect(await store.listRecords('dead_letters', { state: 'redriven' })).toHaveLength(3);
      await bus.stop();
    });

    it('refuses what it cannot do', async () => {
      const bus = await openBus(store).bus;
      const { handler } = createRecorder();
      const refused = async (options: object) =>
        bus.subscribe({ subscriberId: 'alerts', handler, ...options });
      expect(await refused({ from: 1 })).toEqual({
        ok: false,
        refusal: { code: 'POSITION_BEYOND_HEAD', position: 1, head: 0 },
      });
      for (const [options, path] of [
        [{ from: -1 }, '$.position'],
        [{ subscriberId: 'two words' }, '$.subscriberId'],
        [{ filter: { types: ['Task*'] } }, '$.filter.types[0]'],
      ] as const) {
        expect(await refused(options)).toMatchObject({
          refusal: { code: 'SUBSCRIPTION_INVALID', path },
        });
      }
      const both = await Promise.all([refused({}), refused({})]);
      expect(both.map(({ ok }) => ok)).toEqual([true, false]);
      const taken = { ok: false, refusal: { code: 'SUBSCRIBER_TAKEN', subscriberId: 'alerts' } };
      expect([both[1], await refused({})]).toEqual([taken, taken]);
      expect(await bus.redrive('nobody')).toMatchObject({
        refusal: { code: 'SUBSCRIBER_UNKNOWN' },
      });
      expect(await bus.redrive('alerts', 'X')).toMatchObject({
        refusal: { code: 'DEAD_LETTER_UNKNOWN' },
      });
      await bus.stop();
      await expect(refused({})).rejects.toThrow('Bug:');
      await expect(openBus(store, { pageSize: 1_001 }).bus).rejects.toThrow('Bug:');
    });

    it('asks a busy store again, and lets one subscriber end where it stays so', async () => {
      await appendMany(store, 2);
      const busy = new DomainError('STORE_IN_USE', 'busy', { retryable: true });
      let isBusyFor = 10;
      const readAll: Store['readAll'] = async (after, limit) => {
        isBusyFor -= 1;
        if (isBusyFor >= 0) throw busy;
        return store.readAll(after, limit);
      };
      const { bus: opening, failures, waitsMs } = openBus({ ...store, readAll });
      const bus = await opening;
      const { seen, handler } = createRecorder();
      const subscription = await subscribe(bus, { subscriberId: 'alerts', handler });
      expect(await subscription.reach(2)).toBe(true);
      expect([seen, waitsMs.length, failures]).toEqual([[1, 2], 10, []]);
      isBusyFor = 11;
      await appendMany(store, 1);
      expect(await subscription.reach(3)).toBe(false);
      expect(failures).toEqual([['alerts', busy]]);
      const again = await subscribe(bus, { subscriberId: 'alerts', handler });
      expect(await again.reach(3)).toBe(true);
      await bus.stop();
    });

    it('moves no cursor once another holds the lease it runs under', async () => {
      await appendMany(store, 1);
      const lease = { name: 'events', ttlMs: 1_000 };
      const held = await store.acquireLease({ ...lease, owner: 'lee', nowMs: 0 });
      const { bus: opening, failures } = openBus(store, { under: held.lease });
      const bus = await opening;
      const handler = async () => {
        await store.acquireLease({ ...lease, owner: 'kim', nowMs: 2_000 });
      };
      const subscription = await subscribe(bus, { subscriberId: 'alerts', handler });
      expect(await subscription.reach(1)).toBe(false);
      expect(failures).toEqual([['alerts', expect.objectContaining({ code: 'STALE_LEASE' })]]);
      await bus.stop();
    });
  });
}
