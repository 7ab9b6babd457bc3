import { openLabourRates } from '#shared/cost/index.ts';
import { type DocCosts, type FounderHqDoc, toDocCosts } from '#shared/doc/index.ts';
import { assert, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { type BudgetSheets, NO_BUDGETS, readBudgetSheets } from './budget-sheets.ts';
import { type ClosedBooks, type CostSettings, readClosedBooks } from './closed-month.ts';
import { noteRates, readRates, type SeenRates, toLabourRates } from './observe-rates.ts';

/** All a ledger knows of money at one moment. */
export interface Spending extends BudgetSheets {
  readonly closed: ClosedBooks;
  readonly rates: SeenRates;
}

/** What a doc without a ledger has spent by it. */
export const NO_SPENDING: Spending = {
  ...NO_BUDGETS,
  closed: { months: new Map(), adjustments: [] },
  rates: new Map(),
};

/** Reads what a ledger knows of money. Writes nothing. Errors: `STORE_CORRUPT`. */
export async function readSpending(
  store: Pick<Store, 'list' | 'readStream' | 'listRecords' | 'getRecord'>,
): Promise<Spending> {
  return {
    ...(await readBudgetSheets(store)),
    closed: await readClosedBooks(store),
    rates: await readRates(store),
  };
}

/** What the costs of a doc are counted by. */
export interface PriceFacts {
  readonly spending: Pick<Spending, 'rates' | 'entries'>;
  /** The runs of the ledger. */
  readonly runs: readonly ViewRun[];
  readonly settings: CostSettings;
  readonly nowMs: number;
}

/** Every leaf of cost: the runs of doc and ledger at the rates seen, what the doc says now among them, and each cost entry. */
export function priceDoc(
  doc: FounderHqDoc,
  { spending: { rates, entries }, runs, settings, nowMs }: PriceFacts,
): DocCosts {
  const { timeZone, currency } = settings;
  const noted = noteRates(rates, doc.people, toInstant(nowMs));
  const priceLabour = openLabourRates(toLabourRates(noted, currency));
  assert(priceLabour.ok, 'a person has two rates at once');
  return toDocCosts(doc, { runs, entries, timeZone, priceLabour: priceLabour.value });
}
