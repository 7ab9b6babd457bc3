import { HOUR_MS } from '#shared/kernel/index.ts';
import { type BuiltInLaw, toBuiltInLaw } from '../built-in-law.ts';
import { BIN_COUNT, lnOfBin } from './ln-grid.ts';

/** For each bin, the share of the built-in law for an estimate that lies in it or below. */
export function toBuiltInShares(estimateHours: number): Float64Array {
  const law = toBuiltInLaw(estimateHours * HOUR_MS);
  const shares = new Float64Array(BIN_COUNT).fill(1);
  let next = 0;
  for (let bin = 0; bin < BIN_COUNT; bin += 1) {
    const ln = lnOfBin(bin + 0.5);
    while (ln >= (law[next]?.value ?? Infinity)) next += 1;
    if (next === law.length) break;
    shares[bin] = next === 0 ? 0 : toShare(law, next, ln);
  }
  return shares;
}

function toShare(law: BuiltInLaw, next: number, ln: number): number {
  const [from, to] = law.slice(next - 1, next + 1);
  if (from === undefined || to === undefined) return 1;
  return from.share + ((to.share - from.share) * (ln - from.value)) / (to.value - from.value);
}
