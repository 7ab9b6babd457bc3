/** Scatter below this share of the squares is what is left of rounding. */
const ROUNDING = 1e-9;

interface Sums {
  count: number;
  sum: number;
}

/**
 * The share of the variance of some values that a grouping explains, less what any grouping into so many groups would
 * by chance; never negative.
 * Shape: a group for each value. Source: adjusted R² of a one-way layout (Theil, 1961).
 */
export function toExplainedShare(values: readonly number[], groups: ArrayLike<number>): number {
  const byGroup = new Map<number, Sums>();
  let sum = 0;
  let squares = 0;
  for (let place = 0; place < values.length; place += 1) {
    const value = values[place] ?? 0;
    const sums = sumsOf(byGroup, groups[place] ?? 0);
    sums.count += 1;
    sums.sum += value;
    sum += value;
    squares += value * value;
  }
  const total = squares - (sum * sum) / values.length;
  const freedom = values.length - byGroup.size;
  if (byGroup.size < 2 || freedom < 2 || total <= ROUNDING * squares) return 0;
  let within = squares;
  for (const group of byGroup.values()) within -= (group.sum * group.sum) / group.count;
  return Math.max(0, 1 - within / freedom / (total / (values.length - 1)));
}

function sumsOf(byGroup: Map<number, Sums>, group: number): Sums {
  const known = byGroup.get(group);
  if (known !== undefined) return known;
  const sums = { count: 0, sum: 0 };
  byGroup.set(group, sums);
  return sums;
}
