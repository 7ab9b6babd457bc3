/** How a measured value is held against a threshold. */
export type Comparison = 'lt' | 'lte' | 'gt' | 'gte' | 'eq';

/** What a value must be. Between the two thresholds nothing is decided. */
export interface Condition {
  readonly metricKey: string;
  /** What must hold for it to be met. */
  readonly op: Comparison;
  readonly threshold: number;
  /** From here on it is unmet; absent, whatever is not met is unmet. */
  readonly failThreshold?: number;
  readonly unit: string;
  /** Values the actual one must rest on. Range: integer ≥ 1. */
  readonly minSamples: number;
}

/** What was measured. */
export interface Measurement {
  readonly actual?: number;
  /** Values it rests on; absent, it is one. */
  readonly sampleSize?: number;
}

/** What became of a condition. */
export type ConditionOutcome = 'met' | 'unmet' | 'between' | 'no_data' | 'too_few';

/** A condition, what was measured and what came of it. */
export interface MeasuredCondition extends Condition, Measurement {
  readonly outcome: ConditionOutcome;
}

/** A condition held against what was measured. A value that is not finite is none. */
export const measureCondition = (
  condition: Condition,
  measured: Measurement,
): MeasuredCondition => ({ ...condition, ...measured, outcome: toOutcome(condition, measured) });

function toOutcome(condition: Condition, measured: Measurement): ConditionOutcome {
  const { op, threshold, failThreshold } = condition;
  const { actual, sampleSize = 1 } = measured;
  if (actual === undefined || !Number.isFinite(actual)) return 'no_data';
  if (sampleSize < condition.minSamples) return 'too_few';
  if (isMet(op, actual, threshold)) return 'met';
  if (failThreshold === undefined) return 'unmet';
  return isUnmet(op, actual, { threshold, failThreshold }) ? 'unmet' : 'between';
}

function isMet(op: Comparison, actual: number, threshold: number): boolean {
  switch (op) {
    case 'lt':
      return actual < threshold;
    case 'lte':
      return actual <= threshold;
    case 'gt':
      return actual > threshold;
    case 'gte':
      return actual >= threshold;
    case 'eq':
      return actual === threshold;
  }
}

function isUnmet(
  op: Comparison,
  actual: number,
  { threshold, failThreshold }: { readonly threshold: number; readonly failThreshold: number },
): boolean {
  switch (op) {
    case 'lt':
    case 'lte':
      return actual >= failThreshold;
    case 'gt':
    case 'gte':
      return actual <= failThreshold;
    case 'eq':
      return Math.abs(actual - threshold) >= Math.abs(failThreshold - threshold);
  }
}
