import { sortAscending, sumOf } from '#shared/kernel/index.ts';
import { quantile } from './quantile.ts';

/** Where a sample of ln ratios lies and how wide, its outliers held in: an hour booked as ten moves it no further than ±2. */
export interface Level {
  readonly median: number;
  /** Of the values clipped to ±2 around the median. */
  readonly mean: number;
  /** Standard deviation of the same clipped values, n − 1 below; 0 for a single one. */
  readonly spread: number;
}

/** A ratio of e² = 7.4 times the typical one is as far as a task may pull. */
const REACH = 2;

/** A number held between −limit and +limit. */
export const clip = (value: number, limit: number): number =>
  Math.min(limit, Math.max(-limit, value));

/** The level of a sample. Shape: not empty. */
export function toLevel(sample: readonly number[]): Level {
  const sorted = sortAscending(sample);
  const median = quantile(sorted, 0.5);
  // Summed in ascending order, so that the order of the tasks changes no bit.
  const deviations = sorted.map((value) => clip(value - median, REACH));
  const mean = sumOf(deviations) / sorted.length;
  const squares = sumOf(deviations.map((deviation) => (deviation - mean) ** 2));
  const spread = Math.sqrt(squares / Math.max(1, sorted.length - 1));
  return { median, mean: median + mean, spread };
}
