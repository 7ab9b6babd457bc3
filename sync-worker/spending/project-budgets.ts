import { createBudgetReadings, type FounderHqDoc, type GateSources } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import type { Store } from '#worker/store/index.ts';
import { listBudgets } from './budget-sheets.ts';
import type { CostSettings } from './closed-month.ts';
import { priceDoc, readSpending } from './read-spending.ts';

/** What the budgets of projects are read from. */
export interface ProjectBudgets {
  readonly doc: FounderHqDoc;
  /** The runs of the ledger. */
  readonly runs: readonly ViewRun[];
  /** Asked for only where a gate asks for a budget. */
  readonly settings: () => Promise<CostSettings>;
  readonly nowMs: number;
}

/** How much of each project's budgets is used, for the gates that ask; a doc none of whose lists names a budget costs no look at its costs. */
export async function readProjectBudgets(
  store: Store,
  { doc, runs, settings: ask, nowMs }: ProjectBudgets,
): Promise<GateSources['budgetsOf']> {
  const isAsking = [...doc.projects, ...doc.processTemplates].some(({ requiredGates = '' }) =>
    /budget/i.test(requiredGates),
  );
  if (!isAsking) return () => [];
  const spending = await readSpending(store);
  const settings = await ask();
  const { leaves } = priceDoc(doc, { spending, runs, settings, nowMs });
  const at = toInstant(nowMs);
  return createBudgetReadings(doc, listBudgets(doc, { sheets: spending, leaves, settings, at }));
}
