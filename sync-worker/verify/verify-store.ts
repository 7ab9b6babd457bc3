import type { Store } from '#worker/store/index.ts';
import {
  type Anchor,
  type LedgerEnd,
  type LedgerRow,
  type LedgerVerdict,
  verifyLedger,
} from './verify-ledger.ts';

/** The parts of a store that a check looks at. */
export type VerifiedStore = Pick<Store, 'readRaw' | 'head'>;

const PAGE_SIZE = 1_000;
/** Before every position there can be, so that a row slipped in before the first is seen as well. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/** What is known of a ledger outside its store. */
export interface Witness {
  readonly docId: string;
  readonly anchors: readonly Anchor[];
}

const NO_WITNESS: Witness = { docId: '', anchors: [] };

/**
 * Checks a store's whole ledger, page by page; appends that go on meanwhile do no harm. Without a witness it cannot tell a
 * ledger that was rewritten as a whole, or that has lost its end, from the true one.
 */
export function verifyStore(
  store: VerifiedStore,
  witness: Witness = NO_WITNESS,
): Promise<LedgerVerdict> {
  let head: LedgerEnd | undefined;
  async function* readRows(): AsyncGenerator<LedgerRow> {
    for (let last = BEFORE_ALL, isMore = true; isMore; ) {
      // Asked before the page: if then nothing more is found, the store has to end right there.
      head = await store.head();
      const page = await store.readRaw(last, PAGE_SIZE);
      yield* page;
      isMore = page.length > 0;
      last = page.at(-1)?.position ?? last;
    }
  }
  const rows = readRows();
  return verifyLedger({ rows, readHead: async () => head ?? store.head(), ...witness });
}
