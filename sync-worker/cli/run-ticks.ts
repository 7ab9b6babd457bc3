import type { RequestCounts } from '#worker/coda/index.ts';
import type { Store } from '#worker/store/index.ts';
import { openTarget, type TickReport, type TickStep, tick } from '#worker/sync/index.ts';
import type { Connection } from './connection.ts';

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
}

/** More ticks than any doc needs; beyond them something keeps changing under the worker. */
const TICKS_MAX = 10;

/** Runs ticks until one finds nothing left to do, what is left only needs time, or there were `max` of them. */
export async function runTicks(
  connection: Connection,
  store: Store,
  options: {
    readonly max?: number;
    readonly onStep?: (step: TickStep, ticks: number) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<TicksReport> {
  const { max = TICKS_MAX, onStep, signal } = options;
  const { api, docId, clock, wait, lagMs, counts } = connection;
  const before = counts();
  let ticks = 0;
  let events = 0;
  let commands = 0;
  let last: TickReport;
  do {
    ticks += 1;
    const target = await openTarget(api, docId);
    last = await tick({
      store,
      target,
      clock,
      wait,
      lagMs,
      // A doc that shows every insert at once shows them in order too, so there is nothing to hold for.
      ...(lagMs === 0 ? { holdMs: 0 } : {}),
      onStep: (step) => onStep?.(step, ticks),
      ...(signal === undefined ? {} : { signal }),
    });
    events += last.events;
    commands += last.commands;
  } while (ticks < max && last.rowsSent + last.events > 0);
  return { last, ticks, events, commands, ...difference(before, counts()) };
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
