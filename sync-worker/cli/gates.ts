import type { Command } from 'commander';
import { DomainError } from '#shared/kernel/index.ts';
import { readGateHistory } from '#worker/gates/index.ts';
import { type Books, type GatesNow, readBooks, readOpenGates } from '#worker/sync/index.ts';
import { addConnectionOptions, type ConnectionOptions, connect } from './connection.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { describeGates, describeHistory, describeNextPass, willEnd } from './gates-text.ts';
import { findDocId, openKeptStore } from './open-store.ts';
import { addStoreOption, type StoreOptions } from './store-option.ts';

interface GatesFlags extends ConnectionOptions, StoreOptions {
  readonly run?: string;
  readonly history?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  npm run -s founder-hq -- gates
  npm run -s founder-hq -- gates --dry-run
  npm run -s founder-hq -- gates --history "Audit Acme"`;

/** Adds `founder-hq gates`: how the open runs stand to their gates. */
export function registerGates(program: Command): void {
  const gates = program
    .command('gates')
    .summary('what the open runs still need before they are done')
    .description(
      'Reads the doc and the ledger and shows each gate of each open run: its status, its conditions with their figures, waivers, and what is missing. Writes nothing. Ends with 3 where a required gate is not open.',
    )
    .option('--run <id or task>', 'only this run')
    .option('--dry-run', 'what the next pass would judge and which states it would change')
    .option('--history <id or task>', 'every check and change of a run’s gates, from the ledger')
    .option('--json', 'print one JSON object');
  addConnectionOptions(gates).addHelpText('after', EXAMPLE);
  addStoreOption(gates).action(async (flags: GatesFlags) => {
    process.exitCode =
      flags.history === undefined ? await show(flags) : await tell(flags.history, flags);
  });
}

async function show(flags: GatesFlags): Promise<ExitCode> {
  const { api, docId, clock } = await connect(flags, { env: process.env });
  const store = await openKeptStore(docId, flags);
  try {
    const all = await readOpenGates(store, { api, docId, nowMs: clock() });
    const now = flags.run === undefined ? all : chooseRun(all, flags.run);
    const text = flags.json === true ? JSON.stringify(toJson(docId, now)) : describe(now, flags);
    process.stdout.write(`${text}\n`);
    return now.runs.every((one) => one.isOpen) ? EXIT.done : EXIT.refused;
  } finally {
    await store.close();
  }
}

const describe = (now: GatesNow, { dryRun }: GatesFlags): string =>
  dryRun === true ? describeNextPass(now) : describeGates(now);

const toJson = (docId: string, { runs, resurfaced, presses }: GatesNow): object => ({
  docId,
  runs: runs.map((one) => ({ ...one, endsNext: willEnd(one) })),
  resurfaced,
  presses,
});

function chooseRun(now: GatesNow, called: string): GatesNow {
  const { runs, openRuns, resurfaced } = now;
  const open = openRuns.filter((one) => isCalled(one, called)).map(({ runId }) => runId);
  if (open.length === 0) {
    const names = openRuns.map(({ task, runId }) => `\`${task}\` (${runId})`).join(', ');
    const known = names === '' ? 'none is open' : `open are ${names}`;
    throw new DomainError('RUN_UNKNOWN', `No open run is called \`${called}\`: ${known}.`);
  }
  const isMine = ({ runId }: { readonly runId: string }): boolean => open.includes(runId);
  return { ...now, runs: runs.filter(isMine), resurfaced: resurfaced.filter(isMine) };
}

async function tell(called: string, flags: GatesFlags): Promise<ExitCode> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  try {
    const runs = findRuns(await readBooks(store), called);
    const told = [];
    for (const one of runs) told.push({ ...one, gates: await readGateHistory(store, one.runId) });
    const lines = told.flatMap(({ runId, task, state, gates }) => [
      `${state}: ${task} (run ${runId})`,
      ...(gates.length === 0 ? ['  nothing has happened to a gate of it'] : describeHistory(gates)),
    ]);
    const text = flags.json === true ? JSON.stringify({ docId, runs: told }) : lines.join('\n');
    process.stdout.write(`${text}\n`);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

interface CalledRun {
  readonly runId: string;
  readonly task: string;
  readonly state: string;
}

/** Every run of a task, open or done, the earliest first; or the one with this id. Errors: `RUN_UNKNOWN`. */
function findRuns({ runs }: Books, called: string): readonly CalledRun[] {
  const found = [...runs.values()]
    .map(({ run: { run, task } }) => ({ ...run, task }))
    .filter((one) => isCalled(one, called))
    .sort((one, other) => ((one.startedAt ?? '') < (other.startedAt ?? '') ? -1 : 1))
    .map(({ runId, task, state }) => ({ runId, task, state }));
  if (found.length > 0) return found;
  throw new DomainError(
    'RUN_UNKNOWN',
    `The ledger has no run \`${called}\`, nor a run of such a task.`,
  );
}

const isCalled = (
  { runId, task }: { readonly runId: string; readonly task: string },
  called: string,
): boolean => runId === called || task.trim().toLowerCase() === called.trim().toLowerCase();
