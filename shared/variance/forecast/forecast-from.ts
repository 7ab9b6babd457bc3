import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { ColumnsDiffer, NumberCell } from '../variance-of.ts';
import { createForecaster } from './forecaster.ts';
import type { Forecast } from './model.ts';

/** Finished tasks of one kind as two columns of hours, oldest first. */
export interface PastColumns {
  readonly estimates: readonly NumberCell[];
  readonly actuals: readonly NumberCell[];
}

/** An estimate nothing can be said of. */
export interface EstimateMissing {
  readonly code: 'ESTIMATE_MISSING';
  readonly received: number;
}

/** Hours beyond which a cell is a slip of the keyboard: a working life. */
const MOST_HOURS = 100_000;
const KIND = 'past';

/**
 * The forecast of one task from finished ones of its kind. Rows with a blank, zero or unreadable cell are left out.
 * Refusals: `ESTIMATE_MISSING` unless the estimate is above 0 and at most 100,000 hours; `COLUMNS_DIFFER` when the columns are not equally long.
 */
export function forecastFrom(
  estimateHours: number,
  { estimates, actuals }: PastColumns,
): Result<Forecast, EstimateMissing | ColumnsDiffer> {
  if (!isHours(estimateHours)) return refuse({ code: 'ESTIMATE_MISSING', received: estimateHours });
  if (estimates.length !== actuals.length) {
    const [estimateRows, actualRows] = [estimates.length, actuals.length];
    return refuse({ code: 'COLUMNS_DIFFER', estimateRows, actualRows });
  }
  const forecaster = createForecaster();
  forecaster.learnAll(
    estimates.flatMap((estimate, row) => {
      const actualHours = actuals[row];
      return isHours(estimate) && isHours(actualHours)
        ? [{ task: { estimateHours: estimate, workflow: KIND }, actualHours }]
        : [];
    }),
  );
  return accept(forecaster.forecast({ estimateHours, workflow: KIND }));
}

const isHours = (hours: NumberCell): hours is number =>
  typeof hours === 'number' && hours > 0 && hours <= MOST_HOURS;
