import type { BacktestRow } from '../backtest-rows.ts';
import { createForecaster, type Forecaster } from './forecaster.ts';

/** A forecaster that has learned all of a history that is known, in the order in which it became known. */
export function learnHistory(rows: readonly BacktestRow[]): Forecaster {
  const forecaster = createForecaster();
  const known = rows
    .filter((row) => row.knownDay < Infinity)
    .sort((left, right) => left.knownDay - right.knownDay);
  forecaster.learnAll(known);
  return forecaster;
}
