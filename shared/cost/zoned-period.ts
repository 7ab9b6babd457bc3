import {
  addDays,
  DAY_MS,
  type Day,
  HOUR_MS,
  type Instant,
  mondayOf,
  toDayNumber,
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

/** No clock on earth is further from UTC than this. */
const WIDEST_OFFSET_MS = 15 * HOUR_MS;

/** The calendar day it is in a zone. Errors: a zone the platform does not know throws; {@link isTimeZone} tells. */
export const dayIn = (timeZone: string, at: Instant): Day =>
  createDayReader(timeZone)(toEpochMs(at));

/** Whether the platform knows a zone, such as `Europe/Berlin`. */
export function isTimeZone(timeZone: string): boolean {
  try {
    createDayReader(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** The day, the week from Monday or the month around a moment, as clocks in a zone show it: 23 to 25 hours make a day. */
export function periodAround(
  period: Exclude<BudgetPeriod, 'none'>,
  timeZone: string,
  at: Instant,
): Required<Span> {
  const readDay = createDayReader(timeZone);
  const [first, next] = daysOf(period, readDay(toEpochMs(at)));
  return { startAt: startOfDay(first, readDay), endAt: startOfDay(next, readDay) };
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

/** The first moment at which clocks show a day, or a later one where they leap over it. */
function startOfDay(day: Day, readDay: (epochMs: number) => Day): Instant {
  const midnightMs = toDayNumber(day) * DAY_MS;
  let before = midnightMs - WIDEST_OFFSET_MS;
  let after = midnightMs + WIDEST_OFFSET_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (readDay(middle) < day) before = middle;
    else after = middle;
  }
  return toInstant(after);
}

function createDayReader(timeZone: string): (epochMs: number) => Day {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (epochMs) => {
    const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
    const [year = '', month = '', day = ''] = [
      parts.get('year'),
      parts.get('month'),
      parts.get('day'),
    ];
    return `${year.padStart(4, '0')}-${month}-${day}`;
  };
}
