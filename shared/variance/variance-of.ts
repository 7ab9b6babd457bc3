import { accept, hoursToMs, type Result, refuse } from '#shared/kernel/index.ts';
import { type EstimatedWork, toReferenceClasses } from './reference-class.ts';
import type { VarianceState } from './sample-variance.ts';
import { toSampleVariance, toTotalVariance } from './sample-variance.ts';

/** A number cell: blank where nobody filled it in. */
export type NumberCell = number | null | undefined;

/** The variance of two columns. `typical` and `total` are variances (0.15 = +15 %); low and high are ratios. */
export interface ColumnVariance {
  readonly typical: number | null;
  readonly total: number | null;
  /** Rows with an estimate and an actual above zero. */
  readonly n: number;
  readonly low: number;
  readonly high: number;
  readonly state: VarianceState;
  readonly needed: number;
}

/** Why two columns cannot be compared: they are not the same rows, so nothing says what belongs together. */
export interface ColumnsDiffer {
  readonly code: 'COLUMNS_DIFFER';
  readonly estimateRows: number;
  readonly actualRows: number;
}

/**
 * How far an actual is from its estimate: (actual − estimate) ÷ estimate, or null where either is
 * blank, zero, negative or no number.
 * Units: hours (or any unit, if both have it) → a fraction, which Coda's percent format shows as
 * percent: 0.5 is +50 %.
 */
export function variancePercent(estimateHours: NumberCell, actualHours: NumberCell): number | null {
  const work = toWork(estimateHours, actualHours);
  return work === undefined ? null : toTotalVariance(work.estimateMs, work.actualMs);
}

/**
 * The variance of finished tasks given as two columns of hours, one row per task: what `VarianceOf`
 * answers and the same numbers as the group of those tasks alone would have.
 * Rows with a blank, zero or unreadable cell are left out.
 * Refusals: `COLUMNS_DIFFER` when the columns are not equally long.
 */
export function varianceOf(
  estimateHours: readonly NumberCell[],
  actualHours: readonly NumberCell[],
): Result<ColumnVariance, ColumnsDiffer> {
  if (estimateHours.length !== actualHours.length) {
    const [estimateRows, actualRows] = [estimateHours.length, actualHours.length];
    return refuse({ code: 'COLUMNS_DIFFER', estimateRows, actualRows });
  }
  const sample = estimateHours.flatMap((hours, row) => toWork(hours, actualHours[row]) ?? []);
  const estimateMs = sample.reduce((sum, work) => sum + work.estimateMs, 0);
  const actualMs = sample.reduce((sum, work) => sum + work.actualMs, 0);
  const { typical, p10, p90, state, needed } = toSampleVariance(sample, toReferenceClasses(sample));
  const total = toTotalVariance(estimateMs, actualMs);
  return accept({ typical, total, n: sample.length, low: p10, high: p90, state, needed });
}

function toWork(estimateHours: NumberCell, actualHours: NumberCell): EstimatedWork | undefined {
  const estimateMs = toPositiveMs(estimateHours);
  const actualMs = toPositiveMs(actualHours);
  return estimateMs === undefined || actualMs === undefined ? undefined : { estimateMs, actualMs };
}

function toPositiveMs(hours: NumberCell): number | undefined {
  const ms = hoursToMs(hours ?? 0);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
}
