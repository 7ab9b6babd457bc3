import { DAY_MS, type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { ExecutionRunRow } from './model.ts';

/** A run as the ledger knows it: made by a button, whether or not the doc has a row for it yet. */
export interface LedgerRun {
  readonly runId: string;
  readonly taskRowId?: string;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** Pauses taken out. Units: ms. */
  readonly netMs: Ms;
  readonly isOpen: boolean;
  /** Whether a person gave the hours, so that no forgotten timer can be behind them. */
  readonly isConfirmed?: boolean;
}

/** Whether a run is in the sums, and with what. Only `counted` ones are. */
export interface RunEffort {
  readonly standing: 'counted' | 'open' | 'suspect' | 'invalid';
  /** Units: ms. Range: 0 or more where counted or suspect; 0 otherwise. */
  readonly netMs: Ms;
}

/** Longer without a stored net, a run is more likely a forgotten timer than work. Source: variance rules, roll-up. */
const FORGOTTEN_TIMER_MS = DAY_MS;

/**
 * The net effort of a row of execution_runs: the stored net, else ended − started − interruptions, on instants. A row
 * with a stored net counts even without times. One whose times or hours cannot be read is invalid, since a guess
 * would look like a measurement.
 */
export function toDocEffort(run: ExecutionRunRow): RunEffort {
  const { netMs, unreadable = [] } = run;
  if (unreadable.includes('actual_hours')) return INVALID;
  if (netMs !== undefined) return netMs < 0 ? INVALID : { standing: 'counted', netMs };
  return CLOCK_COLUMNS.some((column) => unreadable.includes(column)) ? INVALID : toWallEffort(run);
}

/** Net effort to a hundredth of an hour: what its cell shows, so that whoever counts from the doc counts the same. Units: ms. */
export const toShownMs = (netMs: Ms): Ms => Math.round(netMs / SHOWN_STEP_MS) * SHOWN_STEP_MS;

/** The net effort of a run of the ledger. It keeps pauses itself, so a run over several days is no forgotten timer by that alone. */
export function toLedgerEffort(run: LedgerRun): RunEffort {
  const { netMs, isOpen, isConfirmed = false } = run;
  if (isOpen) return OPEN;
  if (netMs < 0) return INVALID;
  const isForgotten = netMs > FORGOTTEN_TIMER_MS && !isConfirmed;
  return { standing: isForgotten ? 'suspect' : 'counted', netMs: toShownMs(netMs) };
}

function toWallEffort({ startedAt, endedAt, interruptMs = 0 }: ExecutionRunRow): RunEffort {
  if (startedAt === undefined || endedAt === undefined) return OPEN;
  const wallMs = toEpochMs(endedAt) - toEpochMs(startedAt);
  if (wallMs < interruptMs || interruptMs < 0) return INVALID;
  const standing = wallMs > FORGOTTEN_TIMER_MS ? 'suspect' : 'counted';
  return { standing, netMs: wallMs - interruptMs };
}

/** A hundredth of an hour. */
const SHOWN_STEP_MS = 36_000;
const CLOCK_COLUMNS = ['started_at', 'ended_at', 'interrupt_minutes'];
const OPEN: RunEffort = { standing: 'open', netMs: 0 };
const INVALID: RunEffort = { standing: 'invalid', netMs: 0 };
