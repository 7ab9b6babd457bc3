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
      sorted.splice(findPlace(sorted, value), 0, value);
      arrivals.push(value);
      if (arrivals.length <= limit) return;
      const oldest = arrivals.shift();
      if (oldest !== undefined) sorted.splice(findPlace(sorted, oldest), 1);
    },
    count: () => sorted.length,
    mean: () => arrivals.reduce((sum, value) => sum + value, 0) / arrivals.length,
    quantile: (p) => quantile(sorted, p),
  };
}

/** The first place whose number is not below a value. */
function findPlace(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
