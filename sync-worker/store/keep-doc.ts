import { DomainError } from '#shared/kernel/index.ts';
import type { Store } from './port.ts';

const STORE = 'store';
const DOC = 'doc';

/**
 * Refuses the store of another doc: a file that was copied or renamed would be written on as the ledger of a doc whose runs it does not hold.
 * One that does not tell yet is taken for the doc's. Errors: `DomainError` `STORE_OTHER_DOC`.
 */
export async function refuseOtherDoc(store: Store, docId: string): Promise<void> {
  const kept = await store.get(STORE, DOC);
  if (kept === undefined || kept === docId) return;
  throw new DomainError(
    'STORE_OTHER_DOC',
    `The ledger that was opened for the doc \`${docId}\` is that of ${JSON.stringify(kept)}.`,
  );
}

/** Has a store tell from now on whose ledger it is. Errors: as {@link refuseOtherDoc}. */
export async function keepDoc(store: Store, docId: string): Promise<void> {
  await refuseOtherDoc(store, docId);
  if ((await store.get(STORE, DOC)) === docId) return;
  await store.transaction((transaction) => transaction.put(STORE, DOC, docId));
}
