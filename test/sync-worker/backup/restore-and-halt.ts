/**
 * A process that restores a backup and stands still when it has handed over a few of its rows, to be killed there.
 * Arguments: file of the backup, where the store lies, doc.
 */
import { writeSync } from 'node:fs';
import { restoreBackup } from '#worker/backup/index.ts';
import { openStore, type Store } from '#worker/store/index.ts';

const [file = '', place = '', docId = ''] = process.argv.slice(2);
const store = await openStore({ store: place, docId });

const fill: Store['fill'] = (rows) => {
  async function* halting() {
    let count = 0;
    for await (const row of rows) {
      yield row;
      count += 1;
      if (count < 3) continue;
      writeSync(1, 'halted\n');
      await new Promise(() => setInterval(() => {}, 60_000));
    }
  }
  return store.fill(halting());
};
await restoreBackup({ ...store, fill }, { file, witness: { docId, anchors: [] } });
