import { HOUR_MS } from '#shared/kernel/index.ts';
import { builtInRangeOf } from '../reference-class.ts';
import { BIN_COUNT, lnOfBin } from './ln-grid.ts';

const SHARES = [0, 0.1, 0.5, 0.9, 1];
/** How far the built-in law goes on beyond its P10 and P90, which are all that is known of it. Units: ln. */
const TAIL = 0.8;

/** For each bin, the share of the built-in law that lies in it or below; straight lines between what is known. */
export function toBuiltInLaw(estimateHours: number): Float64Array {
  const { p10, p50, p90 } = builtInRangeOf(estimateHours * HOUR_MS);
  const knots = [p10 - TAIL, p10, p50, p90, p90 + TAIL];
  const law = new Float64Array(BIN_COUNT).fill(1);
  let next = 0;
  for (let bin = 0; bin < BIN_COUNT; bin += 1) {
    const ln = lnOfBin(bin + 0.5);
    while (ln >= (knots[next] ?? Infinity)) next += 1;
    if (next === knots.length) break;
    law[bin] = next === 0 ? 0 : toShare(knots, next, ln);
  }
  return law;
}

function toShare(knots: readonly number[], next: number, ln: number): number {
  const [from = ln, to = ln] = knots.slice(next - 1, next + 1);
  const [below = 0, above = 1] = SHARES.slice(next - 1, next + 1);
  return below + ((above - below) * (ln - from)) / (to - from);
}
