import { assert } from './assert.ts';
import { DAY_MS } from './duration.ts';

/** A calendar day as people write it, `YYYY-MM-DD`, in whatever zone they live: text order is time order. */
export type Day = string;

/** A week of ISO 8601: it runs from Monday to Sunday and belongs to the year its Thursday lies in. */
export interface IsoWeek {
  readonly year: number;
  /** Range: 1 to 53. */
  readonly week: number;
}

const DAYS_OF_WEEK = 7;
/** 1970-01-01 was a Thursday, so three days later a Monday-based week has begun. */
const EPOCH_WEEKDAY_OFFSET = 3;
const THURSDAY = 4;

/** Whether a text is a {@link Day} that exists on the calendar, between the years 0000 and 9999. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const epochMs = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(epochMs) && formatDay(epochMs / DAY_MS) === text;
}

/** Days since 1970-01-01, whole and negative before it. Errors: a text that is no day is a bug and throws. */
export function toDayNumber(day: Day): number {
  assert(isDay(day), `expected a day \`YYYY-MM-DD\`, received \`${day}\``);
  return Date.parse(`${day}T00:00:00.000Z`) / DAY_MS;
}

/** The day at a number of days since 1970-01-01. */
export const formatDay = (dayNumber: number): Day =>
  new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);

/** The day a number of days later, or earlier where the number is negative. No zone and no clock change enters: days are counted. */
export const addDays = (day: Day, days: number): Day => formatDay(toDayNumber(day) + days);

/** The day's place in its week: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  const daysAfterMonday = (toDayNumber(day) + EPOCH_WEEKDAY_OFFSET) % DAYS_OF_WEEK;
  return ((daysAfterMonday + DAYS_OF_WEEK) % DAYS_OF_WEEK) + 1;
}

/** The ISO week of a day. Source: ISO 8601, week date: the week's year is the year of its Thursday. */
export function isoWeekOf(day: Day): IsoWeek {
  const thursday = addDays(day, THURSDAY - weekdayOf(day));
  const year = Number(thursday.slice(0, 4));
  const daysIntoYear = toDayNumber(thursday) - toDayNumber(`${thursday.slice(0, 4)}-01-01`);
  return { year, week: Math.floor(daysIntoYear / DAYS_OF_WEEK) + 1 };
}

/** The name of a day's ISO week, such as `2025-W49`. */
export function weekNameOf(day: Day): string {
  const { year, week } = isoWeekOf(day);
  return `${String(year).padStart(4, '0')}-W${String(week).padStart(2, '0')}`;
}

/** The Monday of a day's week. */
export const mondayOf = (day: Day): Day => addDays(day, 1 - weekdayOf(day));
