import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { restoreBackup, writeBackup } from '#worker/backup/index.ts';
import type { Store } from '#worker/store/index.ts';
import { verifyStore, type Witness } from '#worker/verify/index.ts';
import { append, eventOf } from '../store/append-event.ts';
import { clock, fillStore, ITEM } from './backup-scene.ts';

/** What every backup does, from any store into any other. */
export function describeBackup(
  name: string,
  stores: { readonly create: () => Promise<Store>; readonly createOther: () => Promise<Store> },
  newFile: () => string,
): void {
  describe(`a backup of ${name}`, () => {
    let store: Store;
    let other: Store;
    let file: string;
    let witness: Witness;
    beforeEach(async () => {
      store = await stores.create();
      other = await stores.createOther();
      file = newFile();
      witness = await fillStore(store);
      await writeBackup(store, { file, witness, clock });
    });
    afterEach(async () => {
      await store.close();
      await other.close();
    });
    const restore = () => restoreBackup(other, { file, witness });
    const isEmpty = async () => (await other.dump()[Symbol.asyncIterator]().next()).done === true;

    it('gives another store all there is, which goes on from there', async () => {
      const summary = await restore();
      expect(await verifyStore(other, witness)).toMatchObject({ ok: true, head: summary.head });
      expect(summary.head).toEqual(await store.head());
      expect(await other.get('desk', 'dana')).toEqual(await store.get('desk', 'dana'));
      expect(await other.listOutbox()).toEqual([ITEM]);
      expect(await other.listRecords('subscribers')).toEqual(
        await store.listRecords('subscribers'),
      );
      const again = { expectedVersion: 0, idempotencyKey: 'K1' } as const;
      const repeat = append(other, 'desk/dana', [1, 2, 3].map(eventOf), again);
      expect(await repeat).toEqual({ kind: 'exists', position: 3 });
      expect(await append(other, 'desk/dana', [eventOf(4)])).toMatchObject({ position: 4 });
    });

    it('comes back the same from the store it was restored into', async () => {
      const { sha256 } = await restore();
      const second = newFile();
      expect(await writeBackup(other, { file: second, witness, clock })).toMatchObject({ sha256 });
      expect(readFileSync(second, 'utf8')).toBe(readFileSync(file, 'utf8'));
    });

    it('goes into no store that holds something', async () => {
      await append(other, 'desk/kim', [eventOf(1)]);
      await expect(restore()).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
      expect((await other.head()).position).toBe(1);
    });

    it('leaves the store empty when it turns bad between its check and its use', async () => {
      const text = readFileSync(file, 'utf8');
      const fill: Store['fill'] = (rows) => {
        writeFileSync(file, text.replace('dana@example.com', 'kim@example.com'));
        return other.fill(rows);
      };
      const restored = restoreBackup({ ...other, fill }, { file, witness });
      await expect(restored).rejects.toMatchObject({ code: 'BACKUP_EDITED' });
      expect(await isEmpty()).toBe(true);
    });
  });
}
