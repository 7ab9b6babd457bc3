import { sumOf } from '#shared/kernel/index.ts';
import type { Cases } from './case-store.ts';
import { toExplainedShare } from './explained-share.ts';
import { lnOfBin, toLn } from './ln-grid.ts';
import { type LikenessState, TRAITS } from './model.ts';
import { toSlopes } from './slopes.ts';

/** A difference that explains nothing still counts a little: it may have had no chance to show itself. */
const LEAST_RELEVANCE = 0.01;
/** Ratios beyond e² are cut for measuring, so that one wild case does not decide what is relevant. */
const LN_RATIO_CUT = 2;
/** Age is told apart in eighths of what is remembered. */
const AGE_STEPS = 8;
const LEAST_AGE_STEP = 20;
/** Size is told apart in half doublings. */
const SIZE_STEP = Math.LN2 / 2;

/** Before anything is known, every trait and each doubling of the estimate matter alike, and age does not. */
export const UNMEASURED_LIKENESS: LikenessState = {
  relevances: [...TRAITS.map(() => 1), 1, 0],
  slopes: [0, 0],
  ageStep: LEAST_AGE_STEP,
};

/**
 * Measures which differences matter: the share of the scatter of ln ratios, and of their distances from the mean, that
 * each trait, the size and the age explain. So a workflow that is always late counts, and so does one that is merely
 * wilder than others.
 */
export function measureLikeness(cases: Cases): LikenessState {
  const { count, names, lnEstimates, ratioBins } = cases;
  const ageStep = Math.max(LEAST_AGE_STEP, count / AGE_STEPS);
  const lnRatios = Array.from(ratioBins, (bin) =>
    Math.max(-LN_RATIO_CUT, Math.min(LN_RATIO_CUT, lnOfBin(bin))),
  );
  const mean = sumOf(lnRatios) / count;
  const distances = lnRatios.map((ln) => Math.abs(ln - mean));
  const sizes = lnEstimates.map((steps) => Math.round(toLn(steps) / SIZE_STEP));
  const ages = ratioBins.map((_, place) => Math.floor((count - 1 - place) / ageStep));
  const toRelevance = (groups: Int32Array): number =>
    toExplainedShare(lnRatios, groups) + toExplainedShare(distances, groups);
  return {
    relevances: [
      ...[...names, sizes].map((groups) => LEAST_RELEVANCE + toRelevance(groups)),
      // Age needs no benefit of the doubt: each case that is older than others would lose weight by it.
      toRelevance(ages),
    ],
    slopes: toSlopes(cases, sizes),
    ageStep,
  };
}
