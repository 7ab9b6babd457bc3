import type { DocFinding, WorkflowVariance } from '#shared/doc/index.ts';
import { type Clock, DomainError, toInstant } from '#shared/kernel/index.ts';
import { ANCHOR_KEY, planPush, type VisibleRow, type Write } from '#shared/ledger/index.ts';
import { awaitMutations, type Wait } from '#worker/coda/index.ts';
import type { RunGateReport } from '#worker/gates/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { actOnGates } from './act-on-gates.ts';
import { checkAnchor } from './check-anchor.ts';
import { decide, type Look } from './decide.ts';
import { keepFigures } from './figures.ts';
import { fillOutbox, type WantedTable } from './fill-outbox.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import { type Books, readOutcomes, toViewRuns } from './ledger-books.ts';
import { createIsPublished, toRunRows } from './publish-runs.ts';
import { type Pulled, pull, type SyncTarget } from './pull.ts';
import { type PushContext, pushLedger, pushOutbox, readPublished } from './push.ts';
import { type RollUp, rollUp } from './roll-up.ts';

/** The steps of a tick, in their order. */
export type TickStep = 'pull' | 'decide' | 'act' | 'roll up' | 'push' | 'confirm';

/** How a tick is run. */
export interface TickOptions {
  readonly store: Store;
  readonly target: SyncTarget;
  readonly clock: Clock;
  readonly wait: Wait;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
  /** How long a lifecycle command is held for earlier presses. Units: ms. @default HOLD_MS */
  readonly holdMs?: number;
  /** How long to ask after what was sent; what is not confirmed by then shows at a later tick. Units: ms. @default 45_000 */
  readonly confirmMs?: number;
  readonly onStep?: (step: TickStep) => void;
  /** Stops the tick before its next step or request; what is done by then stays done. */
  readonly signal?: AbortSignal;
}

/** What a tick did. */
export interface TickReport {
  readonly events: number;
  /** Commands that were decided. */
  readonly commands: number;
  /** Commands that wait for their time. */
  readonly waiting: number;
  readonly observed: { readonly recorded: number; readonly removed: number };
  /** Rows that were sent. */
  readonly rowsSent: number;
  /** Rows sent earlier that the doc does not show yet. */
  readonly rowsOnTheirWay: number;
  /** Requests the doc took in but had not carried out when the tick ended. */
  readonly unconfirmed: number;
  readonly variance: readonly WorkflowVariance[];
  /** The one sentence about the workflow that matters most. */
  readonly headline: string;
  readonly findings: readonly DocFinding[];
  /** How the open runs stand that have gates. */
  readonly gates: readonly RunGateReport[];
  /** Whether the Ledger table came along in a copy of another doc, so that nothing in it was heeded. */
  readonly isCopied: boolean;
  /** Whether the doc shows all the ledger says, so that another tick would do nothing. */
  readonly isSettled: boolean;
}

const CONFIRM_MS = 45_000;

/**
 * One pass between ledger and doc: pull, decide, act on gates, roll up, push, confirm. Each step is durable before the next begins,
 * so a tick that ends anywhere is finished by the next one. A tick with nothing to do writes nothing.
 * Errors: `LEASE_HELD`, `LEASE_LOST`, `LEDGER_ELSEWHERE`, `INTERRUPTED`, those of the API and of the store.
 */
export async function tick(options: TickOptions): Promise<TickReport> {
  const { store, clock } = options;
  const lease = await holdLease(store, clock);
  try {
    return await runSteps(options, lease);
  } finally {
    await lease.release();
  }
}

async function runSteps(options: TickOptions, lease: HeldLease): Promise<TickReport> {
  const { store, target, clock, lagMs } = options;
  const { position: before } = await store.head();
  begin('pull', options);
  const pulled = await pull(target, lease.keep);
  await lease.check();
  const { under } = lease;
  const isCopied = (await checkAnchor(store, pulled.ledgerRows, target.docId)) === 'copied';
  const ledgerRows = isCopied ? [] : pulled.ledgerRows;

  begin('decide', options);
  const nowMs = clock();
  const look = { pulled, ledgerRows, nowMs, under };
  const { decided, observed } = await decide(options, look);

  begin('act', options);
  const { books, gates, rolled } = await actAndRollUp(options, decided.books, look);
  const tables = toTables({ pulled, books, rolled, target });
  const { due, later } = await fillOutbox(store, tables, { lagMs, nowMs, under });

  begin('push', options);
  const context: PushContext = {
    store,
    target,
    get under() {
      return lease.under;
    },
    nowMs: clock,
    checkLease: createCheck(options, lease),
  };
  const plan = isCopied ? NOTHING : await planLedger(ledgerRows, { books, context, pulled, lagMs });
  const requestIds = [
    ...(await pushOutbox(due, context)),
    ...(await pushLedger(plan.due, books.sent, context)),
  ];
  const { report, headline } = rolled;
  const figures = { asOf: toInstant(nowMs), headline, variance: report.rows };
  await keepFigures(store, figures, lease.under);

  begin('confirm', options);
  const unconfirmed = await confirm(requestIds, options);
  const { position: after } = await store.head();
  const rowsSent = due.length + plan.due.length;
  const rowsOnTheirWay = later + plan.later;
  return {
    events: after - before,
    commands: decided.decided,
    waiting: decided.waiting,
    observed,
    rowsSent,
    rowsOnTheirWay,
    unconfirmed,
    variance: report.rows,
    headline,
    findings: [...target.binding.findings, ...pulled.findings, ...report.findings],
    gates,
    isCopied,
    isSettled: rowsSent + rowsOnTheirWay + decided.waiting === 0,
  };
}

/** Gates ask for figures as they stand before, and a run that a gate has ended changes them. */
async function actAndRollUp(
  options: TickOptions,
  decided: Books,
  { pulled: { doc }, nowMs, under }: Look,
): Promise<{
  readonly books: Books;
  readonly gates: TickReport['gates'];
  readonly rolled: RollUp;
}> {
  const { timeZone } = options.target;
  const published = await readPublished(options.store);
  const toFigures = (books: Books): RollUp =>
    rollUp({ doc, runs: toViewRuns(books, nowMs), timeZone, published });
  const before = toFigures(decided);
  const facts = { books: decided, doc, groups: before.report.groups, timeZone, nowMs };
  const { books, gates } = await actOnGates(options.store, facts, under);
  begin('roll up', options);
  return { books, gates, rolled: books === decided ? before : toFigures(books) };
}

/** Tells of a step, unless somebody has asked to stop before it. */
function begin(step: TickStep, { signal, onStep }: TickOptions): void {
  stopIfAsked(signal);
  onStep?.(step);
}

/** Asked before every request of a push. */
const createCheck =
  ({ signal }: TickOptions, lease: HeldLease): (() => Promise<void>) =>
  async () => {
    stopIfAsked(signal);
    await lease.check();
  };

function stopIfAsked(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const message = 'Stopped before the end: the same command goes on where this one stopped.';
  throw new DomainError('INTERRUPTED', message, { retryable: true });
}

function toTables(facts: {
  readonly pulled: Pulled;
  readonly books: Books;
  readonly rolled: RollUp;
  readonly target: SyncTarget;
}): readonly WantedTable[] {
  const { pulled, books, rolled, target } = facts;
  const runRows = toRunRows(books.runs.values(), { doc: pulled.doc });
  const table = (name: WantedTable['name'], keyColumn: string, rows: WantedTable['rows']) => ({
    name,
    keyColumn,
    rows,
    bound: target.binding.tables.get(name),
    raw: pulled.raw.get(name) ?? [],
  });
  return [
    table('workflows', 'external_id', rolled.workflows),
    table('tasks', 'external_id', rolled.tasks),
    table('execution_runs', 'run_id', runRows),
  ];
}

/** Writes to the Ledger table that are due, and how many rows were sent that it does not show yet. */
interface LedgerPlan {
  readonly due: readonly Write[];
  readonly later: number;
}

const NOTHING: LedgerPlan = { due: [], later: 0 };

async function planLedger(
  rows: readonly VisibleRow[],
  facts: {
    readonly books: Books;
    readonly context: PushContext;
    readonly pulled: Pulled;
    readonly lagMs: number;
  },
): Promise<LedgerPlan> {
  const { books, context, pulled, lagMs } = facts;
  const { store, target, nowMs } = context;
  const keys = rows.filter(({ kind, key }) => kind !== 'state' && key !== '').map(({ key }) => key);
  const outcomes = await readOutcomes(store, new Set(keys));
  const plan = {
    rows,
    desks: books.desks,
    outcomeOf: (key: string) => outcomes.get(key),
    isWaiting: (key: string) => books.inbox.has(key),
    isPublished: createIsPublished(pulled.doc),
    anchor: { docId: target.docId, ...(await store.head()), epoch: 1 },
    sent: books.sent,
    nowMs: nowMs(),
    sha256,
  };
  const due = planPush({ ...plan, visibleAfterMs: lagMs });
  const dueIds = new Set([ANCHOR_KEY, ...due.map(({ id }) => id)]);
  const missing = planPush({ ...plan, visibleAfterMs: 0 });
  return { due, later: missing.filter(({ id }) => !dueIds.has(id)).length };
}

async function confirm(requestIds: readonly string[], options: TickOptions): Promise<number> {
  const { target, clock, wait, lagMs, confirmMs = CONFIRM_MS } = options;
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  const poll = { clock, wait, giveUpMs: confirmMs, ...timing };
  return (await awaitMutations(target.api, requestIds, poll)).unconfirmed.length;
}
