import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#worker/store/index.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 1_800_000;

/** How every store hands out the sole right to do one thing. */
export function describeLeases(name: string, create: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await create();
  });
  afterEach(() => store.close());

  const dana = { name: 'sync', owner: 'dana', ttlMs: 100, nowMs: 1_000 };
  const lee = { ...dana, owner: 'lee' };
  const put = (under: { name: string; fence: number }) =>
    store.transaction((transaction) => transaction.put('desk', 'dana', under.fence), { under });

  describe(`${name}: lease`, () => {
    it('is granted once and renewed under the same fence', async () => {
      const first = await store.acquireLease(dana);
      const lease = { name: 'sync', owner: 'dana', fence: 1, expiresAtMs: 1_100 };
      expect(first).toEqual({ granted: true, lease });
      const renewed = await store.acquireLease({ ...dana, nowMs: 1_050 });
      expect(renewed.lease).toEqual({ ...lease, expiresAtMs: 1_150 });
      const refused = await store.acquireLease({ ...lee, nowMs: 1_149 });
      expect(refused).toEqual({ granted: false, lease: renewed.lease });
    });

    it('goes to another with a higher fence once it has run out or was released', async () => {
      const { lease } = await store.acquireLease(dana);
      const late = await store.acquireLease({ ...lee, nowMs: 1_100 });
      expect(late).toMatchObject({ granted: true, lease: { fence: 2 } });
      await store.releaseLease(lease);
      expect((await store.acquireLease({ ...dana, nowMs: 1_101 })).granted).toBe(false);
      await store.releaseLease(late.lease);
      const again = await store.acquireLease({ ...dana, nowMs: 1_101 });
      expect(again).toMatchObject({ granted: true, lease: { owner: 'dana', fence: 3 } });
    });

    it('can be looked at without being taken', async () => {
      expect(await store.readLease('sync')).toBeUndefined();
      const { lease } = await store.acquireLease(dana);
      expect(await store.readLease('sync')).toEqual(lease);
      await store.releaseLease(lease);
      expect(await store.readLease('sync')).toEqual({ ...lease, expiresAtMs: 0 });
    });

    it('takes a new fence after it ran out, even for the same owner', async () => {
      await store.acquireLease(dana);
      const again = await store.acquireLease({ ...dana, nowMs: 1_100 });
      expect(again).toMatchObject({ granted: true, lease: { owner: 'dana', fence: 2 } });
    });

    it('is one of many: each name has its own holder and its own fence', async () => {
      const { lease: sync } = await store.acquireLease(dana);
      const gate = await store.acquireLease({ ...lee, name: 'gate/G1' });
      expect(gate).toMatchObject({ granted: true, lease: { name: 'gate/G1', fence: 1 } });
      await store.acquireLease({ ...lee, name: 'gate/G1', nowMs: 1_200 });
      await put(sync);
      await expect(put(gate.lease)).rejects.toMatchObject({ code: 'STALE_LEASE' });
      await store.releaseLease({ ...sync, name: 'gate/G1' });
      expect((await store.acquireLease(lee)).granted).toBe(false);
    });

    it('refuses a whole step under a stale fence and takes one under the last', async () => {
      const old = (await store.acquireLease(dana)).lease;
      const { lease } = await store.acquireLease({ ...lee, nowMs: 2_000 });
      await expect(put(old)).rejects.toMatchObject({ code: 'STALE_LEASE' });
      expect(await store.get('desk', 'dana')).toBeUndefined();
      await put(lease);
      expect(await store.get('desk', 'dana')).toBe(2);
    });

    it('keeps its fence good after a release, until another is handed out', async () => {
      const { lease } = await store.acquireLease(dana);
      await store.releaseLease(lease);
      await put(lease);
      await store.acquireLease(lee);
      await expect(put(lease)).rejects.toMatchObject({ code: 'STALE_LEASE' });
    });

    it.each([0, 1])(
      'lets nobody write under a lease that was never given (fence %i)',
      async (fence) => {
        await expect(put({ name: 'sync', fence })).rejects.toMatchObject({ code: 'STALE_LEASE' });
      },
    );

    it('asked for longer than the longest is a bug', async () => {
      const { granted } = await store.acquireLease({ ...dana, ttlMs: LONGEST_MS });
      expect(granted).toBe(true);
      const longer = store.acquireLease({ ...dana, ttlMs: LONGEST_MS + 1 });
      await expect(longer).rejects.toThrow('expected at most 1800000 ms');
    });

    it('does not hold for ever when the clock of its holder is a day ahead', async () => {
      const ahead = await store.acquireLease({ ...dana, nowMs: dana.nowMs + DAY_MS });
      const taken = await store.acquireLease(lee);
      expect(taken).toMatchObject({ granted: true, lease: { fence: 2, expiresAtMs: 1_100 } });
      await expect(put(ahead.lease)).rejects.toMatchObject({ code: 'STALE_LEASE' });
      await put(taken.lease);
    });

    it('holds to the last millisecond it may last by the clock of who asks', async () => {
      const { lease } = await store.acquireLease({ ...dana, ttlMs: LONGEST_MS });
      expect((await store.acquireLease(lee)).granted).toBe(false);
      // One millisecond earlier by that clock it seems to last longer than any lease.
      const early = await store.acquireLease({ ...lee, nowMs: dana.nowMs - 1 });
      expect(early).toMatchObject({ granted: true, lease: { fence: lease.fence + 1 } });
    });

    it('goes to one whose clock is a day ahead, and back, without a fence twice', async () => {
      const first = await store.acquireLease(dana);
      const second = await store.acquireLease({ ...lee, nowMs: dana.nowMs + DAY_MS });
      const third = await store.acquireLease({ ...dana, nowMs: dana.nowMs + 1 });
      const fences = [first, second, third].map(({ lease }) => lease.fence);
      expect(fences).toEqual([1, 2, 3]);
      await expect(put(second.lease)).rejects.toMatchObject({ code: 'STALE_LEASE' });
    });
  });
}
