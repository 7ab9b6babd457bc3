import {
  type Adjustment,
  applyChanges,
  type CostLeaf,
  describeChange,
  findChanges,
} from '#shared/cost/index.ts';
import { dayAt, type Instant, toEpochMs } from '#shared/kernel/index.ts';
import type { ClosedBooks, ClosedMonth } from '#worker/spending/index.ts';

/** What is known of costs at one moment: what stands now, what is closed, and how it was corrected. */
export interface CostBook {
  /** Every leaf as it stands now. */
  readonly leaves: readonly CostLeaf[];
  readonly closed: ClosedBooks;
  readonly names: ReadonlyMap<string, string>;
}

/** One month: a closed one as it was frozen, an open one as it stands. */
export interface MonthCosts {
  readonly month: string;
  readonly closed?: ClosedMonth;
  readonly leaves: readonly CostLeaf[];
  /** Corrections of earlier closed months that were recorded in this one. */
  readonly adjustments: readonly Adjustment[];
  readonly names: ReadonlyMap<string, string>;
}

/** The costs of a month. */
export function monthCosts({ leaves, closed, names }: CostBook, month: string): MonthCosts {
  const adjustments = closed.adjustments.filter((one) => one.month === month);
  const frozen = closed.months.get(month);
  return frozen === undefined
    ? { month, leaves: leavesOf(leaves, month), adjustments, names }
    : {
        month,
        closed: frozen,
        leaves: frozen.leaves,
        adjustments,
        names: new Map(Object.entries(frozen.names)),
      };
}

/** Every month anything is in, oldest first. */
export function monthsOf({ leaves, closed }: CostBook): readonly string[] {
  const months = new Set([
    ...leaves.flatMap(({ dimensions: { month } }) => month ?? []),
    ...closed.months.keys(),
    ...closed.adjustments.map(({ month }) => month),
  ]);
  return [...months].sort();
}

/** When and why a leaf was last changed, as far as the ledger tells. */
export type Origin = (
  leafId: string,
) => Promise<{ readonly at?: Instant; readonly reason?: string }>;

/**
 * Corrections of closed months that no adjustment tells of yet. Each stands in the month its change was recorded in; where that month
 * is closed too, or nobody knows it, in the current one.
 */
export async function findAdjustments(
  { leaves, closed }: CostBook,
  facts: { readonly now: Instant; readonly timeZone: string; readonly originOf: Origin },
): Promise<readonly Adjustment[]> {
  const { now, timeZone, originOf } = facts;
  const monthAt = (at: Instant): string => dayAt(toEpochMs(at), timeZone).slice(0, 7);
  const found: Adjustment[] = [];
  for (const { month: closedMonth, closedAt, leaves: frozen } of closed.months.values()) {
    const past = closed.adjustments.filter((one) => one.closedMonth === closedMonth);
    const changes = findChanges(applyChanges(frozen, past), leavesOf(leaves, closedMonth));
    for (const change of changes) {
      const { leafId } = change;
      const { at = now, reason = describeChange(change) } = await originOf(leafId);
      const isPlaced = closedAt <= at && at <= now && !closed.months.has(monthAt(at));
      const recordedAt = isPlaced ? at : now;
      const times = past.filter((one) => one.leafId === leafId).length;
      found.push({
        ...change,
        adjustmentId: `${closedMonth}/${leafId}/${times + 1}`,
        closedMonth,
        month: monthAt(recordedAt),
        recordedAt,
        reason,
      });
    }
  }
  return found;
}

const leavesOf = (leaves: readonly CostLeaf[], month: string): readonly CostLeaf[] =>
  leaves.filter(({ dimensions }) => dimensions['month'] === month);
