import { HOUR_MS } from '#shared/kernel/index.ts';
import { BUILT_IN_RATIOS, sizeOf } from '#shared/variance/built-in-ratios.ts';

const SHARES = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

/** The knots of the built-in law on the ln scale, its tails a step and a half beyond the outer ones. */
function toKnots(estimateHours: number): readonly number[] {
  const known = BUILT_IN_RATIOS.bySize[sizeOf(estimateHours * HOUR_MS)] ?? BUILT_IN_RATIOS.all;
  const [p10, p25, p75, p90] = [known.p10, known.p25, known.p75, known.p90].map(Math.log);
  const tail = (edge = Number.NaN, inner = Number.NaN) => 2.5 * edge - 1.5 * inner;
  return [tail(p10, p25), p10, p25, Math.log(known.p50), p75, p90, tail(p90, p75)].map(Number);
}

/** The share of the built-in law up to a ln ratio, written out a second way: straight between its knots. */
export function builtInShare(estimateHours: number, ln: number): number {
  const knots = toKnots(estimateHours);
  const reached = knots.filter((value) => value <= ln).length;
  if (reached === 0 || reached === knots.length) return Math.sign(reached);
  const [from, to] = knots.slice(reached - 1).map(Number);
  const [low, high] = SHARES.slice(reached - 1);
  const part = (ln - Number(from)) / (Number(to) - Number(from));
  return Number(low) + part * (Number(high) - Number(low));
}
