import type { Command } from 'commander';
import { checkBackup, type RestoreOptions, restoreBackup } from '#worker/backup/index.ts';
import { anchorFileOf, anchorHead } from '#worker/verify/index.ts';
import { describeBackup } from './backup.ts';
import { type ConnectionOptions } from './connection.ts';
import { givenPath } from './given-path.ts';
import { findDocId, openToFill, readWitness } from './open-store.ts';
import { STATE_FOLDER } from './state-folder.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface RestoreFlags extends ConnectionOptions, StoreOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** Adds `founder-hq restore`: a ledger out of a backup. */
export function registerRestore(program: Command): void {
  const command = program
    .command('restore')
    .argument('<file>', 'what `founder-hq backup` wrote')
    .summary('a ledger out of a backup')
    .description(
      'Fills a ledger that is empty, whole or not at all, and checks it afterwards. A file that was cut or changed, of another doc or of a newer Founder HQ is refused.',
    )
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--dry-run', 'only check the file')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npm run -s founder-hq -- restore ledger.backup --dry-run');
  addStoreOption(command).action(run);
}

async function run(path: string, flags: RestoreFlags): Promise<void> {
  const docId = await findDocId(flags);
  const file = givenPath(path);
  const isDryRun = flags.dryRun === true;
  const witness = await readWitness(docId);
  // Before a store is made: a file that is refused must leave none, which would pass for a whole one without events.
  const summary = await checkBackup(file, witness);
  if (!isDryRun) await restore({ file, witness, checked: summary }, flags);
  const done = isDryRun ? 'sound; nothing was restored' : 'restored and verified';
  const text = `${describeBackup(summary)}: ${done}`;
  process.stdout.write(
    `${flags.json === true ? JSON.stringify({ file, isDryRun, ...summary }) : text}\n`,
  );
}

async function restore(backup: RestoreOptions, flags: StoreOptions): Promise<void> {
  const { docId } = backup.witness;
  const store = await openToFill(docId, flags);
  try {
    await restoreBackup(store, backup);
    await anchorHead(store, {
      file: anchorFileOf(STATE_FOLDER, docId),
      docId,
      clock: Date.now,
    });
  } finally {
    await store.close();
  }
}
