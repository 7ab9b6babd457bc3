import type { BudgetLine } from '#shared/cost/index.ts';
import type { FounderHqDoc } from '#shared/doc/index.ts';
import type { Instant } from '#shared/kernel/index.ts';
import type { ConvertedCosts, CostReport } from '#worker/costs/index.ts';
import type { DocFigures } from '#worker/sync/index.ts';

/** What a report page shows. */
export interface ReportPage extends DocFigures {
  readonly doc: FounderHqDoc;
  readonly asOf: Instant;
  readonly timeZone: string;
  readonly costs: CostReport;
  readonly converted: ConvertedCosts | undefined;
  readonly budgets: readonly BudgetLine[];
}
