import { type Day, toDayNumber } from '#shared/kernel/index.ts';
import {
  type BacktestMetrics,
  type ScoredForecast,
  toBacktestMetrics,
} from './backtest-metrics.ts';
import {
  type BacktestExclusion,
  type BacktestRow,
  type HistoryRow,
  toBacktestRows,
} from './backtest-rows.ts';
import type { ForecastTask } from './forecast/model.ts';

/** The point forecast and the interval that should hold 80 % of the actuals. Units: hours. */
export type PointAndRange = Omit<ScoredForecast, 'actualHours'>;

/** Something that forecasts a task from what it has been taught. It keeps its own state. */
export interface Learner<Said = PointAndRange> {
  /** From what it has been taught so far. */
  readonly forecast: (task: ForecastTask) => Said;
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
  readonly genuineOnly?: boolean | undefined;
  /** Score all rows estimated on or after this day; else all but the first fifth of the rows. */
  readonly scoreFrom?: Day | undefined;
}

/** The rows of a history that a forecast can be judged by, and from which on it is. */
export interface BacktestScene {
  /** In the order of their estimates. */
  readonly rows: readonly BacktestRow[];
  /** The place of the first scored row; the number of rows where none is. */
  readonly scoredFrom: number;
  /** How many rows nobody can be judged by, by reason. */
  readonly excluded: Readonly<Record<BacktestExclusion, number>>;
}

/** One model's figures. */
export interface BacktestResult extends BacktestMetrics {
  readonly model: string;
}

const HISTORY_SHARE = 0.2;

/** Sets a history up for walking. A short one can be left without a scored row. */
export function toBacktestScene(
  history: readonly HistoryRow[],
  options: BacktestOptions = {},
): BacktestScene {
  const { rows, excluded } = toBacktestRows(history, options.genuineOnly);
  return { rows, excluded, scoredFrom: findScoredFrom(rows, options.scoreFrom) };
}

/**
 * Walks a history forward: each task is forecast from the tasks known strictly before the day of its
 * estimate, and of itself only what was known before work began. Models are taught in the order in
 * which actuals become known. Without a scored row there are no results.
 */
export function backtest(
  { rows, scoredFrom }: BacktestScene,
  models: readonly BacktestModel[],
): readonly BacktestResult[] {
  if (scoredFrom === rows.length) return [];
  return models.map((model) => ({
    model: model.name,
    ...toBacktestMetrics(walkForward(rows, model.create()).slice(scoredFrom)),
  }));
}

/** Every row's forecast, in the order of the rows, which is that of their estimates. */
export function walkForward<Said extends object>(
  rows: readonly BacktestRow[],
  learner: Learner<Said>,
): readonly (Said & { readonly actualHours: number })[] {
  const known = rows
    .filter((row) => row.knownDay < Infinity)
    .sort((left, right) => left.knownDay - right.knownDay)
    .values();
  let next = known.next();
  return rows.map(({ task, actualHours, estimatedDay }) => {
    for (; next.done !== true && next.value.knownDay < estimatedDay; next = known.next()) {
      learner.learn(next.value.task, next.value.actualHours);
    }
    return { ...learner.forecast(task), actualHours };
  });
}

function findScoredFrom(rows: readonly BacktestRow[], scoreFrom: Day | undefined): number {
  if (scoreFrom === undefined) return Math.floor(HISTORY_SHARE * rows.length);
  const day = toDayNumber(scoreFrom);
  const first = rows.findIndex((row) => row.estimatedDay >= day);
  return first === -1 ? rows.length : first;
}
