import type { Ms } from '#shared/kernel/index.ts';
import { sizeOf, toBuiltInLaw } from '#shared/variance/index.ts';
import { countUpTo, drawRatio } from './eta-ratio.ts';

/** Actual ÷ estimate of finished tasks, to draw from. */
export interface RatioHistory {
  /** By group, such as the workflow; ascending. */
  readonly byGroup: ReadonlyMap<string, readonly number[]>;
  /** By size of the estimate, as {@link sizeOf} numbers them; ascending. A size with few tasks is not asked. */
  readonly bySize: ReadonlyMap<number, readonly number[]>;
}

/** A task with an estimate, and what was spent on it so far. */
export interface EstimatedLeaf {
  readonly group: string;
  /** Units: ms. Range: above 0. */
  readonly estimateMs: Ms;
  /** Units: ms. */
  readonly spentMs: Ms;
}

/** Work left on a leaf in one possible future. */
export interface DrawnWork {
  /** Units: ms. Range: above 0. */
  readonly leftMs: Ms;
  /** Whether more was already spent than any known ratio allows for, so that a quarter more is assumed. */
  readonly isBeyond: boolean;
}

/** What all leaves of one future share. */
export interface Future {
  /** The factor by which everything goes better or worse together. */
  readonly common: number;
  /** Range: [0, 1). */
  readonly random: () => number;
}

/** Finished tasks of one size from which that size answers instead of the built-in law. */
const MIN_OF_SIZE = 30;
/** With so many finished tasks, a group and the class around it weigh the same. */
const SHRINKAGE = 20;
const OVERRUN_FACTOR = 1.25;

/**
 * What is left of a leaf in one future. The ratio is drawn from the leaf's group with weight n ÷ (n + 20), else from all
 * tasks of its size where there are 30, else from the built-in law; only ratios above what was already spent can still come.
 * Source: evidence-based scheduling (J. Spolsky, 2007).
 */
export function drawWork(leaf: EstimatedLeaf, history: RatioHistory, future: Future): DrawnWork {
  const scaleMs = leaf.estimateMs * future.common;
  const ratio = drawAbove(leaf, history, { above: leaf.spentMs / scaleMs, random: future.random });
  if (ratio === undefined) {
    return { leftMs: leaf.spentMs * (OVERRUN_FACTOR - 1), isBeyond: true };
  }
  return { leftMs: scaleMs * ratio - leaf.spentMs, isBeyond: false };
}

function drawAbove(
  { group, estimateMs }: EstimatedLeaf,
  { byGroup, bySize }: RatioHistory,
  { above, random }: { readonly above: number; readonly random: () => number },
): number | undefined {
  const own = byGroup.get(group) ?? [];
  const ofSize = bySize.get(sizeOf(estimateMs)) ?? [];
  if (ofSize.length < MIN_OF_SIZE) {
    return drawRatio({ prior: toBuiltInLaw(estimateMs), history: own }, random(), above);
  }
  // What can still come of each class counts for as much of its weight.
  const ownPassed = countUpTo(own, above);
  const sizePassed = countUpTo(ofSize, above);
  const ownWeight = own.length - ownPassed;
  const sizeWeight = (SHRINKAGE * (ofSize.length - sizePassed)) / ofSize.length;
  const place = random() * (ownWeight + sizeWeight);
  const isOwn = place < ownWeight;
  const [ratios, passed] = isOwn ? [own, ownPassed] : [ofSize, sizePassed];
  const share = isOwn ? place / ownWeight : (place - ownWeight) / sizeWeight;
  return ratios[passed + Math.floor(share * (ratios.length - passed))];
}
