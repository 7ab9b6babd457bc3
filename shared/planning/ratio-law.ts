import { countUpTo } from '#shared/kernel/index.ts';
import { type BuiltInLaw, SHRINKAGE } from '#shared/variance/index.ts';
import { itemAt } from './item-at.ts';

/** What a ratio is drawn from. */
export interface RatioLaw {
  /** The ratios of finished tasks, ascending, by class: the one most like the task first. */
  readonly classes: readonly (readonly number[])[];
  /** What is left to by all of them. */
  readonly prior: BuiltInLaw;
}

/** A class, or the law, with what it may still give. */
interface Source {
  /** Its part of all that can still come. */
  readonly share: number;
  /** The ratio at a place in it. Range: from 0 to below 1. */
  readonly ratioAt: (place: number) => number;
}

/** The largest number below 1. */
const BELOW_ONE = 1 - 2 ** -53;

/**
 * A ratio above a given one. Each class of n tasks takes the weight n ÷ (n + 20) and leaves the rest to those after it, the
 * last to the built-in law; of each only what lies above counts. Nothing if none knows of any so large.
 * Range: `chance` in [0, 1); `above` is 0 for a task that has not begun.
 */
export function drawRatio(law: RatioLaw, chance: number, above: number): number | undefined {
  const sources = toSources(law, above).filter(({ share }) => share > 0);
  let place = chance * sources.reduce((sum, { share }) => sum + share, 0);
  for (const { share, ratioAt } of sources) {
    if (place < share) return ratioAt(place / share);
    place -= share;
  }
  // Only rounding leads beyond the last.
  return sources.at(-1)?.ratioAt(BELOW_ONE);
}

function toSources({ classes, prior }: RatioLaw, above: number): readonly Source[] {
  let left = 1;
  const sources = classes.map((ratios): Source => {
    const passed = countUpTo(ratios, above);
    const open = ratios.length - passed;
    const each = left / (ratios.length + SHRINKAGE);
    left = SHRINKAGE * each;
    const ratioAt = (place: number): number => itemAt(ratios, passed + Math.floor(place * open));
    return { share: open * each, ratioAt };
  });
  const below = shareUpTo(prior, above);
  const ratioAt = (place: number): number =>
    Math.exp(valueAt(prior, Math.min(BELOW_ONE, below + place * (1 - below))));
  return [...sources, { share: left * (1 - below), ratioAt }];
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
