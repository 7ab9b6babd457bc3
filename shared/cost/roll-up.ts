import { compareText, type Ms } from '#shared/kernel/index.ts';
import type { CostEntry } from './cost-entry.ts';
import { countedEntries } from './counted-entries.ts';

/** One leaf of cost: a cost line, or work at a person's rate. A cost that is absent is unpriced, which is not 0. */
export interface CostCell {
  /** What was paid for, by which an unpriced cell is named. */
  readonly name: string;
  /** Where it belongs, by dimension: `project`, `workflow`, `person`, `month` and so on. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly currency?: string;
  readonly costMicros?: bigint;
  readonly billableMicros?: bigint;
  /** Net effort behind the cost; absent where nobody worked. Units: ms. */
  readonly effortMs?: Ms;
  /** Whether it may be billed at a rate nobody knows, so that what it earns is unknown, which is not 0. */
  readonly isUnbilled?: boolean;
}

/** A sum in one currency. */
export interface CostTotal {
  readonly currency: string;
  readonly costMicros: bigint;
  readonly billableMicros: bigint;
  /** Billable less cost; `null` where the row has anything unpriced or unbilled, since it is then not known. */
  readonly marginMicros: bigint | null;
}

/** What no price or no billable rate is known for, and how often it occurs. */
export interface UnpricedCount {
  readonly name: string;
  readonly count: number;
}

/** The cells that share the values of the dimensions asked for. */
export interface CostRow {
  /** A cell without a dimension stands under the empty text. */
  readonly key: Readonly<Record<string, string>>;
  readonly cells: number;
  /** One for each currency, in the order of the codes. */
  readonly totals: readonly CostTotal[];
  readonly unpricedCount: number;
  /** In the order of the names. */
  readonly unpriced: readonly UnpricedCount[];
  /** Billable work without a billable rate, in the order of the names. */
  readonly unbilled: readonly UnpricedCount[];
  /** Units: ms. */
  readonly effortMs: Ms;
}

/** The entries a sum takes: only those that count, and of an unpriced one that was taken back none. */
export function standingEntries(entries: readonly CostEntry[]): readonly CostEntry[] {
  const reversed = new Set(entries.map(({ reverses }) => reverses));
  return countedEntries(entries).filter(
    ({ amountMicros, entryType, entryId }) =>
      amountMicros !== undefined || (entryType !== 'reversal' && !reversed.has(entryId)),
  );
}

/** One entry as a cell. */
export function toCostCell(entry: CostEntry, dimensions: CostCell['dimensions']): CostCell {
  const { resourceName: name, amountMicros, currency } = entry;
  return {
    name,
    dimensions,
    ...(currency === undefined ? {} : { currency }),
    ...(amountMicros === undefined ? {} : { costMicros: amountMicros }),
  };
}

/** The cells of the entries that stand. */
export const toCostCells = (
  entries: readonly CostEntry[],
  dimensionsOf: (entry: CostEntry) => CostCell['dimensions'],
): readonly CostCell[] =>
  standingEntries(entries).map((entry) => toCostCell(entry, dimensionsOf(entry)));

/**
 * Sums of cells by any dimensions, rows in the order of their values; without dimensions one row of everything, or none of nothing.
 * Each cell counts once, so the rows add up to the whole whichever dimensions are named and in whichever order.
 */
export function rollUp(
  cells: readonly CostCell[],
  dimensions: readonly string[],
): readonly CostRow[] {
  const groups = new Map<string, Group>();
  for (const cell of cells) {
    const name = JSON.stringify(dimensions.map((dimension) => valueOf(cell, dimension)));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [cell]);
    else group.push(cell);
  }
  return [...groups.values()]
    .sort(([one], [other]) => compareCells(one, other, dimensions))
    .map((group) => toRow(group, dimensions));
}

/** Cells of one row: a row without any is none. */
type Group = [CostCell, ...CostCell[]];

function toRow(cells: Group, dimensions: readonly string[]): CostRow {
  const [first] = cells;
  const unpriced = countNames(cells.filter(({ costMicros }) => costMicros === undefined));
  const unbilled = countNames(cells.filter(({ isUnbilled }) => isUnbilled === true));
  const unpricedCount = unpriced.reduce((sum, { count }) => sum + count, 0);
  return {
    key: Object.fromEntries(dimensions.map((dimension) => [dimension, valueOf(first, dimension)])),
    cells: cells.length,
    totals: sumCells(cells, unpriced.length + unbilled.length > 0),
    unpricedCount,
    unpriced,
    unbilled,
    effortMs: cells.reduce((sum, { effortMs = 0 }) => sum + effortMs, 0),
  };
}

function sumCells(cells: readonly CostCell[], isIncomplete: boolean): readonly CostTotal[] {
  const sums = new Map<string, { cost: bigint; billable: bigint }>();
  for (const { currency, costMicros = 0n, billableMicros = 0n } of cells) {
    if (currency === undefined) continue;
    const sum = sums.get(currency) ?? { cost: 0n, billable: 0n };
    sums.set(currency, { cost: sum.cost + costMicros, billable: sum.billable + billableMicros });
  }
  return [...sums]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([currency, { cost, billable }]) => ({
      currency,
      costMicros: cost,
      billableMicros: billable,
      marginMicros: isIncomplete ? null : billable - cost,
    }));
}

function countNames(cells: readonly CostCell[]): readonly UnpricedCount[] {
  const counts = new Map<string, number>();
  for (const { name } of cells) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, count]) => ({ name, count }));
}

/** By the first dimension in which they differ. */
const compareCells = (one: CostCell, other: CostCell, dimensions: readonly string[]): number =>
  dimensions.reduce(
    (order, dimension) => order || compareText(valueOf(one, dimension), valueOf(other, dimension)),
    0,
  );

const valueOf = ({ dimensions }: CostCell, dimension: string): string =>
  dimensions[dimension] ?? '';
