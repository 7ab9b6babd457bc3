import type { Command } from 'commander';
import { DomainError, toInstant } from '#shared/kernel/index.ts';
import { readFigures, readOpenRuns } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import type { ConnectionOptions } from './connection.ts';
import { findDocId, openKeptStore, readWitness } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';
import { describeVariance } from './variance-text.ts';

interface StatusFlags extends ConnectionOptions, StoreOptions {
  readonly json?: true;
}

/** Adds `founder-hq status`: what the ledger says, without asking the doc. */
export function registerStatus(program: Command): void {
  const status = program
    .command('status')
    .summary('what the ledger says: figures, open runs, the chain')
    .description(
      'Shows the figures of the last pass, the runs that are open, and whether the chain is whole. Asks the doc nothing.',
    )
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  npm run -s founder-hq -- status --json');
  addStoreOption(status).action(run);
}

async function run(flags: StatusFlags): Promise<void> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  try {
    const figures = await readFigures(store);
    if (figures === undefined) {
      throw new DomainError(
        'NEVER_SYNCED',
        `No pass has been made over doc ${docId} yet: run \`npm run -s founder-hq -- sync\` first.`,
      );
    }
    const chain = await verifyStore(store, await readWitness(docId));
    const open = await readOpenRuns(store, Date.now());
    const head = await store.head();
    const json = { docId, ...figures, head, chainIntact: chain.ok, openRuns: open };
    const text = [
      `${figures.headline} (as of ${figures.asOf})`,
      '',
      describeVariance(figures.variance.map((row) => ({ ...row, name: row.workflow }))),
      '',
      ...open.map(
        ({ task, state, deskId, startedAtMs }) =>
          `${state}: ${task}, ${deskId}, since ${toInstant(startedAtMs)}`,
      ),
      `ledger: ${head.position} events, chain ${chain.ok ? 'intact' : 'BROKEN'}`,
    ];
    process.stdout.write(`${flags.json === true ? JSON.stringify(json) : text.join('\n')}\n`);
    if (!chain.ok) process.exitCode = 1;
  } finally {
    await store.close();
  }
}
