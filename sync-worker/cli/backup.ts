import type { Command } from 'commander';
import { sumOf } from '#shared/kernel/index.ts';
import { type BackupSummary, writeBackup } from '#worker/backup/index.ts';
import type { ConnectionOptions } from './connection.ts';
import { givenNewPath } from './given-path.ts';
import { findDocId, openKeptStore, readWitness } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface BackupFlags extends ConnectionOptions, StoreOptions {
  readonly json?: true;
}

/** Adds `founder-hq backup`: the whole ledger in one file. */
export function registerBackup(program: Command): void {
  const backup = program
    .command('backup')
    .argument('<file>', 'where it goes; an older backup there stays until the new one is whole')
    .summary('the whole ledger in one file')
    .description(
      'Writes all the ledger holds, as one moment left it, into one file that any store can be restored from. Others may go on working. The file is read back and checked before it takes its name.',
    )
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npm run -s founder-hq -- backup ledger.backup');
  addStoreOption(backup).action(run);
}

/** What a backup holds, for a person. */
export function describeBackup({ docId, at, head, tables }: BackupSummary): string {
  const rows = sumOf(Object.values(tables));
  return `doc ${docId} as of ${at}: ${head.position} events, ${rows} rows in all`;
}

async function run(path: string, flags: BackupFlags): Promise<void> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  try {
    const file = givenNewPath(path);
    const witness = await readWitness(docId);
    const summary = await writeBackup(store, { file, witness, clock: Date.now });
    const text = `${describeBackup(summary)}, written to \`${file}\` and read back`;
    process.stdout.write(`${flags.json === true ? JSON.stringify({ file, ...summary }) : text}\n`);
  } finally {
    await store.close();
  }
}
