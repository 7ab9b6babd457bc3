import { isDomainError, toInstant } from '#shared/kernel/index.ts';
import type { RequestCounts } from '#worker/coda/index.ts';
import { keepLastPass } from '#worker/doctor/index.ts';
import type { FolderReport } from '#worker/inbox/index.ts';
import { toFailureFacts } from '#worker/log/index.ts';
import type { Store } from '#worker/store/index.ts';
import {
  openTarget,
  recallTarget,
  type TickReport,
  type TickStep,
  tick,
} from '#worker/sync/index.ts';
import { anchorFileOf, anchorHead } from '#worker/verify/index.ts';
import { type Connection } from './connection.ts';
import { processLog } from './process-log.ts';
import { readDocSetUp } from './set-up.ts';
import { STATE_FOLDER } from './state-folder.ts';
import type { StoreOptions } from './store-option.ts';
import { takeInbox } from './take-inbox.ts';
import { withBudget } from './with-budget.ts';

/** What the ticks of one command did in all. */
export interface TicksReport {
  readonly last: TickReport;
  readonly ticks: number;
  readonly apiReads: number;
  readonly apiWrites: number;
  /** Pages of rows that were read. */
  readonly listPages: number;
  readonly events: number;
  readonly commands: number;
  /** What came of the folder that tools put events into, where there is one. */
  readonly inbox?: FolderReport;
}

/** How ticks are run. */
export interface TicksOptions extends StoreOptions {
  readonly max?: number;
  readonly onStep?: (step: TickStep, ticks: number) => void;
  readonly signal?: AbortSignal;
  /** @default false */
  readonly acceptDeletes?: boolean;
  /** A folder of events; false for none. @default the one beside the ledger, where there is one */
  readonly inbox?: string | false;
}

/** More ticks than any doc needs; beyond them something keeps changing under the worker. */
const TICKS_MAX = 10;

/**
 * Runs ticks until one finds nothing left to do, what is left only needs time, or there were `max` of them, and witnesses the
 * ledger's head in a file beside it, before and after. Errors: `DomainError` `ANCHOR_DIFFERS`, `ANCHORS_UNREADABLE`.
 */
export async function runTicks(
  connection: Connection,
  store: Store,
  options: TicksOptions = {},
): Promise<TicksReport> {
  const { docId, clock } = connection;
  const startedMs = clock();
  const keep = (outcome: string): void =>
    keepLastPass(STATE_FOLDER, docId, { endedAt: toInstant(clock()), outcome });
  try {
    const run = () => runUntilSettled(connection, store, options);
    const report = await withBudget(connection, options, run);
    keep('done');
    logTicks(report, clock() - startedMs);
    return report;
  } catch (error) {
    processLog({ event: 'tick_failed', ...toFailureFacts(error), ms: clock() - startedMs });
    keep(isDomainError(error) ? error.code : 'UNEXPECTED');
    throw error;
  }
}

async function runUntilSettled(
  connection: Connection,
  store: Store,
  options: TicksOptions,
): Promise<TicksReport> {
  const { max = TICKS_MAX, onStep, signal, acceptDeletes = false } = options;
  const { api, docId, clock, wait, lagMs, counts, guardWrites } = connection;
  const before = counts();
  const anchors = { file: anchorFileOf(STATE_FOLDER, docId), docId, clock };
  // A ledger that was set back or rewritten must not go on as if it were the one this doc was told of.
  await anchorHead(store, anchors);
  const inbox = await takeInbox(store, clock, options.inbox);
  let ticks = 0;
  let events = 0;
  let commands = 0;
  let last: TickReport;
  do {
    ticks += 1;
    const zone = { fallbackZone: readDocSetUp(docId)?.zone };
    // Who accepts what is gone accepts other columns of the same names too.
    const target = acceptDeletes
      ? await openTarget(api, docId, zone)
      : await recallTarget(store, { api, docId }, zone);
    last = await tick({
      store,
      target,
      clock,
      wait,
      lagMs,
      acceptDeletes,
      guardWrites,
      // A doc that shows every insert at once shows them in order too, so there is nothing to hold for.
      ...(lagMs === 0 ? { holdMs: 0 } : {}),
      onStep: (step) => {
        processLog({ event: 'step', step, tick: ticks });
        onStep?.(step, ticks);
      },
      ...(signal === undefined ? {} : { signal }),
    });
    events += last.events;
    commands += last.commands;
  } while (ticks < max && last.rowsSent + last.events > 0);
  await anchorHead(store, anchors);
  const sum = { last, ticks, events, commands, ...difference(before, counts()) };
  return inbox === undefined ? sum : { ...sum, inbox };
}

/** What the ticks did in numbers, and how often they found what. */
function logTicks({ last, apiReads, apiWrites, ...sum }: TicksReport, ms: number): void {
  const { ticks, events, commands } = sum;
  const { waiting, rowsSent, rowsOnTheirWay, unconfirmed, held, conflicts } = last;
  const sent = { rowsSent, rowsOnTheirWay, unconfirmed, held, conflicts };
  const done = { ticks, events, commands, waiting, ...sent, reads: apiReads, writes: apiWrites };
  processLog({ event: 'tick', ...done, ms });
  const found = Map.groupBy(last.findings, ({ severity, code }) => `${severity} ${code}`);
  for (const [first, ...more] of found.values()) {
    if (first === undefined) continue;
    const { severity, code } = first;
    processLog({ event: 'finding', severity, code, count: 1 + more.length });
  }
}

function difference(
  before: RequestCounts,
  after: RequestCounts,
): Pick<TicksReport, 'apiReads' | 'apiWrites' | 'listPages'> {
  return {
    apiReads: after.reads - before.reads,
    apiWrites: after.writes - before.writes,
    listPages: after.listPages - before.listPages,
  };
}
