import type { Instant, Ms } from '#shared/kernel/index.ts';
import {
  INVALID_EFFORT,
  isForgotten,
  OPEN_EFFORT,
  type RunEffort,
  toNetEffort,
} from '#shared/variance/index.ts';
import type { ExecutionRunRow, RowLink } from './model.ts';

/** A run as the ledger knows it: made by a button, whether or not the doc has a row for it yet. */
export interface LedgerRun {
  readonly runId: string;
  readonly taskRowId?: string;
  /** Whose desk it is on; absent where the doc knows nobody of that name. */
  readonly person?: RowLink;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  /** Pauses taken out. Units: ms. */
  readonly netMs: Ms;
  readonly isOpen: boolean;
  /** Whether a person gave the hours, so that no forgotten timer can be behind them. */
  readonly isConfirmed?: boolean;
}

/**
 * The net effort of a row of execution_runs. One whose times or hours cannot be read is invalid, since a guess would
 * look like a measurement.
 */
export function toDocEffort(run: ExecutionRunRow): RunEffort {
  const { netMs, unreadable = [] } = run;
  if (unreadable.includes('actual_hours')) return INVALID_EFFORT;
  const needsClock = netMs === undefined;
  const isClockUnreadable = CLOCK_COLUMNS.some((column) => unreadable.includes(column));
  return needsClock && isClockUnreadable ? INVALID_EFFORT : toNetEffort(run);
}

/** Net effort to a hundredth of an hour: what its cell shows, so that whoever counts from the doc counts the same. Units: ms. */
export const toShownMs = (netMs: Ms): Ms => Math.round(netMs / SHOWN_STEP_MS) * SHOWN_STEP_MS;

/** The net effort of a run of the ledger. It keeps pauses itself, so a run over several days is no forgotten timer by that alone. */
export function toLedgerEffort(run: LedgerRun): RunEffort {
  const { netMs, isOpen, isConfirmed = false } = run;
  if (isOpen) return OPEN_EFFORT;
  if (netMs < 0) return INVALID_EFFORT;
  const standing = isForgotten(netMs) && !isConfirmed ? 'suspect' : 'counted';
  return { standing, netMs: toShownMs(netMs) };
}

/** A hundredth of an hour. */
const SHOWN_STEP_MS = 36_000;
const CLOCK_COLUMNS = ['started_at', 'ended_at', 'interrupt_minutes'];
