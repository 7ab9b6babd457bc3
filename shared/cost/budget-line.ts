import type { Instant } from '#shared/kernel/index.ts';
import {
  type BudgetAccount,
  type BudgetLevel,
  type BudgetMode,
  type BudgetState,
  standingOf,
} from './budget.ts';
import { type Burn, burnOf } from './budget-burn.ts';
import type { Span } from './zoned-period.ts';

/** What a budget is for: a thing of the ledger, or an engagement of the doc. */
export interface BudgetScope {
  readonly level: BudgetLevel | 'engagement';
  readonly id: string;
}

/** A budget as a report shows it, at one moment. */
export interface BudgetLine {
  readonly budgetId: string;
  /** Where it is written down. */
  readonly origin: 'doc' | 'ledger';
  readonly scope: BudgetScope;
  /** What its scope is called. */
  readonly name: string;
  readonly currency: string;
  readonly limitMicros: bigint;
  readonly spentMicros: bigint;
  /** Set aside for work under way. */
  readonly heldMicros: bigint;
  /** Negative where more is used than allowed. */
  readonly availableMicros: bigint;
  /** Spent and held, of the limit. `null` for a limit of 0. */
  readonly usedPercent: number | null;
  readonly state: BudgetState;
  /** The highest of its thresholds it has come to. Units: percent. `null` below them all. */
  readonly thresholdPercent: number | null;
  readonly mode: BudgetMode;
  /** Whether it gives no more: it halts, and nothing is left. */
  readonly isStopped: boolean;
  /** The stretch it is for. */
  readonly span?: Span;
  readonly burn: Burn;
  /** Work and costs its sum is made of. */
  readonly counted: number;
  /** Work and costs in no sum of it, since they have no price or another currency. */
  readonly uncounted: number;
}

/** What is known of a budget beside its account. */
export interface BudgetFacts
  extends Pick<BudgetLine, 'origin' | 'scope' | 'name' | 'counted' | 'uncounted'> {
  readonly at: Instant;
  /** Whether nobody knows over which stretch it is for, so that it has no pace. @default false */
  readonly isTimeless?: boolean;
}

/** An account as one line of a report. */
export function toBudgetLine(account: BudgetAccount, facts: BudgetFacts): BudgetLine {
  const { at, isTimeless = false, ...told } = facts;
  const { budget, spentMicros, heldMicros, span } = account;
  const { budgetId, currency, limitMicros, mode, thresholdsPercent } = budget;
  const { state, availableMicros, usedPercent, usedMicros } = standingOf(account, at);
  const reached = thresholdsPercent.filter((percent) => (usedPercent ?? 0) >= percent);
  const known = isTimeless ? {} : { span };
  return {
    budgetId,
    ...told,
    currency,
    limitMicros,
    spentMicros,
    heldMicros,
    availableMicros,
    usedPercent,
    state,
    thresholdPercent: reached.length === 0 ? null : Math.max(...reached),
    mode,
    isStopped: mode === 'halt' && availableMicros <= 0n,
    ...known,
    burn: burnOf({ budget: limitMicros, used: usedMicros, at, ...known }),
  };
}

/**
 * The used share of a budget for comparing with a percent of up to four decimals: a rest beyond the fourth counts as half of it, so that
 * no comparison comes out otherwise than with the exact amounts. `null` for a limit of 0.
 */
export function toComparedPercent({
  limitMicros,
  spentMicros,
  heldMicros,
}: Pick<BudgetLine, 'limitMicros' | 'spentMicros' | 'heldMicros'>): number | null {
  if (limitMicros === 0n) return null;
  const scaled = (spentMicros + heldMicros) * 1_000_000n;
  const whole = floorDivide(scaled, limitMicros);
  const rest = whole * limitMicros === scaled ? 0 : 0.5;
  return (Number(whole) + rest) / 10_000;
}

/** The limit is above 0. */
const floorDivide = (part: bigint, whole: bigint): bigint =>
  part / whole - (part % whole < 0n ? 1n : 0n);
