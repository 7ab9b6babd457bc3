import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAccountBudget, keepUse } from '#worker/coda/index.ts';
import { isServerUrl, openStore, type Store } from '#worker/store/index.ts';
import type { Connection } from './connection.ts';
import { whereOf } from './open-store.ts';
import { STATE_FOLDER } from './state-folder.ts';
import type { StoreOptions } from './store-option.ts';

/** Stands for all docs: the limits are the account's, whichever of them is worked on. */
const ALL_DOCS = 'budget';

/**
 * Opens what the processes keep together of the account's limits: on the server where the ledger lies on one, else in a file here.
 * With `mustExist`, errors: `STORE_MISSING`.
 */
export function openBudgetStore(
  docId: string,
  options: StoreOptions & { readonly mustExist?: boolean },
): Promise<Store> {
  const where = whereOf(docId, options);
  const store = isServerUrl(where) ? where : join(STATE_FOLDER, `${ALL_DOCS}.db`);
  mkdirSync(STATE_FOLDER, { recursive: true });
  return openStore({ store, docId: ALL_DOCS, mustExist: options.mustExist === true });
}

/** Does work whose requests keep the account's limits together with other processes; a doc without limits has nothing to keep. */
export async function withBudget<Value>(
  { docId, clock, wait, share, counts }: Connection,
  options: StoreOptions,
  work: () => Promise<Value>,
): Promise<Value> {
  if (share === undefined) return await work();
  const store = await openBudgetStore(docId, options);
  const budget = createAccountBudget(store, { clock, wait });
  share(budget);
  const before = counts();
  try {
    return await work();
  } finally {
    // Whoever asks the doc after this does so by himself, for what was shared is closed.
    share(undefined);
    await budget.rest();
    await keepUse(store, { docId, before, after: counts(), nowMs: clock() });
    await store.close();
  }
}
