import { SHRINKAGE } from '../small-samples.ts';
import type { Case, Cases } from './case-store.ts';
import { BIN_COUNT, clampBin, HIT_BIN, toLn } from './ln-grid.ts';
import type { LikenessState } from './model.ts';
import { RING_COUNT, toRings } from './rings.ts';

/** What the cases say of a task. */
export interface Analogy {
  /** The share of each bin of the ln ratio; with `priorShare` they sum to 1. */
  readonly shares: Float64Array;
  /** What is left to the built-in table. */
  readonly priorShare: number;
  /** How many cases would say as much, each with the same say. Infinity where the table says it all. */
  readonly effectiveCount: number;
}

interface RingShares {
  /** The share of one case of each ring. */
  readonly caseShares: Float64Array;
  readonly priorShare: number;
  readonly effectiveCount: number;
}

/**
 * What comes of a task, from what came of tasks like it. Going inwards from the farthest ring, each ring of n cases
 * takes the weight n ÷ (n + 20) and leaves the rest to what lies beyond; beyond the last is the built-in table.
 * A case of another size is moved by the slope of its side; a hit stays a hit.
 * Cost: the cases remembered, whatever has been learned.
 */
export function toAnalogy(cases: Cases, likeness: LikenessState, asked: Case): Analogy {
  const rings = toRings(cases, likeness, asked);
  const { caseShares, ...rest } = toRingShares(rings);
  const shares = new Float64Array(BIN_COUNT);
  for (let place = 0; place < cases.count; place += 1) {
    const apart = (cases.lnEstimates[place] ?? 0) - asked.lnEstimate;
    const moved = moveBin(cases.ratioBins[place] ?? HIT_BIN, apart, likeness.slopes);
    shares[moved] = (shares[moved] ?? 0) + (caseShares[rings[place] ?? 0] ?? 0);
  }
  return { shares, ...rest };
}

function moveBin(bin: number, apart: number, [below, above]: LikenessState['slopes']): number {
  if (bin === HIT_BIN) return bin;
  return clampBin(bin + Math.round((bin < HIT_BIN ? below : above) * apart));
}

/** How many cases are of the workflow of a task, none if it has none; and how many within a doubling of its estimate. */
export function countAlike(
  cases: Cases,
  asked: Case,
): { readonly sameWorkflow: number; readonly sameSize: number } {
  const [workflow = 0] = asked.names;
  const [workflows] = cases.names;
  let sameWorkflow = 0;
  let sameSize = 0;
  for (let place = 0; place < cases.count; place += 1) {
    const apart = toLn((cases.lnEstimates[place] ?? 0) - asked.lnEstimate);
    if (Math.abs(apart) <= Math.LN2 + 1e-9) sameSize += 1;
    if (workflows?.[place] === workflow) sameWorkflow += 1;
  }
  return { sameWorkflow: workflow === 0 ? 0 : sameWorkflow, sameSize };
}

function toRingShares(rings: Uint8Array): RingShares {
  const sizes = new Float64Array(RING_COUNT);
  for (let place = 0; place < rings.length; place += 1) {
    const ring = rings[place] ?? 0;
    sizes[ring] = (sizes[ring] ?? 0) + 1;
  }
  const caseShares = new Float64Array(RING_COUNT);
  let priorShare = 1;
  let concentration = 0;
  for (const [ring, size] of sizes.entries()) {
    if (size === 0) continue;
    const share = priorShare / (size + SHRINKAGE);
    caseShares[ring] = share;
    concentration += size * share * share;
    priorShare = share * SHRINKAGE;
  }
  return { caseShares, priorShare, effectiveCount: 1 / concentration };
}
