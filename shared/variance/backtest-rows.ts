import { type Day, toDayNumber } from '#shared/kernel/index.ts';
import type { ForecastTask } from './forecast/model.ts';

/** One finished task of a history, as it was read: any cell but the two days may be blank. */
export interface HistoryRow {
  readonly task: Omit<ForecastTask, 'estimateHours'>;
  /** Units: hours. */
  readonly estimateHours: number | undefined;
  /** Units: hours. */
  readonly actualHours: number | undefined;
  readonly estimatedOn: Day | undefined;
  readonly completedOn: Day | undefined;
}

/** A row that can be judged, with days as numbers. */
export interface BacktestRow {
  readonly task: ForecastTask;
  /** Units: hours. */
  readonly actualHours: number;
  /** When the forecast is asked. Units: days since 1970-01-01. */
  readonly estimatedDay: number;
  /** From the end of which day the actual is known; Infinity where nobody knows. Units: days since 1970-01-01. */
  readonly knownDay: number;
}

/** Why a row can be judged by nobody, each blank or not above zero; of several the first counts. */
export const BACKTEST_EXCLUSIONS = ['no_estimate', 'no_actual', 'no_estimate_day'] as const;
/** One of {@link BACKTEST_EXCLUSIONS}. */
export type BacktestExclusion = (typeof BACKTEST_EXCLUSIONS)[number];

/** The rows of a backtest in the order of their estimates, and how many had to be left out. */
export interface BacktestRows {
  readonly rows: readonly BacktestRow[];
  readonly excluded: Readonly<Record<BacktestExclusion, number>>;
}

/**
 * The rows that can be judged, by day of the estimate; rows of one day keep their order.
 * Left out and counted: a blank or non-positive estimate or actual, or no day of the estimate.
 * With `genuineOnly`, rows completed on the day of their estimate or before it are dropped uncounted:
 * such an estimate may have been written down after the work.
 */
export function toBacktestRows(history: readonly HistoryRow[], genuineOnly = false): BacktestRows {
  const excluded = { no_estimate: 0, no_actual: 0, no_estimate_day: 0 };
  const rows: BacktestRow[] = [];
  for (const source of history) {
    const row = toBacktestRow(source);
    if (typeof row === 'string') excluded[row] += 1;
    else if (!genuineOnly || isGenuine(source)) rows.push(row);
  }
  return { rows: rows.sort((left, right) => left.estimatedDay - right.estimatedDay), excluded };
}

function toBacktestRow(source: HistoryRow): BacktestRow | BacktestExclusion {
  const { estimateHours, actualHours, estimatedOn, completedOn } = source;
  if (!isPositive(estimateHours)) return 'no_estimate';
  if (!isPositive(actualHours)) return 'no_actual';
  if (estimatedOn === undefined) return 'no_estimate_day';
  const estimatedDay = toDayNumber(estimatedOn);
  const completedDay = completedOn === undefined ? Infinity : toDayNumber(completedOn);
  const knownDay = Math.max(completedDay, estimatedDay);
  return { task: { ...source.task, estimateHours }, actualHours, estimatedDay, knownDay };
}

const isPositive = (hours: number | undefined): hours is number => hours !== undefined && hours > 0;

const isGenuine = ({ estimatedOn, completedOn }: HistoryRow): boolean =>
  completedOn === undefined || estimatedOn === undefined || completedOn > estimatedOn;
