import { toInstant } from '#shared/kernel/index.ts';
import type { Store } from '#worker/store/index.ts';
import type { Witness } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';

export const docId = 'dOwn';
export const clock = () => 1_700_000_000_000;
export const AT = toInstant(clock());
export const ITEM = { id: 'Ledger/K1', table: 'Ledger', key: 'K1', cells: { seq: 2 } };

/** Writes a little of everything into a store, and answers what a witness saw of it. */
export async function fillStore(store: Store): Promise<Witness> {
  await append(store, 'desk/dana', [1, 2, 3].map(eventOf), {
    expectedVersion: 0,
    idempotencyKey: 'K1',
  });
  await store.transaction(async (transaction) => {
    await transaction.put('desk', 'dana', { note: 'Ünïcode “quoted”\n\u2028 \u0000', seq: 2 });
    await transaction.putOutbox([ITEM]);
    await transaction.putRecords('subscribers', [{ id: 'S1', document: { subscriberId: 'S1' } }]);
  });
  const [, second] = await store.readRaw(0, 2);
  return { docId, anchors: second === undefined ? [] : [{ docId, ...second }] };
}
