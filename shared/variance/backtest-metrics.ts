import { sortAscending } from '#shared/kernel/index.ts';
import { quantile } from './quantile.ts';

/** What a model said of a task and what came. Units: hours. */
export interface ScoredForecast {
  readonly actualHours: number;
  readonly point: number;
  /** The closed interval that should hold 80 % of the actuals. */
  readonly low: number;
  readonly high: number;
}

/** How good a model's forecasts were. */
export interface BacktestMetrics {
  readonly n: number;
  /** mean |ln(actual ÷ point)| */
  readonly maeLn: number;
  /** median of |actual − point| ÷ actual */
  readonly mdmre: number;
  /** Share of tasks whose |actual − point| ÷ actual is at most a quarter. */
  readonly pred25: number;
  /** mean ln(actual ÷ point) */
  readonly biasLn: number;
  /** Units: hours. */
  readonly maeHours: number;
  /** Share of actuals inside the interval. */
  readonly coverage80: number;
  /** Mean interval score on the ln scale; lower is better, and width and misses both cost. */
  readonly winklerLn: number;
  /** exp of the median of ln(high ÷ low) */
  readonly hiLo: number;
}

/** The figures in the order in which they are shown; see {@link BacktestMetrics}. */
export const BACKTEST_FIGURES = [
  'maeLn',
  'mdmre',
  'pred25',
  'biasLn',
  'maeHours',
  'coverage80',
  'winklerLn',
  'hiLo',
] as const satisfies readonly (keyof BacktestMetrics)[];

const TOLERANCE_HOURS = 1e-6;
/** 2 ÷ α of the interval score for an interval of 80 %. */
const MISS_COST = 10;

/**
 * The figures of a set of forecasts; not empty. The mean relative error is not among them: it rewards
 * guessing low.
 * Source: Gneiting and Raftery, "Strictly proper scoring rules" (2007), for the interval score.
 */
export function toBacktestMetrics(forecasts: readonly ScoredForecast[]): BacktestMetrics {
  const mean = (of: (forecast: ScoredForecast) => number): number =>
    forecasts.reduce((sum, forecast) => sum + of(forecast), 0) / forecasts.length;
  const median = (of: (forecast: ScoredForecast) => number): number =>
    quantile(sortAscending(forecasts.map(of)), 0.5);
  return {
    n: forecasts.length,
    maeLn: mean((forecast) => Math.abs(toLnError(forecast))),
    mdmre: median(toRelativeError),
    pred25: mean((forecast) => (toRelativeError(forecast) <= 0.25 + 1e-9 ? 1 : 0)),
    biasLn: mean(toLnError),
    maeHours: mean(({ actualHours, point }) => Math.abs(actualHours - point)),
    coverage80: mean((forecast) => (isCovered(forecast) ? 1 : 0)),
    winklerLn: mean(toIntervalScore),
    hiLo: Math.exp(median(({ low, high }) => Math.log(high / low))),
  };
}

const toLnError = ({ actualHours, point }: ScoredForecast): number => Math.log(actualHours / point);

const toRelativeError = ({ actualHours, point }: ScoredForecast): number =>
  Math.abs(actualHours - point) / actualHours;

const isCovered = ({ actualHours, low, high }: ScoredForecast): boolean =>
  low - TOLERANCE_HOURS <= actualHours && actualHours <= high + TOLERANCE_HOURS;

function toIntervalScore({ actualHours, low, high }: ScoredForecast): number {
  const below = Math.max(0, Math.log(low / actualHours));
  const above = Math.max(0, Math.log(actualHours / high));
  return Math.log(high / low) + MISS_COST * (below + above);
}
