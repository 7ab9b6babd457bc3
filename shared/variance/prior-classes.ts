import type { Ms } from '#shared/kernel/index.ts';
import { sizeEdgeMs, sizeOf } from './built-in-ratios.ts';
import { type EstimatedWork, type LnRange, toReferenceClasses } from './reference-class.ts';
import { MIN_OWN_TASKS } from './small-samples.ts';

/** Three quantiles of actual ÷ estimate: 1 is as estimated. */
export interface RatioRange {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

/** The wider class that the tasks of one size in a sample are pulled to. */
export interface PriorClass extends RatioRange {
  /** Largest estimate of the size; absent for the size without an upper edge. Units: ms. */
  readonly upToMs: Ms | undefined;
  /** Tasks of the sample of that size: the weight of the class. */
  readonly nSample: number;
  /** All own finished tasks of that size. */
  readonly nOwn: number;
  /** Where its quantiles come from: the own tasks of that size from 30 on, else the built-in table. */
  readonly from: 'own_tasks' | 'built_in';
}

/** The classes that a sample is pulled to, out of all estimated and finished work, smallest size first. */
export function toPriorClasses(
  all: readonly EstimatedWork[],
  sample: readonly EstimatedWork[],
): readonly PriorClass[] {
  return toReferenceClasses(all).bySize.flatMap((range, size) => {
    const [nSample, nOwn] = [countOf(sample, size), countOf(all, size)];
    if (nSample === 0) return [];
    const from = nOwn >= MIN_OWN_TASKS ? 'own_tasks' : 'built_in';
    return [{ upToMs: sizeEdgeMs(size), nSample, nOwn, from, ...toRatioRange(range) }];
  });
}

const countOf = (works: readonly EstimatedWork[], size: number): number =>
  works.filter((work) => sizeOf(work.estimateMs) === size).length;

/** A range off the ln scale. */
export const toRatioRange = ({ p10, p50, p90 }: LnRange): RatioRange => ({
  p10: Math.exp(p10),
  p50: Math.exp(p50),
  p90: Math.exp(p90),
});
