import type { DocFinding, FounderHqDoc, WorkflowVariance } from '#shared/doc/index.ts';
import { type Clock, toInstant } from '#shared/kernel/index.ts';
import {
  HOLD_MS,
  type Json,
  parseAnchorRow,
  planPush,
  type VisibleRow,
} from '#shared/ledger/index.ts';
import { awaitMutations, type Wait } from '#worker/coda/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { decideCommands } from './decide-commands.ts';
import { fillOutbox, type WantedTable } from './fill-outbox.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import { type Books, readOutcomes, toViewRuns } from './ledger-books.ts';
import { observeRuns } from './observe-runs.ts';
import { toRunRows } from './publish-runs.ts';
import { type Pulled, pull, type SyncTarget } from './pull.ts';
import { type PushContext, pushLedger, pushOutbox } from './push.ts';
import { type RollUp, rollUp } from './roll-up.ts';

/** The steps of a tick, in their order. */
export type TickStep = 'pull' | 'decide' | 'roll up' | 'push' | 'confirm';

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
  /** Whether the doc shows all the ledger says, so that another tick would do nothing. */
  readonly isSettled: boolean;
}

const CONFIRM_MS = 45_000;
const FIGURES = 'figures';
/** The id under which the last figures are kept. */
export const LATEST = 'latest';

/**
 * One pass between ledger and doc: pull, decide, roll up, push, confirm. Each step is durable before the next begins,
 * so a tick that ends anywhere is finished by the next one. A tick with nothing to do writes nothing.
 * Errors: `LEASE_HELD`, `LEASE_LOST`, `DOC_COPIED`, those of the API and of the store.
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
  const { store, target, clock, lagMs, onStep } = options;
  const { position: before } = await store.head();
  onStep?.('pull');
  const pulled = await pull(target);
  const ledgerRows = isCopied(pulled.ledgerRows, target.docId) ? [] : pulled.ledgerRows;

  onStep?.('decide');
  const nowMs = clock();
  const { fence } = lease;
  const decided = await decideCommands(store, {
    rows: ledgerRows,
    nowMs,
    holdMs: options.holdMs ?? HOLD_MS,
    sha256,
    fence,
    isPublished: createIsPublished(pulled.doc),
  });
  const { books } = decided;
  const typed = pulled.doc.executionRuns.filter(({ runId = '' }) => !books.runs.has(runId));
  const observed = await observeRuns(store, { rows: typed, nowMs, fence });

  onStep?.('roll up');
  const rolled = rollUp(pulled.doc, toViewRuns(books, nowMs));
  const due = await fillOutbox(store, toTables({ pulled, books, rolled, target, nowMs }), {
    lagMs,
    nowMs,
    fence,
  });

  onStep?.('push');
  const context = { store, target, fence, nowMs: clock, checkLease: lease.check };
  const writes = await planLedger(ledgerRows, { books, context, pulled });
  const requestIds = [
    ...(await pushOutbox(due, context)),
    ...(await pushLedger(writes, books.sent, context)),
  ];
  await keepFigures(options, { rolled, nowMs, fence });

  onStep?.('confirm');
  const unconfirmed = await confirm(requestIds, options);
  const { position: after } = await store.head();
  const outbox = await store.listOutbox();
  const rowsSent = due.length + writes.length;
  return {
    events: after - before,
    commands: decided.decided,
    waiting: decided.waiting,
    observed,
    rowsSent,
    rowsOnTheirWay: outbox.length - due.length,
    unconfirmed,
    variance: rolled.report.rows,
    headline: rolled.headline,
    findings: [...target.binding.findings, ...pulled.findings, ...rolled.report.findings],
    isSettled: rowsSent === 0 && outbox.length === 0 && decided.waiting === 0,
  };
}

function toTables(facts: {
  readonly pulled: Pulled;
  readonly books: Books;
  readonly rolled: RollUp;
  readonly target: SyncTarget;
  readonly nowMs: number;
}): readonly WantedTable[] {
  const { pulled, books, rolled, target, nowMs } = facts;
  const { zone } = target;
  const runRows = toRunRows(books.runs.values(), {
    doc: pulled.doc,
    zone,
    now: toInstant(nowMs),
  });
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

async function planLedger(
  rows: readonly VisibleRow[],
  facts: { readonly books: Books; readonly context: PushContext; readonly pulled: Pulled },
): Promise<ReturnType<typeof planPush>> {
  const { books, context, pulled } = facts;
  const { store, target, nowMs } = context;
  const keys = rows.filter(({ kind, key }) => kind !== 'state' && key !== '').map(({ key }) => key);
  const outcomes = await readOutcomes(store, new Set(keys));
  return planPush({
    rows,
    desks: books.desks,
    outcomeOf: (key) => outcomes.get(key),
    isWaiting: (key) => books.inbox.has(key),
    isPublished: createIsPublished(pulled.doc),
    anchor: { docId: target.docId, ...(await store.head()), epoch: 1 },
    sent: books.sent,
    nowMs: nowMs(),
    sha256,
  });
}

/** A run may leave its desk once Execution Runs shows its end. */
function createIsPublished(doc: FounderHqDoc): (runId: string) => boolean {
  const ended = new Set(
    doc.executionRuns.flatMap(({ runId, endedAt, netMs }) =>
      runId !== undefined && (endedAt !== undefined || netMs !== undefined) ? [runId] : [],
    ),
  );
  return (runId) => ended.has(runId);
}

/** Rows that came along in a copy of another doc say nothing about this one. */
const isCopied = (rows: readonly VisibleRow[], docId: string): boolean =>
  rows.some((row) => (parseAnchorRow(row)?.docId ?? docId) !== docId);

async function keepFigures(
  { store }: TickOptions,
  {
    rolled,
    nowMs,
    fence,
  }: { readonly rolled: RollUp; readonly nowMs: number; readonly fence: number },
): Promise<void> {
  const rows = JSON.stringify(rolled.report.rows);
  const last = await store.get(FIGURES, LATEST);
  const isSame = isFigures(last) && JSON.stringify(last.variance) === rows;
  if (isSame) return;
  const { headline } = rolled;
  const figures: Json = { asOf: toInstant(nowMs), headline, variance: JSON.parse(rows) };
  await store.transaction((transaction) => transaction.put(FIGURES, LATEST, figures), { fence });
}

/** The last figures a tick kept. */
export interface Figures {
  readonly asOf: string;
  readonly headline: string;
  readonly variance: readonly WorkflowVariance[];
}

/** The figures of the last tick that changed them, or nothing before the first. */
export async function readFigures(store: Store): Promise<Figures | undefined> {
  const last = await store.get(FIGURES, LATEST);
  return isFigures(last) ? last : undefined;
}

const isFigures = (value: unknown): value is Figures =>
  typeof value === 'object' && value !== null && 'headline' in value && 'variance' in value;

async function confirm(requestIds: readonly string[], options: TickOptions): Promise<number> {
  const { target, clock, wait, lagMs, confirmMs = CONFIRM_MS } = options;
  const timing = lagMs === 0 ? { firstPollMs: 0 } : {};
  const poll = { clock, wait, giveUpMs: confirmMs, ...timing };
  return (await awaitMutations(target.api, requestIds, poll)).unconfirmed.length;
}
