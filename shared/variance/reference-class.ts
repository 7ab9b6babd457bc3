import { type Ms, sortAscending } from '#shared/kernel/index.ts';
import { BUILT_IN_RATIOS, type RatioSpread, sizeOf } from './built-in-ratios.ts';
import { quantile } from './quantile.ts';
import { MIN_OWN_TASKS } from './small-samples.ts';

/** Finished work with an estimate and time, both above zero. */
export interface EstimatedWork {
  readonly estimateMs: Ms;
  readonly actualMs: Ms;
}

/** Three quantiles of ln(actual ÷ estimate). */
export interface LnRange {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** The wider classes a small sample is pulled to: one by size of the estimate, and all sizes together. */
export interface ReferenceClasses {
  readonly bySize: readonly LnRange[];
  readonly all: LnRange;
}

/** The built-in table on the ln scale. */
const BUILT_IN: ReferenceClasses = {
  bySize: BUILT_IN_RATIOS.bySize.map(toLogarithms),
  all: toLogarithms(BUILT_IN_RATIOS.all),
};

/**
 * The reference classes of a business: its own tasks of a size where there are at least 30, else the
 * built-in quantiles of that size; the same for all sizes together.
 */
export function toReferenceClasses(own: readonly EstimatedWork[]): ReferenceClasses {
  const lnRatiosBySize = BUILT_IN.bySize.map((): number[] => []);
  for (const work of own) lnRatiosBySize[sizeOf(work.estimateMs)]?.push(toLnRatio(work));
  return {
    bySize: BUILT_IN.bySize.map((builtIn, size) => toRange(lnRatiosBySize[size] ?? [], builtIn)),
    all: toRange(own.map(toLnRatio), BUILT_IN.all),
  };
}

/**
 * What the wider classes expect of a sample: the mean, on the ln scale, of the range each task's own
 * size would have; so a group of mixed sizes is pulled to a mix of classes and no task is first
 * called large or small on behalf of the others. An empty sample has no size and gets the class of
 * all sizes.
 */
export function toPrior(classes: ReferenceClasses, sample: readonly EstimatedWork[]): LnRange {
  const counts = classes.bySize.map(() => 0);
  for (const work of sample) {
    const size = sizeOf(work.estimateMs);
    counts[size] = (counts[size] ?? 0) + 1;
  }
  if (sample.length === 0) return classes.all;
  // Summed size by size rather than task by task, so that the order of the tasks changes no bit.
  const mean = (pick: (range: LnRange) => number): number =>
    classes.bySize.reduce((sum, range, size) => sum + (counts[size] ?? 0) * pick(range), 0) /
    sample.length;
  return {
    p10: mean((range) => range.p10),
    p50: mean((range) => range.p50),
    p90: mean((range) => range.p90),
  };
}

/** ln(actual ÷ estimate). */
export const toLnRatio = (work: EstimatedWork): number => Math.log(work.actualMs / work.estimateMs);

/** The P10, P50 and P90 of a sample of ln ratios; not empty. */
export function toLnRange(lnRatios: readonly number[]): LnRange {
  const sorted = sortAscending(lnRatios);
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

const toRange = (lnRatios: readonly number[], builtIn: LnRange): LnRange =>
  lnRatios.length >= MIN_OWN_TASKS ? toLnRange(lnRatios) : builtIn;

function toLogarithms({ p10, p50, p90 }: RatioSpread): LnRange {
  return { p10: Math.log(p10), p50: Math.log(p50), p90: Math.log(p90) };
}
