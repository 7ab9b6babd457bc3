import {
  addDays,
  assert,
  type Day,
  dayAt,
  findClockOddity,
  parseMoment,
  toInstant,
} from '#shared/kernel/index.ts';
import type { RefusedRow } from '#worker/import/index.ts';
import {
  type ChosenTime,
  type DayRange,
  isWithin,
  type TimeEntry,
  type TimeReading,
} from '../time-entry.ts';
import { type CalendarEvent, parseEvent } from './calendar-event.ts';
import type { CalendarTime } from './calendar-time.ts';
import { findZone } from './calendar-zone.ts';
import { collectEvents } from './collect-events.ts';
import { expandRule } from './recurrence.ts';

/** A calendar, and how it is read. */
export interface CalendarFile extends DayRange {
  readonly source: AsyncIterable<Uint8Array>;
  /** Zone of times that name none, and of the days entries count for. */
  readonly timeZone: string;
  /** Zones by the names the file has for them. */
  readonly zonesByHand?: ReadonlyMap<string, string> | undefined;
  /** What ends later is still to come. Units: ms since 1970. */
  readonly nowMs: number;
  /** Whose calendar it is, to leave out what they declined. */
  readonly person?: string | undefined;
}

/** Times one event may come to; a daily one of fifty years has fewer. */
const OCCURRENCES_MAX = 20_000;

/**
 * Reads the time blocks of an iCalendar file: every event with a start and an end that is over, each time of a series by itself.
 * Errors: `CALENDAR_UNREADABLE` where it is none, or is torn. Source: RFC 5545.
 */
export async function readCalendar(file: CalendarFile): Promise<TimeReading> {
  const { events, zone } = await collectEvents(file.source);
  const timeZone = findZone(zone, file.zonesByHand) ?? file.timeZone;
  const choice = { timeZone, zonesByHand: file.zonesByHand ?? new Map<string, string>() };
  const refused: RefusedRow[] = [];
  const series: CalendarEvent[] = [];
  for (const lines of events) {
    const event = parseEvent(lines, choice);
    const line = lines[0]?.line ?? 0;
    if (event.ok) series.push(event.value);
    else refused.push({ line, reason: event.refusal });
  }
  const fold = createFold(file, refused);
  const moved = new Set(series.flatMap(toMovedKey));
  for (const event of series) fold.add(event, moved);
  return {
    source: 'calendar',
    title: 'iCalendar',
    mapping: { note: 'SUMMARY', start: 'DTSTART', end: 'DTEND or DURATION', entry_id: 'UID' },
    unusedColumns: [],
    refused,
    isPart: false,
    ...fold.result(),
  };
}

/** The times of a series that an event of its own stands in for. */
const toMovedKey = ({ uid, insteadOf }: CalendarEvent): readonly string[] =>
  insteadOf === undefined ? [] : [toKey(uid, toMs(insteadOf))];

const toKey = (uid: string, startMs: number): string => `${uid}/${toInstant(startMs)}`;

interface Fold {
  readonly add: (event: CalendarEvent, moved: ReadonlySet<string>) => void;
  readonly result: () => Pick<TimeReading, 'entries' | 'skipped' | 'chosenTimes'>;
}

function createFold(file: CalendarFile, refused: RefusedRow[]): Fold {
  const entries: TimeEntry[] = [];
  const chosenTimes: ChosenTime[] = [];
  const skipped = new Map<string, number>();
  const skip = (why: string): void => void skipped.set(why, (skipped.get(why) ?? 0) + 1);
  return {
    add: (event, moved) => {
      const why = findSkip(event, file);
      if (why !== undefined) return skip(why);
      if (event.end === undefined && event.lengthMs === undefined) {
        refused.push({ line: event.line, reason: 'it has neither an end nor a duration' });
        return;
      }
      for (const at of listStarts(event, file, moved)) {
        const entry = toEntry(event, at, file);
        if (typeof entry === 'string') skip(entry);
        else if (entry.netMs <= 0) {
          refused.push({ line: event.line, reason: 'it ends when it starts, or before' });
        } else {
          entries.push(entry);
          chosenTimes.push(...toChosen(event, at));
        }
      }
    },
    result: () => ({ entries, skipped, chosenTimes }),
  };
}

function findSkip(
  { isCancelled, start, declined }: CalendarEvent,
  { person }: CalendarFile,
): string | undefined {
  if (isCancelled) return 'cancelled';
  if (start.clock === undefined) return 'all day long';
  return declined.has((person ?? '').toLowerCase()) ? 'declined' : undefined;
}

/** When an event begins, each time it comes; those moved or taken out are left out. */
function listStarts(
  event: CalendarEvent,
  file: CalendarFile,
  moved: ReadonlySet<string>,
): readonly CalendarTime[] {
  const { start, rule, added, uid, insteadOf } = event;
  const last = addDays(file.to ?? dayAt(file.nowMs, file.timeZone), 1);
  const ruled: CalendarTime[] = [];
  if (rule === undefined) ruled.push(start);
  else {
    for (const day of expandRule(rule, { first: start.day, last })) {
      if (!isBeforeUntil({ ...start, day }, event) || ruled.length >= OCCURRENCES_MAX) break;
      ruled.push({ ...start, day });
    }
  }
  const more = added.map((time) => (time.clock === undefined ? { ...start, day: time.day } : time));
  const all = [...ruled, ...more];
  const isOut = createIsRemoved(event);
  return all.filter(
    (time) => !isOut(time) && (insteadOf !== undefined || !moved.has(toKey(uid, toMs(time)))),
  );
}

const isBeforeUntil = (time: CalendarTime, { until }: CalendarEvent): boolean => {
  if (until === undefined) return true;
  return until.clock === undefined ? time.day <= until.day : toMs(time) <= toMs(until);
};

function createIsRemoved({ removed }: CalendarEvent): (time: CalendarTime) => boolean {
  const moments = new Set(removed.filter(({ clock }) => clock !== undefined).map(toMs));
  const days = new Set(removed.filter(({ clock }) => clock === undefined).map(({ day }) => day));
  return (time) => moments.has(toMs(time)) || days.has(time.day);
}

function toEntry(event: CalendarEvent, at: CalendarTime, file: CalendarFile): TimeEntry | string {
  const { line, uid, summary, rule, added, insteadOf } = event;
  const startMs = toMs(at);
  const endMs = toEndMs(event, at);
  const day = dayAt(startMs, file.timeZone);
  if (!isWithin(day, file)) return 'on other days than asked for';
  if (endMs > file.nowMs) return 'still to come';
  const isSeries = rule !== undefined || added.length > 0 || insteadOf !== undefined;
  const named = insteadOf === undefined ? startMs : toMs(insteadOf);
  return {
    line,
    sourceId: uid === '' ? undefined : toSourceId(uid, isSeries ? named : undefined),
    day,
    clock: `${at.day}T${at.clock ?? ''}`,
    startedAt: toInstant(startMs),
    endedAt: toInstant(endMs),
    netMs: endMs - startMs,
    note: summary === '' ? undefined : summary.slice(0, 1_000),
    fields: [uid, summary, toInstant(startMs), toInstant(endMs)],
  };
}

const toSourceId = (uid: string, startMs: number | undefined): string =>
  startMs === undefined ? uid : toKey(uid, startMs);

/** By clocks where it ends at a time, so that an hour that is skipped or shown twice shortens or lengthens it; by the stopwatch where it lasts. */
function toEndMs({ start, end, lengthMs }: CalendarEvent, at: CalendarTime): number {
  if (end === undefined || lengthMs !== undefined) return toMs(at) + (lengthMs ?? 0);
  const days = daysBetween(start.day, end.day);
  return end.timeZone === start.timeZone
    ? toMs({ ...end, day: addDays(at.day, days) })
    : toMs(at) + toMs(end) - toMs(start);
}

const daysBetween = (one: Day, other: Day): number =>
  Math.round((Date.parse(other) - Date.parse(one)) / 86_400_000);

function toChosen(
  { line }: CalendarEvent,
  { day, clock, timeZone }: CalendarTime,
): readonly ChosenTime[] {
  const text = `${day}T${clock ?? ''}`;
  const shown = findClockOddity(text, timeZone);
  return shown === undefined ? [] : [{ line, text, shown }];
}

function toMs({ day, clock, timeZone }: CalendarTime): number {
  const ms = parseMoment(clock === undefined ? day : `${day}T${clock}`, timeZone);
  assert(ms !== undefined, `expected a local time, received \`${day} ${clock ?? ''}\``);
  return ms;
}
