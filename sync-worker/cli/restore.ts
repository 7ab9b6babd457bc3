import type { Command } from 'commander';
import { type BackupSummary, checkBackup, restoreBackup } from '#worker/backup/index.ts';
import { anchorFileOf, anchorHead } from '#worker/verify/index.ts';
import { describeBackup } from './backup.ts';
import { type ConnectionOptions, STATE_FOLDER } from './connection.ts';
import { givenPath } from './given-path.ts';
import { findDocId, openDocStore, readWitness } from './open-store.ts';
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
  const summary = isDryRun
    ? await checkBackup(file, await readWitness(docId))
    : await restore(file, docId, flags);
  const done = isDryRun ? 'sound; nothing was restored' : 'restored and verified';
  const text = `${describeBackup(summary)}: ${done}`;
  process.stdout.write(
    `${flags.json === true ? JSON.stringify({ file, isDryRun, ...summary }) : text}\n`,
  );
}

async function restore(file: string, docId: string, flags: StoreOptions): Promise<BackupSummary> {
  const store = await openDocStore(docId, flags);
  try {
    const summary = await restoreBackup(store, { file, witness: await readWitness(docId) });
    await anchorHead(store, {
      file: anchorFileOf(STATE_FOLDER, docId),
      docId,
      clock: Date.now,
    });
    return summary;
  } finally {
    await store.close();
  }
}
