import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { append, eventOf } from './append-event.ts';

/** Names that differ, though a database or a wire may take some of them for one another. */
const NAMES = [
  'desk/\0',
  'desk/\\u0000',
  'desk/\ud800',
  'desk/\udc00',
  'desk/\ufffd',
  'desk/\\ud800',
  'desk/\\',
  'desk/"',
  'desk/É',
  'desk/E\u0301',
  'desk/😀',
];

/** How every store keeps texts that people and clipboards make, and the numbers JSON can hold. */
export function describeOddTexts(name: string, create: () => Promise<Store>): void {
  let store: Store;
  beforeEach(async () => {
    store = await create();
  });
  afterEach(() => store.close());

  describe(`${name}: odd texts`, () => {
    it('tells streams and keys apart by every code unit', async () => {
      for (const [number, odd] of NAMES.entries()) {
        const options = { expectedVersion: 0, idempotencyKey: odd };
        const result = await append(store, odd, [eventOf(number)], options);
        expect(result).toMatchObject({ kind: 'appended', version: 1 });
        const repeat = await append(store, odd, [eventOf(number)], options);
        expect(repeat).toEqual({ kind: 'exists', position: number + 1 });
      }
      for (const [number, odd] of NAMES.entries()) {
        expect(await store.readStream(odd)).toMatchObject([{ stream: odd, position: number + 1 }]);
        expect(await store.findByKey(odd)).toMatchObject({ stream: odd, idempotencyKey: odd });
      }
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });

    it('tells documents, outbox rows and leases apart by every code unit', async () => {
      const items = NAMES.map((odd) => ({ id: odd, table: 'Ledger', key: odd, cells: { odd } }));
      await store.transaction(async (transaction) => {
        for (const odd of NAMES) await transaction.put(odd, odd, odd);
        await transaction.putOutbox(items);
      });
      expect(await store.listOutbox()).toEqual(items);
      for (const odd of NAMES) {
        expect(await store.list(odd)).toEqual(new Map([[odd, odd]]));
        expect(await store.get(odd, odd)).toBe(odd);
        const asked = { name: odd, owner: odd, ttlMs: 1, nowMs: 1 };
        const lease = { name: odd, owner: odd, fence: 1, expiresAtMs: 2 };
        expect(await store.acquireLease(asked)).toEqual({ granted: true, lease });
      }
      const [first = ''] = NAMES;
      await store.transaction(async (transaction) => {
        await transaction.remove(first, first);
        await transaction.removeOutbox([first]);
      });
      expect(await store.get(first, first)).toBeUndefined();
      expect(await store.listOutbox()).toEqual(items.slice(1));
    });

    it('keeps any JSON as it is', async () => {
      const payload = {
        numbers: [1e308, -1e308, 5e-324, 0.1, 9_007_199_254_740_991, 0],
        texts: [...NAMES, '', ' ', '\n', '2'.repeat(10_000)],
        ['\0']: { ['\ud800']: null },
        ['__proto__x']: true,
      };
      await append(store, 'desk/dana', [{ ...eventOf(1), payload }]);
      await store.transaction((transaction) => transaction.put('desk', 'dana', payload));
      expect((await store.readAll(0, 1))[0]?.payload).toEqual(payload);
      expect(await store.get('desk', 'dana')).toEqual(payload);
      expect(await verifyStore(store)).toMatchObject({ ok: true });
    });
  });
}
