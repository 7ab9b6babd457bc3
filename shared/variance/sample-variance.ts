import { type Ms, sortAscending } from '#shared/kernel/index.ts';
import { quantile } from './quantile.ts';
import {
  type EstimatedWork,
  type ReferenceClasses,
  toLnRange,
  toLnRatio,
  toPrior,
} from './reference-class.ts';
import { MEASURED_FROM, toOwnWeight } from './small-samples.ts';

/** Whether a sample is large enough for a correction to be offered beside a human estimate. */
export type VarianceState = 'insufficient' | 'measured';

/** What a sample says about one task of its kind. `typical` is a variance; p10, p50, p90 are ratios. */
export interface SampleVariance {
  readonly typical: number | null;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly state: VarianceState;
  readonly needed: number;
}

/**
 * The typical variance and the range of a sample.
 * typical = median(actual ÷ estimate) − 1, unshrunk. Each quantile of the range is
 * exp(w·own + (1 − w)·prior) on the ln scale with w = n ÷ (n + 20), so an empty sample is its prior.
 * Small samples: `insufficient` below 20 tasks, with the number still needed.
 */
export function toSampleVariance(
  sample: readonly EstimatedWork[],
  classes: ReferenceClasses,
): SampleVariance {
  const n = sample.length;
  const prior = toPrior(classes, sample);
  const own = n === 0 ? prior : toLnRange(sample.map(toLnRatio));
  const weight = toOwnWeight(n);
  const shrink = (ownLn: number, priorLn: number): number =>
    Math.exp(weight * ownLn + (1 - weight) * priorLn);
  return {
    typical: n === 0 ? null : toTypical(sample),
    p10: shrink(own.p10, prior.p10),
    p50: shrink(own.p50, prior.p50),
    p90: shrink(own.p90, prior.p90),
    state: n >= MEASURED_FROM ? 'measured' : 'insufficient',
    needed: Math.max(0, MEASURED_FROM - n),
  };
}

/** Σ actual ÷ Σ estimate − 1, written so that its sign is that of Σ actual − Σ estimate to the last bit. */
export const toTotalVariance = (estimateMs: Ms, actualMs: Ms): number | null =>
  estimateMs > 0 ? (actualMs - estimateMs) / estimateMs : null;

function toTypical(sample: readonly EstimatedWork[]): number {
  const ratios = sample.map((work) => work.actualMs / work.estimateMs);
  return quantile(sortAscending(ratios), 0.5) - 1;
}
