import {
  addDays,
  type Day,
  dayAt,
  type Instant,
  mondayOf,
  startOfDay,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';

/** How often a budget starts afresh; `none` never. */
export const BUDGET_PERIODS = ['none', 'day', 'week', 'month'] as const;
/** One of {@link BUDGET_PERIODS}. */
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** A stretch of time. */
export interface Span {
  readonly startAt: Instant;
  /** Exclusive; absent where no end is known. */
  readonly endAt?: Instant;
}

/** The day, the week from Monday or the month around a moment, as clocks in a zone show it: 23 to 25 hours make a day. */
export function periodAround(
  period: Exclude<BudgetPeriod, 'none'>,
  timeZone: string,
  at: Instant,
): Required<Span> {
  const [first, next] = daysOf(period, dayAt(toEpochMs(at), timeZone));
  return {
    startAt: toInstant(startOfDay(first, timeZone)),
    endAt: toInstant(startOfDay(next, timeZone)),
  };
}

function daysOf(period: Exclude<BudgetPeriod, 'none'>, day: Day): readonly [Day, Day] {
  switch (period) {
    case 'day':
      return [day, addDays(day, 1)];
    case 'week':
      return [mondayOf(day), addDays(mondayOf(day), 7)];
    case 'month': {
      const first = `${day.slice(0, 7)}-01`;
      // Every month has begun again 31 days on, or is at most three days into the next.
      return [first, `${addDays(first, 31).slice(0, 7)}-01`];
    }
  }
}
