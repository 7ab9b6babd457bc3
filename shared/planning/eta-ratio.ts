import type { BuiltInLaw } from '#shared/variance/index.ts';
import { itemAt } from './item-at.ts';

/** With so many finished tasks of a kind, they and the built-in ratios weigh the same. */
const SHRINKAGE = 20;

/** What a ratio is drawn from. */
export interface RatioLaw {
  readonly prior: BuiltInLaw;
  /** The ratios of finished tasks of the kind, ascending. */
  readonly history: readonly number[];
}

/**
 * A ratio above a given one, drawn from a kind's history with weight n ÷ (n + 20) and else from the built-in law; nothing if
 * neither knows of any so large. Range: `chance` in [0, 1); `above` is 0 for a task that has not begun.
 */
export function drawRatio(law: RatioLaw, chance: number, above: number): number | undefined {
  const { history, prior } = law;
  const passed = countUpTo(history, above);
  const below = shareUpTo(prior, above);
  const ownShare = (history.length - passed) / (history.length + SHRINKAGE);
  const priorShare = (SHRINKAGE * (1 - below)) / (history.length + SHRINKAGE);
  const place = chance * (ownShare + priorShare);
  if (place < ownShare) {
    return history[passed + Math.floor((place / ownShare) * (history.length - passed))];
  }
  if (priorShare === 0) return undefined;
  return Math.exp(valueAt(prior, below + ((place - ownShare) / priorShare) * (1 - below)));
}

/** How many of an ascending list are at most a value. Cost: the logarithm of its length. */
export function countUpTo(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (itemAt(ascending, middle) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The share of a law that is at most a ratio; straight lines between the knots. */
function shareUpTo(law: BuiltInLaw, ratio: number): number {
  const value = Math.log(ratio);
  const next = law.findIndex((knot) => knot.value > value);
  if (next === -1) return 1;
  if (next === 0) return 0;
  const [from, to] = [itemAt(law, next - 1), itemAt(law, next)];
  return mix(from.share, to.share, (value - from.value) / (to.value - from.value));
}

/** Range: `share` in [0, 1), so that there is a knot on either side. */
function valueAt(law: BuiltInLaw, share: number): number {
  const next = law.findIndex((knot) => knot.share > share);
  const [from, to] = [itemAt(law, next - 1), itemAt(law, next)];
  return mix(from.value, to.value, (share - from.share) / (to.share - from.share));
}

const mix = (from: number, to: number, part: number): number => from + part * (to - from);
