import { accept, type Result, refuse, type Sha256 } from '#shared/kernel/index.ts';
import { type ChainFault, type ChainHead, EMPTY_HEAD, verifyChain } from '#shared/ledger/index.ts';
import type { Store } from './port.ts';
import { sha256 as nativeSha256 } from './sha256.ts';

/** Why a store's ledger is not what was appended: a broken chain, or a head that is not the chain's end. */
export type StoreFault =
  | ChainFault
  | {
      readonly code: 'TAIL_MISSING' | 'HEAD_DIFFERS';
      readonly position: number;
      readonly expected: string;
      readonly received: string;
    };

const PAGE_SIZE = 1_000;

/** Checks every envelope up to the head, in pages; appends that go on meanwhile do no harm. The value is the head that was checked. */
export async function verifyStore(
  store: Store,
  sha256: Sha256 = nativeSha256,
): Promise<Result<ChainHead, StoreFault>> {
  const head = await store.head();
  let checked = EMPTY_HEAD;
  while (checked.position < head.position) {
    const limit = Math.min(PAGE_SIZE, head.position - checked.position);
    const page = await store.readAll(checked.position, limit);
    if (page.length === 0) {
      const received = String(checked.position);
      return refuse({
        code: 'TAIL_MISSING',
        position: head.position,
        expected: String(head.position),
        received,
      });
    }
    const next = verifyChain(page, sha256, checked);
    if (!next.ok) return next;
    checked = next.value;
  }
  return checked.hash === head.hash
    ? accept(checked)
    : refuse({
        code: 'HEAD_DIFFERS',
        position: head.position,
        expected: head.hash,
        received: checked.hash,
      });
}
