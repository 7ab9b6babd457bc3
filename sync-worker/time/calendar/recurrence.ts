import {
  accept,
  addDays,
  type Day,
  formatDay,
  type Result,
  refuse,
  toDayNumber,
  weekdayOf,
} from '#shared/kernel/index.ts';

/** A weekday of a rule, from 1 for Monday; with an ordinal only that one of its month, counted from the end where it is negative. */
interface RuleWeekday {
  readonly weekday: number;
  readonly nth: number | undefined;
}

/** When something comes again. Source: RFC 5545, section 3.3.10. */
export interface RecurrenceRule {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  readonly interval: number;
  readonly count: number | undefined;
  /** `20260331` or `20260331T120000Z`. */
  readonly until: string | undefined;
  readonly weekdays: readonly RuleWeekday[];
  readonly monthDays: readonly number[];
  readonly months: readonly number[];
  /** First day of the week, from 1 for Monday. */
  readonly weekStart: number;
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const FREQUENCIES = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
const KNOWN_PARTS = new Set('FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH WKST'.split(' '));

/** Reads a rule. Refusals: plain words that name the part that is not understood. */
export function parseRule(text: string): Result<RecurrenceRule, string> {
  const parts = new Map(
    text
      .toUpperCase()
      .split(';')
      .map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? ''] as const),
  );
  const strange = [...parts.keys()].find((name) => !KNOWN_PARTS.has(name));
  if (strange !== undefined) return refuse(`its rule has \`${strange}\`, which is not understood`);
  const frequency = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  if (frequency === undefined) {
    return refuse(`it comes again \`${parts.get('FREQ') ?? ''}\`, which is not understood`);
  }
  const rule: RecurrenceRule = { frequency, ...readParts(parts) };
  const numbers = [...rule.monthDays, ...rule.months, rule.interval, rule.count ?? 1];
  const isReadable = numbers.every((number) => Number.isInteger(number) && number !== 0);
  if (!isReadable || Math.min(rule.interval, rule.count ?? 1, rule.weekStart) < 1) {
    return refuse(`its rule \`${text}\` cannot be read`);
  }
  const fault = judgeRule(rule);
  return fault === undefined ? accept(rule) : refuse(fault);
}

function readParts(parts: ReadonlyMap<string, string>): Omit<RecurrenceRule, 'frequency'> {
  const listOf = (name: string): readonly string[] => {
    const text = parts.get(name);
    return text === undefined ? [] : text.split(',');
  };
  const count = parts.get('COUNT');
  return {
    interval: Number(parts.get('INTERVAL') ?? 1),
    count: count === undefined ? undefined : Number(count),
    until: parts.get('UNTIL'),
    weekdays: listOf('BYDAY').map(toWeekday),
    monthDays: listOf('BYMONTHDAY').map(Number),
    months: listOf('BYMONTH').map(Number),
    weekStart: WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO') + 1,
  };
}

function judgeRule(rule: RecurrenceRule): string | undefined {
  const { frequency, weekdays, months, monthDays } = rule;
  if (weekdays.some(({ weekday }) => weekday === 0)) return 'its rule has a `BYDAY` that is no day';
  const hasOrdinal = weekdays.some(({ nth }) => nth !== undefined);
  const isOfYear = frequency === 'YEARLY' && months.length === 0;
  const isOfMonths = frequency === 'MONTHLY' || frequency === 'YEARLY';
  if (hasOrdinal && !isOfMonths) return 'its rule has a `BYDAY` that is not understood';
  const isListed = weekdays.length + monthDays.length > 0;
  return isListed && isOfYear
    ? 'its `YEARLY` rule names no month, which is not understood'
    : undefined;
}

/** Weekday 0 for a text that names none. */
function toWeekday(text: string): RuleWeekday {
  const [, nth, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
  const weekday = WEEKDAYS.indexOf(name) + 1;
  return { weekday, nth: nth === undefined ? undefined : Number(nth) };
}

/** Periods looked at; a rule for the 30th of February never meets a day. */
const PERIODS_MAX = 20_000;

/** The days of a rule from its first day on, in order, to a last one; a bound on periods holds for rules that meet no day. */
export function* expandRule(
  rule: RecurrenceRule,
  { first, last }: { readonly first: Day; readonly last: Day },
): Generator<Day, void> {
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (let period = 0; period < PERIODS_MAX; period += 1) {
    const days = listDays(rule, first, period * rule.interval);
    const begin = beginOf(rule, first, period * rule.interval);
    if (begin > last) return;
    for (const day of days) {
      if (day < first) continue;
      if (day > last || left === 0) return;
      left -= 1;
      yield day;
    }
  }
}

/** The first day of a period, counted in days, weeks, months or years from that of the first day. */
function beginOf({ frequency, weekStart }: RecurrenceRule, first: Day, offset: number): Day {
  switch (frequency) {
    case 'DAILY':
      return addDays(first, offset);
    case 'WEEKLY':
      return addDays(first, 7 * offset - ((weekdayOf(first) - weekStart + 7) % 7));
    case 'MONTHLY':
      return monthAt(first, offset);
    case 'YEARLY':
      return monthAt(`${first.slice(0, 4)}-01-01`, 12 * offset);
  }
}

function listDays(rule: RecurrenceRule, first: Day, offset: number): readonly Day[] {
  const begin = beginOf(rule, first, offset);
  const isWanted = (day: Day): boolean =>
    rule.months.length === 0 || rule.months.includes(Number(day.slice(5, 7)));
  switch (rule.frequency) {
    case 'DAILY':
      return [begin].filter((day) => isWanted(day) && fits(rule, day));
    case 'WEEKLY': {
      const days = Array.from({ length: 7 }, (_, at) => addDays(begin, at));
      const usual = { ...rule, weekdays: [{ weekday: weekdayOf(first), nth: undefined }] };
      return days.filter(
        (day) => isWanted(day) && fits(rule.weekdays.length > 0 ? rule : usual, day),
      );
    }
    case 'MONTHLY':
      return isWanted(begin) ? daysOfMonth(rule, begin, first) : [];
    case 'YEARLY': {
      const months = rule.months.length > 0 ? rule.months : [Number(first.slice(5, 7))];
      return months
        .toSorted((one, other) => one - other)
        .flatMap((month) => daysOfMonth(rule, monthAt(begin, month - 1), first));
    }
  }
}

/** Days of the month that begins on a day; without a list of days the one the first day had. */
function daysOfMonth(rule: RecurrenceRule, begin: Day, first: Day): readonly Day[] {
  const length = toDayNumber(monthAt(begin, 1)) - toDayNumber(begin);
  const days = Array.from({ length }, (_, at) => addDays(begin, at));
  const isListed = rule.weekdays.length + rule.monthDays.length > 0;
  return days.filter((day) => (isListed ? fits(rule, day) : day.slice(8) === first.slice(8)));
}

function fits({ weekdays, monthDays }: RecurrenceRule, day: Day): boolean {
  const begin = `${day.slice(0, 7)}-01`;
  const length = toDayNumber(monthAt(begin, 1)) - toDayNumber(begin);
  const date = Number(day.slice(8));
  const isDate =
    monthDays.length === 0 || monthDays.includes(date) || monthDays.includes(date - length - 1);
  const fromStart = Math.ceil(date / 7);
  const fromEnd = -Math.ceil((length - date + 1) / 7);
  const isWeekday = weekdays.some(
    ({ weekday, nth = fromStart }) =>
      weekday === weekdayOf(day) && (nth === fromStart || nth === fromEnd),
  );
  return isDate && (weekdays.length === 0 || isWeekday);
}

/** The first of a month so many months on. */
function monthAt(day: Day, months: number): Day {
  const month = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 + months;
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return formatDay(toDayNumber(`${year}-${String((month % 12) + 1).padStart(2, '0')}-01`));
}
