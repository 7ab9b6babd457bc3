import {
  addDays,
  DAY_MS,
  type Day,
  HOUR_MS,
  MINUTE_MS,
  mondayOf,
  toDayNumber,
  toInstant,
  weekdayOf,
} from '#shared/kernel/index.ts';
import { type PlannedRun, WEEKS, WORKDAYS } from './planned-work.ts';

/** When a run began and ended; the end is absent while it is still going. */
export interface Stretch {
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly startDay: Day;
}

const DAY_BEGINS_MINUTE = 9 * 60;
const DAY_ENDS_MINUTE = 18 * 60;
/** Nobody starts the next thing at once. */
const BREAK_MINUTES = 10;
/** From Friday afternoon to Monday morning. */
const FORGOTTEN_MS = 61 * HOUR_MS;
const MINUTES_IN_QUARTER = 15;

/** Monday of the sample's first week. */
export const firstMondayOf = (endDay: Day): Day => addDays(mondayOf(endDay), -7 * (WEEKS - 1));

/** The working day the sample ends on; a weekend belongs to its Friday. */
export const lastWorkdayOf = (endDay: Day): number =>
  (WEEKS - 1) * WORKDAYS + Math.min(weekdayOf(endDay), WORKDAYS) - 1;

/** The day of a working day's number, counted from a Monday without weekends. */
export const toDay = (firstMonday: Day, workday: number): Day =>
  addDays(firstMonday, 7 * Math.floor(workday / WORKDAYS) + (workday % WORKDAYS));

/**
 * Puts runs into their people's working days, in the given order: nobody works at night, at weekends or on two things at
 * once. Times are written as UTC.
 */
export function createDiary(firstMonday: Day): (run: PlannedRun) => Stretch {
  const freeFrom = new Map<string, { workday: number; minute: number }>();
  return (run) => {
    const wallMinutes = (run.quarters ?? 0) * MINUTES_IN_QUARTER + run.interruptMinutes;
    const free = freeFrom.get(run.person) ?? { workday: 0, minute: DAY_BEGINS_MINUTE };
    const isLater = free.workday < run.fromWorkday;
    let { workday, minute } = isLater
      ? { workday: run.fromWorkday, minute: DAY_BEGINS_MINUTE }
      : free;
    if (minute + wallMinutes > DAY_ENDS_MINUTE) {
      workday += 1;
      minute = DAY_BEGINS_MINUTE;
    }
    freeFrom.set(run.person, { workday, minute: minute + wallMinutes + BREAK_MINUTES });
    const startDay = toDay(firstMonday, workday);
    const startMs = toDayNumber(startDay) * DAY_MS + minute * MINUTE_MS;
    const startedAt = toInstant(startMs);
    if (run.isForgotten === true)
      return { startDay, startedAt, endedAt: toInstant(startMs + FORGOTTEN_MS) };
    if (run.quarters === undefined) return { startDay, startedAt };
    return { startDay, startedAt, endedAt: toInstant(startMs + wallMinutes * MINUTE_MS) };
  };
}
