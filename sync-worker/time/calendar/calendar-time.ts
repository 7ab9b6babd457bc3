import {
  accept,
  DAY_MS,
  HOUR_MS,
  isDay,
  MINUTE_MS,
  type Ms,
  type Result,
  refuse,
} from '#shared/kernel/index.ts';
import { findZone } from './calendar-zone.ts';
import type { ContentLine } from './content-line.ts';

/** A moment as a calendar writes it: local time and its zone. A day alone has no time. */
export interface CalendarTime {
  /** `2026-03-02`. */
  readonly day: string;
  /** `09:00:00`; absent for a whole day. */
  readonly clock: string | undefined;
  readonly timeZone: string;
}

/** How zones are found. */
export interface ZoneChoice {
  /** Of times that name none. */
  readonly timeZone: string;
  readonly zonesByHand: ReadonlyMap<string, string>;
}

const TIME = /^(\d{4})(\d{2})(\d{2})(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)(Z)?)?$/;

/** The times of a property, of which most have one. Refusals: plain words. */
export function readTimes(
  { name, parameters, value }: ContentLine,
  choice: ZoneChoice,
): Result<readonly CalendarTime[], string> {
  if (parameters.get('VALUE') === 'PERIOD') {
    return refuse(`its \`${name}\` has periods, which are not understood`);
  }
  const zone = parameters.get('TZID');
  const timeZone = zone === undefined ? choice.timeZone : findZone(zone, choice.zonesByHand);
  if (timeZone === undefined) {
    return refuse(
      `its zone \`${zone ?? ''}\` is not known; say it with --tzid "${zone ?? ''}=Europe/Berlin"`,
    );
  }
  const times: CalendarTime[] = [];
  for (const text of value.split(',')) {
    const time = parseTime(text, timeZone);
    if (time === undefined) return refuse(`its \`${name}\` is no time: \`${text.slice(0, 40)}\``);
    times.push(time);
  }
  return accept(times);
}

/** One time, in UTC where it says so. */
export function parseTime(text: string, timeZone: string): CalendarTime | undefined {
  const match = TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month = '', date = '', hour, minute = '', second = '', isUtc] = match;
  const day = `${year}-${month}-${date}`;
  if (!isDay(day)) return undefined;
  const clock = hour === undefined ? undefined : `${hour}:${minute}:${second.replace('60', '59')}`;
  return { day, clock, timeZone: isUtc === undefined ? timeZone : 'UTC' };
}

const DURATION = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** A length such as `PT1H30M`. Units: ms; `undefined` where it is none. Source: RFC 5545, section 3.3.6. */
export function parseLength(text: string): Ms | undefined {
  const match = DURATION.exec(text.trim());
  if (match === null || !/\d/.test(text)) return undefined;
  const [sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1);
  const ms =
    (Number(weeks) * 7 + Number(days)) * DAY_MS +
    Number(hours) * HOUR_MS +
    Number(minutes) * MINUTE_MS +
    Number(seconds) * 1_000;
  return sign === '-' ? -ms : ms;
}
