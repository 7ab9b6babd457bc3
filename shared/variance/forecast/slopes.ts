import { sortAscending, sumOf } from '#shared/kernel/index.ts';
import { quantile } from '../quantile.ts';
import type { Cases } from './case-store.ts';
import { HIT_BIN, lnOfBin, toLn } from './ln-grid.ts';

/** Below this many cases of one size its outer quantiles say nothing. */
const LEAST_CASES = 5;
/** A slope is believed as if so many cases one e-fold away from the mean had shown none. */
const RIDGE = 50;

interface SizeClass {
  /** Mean ln estimate. */
  readonly ln: number;
  readonly sorted: readonly number[];
}

/**
 * How much of a difference in ln estimate the P10 and the P90 of the ln ratio take back: 0 where a case twice the size
 * misses by the same factor, 1 where it takes the same hours. Estimates regress to the mean, and more so below than
 * above. Range: −1 to 1.
 */
export function toSlopes(cases: Cases, sizes: Int32Array): readonly [below: number, above: number] {
  const places = new Map<number, number[]>();
  for (const [place, size] of sizes.entries()) {
    const known = places.get(size);
    if (known === undefined) places.set(size, [place]);
    else known.push(place);
  }
  const classes = [...places.values()]
    .filter((members) => members.length >= LEAST_CASES)
    .map((members) => toSizeClass(cases, members));
  return [toSlope(classes, 0.1), toSlope(classes, 0.9)];
}

function toSizeClass(cases: Cases, places: readonly number[]): SizeClass {
  const lns = places.map((place) => toLn(cases.lnEstimates[place] ?? 0));
  const lnRatios = places.map((place) => lnOfBin(cases.ratioBins[place] ?? HIT_BIN));
  return { ln: sumOf(lns) / lns.length, sorted: sortAscending(lnRatios) };
}

/** Least squares over the classes, each as heavy as its cases. */
function toSlope(classes: readonly SizeClass[], share: number): number {
  const points = classes.map(({ ln, sorted }) => ({
    weight: sorted.length,
    ln,
    outer: quantile(sorted, share),
  }));
  const sum = (of: (point: (typeof points)[number]) => number): number =>
    points.reduce((total, point) => total + point.weight * of(point), 0);
  const weight = sum(() => 1);
  if (weight === 0) return 0;
  const meanLn = sum(({ ln }) => ln) / weight;
  const spread = sum(({ ln }) => (ln - meanLn) ** 2);
  const joint = sum(({ ln, outer }) => (ln - meanLn) * outer);
  return Math.max(-1, Math.min(1, -joint / (spread + RIDGE)));
}
