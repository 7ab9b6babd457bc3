import type { Store } from '#worker/store/index.ts';
import type { Anchor } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';
import type { ForgedLedger, Forgery } from './ledger-attacks.ts';

/** The doc the true ledger belongs to. */
export const OWN_DOC = 'dOwn';
const OTHER_DOC = 'dOther';

/** Fills two empty stores with a ledger each, and hands both out with the anchors they would have. */
export async function writeLedgers(own: Store, other: Store): Promise<Omit<Forgery, 'roll'>> {
  for (const [store, first] of [
    [own, 1],
    [other, 500],
  ] as const) {
    for (const [index, stream] of ['desk/dana', 'desk/lee', 'desk/dana', 'desk/kim'].entries()) {
      const numbers = [0, 1, 2].map((step) => eventOf(first + 3 * index + step));
      await append(store, stream, numbers);
    }
  }
  return { own: await readLedger(own, OWN_DOC), foreign: await readLedger(other, OTHER_DOC) };
}

async function readLedger(store: Store, docId: string): Promise<ForgedLedger> {
  const rows = await store.readRaw(0, 100);
  const anchors = rows
    .filter(({ position }) => position % 4 === 0)
    .map(({ position, hash }): Anchor => ({ docId, position, hash }));
  return { rows, head: await store.head(), anchors };
}

/** A die that falls the same way at every run. Source: mulberry32. */
export function createDie(seed: number): Forgery['roll'] {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}
