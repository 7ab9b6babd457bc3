import { countBelow, sumOf } from '#shared/kernel/index.ts';
import { quantile } from './quantile.ts';

/** Numbers that come in one by one, kept in order. */
export interface GrowingSample {
  readonly add: (value: number) => void;
  readonly count: () => number;
  readonly mean: () => number;
  /** See `quantile`; not empty. */
  readonly quantile: (p: number) => number;
}

/** An empty sample of the last so many numbers. Cost: a binary search and a shift of what lies above. */
export function createGrowingSample(limit = Infinity): GrowingSample {
  const sorted: number[] = [];
  const arrivals: number[] = [];
  return {
    add: (value) => {
      sorted.splice(countBelow(sorted, value), 0, value);
      arrivals.push(value);
      if (arrivals.length <= limit) return;
      const oldest = arrivals.shift();
      if (oldest !== undefined) sorted.splice(countBelow(sorted, oldest), 1);
    },
    count: () => sorted.length,
    mean: () => sumOf(arrivals) / arrivals.length,
    quantile: (p) => quantile(sorted, p),
  };
}
