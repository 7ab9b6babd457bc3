import { accept, type Instant, type Result, refuse } from '#shared/kernel/index.ts';
import {
  BUDGET_LEVELS,
  type Budget,
  type BudgetAccount,
  type BudgetLevel,
  type BudgetState,
  isInForce,
  newThresholds,
  rollAccount,
  standingOf,
} from './budget.ts';

/** The accounts of all budgets by the budget's id. */
export type BudgetBook = ReadonlyMap<string, BudgetAccount>;

/** Money asked for before it is spent, in every budget of the work's chain. */
export interface ReserveRequest {
  readonly at: Instant;
  readonly budgetIds: readonly string[];
  /** Range: 0 and up. */
  readonly amountMicros: bigint;
  readonly currency: string;
}

/** Money that was spent, and what of it had been held. */
export interface SpendRequest {
  readonly at: Instant;
  readonly budgetIds: readonly string[];
  /** The true cost, also where it is dearer than what was held; negative for a reversal. */
  readonly costMicros: bigint;
  readonly currency: string;
  /** @default 0n */
  readonly heldMicros?: bigint;
}

/** Why nothing was reserved, in no budget at all. */
export type ReserveRefusal =
  | { readonly code: 'AMOUNT_NEGATIVE'; readonly amountMicros: bigint }
  | { readonly code: 'BUDGET_UNKNOWN'; readonly budgetId: string }
  | {
      readonly code: 'CURRENCY_MISMATCH';
      readonly budgetId: string;
      readonly expected: string;
      readonly received: string;
    }
  | {
      readonly code: 'BUDGET_EXHAUSTED';
      readonly budgetId: string;
      readonly neededMicros: bigint;
      readonly availableMicros: bigint;
      readonly currency: string;
    };

/** What a budget has to tell, once each time it comes to it. */
export type BudgetNotice = { readonly budgetId: string } & (
  | {
      readonly type: 'budget_threshold_reached';
      readonly thresholdPercent: number;
      readonly usedPercent: number | null;
      readonly pacePercent: number | null;
    }
  | {
      readonly type: 'budget_exhausted';
      readonly usedMicros: bigint;
      readonly limitMicros: bigint;
    }
  | {
      readonly type: 'budget_exceeded';
      readonly overMicros: bigint;
      readonly usedPercent: number | null;
    }
);

/** A book after money moved, and what that made worth telling. */
export interface BudgetChange {
  readonly book: BudgetBook;
  readonly notices: readonly BudgetNotice[];
  /** Budgets that were named but do not count this money: unknown, not in force then, of another currency, or their period is over. */
  readonly untouched: readonly string[];
}

/** The budgets that work is under, widest first: the global ones and those of any level whose id the work names. */
export const budgetsOver = (
  budgets: readonly Budget[],
  work: Readonly<Partial<Record<BudgetLevel, string>>>,
): readonly Budget[] =>
  BUDGET_LEVELS.flatMap((level) =>
    budgets.filter(
      ({ scope }) => scope.level === level && (level === 'global' || work[level] === scope.id),
    ),
  );

/**
 * The book with an amount held in every budget named, or in none. A budget that halts gives no more than it has left, and nothing
 * at all once it has nothing left; the others give what is asked. A budget that is not in force limits nothing.
 * Refusals: the first budget that refuses, in the order given, with what was needed and what is available.
 */
export function reserve(
  book: BudgetBook,
  request: ReserveRequest,
): Result<BudgetChange, ReserveRefusal> {
  const { amountMicros, budgetIds, at } = request;
  if (amountMicros < 0n) return refuse({ code: 'AMOUNT_NEGATIVE', amountMicros });
  for (const budgetId of budgetIds) {
    const account = book.get(budgetId);
    if (account === undefined) return refuse({ code: 'BUDGET_UNKNOWN', budgetId });
    const refusal = refuseBy(account, request);
    if (refusal !== undefined) return refuse(refusal);
  }
  return accept(post(book, { ...request, spentMicros: 0n, heldMicros: amountMicros, at }));
}

/** The book after money was spent: what had been held for it is free again and the true cost counts in full. */
export const spend = (
  book: BudgetBook,
  { costMicros, heldMicros = 0n, ...request }: SpendRequest,
): BudgetChange => post(book, { ...request, spentMicros: costMicros, heldMicros: -heldMicros });

/** The book after what was held is free again and nothing was spent. */
export const free = (book: BudgetBook, request: Omit<SpendRequest, 'costMicros'>): BudgetChange =>
  spend(book, { ...request, costMicros: 0n });

function refuseBy(held: BudgetAccount, request: ReserveRequest): ReserveRefusal | undefined {
  const { amountMicros, currency, at } = request;
  const { budget } = held;
  const { budgetId } = budget;
  if (budget.currency !== currency) {
    const expected = budget.currency;
    return { code: 'CURRENCY_MISMATCH', budgetId, expected, received: currency };
  }
  if (budget.mode !== 'halt' || !isInForce(budget, at)) return undefined;
  const { availableMicros } = standingOf(rollAccount(held, at), at);
  // An amount of 0 may be a cost nobody knows yet, so a spent budget stops it too.
  if (availableMicros > 0n && amountMicros <= availableMicros) return undefined;
  const facts = { neededMicros: amountMicros, availableMicros, currency };
  return { code: 'BUDGET_EXHAUSTED', budgetId, ...facts };
}

interface Posting {
  readonly at: Instant;
  readonly budgetIds: readonly string[];
  readonly currency: string;
  readonly spentMicros: bigint;
  readonly heldMicros: bigint;
}

function post(book: BudgetBook, posting: Posting): BudgetChange {
  const accounts = new Map(book);
  const notices: BudgetNotice[] = [];
  const untouched: string[] = [];
  for (const budgetId of new Set(posting.budgetIds)) {
    const moved = postOne(book.get(budgetId), posting);
    if (moved === undefined) {
      untouched.push(budgetId);
      continue;
    }
    accounts.set(budgetId, moved.account);
    notices.push(...moved.notices);
  }
  return { book: accounts, notices, untouched };
}

function postOne(
  before: BudgetAccount | undefined,
  { at, currency, spentMicros, heldMicros }: Posting,
): { readonly account: BudgetAccount; readonly notices: readonly BudgetNotice[] } | undefined {
  if (before === undefined || before.budget.currency !== currency) return undefined;
  const open = rollAccount(before, at);
  // What is freed is freed whenever it is; only new money has to fall into the period.
  const isCounted = isInForce(open.budget, at) && open.span.startAt <= at;
  if (!isCounted && heldMicros >= 0n) return undefined;
  const moved = {
    ...open,
    spentMicros: open.spentMicros + (isCounted ? spentMicros : 0n),
    heldMicros: open.heldMicros + heldMicros,
  };
  const crossed = newThresholds(moved);
  const account = { ...moved, reached: [...moved.reached, ...crossed] };
  return {
    account,
    notices: toNotices(account, { crossed, from: standingOf(open, at).state, at }),
  };
}

function toNotices(
  account: BudgetAccount,
  { crossed, from, at }: { crossed: readonly number[]; from: BudgetState; at: Instant },
): readonly BudgetNotice[] {
  const { budgetId, limitMicros } = account.budget;
  const { state, usedMicros, usedPercent, pacePercent } = standingOf(account, at);
  const reached = crossed.map((thresholdPercent) => {
    const facts = { thresholdPercent, usedPercent, pacePercent };
    return { budgetId, type: 'budget_threshold_reached', ...facts } as const;
  });
  if (state === from) return reached;
  if (state === 'exhausted') {
    return [...reached, { budgetId, type: 'budget_exhausted', usedMicros, limitMicros }];
  }
  if (state !== 'exceeded') return reached;
  const overMicros = usedMicros - limitMicros;
  return [...reached, { budgetId, type: 'budget_exceeded', overMicros, usedPercent }];
}
