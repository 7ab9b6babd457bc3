import type { CostLeaf } from '#shared/cost/index.ts';
import { type Day, dayAt, toEpochMs } from '#shared/kernel/index.ts';
import type { MonthCosts } from './cost-book.ts';

/** What a leaf of an export is: part of its month, or one side of a correction of an earlier one. */
export type ExportKind = 'cost' | 'taken out' | 'put in';

/** One leaf as an export writes it. */
export interface ExportLeaf {
  readonly kind: ExportKind;
  readonly month: string;
  /** When it counts: the day of a leaf, the day a correction was recorded. */
  readonly day: Day;
  /** Amounts are as they were or are; a leaf that is taken out counts against. */
  readonly leaf: CostLeaf;
  /** Of a correction: which one, of which month, and why. */
  readonly correction?: {
    readonly id: string;
    readonly closedMonth: string;
    readonly reason: string;
  };
}

/** The leaves of a month and the corrections recorded in it, in the order of their days. */
export function toExportLeaves(
  { month, leaves, adjustments }: MonthCosts,
  timeZone: string,
): readonly ExportLeaf[] {
  const own = leaves.map((leaf): ExportLeaf => {
    const day = leaf.dimensions['day'] ?? `${month}-01`;
    return { kind: 'cost', month, day, leaf };
  });
  const corrections = adjustments.flatMap((adjustment): ExportLeaf[] => {
    const { adjustmentId: id, closedMonth, reason, recordedAt, before, after } = adjustment;
    const day = dayAt(toEpochMs(recordedAt), timeZone);
    const shared = { month, day, correction: { id, closedMonth, reason } };
    return [
      ...(before === undefined ? [] : [{ ...shared, kind: 'taken out', leaf: before } as const]),
      ...(after === undefined ? [] : [{ ...shared, kind: 'put in', leaf: after } as const]),
    ];
  });
  return [...own, ...corrections].sort(
    (one, other) => Number(one.day > other.day) - Number(one.day < other.day),
  );
}
