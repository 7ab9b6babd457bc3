import type { Store } from '#worker/store/index.ts';
import { createIndexCheck, type IndexFault } from './verify-index.ts';
import {
  type Anchor,
  type LedgerEnd,
  type LedgerRow,
  type LedgerVerdict,
  verifyLedger,
} from './verify-ledger.ts';

/** The parts of a store that a check looks at. */
export type VerifiedStore = Pick<Store, 'readRaw' | 'readIndex' | 'head'>;

/** What a check of a store came to: that of its ledger, and where that is sound, of what the store finds its events by. */
export type StoreVerdict =
  | LedgerVerdict
  | { readonly ok: false; readonly checked: number; readonly fault: IndexFault };

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
 * Checks a store's whole ledger and its index, page by page; appends that go on meanwhile do no harm. Without a witness it
 * cannot tell a ledger that was rewritten as a whole, or that has lost its end, from the true one.
 */
export async function verifyStore(
  store: VerifiedStore,
  witness: Witness = NO_WITNESS,
): Promise<StoreVerdict> {
  let head: LedgerEnd | undefined;
  const index = createIndexCheck({
    entries: store.readIndex(),
    readEnd: async () => (await store.head()).position,
  });
  async function* readRows(): AsyncGenerator<LedgerRow> {
    for (let last = BEFORE_ALL, isMore = true; isMore; ) {
      // Asked before the page: if then nothing more is found, the store has to end right there.
      head = await store.head();
      const page = await store.readRaw(last, PAGE_SIZE);
      yield* page;
      // Who asks for more has found these sound.
      await index.add(page.map(({ body }) => body));
      isMore = page.length > 0;
      last = page.at(-1)?.position ?? last;
    }
  }
  try {
    const rows = readRows();
    const readHead = async () => head ?? store.head();
    const verdict = await verifyLedger({ rows, readHead, ...witness });
    const fault = verdict.ok ? await index.end() : undefined;
    return fault === undefined ? verdict : { ok: false, checked: verdict.checked, fault };
  } finally {
    await index.close();
  }
}
