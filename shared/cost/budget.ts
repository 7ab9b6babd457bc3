import { type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import { type BudgetPeriod, periodAround, type Span } from './zoned-period.ts';

/** What a budget may be for. */
export const BUDGET_LEVELS = [
  'global',
  'project',
  'phase',
  'workstream',
  'run',
  'task',
  'tool',
  'worker',
] as const;
/** One of {@link BUDGET_LEVELS}. */
export type BudgetLevel = (typeof BUDGET_LEVELS)[number];

/** What happens where money is asked for beyond the limit: `halt` refuses, `warn` gives it and says so, `continue` gives it. */
export const BUDGET_MODES = ['warn', 'halt', 'continue'] as const;
/** One of {@link BUDGET_MODES}. */
export type BudgetMode = (typeof BUDGET_MODES)[number];

/** A limit on what may be spent for one thing in each period. A limit of 0 allows nothing; a thing without a budget may spend. */
export interface Budget {
  readonly budgetId: string;
  readonly scope: { readonly level: BudgetLevel; readonly id: string };
  readonly currency: string;
  /** Range: 0 and up. */
  readonly limitMicros: bigint;
  /** Percents of the limit whose crossing is reported. */
  readonly thresholdsPercent: readonly number[];
  readonly mode: BudgetMode;
  readonly period: BudgetPeriod;
  readonly timeZone: string;
  readonly startsAt: Instant;
  /** Exclusive. */
  readonly endsAt?: Instant;
}

/** The thresholds of a budget that names none. */
export const DEFAULT_THRESHOLDS_PERCENT = [50, 80, 95, 100] as const;

/** One budget over one period: what is spent and what is held for work under way. */
export interface BudgetAccount {
  readonly budget: Budget;
  readonly span: Span;
  readonly spentMicros: bigint;
  readonly heldMicros: bigint;
  /** Thresholds reported in this period; none is reported twice. */
  readonly reached: readonly number[];
}

/** Where spending stands against the limit; `exhausted` is exactly the limit. */
export type BudgetState = 'ok' | 'warning' | 'exhausted' | 'exceeded';

/** A budget as people read it. */
export interface BudgetStanding {
  readonly state: BudgetState;
  /** Spent and held. */
  readonly usedMicros: bigint;
  /** Negative where more was spent than allowed. */
  readonly availableMicros: bigint;
  /** Cut to four decimals, so that nothing below the limit reads 100; `null` for a limit of 0. */
  readonly usedPercent: number | null;
  /** 100 is on time: the used share over the share of the period that is over. `null` before it has begun and where it has no end. */
  readonly pacePercent: number | null;
}

/** Percents are compared and shown with four decimals. */
const PARTS_PER_PERCENT = 10_000;
const PARTS_PER_WHOLE = 1_000_000n;

/** The account of a budget over the period around a moment, with nothing spent; before its start, over its first period. */
export function openAccount(budget: Budget, at: Instant): BudgetAccount {
  const { startsAt, endsAt, period, timeZone } = budget;
  const life: Span = { startAt: startsAt, ...(endsAt === undefined ? {} : { endAt: endsAt }) };
  const within = at < startsAt ? startsAt : at;
  const span = period === 'none' ? life : clip(periodAround(period, timeZone, within), life);
  return { budget, span, spentMicros: 0n, heldMicros: 0n, reached: [] };
}

/** Whether a budget limits anything at a moment. */
export const isInForce = ({ startsAt, endsAt }: Budget, at: Instant): boolean =>
  startsAt <= at && (endsAt === undefined || at < endsAt);

/**
 * The account as it is at a later moment: the same within its period and after the budget's end, else a fresh one. What is held
 * goes along, since its work is still under way and will be spent in the new period.
 */
export function rollAccount(account: BudgetAccount, at: Instant): BudgetAccount {
  const { span, budget, heldMicros } = account;
  const isOver = span.endAt !== undefined && span.endAt <= at;
  return isOver && isInForce(budget, at) ? { ...openAccount(budget, at), heldMicros } : account;
}

/** How an account stands at a moment. */
export function standingOf(account: BudgetAccount, at: Instant): BudgetStanding {
  const { budget, spentMicros, heldMicros, span } = account;
  const { limitMicros } = budget;
  const usedMicros = spentMicros + heldMicros;
  const usedPercent = limitMicros === 0n ? null : toPercent(usedMicros, limitMicros);
  return {
    state: stateOf(account),
    usedMicros,
    availableMicros: limitMicros - usedMicros,
    usedPercent,
    pacePercent: paceOf(usedPercent, span, at),
  };
}

/** Thresholds the account has come to and not yet reported, lowest first. */
export function newThresholds({
  budget,
  spentMicros,
  heldMicros,
  reached,
}: BudgetAccount): readonly number[] {
  const used = spentMicros + heldMicros;
  return [...new Set(budget.thresholdsPercent)]
    .filter((percent) => used > 0n && hasReached(used, budget.limitMicros, percent))
    .filter((percent) => !reached.includes(percent))
    .sort((one, other) => one - other);
}

function stateOf({ budget, spentMicros, heldMicros }: BudgetAccount): BudgetState {
  const used = spentMicros + heldMicros;
  const { limitMicros, thresholdsPercent } = budget;
  if (used > limitMicros) return 'exceeded';
  if (used === limitMicros) return 'exhausted';
  return thresholdsPercent.some((percent) => hasReached(used, limitMicros, percent))
    ? 'warning'
    : 'ok';
}

const hasReached = (used: bigint, limit: bigint, percent: number): boolean =>
  used * PARTS_PER_WHOLE >= limit * BigInt(Math.round(percent * PARTS_PER_PERCENT));

const toPercent = (part: bigint, whole: bigint): number =>
  Number((part * PARTS_PER_WHOLE) / whole) / PARTS_PER_PERCENT;

function paceOf(usedPercent: number | null, { startAt, endAt }: Span, at: Instant): number | null {
  if (usedPercent === null || endAt === undefined) return null;
  const wholeMs: Ms = toEpochMs(endAt) - toEpochMs(startAt);
  const elapsedMs = Math.min(wholeMs, toEpochMs(at) - toEpochMs(startAt));
  return elapsedMs <= 0 ? null : (usedPercent * wholeMs) / elapsedMs;
}

function clip(period: Required<Span>, life: Span): Required<Span> {
  const startAt = period.startAt < life.startAt ? life.startAt : period.startAt;
  const { endAt = period.endAt } = life;
  return { startAt, endAt: endAt < period.endAt ? endAt : period.endAt };
}
