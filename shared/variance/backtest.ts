import { type Day, toDayNumber } from '#shared/kernel/index.ts';
import {
  type BacktestMetrics,
  type ScoredForecast,
  toBacktestMetrics,
} from './backtest-metrics.ts';
import { type BacktestRow, type HistoryRow, toBacktestRows } from './backtest-rows.ts';
import type { ForecastTask } from './forecast/model.ts';

/** The point forecast and the interval that should hold 80 % of the actuals. Units: hours. */
export type PointAndRange = Omit<ScoredForecast, 'actualHours'>;

/** Something that forecasts a task from what it has been taught. It keeps its own state. */
export interface Learner {
  /** From what it has been taught so far. */
  readonly forecast: (task: ForecastTask) => PointAndRange;
  /** One outcome, in the order in which they became known. Units: hours. */
  readonly learn: (task: ForecastTask, actualHours: number) => void;
}

/** A way to forecast. Every walk begins with a learner of its own, so that none knows the end of another. */
export interface BacktestModel {
  readonly name: string;
  /** A learner that has been taught nothing. */
  readonly create: () => Learner;
}

/** Which rows are walked and which of them are scored. */
export interface BacktestOptions {
  /** @default false */
  readonly genuineOnly?: boolean;
  /** Score all rows estimated on or after this day; else all but the first fifth of the rows. */
  readonly scoreFrom?: Day;
}

/** One model's figures; `excluded` counts the rows that nobody could be judged by. */
export interface BacktestResult extends BacktestMetrics {
  readonly model: string;
  readonly excluded: number;
}

const HISTORY_SHARE = 0.2;

/**
 * Walks a history forward: each task is forecast from the tasks known strictly before the day of its
 * estimate, and of itself only what was known before work began. Models are taught in the order in
 * which actuals become known. Shape: at least one row is scored.
 */
export function backtest(
  history: readonly HistoryRow[],
  models: readonly BacktestModel[],
  options: BacktestOptions = {},
): readonly BacktestResult[] {
  const { rows, excluded } = toBacktestRows(history, options.genuineOnly);
  const scored = toScoredFrom(rows, options.scoreFrom);
  return models.map((model) => ({
    model: model.name,
    excluded,
    ...toBacktestMetrics(walkForward(rows, model.create()).slice(scored)),
  }));
}

/** Every row's forecast, in the order of the rows, which is that of their estimates. */
export function walkForward(
  rows: readonly BacktestRow[],
  learner: Learner,
): readonly ScoredForecast[] {
  const known = rows
    .filter((row) => row.knownDay < Infinity)
    .sort((left, right) => left.knownDay - right.knownDay)
    .values();
  let next = known.next();
  return rows.map(({ task, actualHours, estimatedDay }) => {
    for (; next.done !== true && next.value.knownDay < estimatedDay; next = known.next()) {
      learner.learn(next.value.task, next.value.actualHours);
    }
    return { actualHours, ...learner.forecast(task) };
  });
}

function toScoredFrom(rows: readonly BacktestRow[], scoreFrom: Day | undefined): number {
  if (scoreFrom === undefined) return Math.floor(HISTORY_SHARE * rows.length);
  const day = toDayNumber(scoreFrom);
  const first = rows.findIndex((row) => row.estimatedDay >= day);
  return first === -1 ? rows.length : first;
}
