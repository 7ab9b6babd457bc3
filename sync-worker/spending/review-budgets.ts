import type { FounderHqDoc } from '#shared/doc/index.ts';
import { addDays, type Day, startOfDay, toInstant } from '#shared/kernel/index.ts';
import type { ReviewBudget } from '#shared/planning/index.ts';
import { listBudgets } from './budget-sheets.ts';
import { type PriceFacts, priceDoc, type Spending } from './read-spending.ts';

/** What the budgets of a review are read from. */
export interface ReviewBudgetFacts extends PriceFacts {
  readonly spending: Spending;
  /** The day reviewed: what was spent later is left out. */
  readonly date: Day;
}

/** The budgets as a day left them; what is held for work under way is told of today only. */
export function toReviewBudgets(
  doc: FounderHqDoc,
  facts: ReviewBudgetFacts,
): readonly ReviewBudget[] {
  const { spending, settings, date, nowMs } = facts;
  const endMs = startOfDay(addDays(date, 1), settings.timeZone);
  const isPast = endMs <= nowMs;
  const { leaves } = priceDoc(doc, facts);
  const lines = listBudgets(doc, {
    sheets: isPast ? { ...spending, held: [] } : spending,
    leaves: leaves.filter(({ dimensions: { day = date } }) => day <= date),
    settings,
    at: toInstant(isPast ? endMs - 1 : nowMs),
  });
  return lines.map(({ scope, budgetId, name, burn }) => ({
    rowId: scope.level === 'global' ? budgetId : scope.id,
    name,
    burn,
  }));
}
