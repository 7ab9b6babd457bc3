import type { Command } from 'commander';
import { DomainError, type Instant, isDomainError, toInstant } from '#shared/kernel/index.ts';
import { type BudgetUse, readBudgetUse } from '#worker/coda/index.ts';
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
import { parseDuration } from './duration-option.ts';
import { EXIT } from './exit-code.ts';
import { describeFuse } from './fuse-text.ts';
import { countGates, describeResurfaced, describeSums, describeWaiver } from './gates-text.ts';
import { interruptSignal, waitUnless } from './interrupt.ts';
import { findDocId, openKeptStore, readWitness } from './open-store.ts';
import { describeNow, readNow } from './status-now.ts';
import { addStoreOption, type StoreOptions, toPlace } from './store-option.ts';
import { describeVariance } from './variance-text.ts';
import { type StatusView, watchStatus } from './watch-status.ts';
import { openBudgetStore } from './with-budget.ts';

interface StatusFlags extends ConnectionOptions, StoreOptions {
  readonly json?: true;
  /** Units: ms; true where it is for the command to choose. */
  readonly watch?: number | true;
}

/** How often a status that is watched is looked at. Units: ms. */
const EVERY_MS = 5_000;
/** The chain is read whole, so while somebody watches it is not read at every look. Units: ms. */
const VERIFY_MS = 60_000;

/** Adds `founder-hq status`: what the ledger says, without asking the doc. */
export function registerStatus(program: Command): void {
  const status = program
    .command('status')
    .summary('what the ledger says: figures, open runs and their gates, the chain')
    .description(
      'Shows who is at work now and how the last pass ended, alerts and budgets, the figures of the last pass, the runs that are open with what is missing, stale or waived of their gates, and whether the chain is whole. Asks the doc nothing.',
    )
    .option('--doc <url or id>', 'the doc (default: the one served here, else the last one used)')
    .option(
      '--watch [duration]',
      'show it anew until Ctrl-C, every 5s unless told otherwise: on a terminal all of it, elsewhere a line when it has changed',
      parseDuration,
    )
    .option('--json', 'print one JSON object; with --watch one each time it has changed')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s founder-hq -- status --json\n  npm run -s founder-hq -- status --watch 10s',
    );
  addStoreOption(status).action(run);
}

const out = (text: string): void => void process.stdout.write(text);

async function run(flags: StatusFlags): Promise<void> {
  const docId = await findDocId(flags);
  const store = await openKeptStore(docId, flags);
  const look = createLook(store, docId, flags);
  try {
    if (flags.watch === undefined) {
      const { json, lines, isIntact } = await look();
      out(`${flags.json === true ? JSON.stringify(json) : lines.join('\n')}\n`);
      if (!isIntact) process.exitCode = EXIT.failed;
      return;
    }
    const signal = interruptSignal();
    const wait = waitUnless(signal);
    await watchStatus({
      look,
      out,
      ...(process.stdout.isTTY ? { rows: process.stdout.rows } : {}),
      isJson: flags.json === true,
      now: () => toInstant(Date.now()),
      wait: (ms) => wait(ms).catch(() => undefined),
      everyMs: flags.watch === true ? EVERY_MS : flags.watch,
      signal,
    });
  } finally {
    await store.close();
  }
}

/** What stands at this moment, whenever it is asked for. */
function createLook(
  store: Store,
  docId: string,
  flags: StatusFlags,
): () => Promise<StatusView & { isIntact: boolean }> {
  let verified: { readonly atMs: number; readonly isIntact: boolean } | undefined;
  const verify = async (nowMs: number): Promise<boolean> => {
    if (verified === undefined || nowMs - verified.atMs >= VERIFY_MS) {
      const { ok } = await verifyStore(store, await readWitness(docId));
      verified = { atMs: nowMs, isIntact: ok };
    }
    return verified.isIntact;
  };
  return async () => {
    const figures = await readFigures(store);
    if (figures === undefined) {
      throw new DomainError(
        'NEVER_SYNCED',
        `No pass has been made over doc ${docId} yet: run \`npm run -s founder-hq -- sync\` first.`,
      );
    }
    const nowMs = Date.now();
    const isIntact = await verify(nowMs);
    const now = await readNow(store, { docId, nowMs });
    const open = await readOpenRuns(store, nowMs);
    const gates = await readGates(store, toInstant(nowMs));
    const fuses = [...(await readFuses(store)).values()];
    const head = await store.head();
    const budget = await readUse(docId, flags, nowMs);
    const json = {
      docId,
      ...now,
      ...figures,
      head,
      chainIntact: isIntact,
      openRuns: open,
      fuses,
      gates: { ...countGates(gates.runs), ...gates },
      budget,
    };
    const gatesOf = new Map(gates.runs.map((gated) => [gated.runId, gated]));
    const ledger = `ledger: ${head.position} events, chain ${isIntact ? 'intact' : 'BROKEN'}`;
    const lines = [
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
      ...describeNow(now),
      ...describeUse(budget),
      ledger,
    ];
    const runs = `${open.length} ${open.length === 1 ? 'run' : 'runs'} open`;
    const lost = fuses.map(({ table }) => `rows of ${table} missing`);
    const line = [...describeNow(now), runs, ...lost, ledger].join('; ');
    return { json, lines, line, isIntact };
  };
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

/** What workers here have used of the account's limits; null where none of them ever had any to keep. */
async function readUse(
  docId: string,
  flags: StatusFlags,
  nowMs: number,
): Promise<BudgetUse | null> {
  try {
    const store = await openBudgetStore(docId, { ...toPlace(flags), mustExist: true });
    try {
      return await readBudgetUse(store, { docId, nowMs });
    } finally {
      await store.close();
    }
  } catch (error) {
    if (isDomainError(error) && error.code === 'STORE_MISSING') return null;
    throw error;
  }
}

function describeUse(budget: BudgetUse | null): readonly string[] {
  if (budget === null) return [];
  const { today, rowWrites, pausedUntil } = budget;
  const { reads, writes, refused } = today;
  return [
    `API today: ${reads} reads, ${writes} writes (${today.rowWrites} to rows), ${refused} refused as too many; ${rowWrites.taken} of ${rowWrites.of} row writes taken just now`,
    ...(pausedUntil === null
      ? []
      : [`API left alone until ${pausedUntil}: it refused too many requests`]),
  ];
}
