import { assert } from '#shared/kernel/index.ts';

/**
 * The quantile of a sample by linear interpolation at position p·(n − 1).
 * Shape: the sample is sorted ascending and not empty. Range: p from 0 to 1.
 * Source: type 7 of Hyndman and Fan, "Sample quantiles in statistical packages" (1996).
 */
export function quantile(sorted: readonly number[], p: number): number {
  assert(p >= 0 && p <= 1, `expected a share from 0 to 1, received \`${p}\``);
  const position = p * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  const above = sorted[Math.ceil(position)];
  assert(below !== undefined && above !== undefined, 'a quantile of nothing was asked for');
  return below + (position - Math.floor(position)) * (above - below);
}
