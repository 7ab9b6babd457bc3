import { type DocSource, readBinding, readLedgerRows } from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { type Anchor, parseAnchorRow, type VisibleRow } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';

/**
 * Whether the Ledger table came along in a copy of another doc, by the anchor in it. An anchor of this very doc must lie on
 * the chain of this ledger: deciding on beside a ledger that was lost or swapped would make runs twice and sweep away
 * state rows that nobody could write again. Errors: `LEDGER_ELSEWHERE` with what to do.
 */
export async function checkAnchor(
  store: Store,
  rows: readonly VisibleRow[],
  docId: string,
): Promise<'own' | 'copied'> {
  const anchors = rows.map(parseAnchorRow).filter((anchor) => anchor !== undefined);
  if (anchors.some((anchor) => anchor.docId !== docId)) return 'copied';
  for (const anchor of anchors) {
    if (await isOnChain(store, anchor)) continue;
    const { position } = await store.head();
    throw new DomainError(
      'LEDGER_ELSEWHERE',
      `The doc was last written by another ledger (its event ${anchor.position} is not in this one of ${position} events): name its server with --store, or put its file back; or, to begin a new one, delete the rows of the Ledger table whose kind is \`state\`.`,
    );
  }
  return 'own';
}

/**
 * Refuses a ledger that is not the one the doc was last written by, for what reads no Ledger table by itself: a store that was left behind
 * would go on beside the true one. Errors: `LEDGER_ELSEWHERE`, and those of API and store.
 */
export async function checkLedger(
  store: Store,
  { api, docId }: Pick<DocSource, 'api' | 'docId'>,
): Promise<void> {
  const binding = await readBinding(api, docId, { tables: ['Ledger'] });
  await checkAnchor(store, await readLedgerRows({ api, docId, binding }), docId);
}

async function isOnChain(store: Store, { position, hash }: Anchor): Promise<boolean> {
  if (position === 0) return true;
  const [envelope] = await store.readAll(position - 1, 1);
  return envelope?.position === position && envelope.hash === hash;
}
