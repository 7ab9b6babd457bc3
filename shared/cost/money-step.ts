import type { DocumentStep, JsonObject, StreamEvent } from '#shared/ledger/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import type { Budget } from './budget.ts';
import type { BudgetNotice, ReserveRefusal } from './budget-book.ts';
import type { CostEntry } from './cost-entry.ts';
import { microsToText } from './micros-text.ts';
import type { PriceBook } from './price-book.ts';

/** A document with each `bigint` as decimal text; what is absent is left out. */
export const toMoneyDocument = (value: object): JsonObject =>
  Object.fromEntries(
    Object.entries(value).flatMap(([field, one]) =>
      one === undefined ? [] : [[field, microsToText(one)]],
    ),
  );

/** A cost line and the event that tells of it, at the moment it was recorded. A reversal tells which line it takes back. */
export function toCostStep(entry: CostEntry, by: string): DocumentStep {
  const { entryId, resourceType, amountMicros, currency, reverses, recordedAt: at } = entry;
  const { runId, phaseId, workstreamId, taskId } = entry;
  const priced = amountMicros !== undefined;
  const scope = { runId, phaseId, workstreamId, taskId };
  const { day, ...kept } = entry;
  // The contract has moments only, and room for what a maker knows beside them.
  const metadata = day === undefined ? undefined : { day };
  return {
    table: 'costs',
    id: entryId,
    document: toMoneyDocument({ schema: 'cost_entry.v1', ...kept, metadata }),
    at,
    by,
    type: reverses === undefined ? 'cost_recorded' : 'cost_reversed',
    facts: toMoneyDocument({ entryId, resourceType, amountMicros, currency, reverses, priced }),
    scope: JSON.parse(JSON.stringify(scope)),
  };
}

/** A budget's document. */
export const toBudgetStep = (budget: Budget, { at, by }: Asked): DocumentStep => ({
  table: 'budgets',
  id: budget.budgetId,
  document: toMoneyDocument({ schema: 'budget.v1', ...budget }),
  at,
  by,
});

/** A price book's document. */
export const toPriceBookStep = (book: PriceBook, { at, by }: Asked): DocumentStep => ({
  table: 'price_books',
  id: book.priceBookVersion,
  document: toMoneyDocument({ schema: 'price_book.v1', ...book }),
  at,
  by,
});

/** What a budget has to tell, as an event of its stream. */
export function toBudgetEvent(
  { budgetId, type, ...facts }: BudgetNotice,
  asked: Asked,
): StreamEvent {
  return tell(budgetId, { type, facts }, asked);
}

/** That a budget gave no money, as an event of its stream. */
export function toReserveRefusalEvent(
  refusal: Extract<ReserveRefusal, { readonly code: 'BUDGET_EXHAUSTED' }>,
  asked: Asked,
): StreamEvent {
  const { budgetId, code: _code, ...facts } = refusal;
  return tell(budgetId, { type: 'reservation_refused', facts }, asked);
}

const tell = (
  budgetId: string,
  { type, facts }: { readonly type: string; readonly facts: object },
  { at, by }: Asked,
): StreamEvent => ({
  stream: `budget/${budgetId}`,
  event: { type, at, actor: by, payload: toMoneyDocument(facts) },
});
