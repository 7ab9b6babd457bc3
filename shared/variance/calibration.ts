import { type BacktestScene, walkForward } from './backtest.ts';
import { createForecaster } from './forecast/forecaster.ts';
import type { Forecast } from './forecast/model.ts';

/** How often outcomes ended by a quantile of their forecast. Hours lie on grids, so many end exactly on it. */
export interface CalibrationPoint {
  /** The share that should end by it. */
  readonly share: number;
  /** The share that ended before it, and the share that ended before it or on it; well calibrated lies between. */
  readonly below: number;
  readonly upTo: number;
  /** How many outcomes were counted. */
  readonly n: number;
}

const QUANTILES: readonly (readonly [share: number, of: (forecast: Forecast) => number])[] = [
  [0.1, ({ p10 }) => p10],
  [0.5, ({ p50 }) => p50],
  [0.8, ({ p80 }) => p80],
  [0.9, ({ p90 }) => p90],
];
const TOLERANCE_HOURS = 1e-6;

/** Whether the forecaster's quantiles held over the scored tasks of a history, walked forward. Nothing where none is scored. */
export function toCalibration({ rows, scoredFrom }: BacktestScene): readonly CalibrationPoint[] {
  const scored = walkForward(rows, createForecaster()).slice(scoredFrom);
  if (scored.length === 0) return [];
  return QUANTILES.map(([share, of]) => {
    const gaps = scored.map((each) => each.actualHours - of(each));
    const countUpTo = (hours: number): number => gaps.filter((gap) => gap <= hours).length;
    return {
      share,
      below: countUpTo(-TOLERANCE_HOURS) / scored.length,
      upTo: countUpTo(TOLERANCE_HOURS) / scored.length,
      n: scored.length,
    };
  });
}
