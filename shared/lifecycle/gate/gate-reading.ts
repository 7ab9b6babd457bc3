import type { CheckVerdict } from '../gate-check/gate-check-messages.ts';
import type {
  Comparison,
  ConditionOutcome,
  MeasuredCondition,
} from '../gate-check/measured-condition.ts';
import { judgeCheck } from './check-verdict.ts';

/** What a look at a gate finds before anybody judges it. */
export type GateReading =
  | { readonly kind: 'measured'; readonly conditions: readonly MeasuredCondition[] }
  /** Nothing there tells: the gate has not run, and is never taken for passed. */
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** Somebody has to record an outcome; only that moves the gate. */
  | { readonly kind: 'awaited'; readonly reason: string };

/** A condition as a report shows it. */
export interface GateCondition {
  readonly metric: string;
  readonly operator: Comparison;
  readonly threshold: number;
  readonly unit: string;
  /** Null where nothing was measured. */
  readonly actual: number | null;
  /** Values the actual one rests on. */
  readonly n: number;
  /** Values still missing until it is judged; 0 where there are enough. */
  readonly needed: number;
  readonly state: ConditionOutcome;
}

const SIGNS: Readonly<Record<Comparison, string>> = {
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  eq: '=',
};

/** How a check of this reading comes out; one without a single condition is left open, since nothing was judged. */
export function judgeReading(
  conditions: readonly MeasuredCondition[],
  outputHash: string,
): CheckVerdict {
  return conditions.length === 0
    ? { type: 'leave_open', reason: 'no condition was judged', conditions }
    : judgeCheck({ outputHash, conditions });
}

/** A measured condition with what it still needs. */
export function toGateCondition(condition: MeasuredCondition): GateCondition {
  const { metricKey, op, threshold, unit, actual, minSamples, outcome } = condition;
  const n = condition.sampleSize ?? (actual === undefined ? 0 : 1);
  return {
    metric: metricKey,
    operator: op,
    threshold,
    unit,
    actual: actual ?? null,
    n,
    needed: Math.max(0, minSamples - n),
    state: outcome,
  };
}

/** A condition in words, such as `budget_used 84, wanted ≤ 110 % (n 1): met`. What was not evaluated says so, and shows no value. */
export function describeCondition(condition: GateCondition): string {
  const { metric, operator, threshold, unit, actual, n, needed, state } = condition;
  const wanted = `wanted ${SIGNS[operator]} ${threshold} ${unit} (n ${n})`;
  switch (state) {
    case 'too_few':
      return `${metric}, ${wanted}: not evaluated, needs ≈${needed} more`;
    case 'no_data':
      return `${metric}, ${wanted}: not evaluated, nothing was measured`;
    case 'between':
      return `${metric} ${actual}, ${wanted}: between met and unmet`;
    case 'met':
    case 'unmet':
      return `${metric} ${actual}, ${wanted}: ${state}`;
  }
}
