import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import type { Attack, ForgedLedger, Forgery } from './ledger-attacks.ts';
import { createDie, OWN_DOC, writeLedgers } from './sample-ledgers.ts';

/** A store in the hands of somebody who has taken its guards off. */
export interface OpenedStore {
  readonly store: Store;
  /** Writes rows, and the head where there is one, past the store, or answers that its tables themselves refused. */
  readonly forge: (ledger: ForgedLedger) => Promise<'written' | 'refused'>;
  readonly close: () => Promise<void>;
}

/** Each attack on a real store is found by the verifier, if its tables do not refuse it before. */
export function describeTampering(
  name: string,
  open: () => Promise<OpenedStore>,
  attacks: Readonly<Record<string, Attack>>,
): void {
  describe(`${name} without its guards`, () => {
    let opened: OpenedStore;
    let scene: Omit<Forgery, 'roll'>;
    beforeAll(async () => {
      const other = await open();
      opened = await open();
      scene = await writeLedgers(opened.store, other.store);
      await other.close();
    });
    afterAll(() => opened.close());

    it.each(Object.entries(attacks))(
      'shows whoever %s, 500 times of 500',
      async (_name, attack) => {
        const roll = createDie(42);
        let refused = 0;
        for (let tries = 0; tries < 500; tries += 1) {
          const forged = attack({ ...scene, roll });
          if ((await opened.forge(forged)) === 'refused') {
            refused += 1;
            continue;
          }
          const { anchors } = forged;
          expect((await verifyStore(opened.store, { docId: OWN_DOC, anchors })).ok).toBe(false);
        }
        // The tables alone must not be what passes the test.
        expect(refused).toBeLessThan(500);
        await opened.forge(scene.own);
        const { anchors, head } = scene.own;
        const verdict = await verifyStore(opened.store, { docId: OWN_DOC, anchors });
        expect(verdict).toEqual({ ok: true, checked: 12, head });
      },
    );
  });
}
