import type { SentMark } from '#worker/import/index.ts';
import type { Store } from '#worker/store/index.ts';

/** The keys of rows that were made from a proposal and seen in the doc, kept so that one a person deletes is not made again. */
const MADE = 'planned';
const LOADS = 'loads';
const PLAN = 'plan';

/** The keys of rows that were made before. */
export async function readMadeKeys(store: Store): Promise<ReadonlySet<string>> {
  return new Set((await store.list(MADE)).keys());
}

/** Remembers rows that the doc was seen to have. */
export async function keepMadeKeys(store: Store, keys: Iterable<string>): Promise<void> {
  const known = await readMadeKeys(store);
  const fresh = [...keys].filter((key) => !known.has(key));
  if (fresh.length === 0) return;
  await store.transaction(async (transaction) => {
    for (const key of fresh) await transaction.put(MADE, key, true);
  });
}

/** When rows of a plan were last sent, kept with the ledger, so that whoever plans next knows which rows may not show yet. */
export const createPlanMark = (store: Store): SentMark => ({
  lastSentAt: async () => {
    const sentAt = await store.get(LOADS, PLAN);
    return typeof sentAt === 'number' ? sentAt : undefined;
  },
  noteSent: (atMs) => store.transaction((transaction) => transaction.put(LOADS, PLAN, atMs)),
});
