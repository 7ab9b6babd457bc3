import {
  accept,
  type Day,
  hoursToMs,
  type Ms,
  msToHours,
  type Result,
  refuse,
} from '#shared/kernel/index.ts';
import { type EarnedValue, earnedValue, type Figure, type PlannedLeaf } from './earned-value.ts';
import type { NumberCell } from './variance-of.ts';

/** Four columns of the same rows, one row per leaf task. */
export interface PlanColumns {
  /** Units: hours; blank, zero or negative is no estimate. */
  readonly estimates: readonly NumberCell[];
  /** Units: hours over all runs; blank, negative or unreadable is none. */
  readonly actuals: readonly NumberCell[];
  readonly finished: readonly (boolean | null | undefined)[];
  readonly due: readonly (Day | null | undefined)[];
}

/** Why columns cannot be read together: they are not the same rows. */
export interface RowsDiffer {
  readonly code: 'ROWS_DIFFER';
  /** Rows of each column, in the order of {@link PlanColumns}. */
  readonly rows: readonly number[];
}

/** What `EarnedValue` answers: hours and plain ratios. A figure that has no value is absent and named in `missing`. */
export interface EarnedHours {
  readonly planned: number;
  readonly earned: number;
  readonly spent: number;
  readonly budget: number;
  readonly costVariance: number;
  readonly scheduleVariance: number;
  readonly costIndex?: number;
  readonly scheduleIndex?: number;
  readonly atCostIndex?: number;
  readonly asPlanned?: number;
  readonly atBothIndices?: number;
  readonly toComplete?: number;
  readonly varianceAtCompletion?: number;
  readonly toCompleteIndex?: number;
  /** Leaf tasks with an estimate, and those without one. */
  readonly n: number;
  readonly unestimated: number;
  /** As `CPI: nothing tracked; TCPI: done`; blank where nothing is missing. */
  readonly missing: string;
}

/**
 * {@link earnedValue} of columns, in hours. A task with time on it counts as started.
 * Refusals: `ROWS_DIFFER` when the columns are not equally long.
 */
export function earnedValueOf(
  { estimates, actuals, finished, due }: PlanColumns,
  day: Day,
): Result<EarnedHours, RowsDiffer> {
  const rows = [estimates, actuals, finished, due].map(({ length }) => length);
  if (new Set(rows).size > 1) return refuse({ code: 'ROWS_DIFFER', rows });
  const leaves = estimates.map((estimate, row): PlannedLeaf => {
    const [baselineMs, actualMs] = [toMs(estimate), toMs(actuals[row])];
    const dueDate = due[row] ?? undefined;
    return {
      ...(baselineMs === 0 ? {} : { baselineMs }),
      ...(dueDate === undefined ? {} : { dueDate }),
      isFinished: finished[row] === true,
      isStarted: actualMs > 0,
      actualMs,
    };
  });
  const value = earnedValue(leaves, day);
  return accept(toHours(value, leaves.length - value.unestimatedLeaves));
}

function toHours(value: EarnedValue, n: number): EarnedHours {
  const { atCostIndex, asPlanned, atBothIndices } = value.estimateAtCompletion;
  const figures = [
    ['costIndex', 'CPI', value.costIndex, 1],
    ['scheduleIndex', 'SPI', value.scheduleIndex, 1],
    ['atCostIndex', 'EAC at CPI', atCostIndex, msToHours(1)],
    ['asPlanned', 'EAC as planned', asPlanned, msToHours(1)],
    ['atBothIndices', 'EAC at CPI and SPI', atBothIndices, msToHours(1)],
    ['toComplete', 'ETC', value.estimateToComplete, msToHours(1)],
    ['varianceAtCompletion', 'VAC', value.varianceAtCompletion, msToHours(1)],
    ['toCompleteIndex', 'TCPI', value.toCompleteIndex, 1],
  ] as const satisfies readonly (readonly [keyof EarnedHours, string, Figure, number])[];
  return {
    planned: msToHours(value.plannedMs),
    earned: msToHours(value.earnedMs),
    spent: msToHours(value.spentMs),
    budget: msToHours(value.budgetMs),
    costVariance: msToHours(value.costVarianceMs),
    scheduleVariance: msToHours(value.scheduleVarianceMs),
    ...Object.fromEntries(
      figures.flatMap(([name, , figure, unit]) =>
        figure.value === null ? [] : [[name, figure.value * unit]],
      ),
    ),
    n,
    unestimated: value.unestimatedLeaves,
    missing: figures
      .flatMap(([, word, { reason }]) => (reason === null ? [] : [`${word}: ${reason}`]))
      .join('; '),
  };
}

function toMs(hours: NumberCell): Ms {
  const ms = hoursToMs(hours ?? 0);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : 0;
}
