import {
  addDays,
  assert,
  countBelow,
  DAY_MS,
  type Day,
  type Ms,
  toDayNumber,
  weekdayOf,
} from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';

/** What one person can work. */
export interface PersonCapacity {
  readonly personId: string;
  /** Seven numbers from Monday to Sunday. Units: whole ms a day. Range: 0 to the 24 h of a day. */
  readonly weekMs: readonly Ms[];
  /** Days on which nothing is worked. */
  readonly daysOff: readonly Day[];
}

/** How much all people together may work in a stretch of days, both ends whole. */
export interface CapacityLimit {
  readonly startDate: Day;
  readonly endDate: Day;
  /** Units: whole ms. Range: 0 and up. */
  readonly capacityMs: Ms;
}

/**
 * A person's working time from a first day on, ready to be filled. A moment is a whole number of ms since that day began,
 * where what a person works in a day is spread evenly over its 24 h: so all people's moments compare, and a day's work ends
 * as the day ends, to the ms.
 */
export interface WorkCalendar {
  /**
   * When work of 1 ms or more that begins at a moment is done; infinite where the person never works enough.
   * Cost: the logarithm of the days asked for so far.
   */
  readonly finish: (moment: number, workMs: Ms) => number;
}

/** Beyond ten years a date tells nothing any more. */
const HORIZON_DAYS = 3_653;

/**
 * The calendars of people from a day on. Where a limit lies below what its days hold, every person's
 * days in it shrink alike.
 * Source: capacity of people and sprints, evidence-based scheduling (J. Spolsky, 2007).
 */
export function createCalendars(
  people: readonly PersonCapacity[],
  limits: readonly CapacityLimit[],
  from: Day,
): ReadonlyMap<string, WorkCalendar> {
  // A limit that began before is for the whole of its days, of which only the rest is still to come.
  const open = limits.filter(({ endDate }) => endDate >= from);
  const start = open.reduce((day, { startDate }) => (startDate < day ? startDate : day), from);
  const first = toDayNumber(start);
  const passed = toDayNumber(from) - first;
  const days = people.map((person) => toDailyMs(person, start, passed + HORIZON_DAYS));
  for (const { startDate, endDate, capacityMs } of open) {
    const end = Math.min(passed + HORIZON_DAYS, toDayNumber(endDate) - first + 1);
    scale(days, [toDayNumber(startDate) - first, end], capacityMs);
  }
  const calendars = days.map((own) => toCalendar(own.slice(passed)));
  return new Map(people.map(({ personId }, index) => [personId, itemAt(calendars, index)]));
}

function toDailyMs({ weekMs, daysOff }: PersonCapacity, start: Day, length: number): Ms[] {
  assert(weekMs.length === 7, `expected 7 days of capacity, received \`${weekMs.length}\``);
  assert(weekMs.every(isOfOneDay), 'expected whole ms of at most a day as the capacity of one');
  const off = new Set(daysOff.map(toDayNumber));
  const first = toDayNumber(start);
  const firstWeekday = weekdayOf(start) - 1;
  return Array.from({ length }, (_, index) =>
    off.has(first + index) ? 0 : (weekMs[(firstWeekday + index) % 7] ?? 0),
  );
}

const isOfOneDay = (ms: Ms): boolean => Number.isSafeInteger(ms) && ms >= 0 && ms <= DAY_MS;

function scale(days: readonly Ms[][], [start, end]: readonly [number, number], mostMs: Ms): void {
  assert(Number.isSafeInteger(mostMs) && mostMs >= 0, 'expected whole ms of 0 or more as a limit');
  let held = 0;
  for (const own of days) for (let day = start; day < end; day += 1) held += own[day] ?? 0;
  if (held <= mostMs) return;
  // What is allowed up to a place is rounded, and each day is what it adds: so the days are whole and their sum is the limit.
  const [whole, most] = [BigInt(held), BigInt(mostMs)];
  let seen = 0n;
  for (const own of days) {
    for (let day = start; day < end; day += 1) {
      const before = (seen * most) / whole;
      seen += BigInt(own[day] ?? 0);
      own[day] = Number((seen * most) / whole - before);
    }
  }
}

function toCalendar(dailyMs: readonly Ms[]): WorkCalendar {
  const doneBefore = [0];
  for (const [day, ms] of dailyMs.entries()) doneBefore.push((doneBefore[day] ?? 0) + ms);
  const whole = doneBefore.at(-1) ?? 0;
  const finish = (moment: number, workMs: Ms): number => {
    const day = Math.floor(moment / DAY_MS);
    const intoMs = moment - day * DAY_MS;
    // Ends are rounded up and beginnings down, which for at most 24 h a day gives back just what was done.
    const done = (doneBefore[day] ?? whole) + Math.floor((intoMs * (dailyMs[day] ?? 0)) / DAY_MS);
    const goal = done + workMs;
    if (!(goal <= whole)) return Number.POSITIVE_INFINITY;
    // Work begins with nothing done, so the day it ends on has one before it.
    const last = countBelow(doneBefore, goal);
    const ofDay = goal - (doneBefore[last - 1] ?? 0);
    return (last - 1) * DAY_MS + Math.ceil((ofDay * DAY_MS) / (dailyMs[last - 1] ?? 1));
  };
  return { finish };
}

/** The day in which work that ended at a moment was done: what ends as a day ends is of that day. */
export const toLastDay = (from: Day, moment: number): Day =>
  addDays(from, Math.max(0, Math.ceil(moment / DAY_MS) - 1));
