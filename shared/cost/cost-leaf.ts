import { type Day, dayAt, type Instant, toEpochMs, weekNameOf } from '#shared/kernel/index.ts';
import type { CostEntry } from './cost-entry.ts';
import { WHOLE_USE } from './counted-entries.ts';
import type { Labour, PricedLabour, PriceLabour } from './labour-rate.ts';
import { type CostCell, standingEntries, toCostCell } from './roll-up.ts';

/** A cell with a name of its own, by which it is found again when it has changed. */
export interface CostLeaf extends CostCell {
  /** `run/…` for work, `cost/…` for a cost entry. */
  readonly leafId: string;
}

/** The dimensions of time of a leaf; one of no known day has none of them. */
export type TimeDimensions = Readonly<Record<'day' | 'week' | 'month', string>>;

/** The day, ISO week and month of a day: `2026-03-01`, `2026-W09`, `2026-03`. */
export const timeDimensions = (day: Day): TimeDimensions => ({
  day,
  week: weekNameOf(day),
  month: day.slice(0, 7),
});

/** The same of a moment, as clocks in the owner's zone show it. */
export const timeDimensionsAt = (at: Instant, timeZone: string): TimeDimensions =>
  timeDimensions(dayAt(toEpochMs(at), timeZone));

/** Work as a leaf of cost. */
export interface LabourFacts extends Omit<Labour, 'occurredAt'> {
  /** Absent where nobody knows when it was done: then no dated rate is its own. */
  readonly occurredAt?: Instant;
  readonly leafId: string;
  /** What the person is called, by which missing rates are named. */
  readonly personName: string;
  readonly isBillable: boolean;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Work at its person's rates of that moment: the cost always, the billable value only where the project is billable. */
export function toLabourLeaf(facts: LabourFacts, price: PriceLabour): CostLeaf {
  const { leafId, person, personName: name, isBillable, effortMs, occurredAt } = facts;
  const priced = occurredAt === undefined ? undefined : price({ person, effortMs, occurredAt });
  const amounts = toAmounts(priced ?? {}, isBillable);
  const dimensions = { ...facts.dimensions, category: 'labour', currency: amounts.currency ?? '' };
  return { leafId, name, dimensions, effortMs, ...amounts };
}

function toAmounts(
  { currency, costMicros, billableMicros }: Partial<PricedLabour>,
  isBillable: boolean,
): Pick<CostCell, 'currency' | 'costMicros' | 'billableMicros' | 'isUnbilled'> {
  const billed = isBillable ? billableMicros : undefined;
  const isPriced = costMicros !== undefined || billed !== undefined;
  return {
    ...(isPriced && currency !== undefined ? { currency } : {}),
    ...(costMicros === undefined ? {} : { costMicros }),
    ...(billed === undefined ? {} : { billableMicros: billed }),
    ...(isBillable && billed === undefined ? { isUnbilled: true } : {}),
  };
}

/** Cost entries as leaves: those that count, each once. */
export const toEntryLeaves = (
  entries: readonly CostEntry[],
  { timeZone, dimensionsOf }: EntryFacts,
): readonly CostLeaf[] =>
  standingEntries(entries).map((entry) => ({
    ...toCostCell(entry, {
      ...dimensionsOf(entry),
      ...(entry.day === undefined
        ? timeDimensionsAt(entry.occurredAt, timeZone)
        : timeDimensions(entry.day)),
      category: categoryOf(entry),
      currency: entry.currency ?? '',
    }),
    leafId: `cost/${entry.entryId}`,
  }));

/** What a cost is of no listed kind is told by the word it was recorded with. */
const categoryOf = ({ resourceType, usageType }: CostEntry): string =>
  resourceType === 'custom' && usageType !== WHOLE_USE ? usageType : resourceType;

/** How entries are placed. */
export interface EntryFacts {
  readonly timeZone: string;
  /** Where an entry belongs beside its time, category and currency. */
  readonly dimensionsOf: (entry: CostEntry) => CostCell['dimensions'];
}
