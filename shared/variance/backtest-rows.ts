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

/** The rows of a backtest in the order of their estimates, and how many had to be left out. */
export interface BacktestRows {
  readonly rows: readonly BacktestRow[];
  readonly excluded: number;
}

/**
 * The rows that can be judged, by day of the estimate; rows of one day keep their order.
 * Left out and counted: a blank or non-positive estimate or actual, or no day of the estimate.
 * With `genuineOnly`, rows completed on the day of their estimate or before it are dropped uncounted:
 * such an estimate may have been written down after the work.
 */
export function toBacktestRows(history: readonly HistoryRow[], genuineOnly = false): BacktestRows {
  const usable = history.flatMap((row) => toBacktestRow(row) ?? []);
  const rows = usable
    .filter(({ source }) => !genuineOnly || isGenuine(source))
    .map(({ row }) => row)
    .sort((left, right) => left.estimatedDay - right.estimatedDay);
  return { rows, excluded: history.length - usable.length };
}

function toBacktestRow(
  source: HistoryRow,
): { readonly source: HistoryRow; readonly row: BacktestRow } | undefined {
  const { estimateHours, actualHours, estimatedOn, completedOn } = source;
  if (!isPositive(estimateHours) || !isPositive(actualHours) || estimatedOn === undefined) {
    return undefined;
  }
  const estimatedDay = toDayNumber(estimatedOn);
  const completedDay = completedOn === undefined ? Infinity : toDayNumber(completedOn);
  const knownDay = Math.max(completedDay, estimatedDay);
  return {
    source,
    row: { task: { ...source.task, estimateHours }, actualHours, estimatedDay, knownDay },
  };
}

const isPositive = (hours: number | undefined): hours is number => hours !== undefined && hours > 0;

const isGenuine = ({ estimatedOn, completedOn }: HistoryRow): boolean =>
  completedOn === undefined || estimatedOn === undefined || completedOn > estimatedOn;
