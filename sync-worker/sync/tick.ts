import type { DocFinding, WorkflowVariance } from '#shared/doc/index.ts';
import { type Clock, DomainError, toInstant } from '#shared/kernel/index.ts';
import { awaitMutations, type Wait } from '#worker/coda/index.ts';
import type { RunGateReport } from '#worker/gates/index.ts';
import { createCostSettings } from '#worker/spending/index.ts';
import type { OutboxItem, Store } from '#worker/store/index.ts';
import { actOnGates } from './act-on-gates.ts';
import { keepConflicts, toConflictFinding } from './cell-books.ts';
import { checkAnchor } from './check-anchor.ts';
import { decide, type Look } from './decide.ts';
import { keepFigures } from './figures.ts';
import type { BlownFuse } from './fuse.ts';
import { listHeld } from './held-rows.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import { keepShape, readShape, refuseLoss, toShape } from './known-shape.ts';
import { type Books, toViewRuns } from './ledger-books.ts';
import { type LedgerFacts, planLedger, planRows } from './plan-writes.ts';
import { type Pulled, pull, refuseShapeLoss } from './pull.ts';
import { type PushReport, pushLedger, pushOutbox, readPublished } from './push.ts';
import { type RollUp, rollUp } from './roll-up.ts';
import type { PushContext } from './send-rows.ts';
import { keepStillness } from './stillness.ts';
import type { SyncTarget } from './sync-target.ts';

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
  /** Whether a person has looked at what the doc lost, rows and columns, and means it to be gone. @default false */
  readonly acceptDeletes?: boolean;
  /** How long to ask after what was sent; what is not confirmed by then shows at a later tick. Units: ms. @default 180_000 */
  readonly confirmMs?: number;
  /** Told what to ask before every try of a write, from then on: whether this worker still has the doc. */
  readonly guardWrites?: (mayWrite: () => Promise<void>) => void;
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
  /** Rows the doc does not take as they are, named in the findings: they wait until they say something else. */
  readonly held: number;
  /** Cells the ledger fills and somebody typed over, named in the findings: they are left as they are. */
  readonly conflicts: number;
  /** Tables that seem to have lost too many rows at once: nothing was removed for them and nothing written to them. */
  readonly fuses: readonly BlownFuse[];
  /** Whether the Ledger table came along in a copy of another doc, so that nothing in it was heeded. */
  readonly isCopied: boolean;
  /** Whether the doc shows all the ledger says, but for rows that are held back, so that another tick would do nothing. */
  readonly isSettled: boolean;
}

const CONFIRM_MS = 180_000;

/**
 * One pass between ledger and doc: pull, decide, act on gates, roll up, push, confirm. Each step is durable before the next begins,
 * so a tick that ends anywhere is finished by the next one. A tick with nothing to do writes nothing.
 * Errors: `LEASE_HELD`, `LEASE_LOST`, `LEDGER_ELSEWHERE`, `LIST_SHORT`, `SHAPE_CHANGED`, `INTERRUPTED`, those of the API and of the store.
 */
export async function tick(options: TickOptions): Promise<TickReport> {
  const { store, clock } = options;
  const lease = await holdLease(store, clock);
  options.guardWrites?.(createCheck(options, lease));
  try {
    return await runSteps(options, lease);
  } finally {
    options.guardWrites?.(async () => {});
    await lease.release();
  }
}

async function runSteps(given: TickOptions, lease: HeldLease): Promise<TickReport> {
  const { store, clock, lagMs } = given;
  const { position: before } = await store.head();
  begin('pull', given);
  const lookedAtMs = clock();
  const pulled = await pullUnder(given, lease);
  const { target } = pulled;
  const options = { ...given, target };
  const { under } = lease;
  const isCopied = (await checkAnchor(store, pulled.ledgerRows, target.docId)) === 'copied';
  const ledgerRows = isCopied ? [] : pulled.ledgerRows;

  begin('decide', options);
  const nowMs = clock();
  const look = { pulled, ledgerRows, nowMs, under };
  const { decided, observed } = await decide(options, look);

  begin('act', options);
  const { books, gates, rolled } = await actAndRollUp(options, decided.books, look);
  const facts = { store, target, pulled, ledgerRows, books, rolled, isCopied, lagMs };
  const rows = await planRows(facts, { nowMs, under });

  begin('push', options);
  const context = toPushContext(options, lease);
  const conflicts = await keepConflicts(store, rows.typedOver, { nowMs, under });
  const pushed = await push(rows.due, { ...facts, conflicts }, context);
  const { report, headline } = rolled;
  const figures = { asOf: toInstant(nowMs), headline, variance: report.rows };
  await keepFigures(store, figures, lease.under);

  const rowsSent = pushed.rows;
  const rowsOnTheirWay = rows.later + pushed.unsent;
  const isSettled = rowsSent + rowsOnTheirWay + decided.waiting + pulled.fuses.length === 0;
  const still = { ...pulled.still, lookedAtMs, nowMs: clock(), isSettled, lagMs };
  await keepStillness(store, still, lease.under);

  begin('confirm', options);
  const unconfirmed = await confirm(pushed.requestIds, options, lease);
  const { position: after } = await store.head();
  const held = await listHeld(store, nowMs);
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
    findings: [
      ...target.binding.findings,
      ...pulled.findings,
      ...report.findings,
      ...held,
      ...conflicts.flatMap(toConflictFinding),
    ],
    held: held.length,
    conflicts: conflicts.filter(({ agreedAt }) => agreedAt === undefined).length,
    gates,
    fuses: pulled.fuses,
    isCopied,
    isSettled,
  };
}

/** Sends what the doc does not show yet. */
async function push(
  due: readonly OutboxItem[],
  facts: LedgerFacts,
  context: PushContext,
): Promise<PushReport> {
  const { under } = context;
  const nowMs = context.nowMs();
  const ledger = await planLedger(facts, { nowMs, under });
  const reports = [
    await pushOutbox(due, context),
    await pushLedger(ledger.due, facts.books.sent, context),
  ];
  return {
    requestIds: reports.flatMap(({ requestIds }) => requestIds),
    rows: reports.reduce((sum, { rows }) => sum + rows, 0),
    unsent: reports.reduce((sum, { unsent }) => sum + unsent, ledger.later),
  };
}

/** Reads a doc that still has what it had. */
async function pullUnder(
  { store, target, clock, lagMs, acceptDeletes = false }: TickOptions,
  lease: HeldLease,
): Promise<Pulled> {
  const known = acceptDeletes ? undefined : await readShape(store);
  if (known !== undefined) refuseLoss(known, target.binding);
  const pulled = await pull({
    store,
    target,
    lagMs,
    nowMs: clock(),
    isAccepted: acceptDeletes,
    onPage: lease.keep,
    under: async () => {
      await lease.check();
      return lease.under;
    },
  });
  await keepShape(store, toShape(pulled.target.binding), lease.under);
  return pulled;
}

const toPushContext = (options: TickOptions, lease: HeldLease): PushContext => ({
  store: options.store,
  target: options.target,
  get under() {
    return lease.under;
  },
  nowMs: options.clock,
  checkLease: createCheck(options, lease),
  checkShape: () => refuseShapeLoss(options.target),
});

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
  const settings = createCostSettings(options.target, options.store);
  const facts = { books: decided, doc, groups: before.report.groups, timeZone, settings, nowMs };
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

/** Asks for minutes, so that the lease is renewed meanwhile. */
async function confirm(
  requestIds: readonly string[],
  options: TickOptions,
  lease: HeldLease,
): Promise<number> {
  const { target, clock, wait, lagMs, confirmMs = CONFIRM_MS, signal } = options;
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  const onRound = async (): Promise<void> => {
    stopIfAsked(signal);
    await lease.keep();
  };
  const poll = { clock, wait, giveUpMs: confirmMs, onRound, ...timing };
  return (await awaitMutations(target.api, requestIds, poll)).unconfirmed.length;
}
