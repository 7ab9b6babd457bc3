import { type Day, formatDay, isDay, toDayNumber } from './calendar.ts';
import { DAY_MS, HOUR_MS, type Ms } from './duration.ts';

const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/;
const WITH_OFFSET =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(?:Z|[+-]\d{2}:?\d{2})$/;
/** No clock on earth is further from UTC than this. */
const WIDEST_OFFSET_MS: Ms = 15 * HOUR_MS;

/** Whether the platform knows a zone, such as `Europe/Berlin`. */
export function isTimeZone(timeZone: string): boolean {
  try {
    clockOf(timeZone);
    return true;
  } catch {
    return false;
  }
}

/**
 * How far the clocks of a zone are ahead of UTC at a moment.
 * Units: epochMs and offset in ms, east positive. Errors: a zone the platform does not know throws; {@link isTimeZone} tells.
 */
export function offsetMs(epochMs: number, timeZone: string): Ms {
  if (timeZone === 'UTC') return 0;
  const clock = clockOf(timeZone);
  const utcDay = Math.floor(epochMs / DAY_MS);
  const steady = clock.steadyDays.get(utcDay);
  if (steady !== undefined) return steady;
  const offset = readOffset(clock.format, epochMs);
  // Where both ends of a day have one offset the whole day has it: clocks go forward and back months apart.
  const isSteady =
    readOffset(clock.format, utcDay * DAY_MS) === offset &&
    readOffset(clock.format, (utcDay + 1) * DAY_MS) === offset;
  if (isSteady) clock.steadyDays.set(utcDay, offset);
  return offset;
}

/** The calendar day that clocks of a zone show at a moment. Units: ms since 1970. */
export const dayAt = (epochMs: number, timeZone: string): Day =>
  formatDay(Math.floor((epochMs + offsetMs(epochMs, timeZone)) / DAY_MS));

/** The first moment at which clocks of a zone show a day, or a later one where they leap over it. Units: ms since 1970. */
export function startOfDay(day: Day, timeZone: string): number {
  const dayNumber = toDayNumber(day);
  let before = dayNumber * DAY_MS - WIDEST_OFFSET_MS;
  let after = dayNumber * DAY_MS + WIDEST_OFFSET_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (middle + offsetMs(middle, timeZone) < dayNumber * DAY_MS) before = middle;
    else after = middle;
  }
  return after;
}

/**
 * The moment that ISO 8601 text means, in a zone where it names none; a day alone means the moment it begins. An hour that
 * clocks leap over moves on, and of one they show twice the first is meant. Undefined where the text means nothing.
 * Units: ms since 1970.
 */
export function parseMoment(text: string, timeZone: string): number | undefined {
  const withOffset = WITH_OFFSET.exec(text);
  const [, day = '', clock] = withOffset ?? LOCAL.exec(text) ?? [];
  // The platform takes the 30th of February for a day of March.
  if (!isDay(day)) return undefined;
  if (clock === undefined) return startOfDay(day, timeZone);
  const epochMs = readPlatform(withOffset === null ? `${day}T${clock}Z` : text.replace(' ', 'T'));
  return withOffset === null && epochMs !== undefined ? readClock(epochMs, timeZone) : epochMs;
}

/**
 * Whether clocks of a zone never show the time a text means, or show it twice, so that {@link parseMoment} has to choose.
 * Undefined for every other text, one with an offset among them.
 */
export function findClockOddity(text: string, timeZone: string): 'never' | 'twice' | undefined {
  const [, day = '', clock] = LOCAL.exec(text) ?? [];
  if (clock === undefined || !isDay(day)) return undefined;
  const localMs = readPlatform(`${day}T${clock}Z`);
  if (localMs === undefined) return undefined;
  const [first, second] = findShown(localMs, timeZone);
  if (first === undefined) return 'never';
  return second === undefined ? undefined : 'twice';
}

/** The platform reads the clock, and answers no moment for one that cannot be; but 24:00 it takes for the next day. */
function readPlatform(text: string): number | undefined {
  const epochMs = text.includes('T24') ? Number.NaN : Date.parse(text);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}

/** The moment at which clocks of a zone show a time, given as that time's number of ms if it were UTC. */
function readClock(localMs: number, timeZone: string): number {
  const [first = localMs - offsetMs(localMs - DAY_MS, timeZone)] = findShown(localMs, timeZone);
  return first;
}

/** The moments at which clocks of a zone show a time, the first first: none where they leap over it. */
function findShown(localMs: number, timeZone: string): readonly number[] {
  const before = localMs - offsetMs(localMs - DAY_MS, timeZone);
  const after = localMs - offsetMs(localMs + DAY_MS, timeZone);
  return [...new Set([before, after])]
    .sort((one, other) => one - other)
    .filter((epochMs) => epochMs + offsetMs(epochMs, timeZone) === localMs);
}

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** Offsets of the UTC days on which the clocks did not change. */
  readonly steadyDays: Map<number, Ms>;
}

/** Making a formatter takes longer than thousands of readings, and a zone's history never changes. */
const clocks = new Map<string, ZoneClock>();

function clockOf(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    era: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const made = { format, steadyDays: new Map<number, Ms>() };
  clocks.set(timeZone, made);
  return made;
}

function readOffset(format: Intl.DateTimeFormat, epochMs: number): Ms {
  const wholeMs = Math.floor(epochMs / 1_000) * 1_000;
  const parts = new Map(format.formatToParts(wholeMs).map(({ type, value }) => [type, value]));
  const read = (part: Intl.DateTimeFormatPartTypes): number => Number(parts.get(part));
  const year = parts.get('era') === 'BC' ? 1 - read('year') : read('year');
  const local = new Date(0);
  // Set apart, since `Date.UTC` takes the years 0 to 99 for 1900 to 1999.
  local.setUTCFullYear(year, read('month') - 1, read('day'));
  local.setUTCHours(read('hour'), read('minute'), read('second'));
  return local.getTime() - wholeMs;
}
