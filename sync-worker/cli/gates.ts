import type { Command } from 'commander';
import type { RunGateReport } from '#worker/gates/index.ts';
import { readOpenGates } from '#worker/sync/index.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openKeptStore } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface GatesFlags extends ConnectionOptions, StoreOptions {
  readonly run?: string;
  readonly json?: true;
}

/** Adds `founder-hq gates`: how the open runs stand to their gates. */
export function registerGates(program: Command): void {
  const gates = program
    .command('gates')
    .summary('what the open runs still need before they are done')
    .description(
      'Reads the doc and the ledger and shows each gate of each open run: its status, its conditions, what is missing, and its history. Writes nothing. Ends with 3 where a required gate is not open.',
    )
    .option('--run <id>', 'only this run')
    .option('--json', 'print one JSON object');
  addConnectionOptions(gates).addHelpText(
    'after',
    '\nExample:\n  npm run -s founder-hq -- gates --json',
  );
  addStoreOption(gates).action(async (flags: GatesFlags) => {
    process.exitCode = await run(flags);
  });
}

async function run(flags: GatesFlags): Promise<ExitCode> {
  const { api, docId, clock } = await connect(flags, { env: process.env });
  const store = await openKeptStore(docId, flags);
  try {
    const all = await readOpenGates(store, { api, docId, nowMs: clock() });
    const runs = all.filter(({ runId }) => flags.run === undefined || runId === flags.run);
    const text = flags.json === true ? JSON.stringify({ docId, runs }) : describe(runs);
    process.stdout.write(`${text}\n`);
    return runs.every(({ isOpen }) => isOpen) ? EXIT.done : EXIT.refused;
  } finally {
    await store.close();
  }
}

function describe(runs: readonly RunGateReport[]): string {
  if (runs.length === 0) return 'no open run needs a gate';
  const lines = runs.flatMap(({ runId, task, state, gates, missing }) => [
    `${state}: ${task} (run ${runId})`,
    ...gates.map(({ gate, status, history, waiver }) => {
      const by =
        waiver === undefined ? '' : `, waived by ${waiver.approver} until ${waiver.expiresAt}`;
      return `  ${status} ${gate}${by}${history === '' ? '' : ` (${history})`}`;
    }),
    ...missing.map((line) => `  missing: ${line}`),
  ]);
  return [
    ...lines,
    'Another person than who asks may waive a gate; in a doc of one person that person, for at most 14 days.',
  ].join('\n');
}
