import { HOUR_MS, type Ms } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';

/** With so many finished tasks of a kind, they and the built-in ratios weigh the same. */
const SHRINKAGE = 20;

/** How far a tail goes beyond its last known share, in steps from the one before. About what a normal law has there. */
const TAIL_STEPS = 1.5;

type Ratios = readonly [number, number, number, number, number];

// Quantiles (P10, P25, P50, P75, P90) of actual ÷ estimate in 5,049 finished tasks of one software company: small tasks
// overrun and large ones underrun. Source: SiP (arXiv 1901.01621).
// biome-ignore format: a table is read by its columns
const BUILT_IN: readonly { readonly upToMs: Ms; readonly ratios: Ratios }[] = [
  { upToMs: 0.5 * HOUR_MS, ratios: [1.0,  1.0,  1.0,  1.5,  3.12] },
  { upToMs: HOUR_MS,       ratios: [0.5,  1.0,  1.0,  1.5,  3.0] },
  { upToMs: 2 * HOUR_MS,   ratios: [0.5,  0.75, 1.0,  1.5,  2.67] },
  { upToMs: 4 * HOUR_MS,   ratios: [0.41, 0.75, 1.0,  1.45, 2.5] },
  { upToMs: 8 * HOUR_MS,   ratios: [0.29, 0.59, 1.0,  1.5,  2.44] },
  { upToMs: 16 * HOUR_MS,  ratios: [0.25, 0.5,  0.88, 1.34, 2.39] },
  { upToMs: 40 * HOUR_MS,  ratios: [0.16, 0.41, 0.77, 1.32, 2.19] },
];
/** Of all that is larger. */
const LARGEST: Ratios = [0.06, 0.21, 0.52, 1.09, 1.69];

/** How actual ÷ estimate is spread for one sort of task: which share of the ratios lies up to which ln ratio, both rising. */
export type PriorLaw = readonly Knot[];
interface Knot {
  readonly share: number;
  readonly value: number;
}

/** The built-in law for an estimate. The ends, where the share is 0 and 1, are not measured. */
export function toPriorLaw(estimateMs: Ms): PriorLaw {
  const size = BUILT_IN.find(({ upToMs }) => estimateMs <= upToMs);
  const [p10, p25, p50, p75, p90] = size?.ratios ?? LARGEST;
  return [
    { share: 0, value: Math.log(p10) - TAIL_STEPS * Math.log(p25 / p10) },
    { share: 0.1, value: Math.log(p10) },
    { share: 0.25, value: Math.log(p25) },
    { share: 0.5, value: Math.log(p50) },
    { share: 0.75, value: Math.log(p75) },
    { share: 0.9, value: Math.log(p90) },
    { share: 1, value: Math.log(p90) + TAIL_STEPS * Math.log(p90 / p75) },
  ];
}

/** What a ratio is drawn from. */
export interface RatioLaw {
  readonly prior: PriorLaw;
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
function shareUpTo(law: PriorLaw, ratio: number): number {
  const value = Math.log(ratio);
  const next = law.findIndex((knot) => knot.value > value);
  if (next === -1) return 1;
  if (next === 0) return 0;
  const [from, to] = [itemAt(law, next - 1), itemAt(law, next)];
  return mix(from.share, to.share, (value - from.value) / (to.value - from.value));
}

/** Range: `share` in [0, 1), so that there is a knot on either side. */
function valueAt(law: PriorLaw, share: number): number {
  const next = law.findIndex((knot) => knot.share > share);
  const [from, to] = [itemAt(law, next - 1), itemAt(law, next)];
  return mix(from.value, to.value, (share - from.share) / (to.share - from.share));
}

const mix = (from: number, to: number, part: number): number => from + part * (to - from);
