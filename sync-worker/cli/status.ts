import type { Command } from 'commander';
import { DomainError, type Instant, toInstant } from '#shared/kernel/index.ts';
import {
  listResurfaced,
  type Resurfaced,
  type RunGateReport,
  reportGates,
} from '#worker/gates/index.ts';
import type { Store } from '#worker/store/index.ts';
import { readFigures, readFuses, readKeptGates, readOpenRuns } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import type { ConnectionOptions } from './connection.ts';
import { describeFuse } from './fuse-text.ts';
import { countGates, describeResurfaced, describeSums, describeWaiver } from './gates-text.ts';
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
    .summary('what the ledger says: figures, open runs and their gates, the chain')
    .description(
      'Shows the figures of the last pass, the runs that are open with what is missing, stale or waived of their gates, and whether the chain is whole. Asks the doc nothing.',
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
    const nowMs = Date.now();
    const open = await readOpenRuns(store, nowMs);
    const gates = await readGates(store, toInstant(nowMs));
    const fuses = [...(await readFuses(store)).values()];
    const head = await store.head();
    const json = {
      docId,
      ...figures,
      head,
      chainIntact: chain.ok,
      openRuns: open,
      fuses,
      gates: { ...countGates(gates.runs), ...gates },
    };
    const gatesOf = new Map(gates.runs.map((gated) => [gated.runId, gated]));
    const text = [
      `${figures.headline} (as of ${figures.asOf})`,
      '',
      describeVariance(figures.variance.map((row) => ({ ...row, name: row.workflow }))),
      '',
      ...open.flatMap(({ runId, task, state, deskId, startedAtMs }) => [
        `${state}: ${task}, ${deskId}, since ${toInstant(startedAtMs)}`,
        ...describeStanding(gatesOf.get(runId)),
      ]),
      ...describeResurfaced(gates.resurfaced),
      ...(gates.asOf === null ? [] : [`${describeSums(gates.runs)} (seen ${gates.asOf})`]),
      ...fuses.flatMap(describeFuse),
      `ledger: ${head.position} events, chain ${chain.ok ? 'intact' : 'BROKEN'}`,
    ];
    process.stdout.write(`${flags.json === true ? JSON.stringify(json) : text.join('\n')}\n`);
    if (!chain.ok) process.exitCode = 1;
  } finally {
    await store.close();
  }
}

/** What was last seen of the gates, judged at this moment: waivers and passes may have run out since. */
async function readGates(
  store: Store,
  at: Instant,
): Promise<{
  readonly asOf: Instant | null;
  readonly runs: readonly RunGateReport[];
  readonly resurfaced: readonly Resurfaced[];
}> {
  const kept = await readKeptGates(store);
  const runs = kept === undefined ? [] : await reportGates(store, kept.runs, at);
  return { asOf: kept?.asOf ?? null, runs, resurfaced: await listResurfaced(store, at) };
}

function describeStanding(gated: RunGateReport | undefined): readonly string[] {
  if (gated === undefined) return [];
  const { gates, faults, dueDate, isOverdue } = gated;
  const overdue = isOverdue && dueDate !== undefined ? ` (overdue, due ${dueDate})` : '';
  const missing = [
    ...gates.filter(({ isOpen, status }) => !isOpen && status !== 'STALE').map(({ gate }) => gate),
    ...faults,
  ];
  return [
    ...(missing.length === 0 ? [] : [`  missing${overdue}: ${missing.join('; ')}`]),
    ...gates.flatMap(({ status, gate, why, waiver }) => {
      if (status === 'STALE') return [`  stale${overdue}: ${gate}, ${why}`];
      return waiver === undefined ? [] : [`  ${gate}: ${describeWaiver(waiver)}`];
    }),
  ];
}
