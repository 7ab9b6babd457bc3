import {
  accept,
  addDays,
  type Day,
  HOUR_MS,
  type Ms,
  type Result,
  refuse,
  toInstant,
} from '#shared/kernel/index.ts';
import { type ColumnMapping, evenBlanks } from '#worker/import/index.ts';
import { type ClockReading, readClockTime } from './clock-time.ts';
import type { ChosenTime, TimeEntry } from './time-entry.ts';
import type { TimeField } from './time-layout.ts';
import { type DateOrder, parseClock, parseDate, parseDuration } from './written-time.ts';

/** A row that was read, with the times in it that had to be chosen. */
export interface TimeRow {
  readonly entry: TimeEntry;
  readonly chosen: readonly ChosenTime[];
}

/** What the rows of a file are read with. */
export interface RowReading {
  readonly mapping: ColumnMapping<TimeField>;
  readonly order: DateOrder;
  readonly timeZone: string;
  /** Whether rows are wanted back as they stood. */
  readonly keepsFields: boolean;
}

/** How much of a bad value is repeated in its reason. */
const SHOWN_LENGTH_MAX = 40;
/** A name or note that is longer is cut: the doc keeps a text below 10 KB. */
const TEXT_LENGTH_MAX = 1_000;
/** Seconds are left out of some columns and not of others. */
const ROUNDING_MS = 60_000;

/** Reads one row of a time export. Refusals: plain words. */
export function parseTimeRow(
  { line, fields }: { readonly line: number; readonly fields: readonly string[] },
  { mapping, order, timeZone, keepsFields }: RowReading,
): Result<TimeRow, string> {
  if (fields.length !== mapping.width) {
    return refuse(`expected ${mapping.width} fields as in the header, received ${fields.length}`);
  }
  const cell = (field: TimeField): string => {
    const column = mapping.columns.get(field);
    return column === undefined ? '' : evenBlanks(fields[column.index] ?? '');
  };
  if (fields.some((text) => text.includes('\uFFFD'))) return refuse('the row is not UTF-8 text');
  const times = readTimes(cell, { order, timeZone });
  if (!times.ok) return times;
  const { start, end } = times.value;
  const net = readNet(cell, times.value);
  if (!net.ok) return net;
  const entry: TimeEntry = {
    line,
    ...readNames(cell),
    ...toTold(times.value),
    netMs: net.value,
    fields: keepsFields ? fields : undefined,
  };
  const chosen = [start, end].flatMap((time) =>
    time?.shown === undefined ? [] : [{ line, text: time.clock, shown: time.shown }],
  );
  return accept({ entry, chosen });
}

type Cell = (field: TimeField) => string;

const readNames = (cell: Cell) => ({
  sourceId: optional(cell('entry_id')),
  person: optional(cell('person') || `${cell('first_name')} ${cell('last_name')}`),
  email: optional(cell('email')),
  client: optional(cell('client')),
  project: optional(cell('project')),
  task: optional(cell('task')),
  note: optional(cell('note')),
});

const toTold = ({ day, start, end }: Times) => ({
  day,
  clock: start?.clock,
  endClock: end?.clock,
  startedAt: start === undefined ? undefined : toInstant(start.epochMs),
  endedAt: end === undefined ? undefined : toInstant(end.epochMs),
});

interface Times {
  readonly day: Day;
  readonly start: ClockReading | undefined;
  readonly end: ClockReading | undefined;
}

function readTimes(
  cell: Cell,
  { order, timeZone }: Pick<RowReading, 'order' | 'timeZone'>,
): Result<Times, string> {
  const from = readDayAndClock(cell, 'start', order);
  if (!from.ok) return from;
  const to = readDayAndClock(cell, 'end', order);
  if (!to.ok) return to;
  const { day, clock } = from.value;
  if (day === undefined) return refuse('start_date is blank');
  if (clock === undefined) return accept({ day, start: undefined, end: undefined });
  const span = { start: `${day}T${clock}`, end: toEnd({ day, clock }, to.value) };
  const netMs = parseDuration(cell('duration')) ?? parseDuration(cell('hours'));
  const pair = readClockTime(span, { timeZone, netMs });
  if (pair.end !== undefined && pair.end.epochMs < pair.start.epochMs) {
    return refuse(`it ends before it starts: ${pair.start.clock} to ${pair.end.clock}`);
  }
  return accept({ day, ...pair });
}

/** Without a day of its own, an end before the start is on the day after. */
function toEnd(
  start: { readonly day: Day; readonly clock: string },
  { day, clock }: DayAndClock,
): string | undefined {
  if (clock === undefined) return undefined;
  const follows = clock < start.clock ? addDays(start.day, 1) : start.day;
  return `${day ?? follows}T${clock}`;
}

interface DayAndClock {
  readonly day: Day | undefined;
  readonly clock: string | undefined;
}

/** A day and a time of day, from two cells or from one that holds both. */
function readDayAndClock(
  cell: Cell,
  end: 'start' | 'end',
  order: DateOrder,
): Result<DayAndClock, string> {
  const dateField = `${end}_date` as const;
  const timeField = `${end}_time` as const;
  const [dateText = '', ...rest] = cell(dateField).split(/[ T](?=\d{1,2}:)/);
  const clockText = cell(timeField) || rest.join(' ');
  const day = dateText === '' ? undefined : parseDate(dateText, order);
  if (dateText !== '' && day === undefined) {
    return refuse(`${dateField} is not a day like 2026-03-31, received ${quote(dateText)}`);
  }
  const clock = clockText === '' ? undefined : parseClock(clockText);
  if (clockText !== '' && clock === undefined) {
    return refuse(`${timeField} is not a time like 14:30, received ${quote(clockText)}`);
  }
  return accept({ day, clock });
}

function readNet(cell: Cell, { start, end }: Times): Result<Ms, string> {
  const wallMs = toWallMs(start, end);
  const field = cell('duration') === '' ? 'hours' : 'duration';
  const text = cell(field);
  const netMs = text === '' ? wallMs : readDuration(text, wallMs);
  if (text !== '' && netMs === undefined) {
    return refuse(`${field} is not a duration like 1:30:00 or 1.5, received ${quote(text)}`);
  }
  const hasNone = netMs === undefined || netMs === 0;
  if (hasNone && isRunning(start, end))
    return refuse('the timer is still running: it has no end yet');
  if (netMs === undefined) return refuse('it has neither a duration nor an end');
  const problem = judgeNet(netMs, wallMs);
  return problem === undefined ? accept(netMs) : refuse(`${field} ${quote(text)} ${problem}`);
}

const toWallMs = (start: Times['start'], end: Times['end']): Ms | undefined =>
  start === undefined || end === undefined ? undefined : end.epochMs - start.epochMs;

const isRunning = (start: Times['start'], end: Times['end']): boolean =>
  start !== undefined && end === undefined;

function judgeNet(netMs: Ms, wallMs: Ms | undefined): string | undefined {
  if (netMs < 0) return 'is negative';
  if (netMs === 0) return 'is no time at all';
  if (netMs > 10_000 * HOUR_MS) return 'is above 10,000 h';
  const isLonger = wallMs !== undefined && netMs > wallMs + ROUNDING_MS;
  return isLonger ? 'is longer than the time from its start to its end' : undefined;
}

/** Some exports write whole seconds: a whole number that is just the time from start to end in seconds is taken for that. */
function readDuration(text: string, wallMs: Ms | undefined): Ms | undefined {
  const isSeconds = /^\d+$/.test(text) && Number(text) > 0 && Number(text) * 1_000 === wallMs;
  return isSeconds ? wallMs : parseDuration(text);
}

const quote = (text: string): string => `\`${text.slice(0, SHOWN_LENGTH_MAX)}\``;

/** A lone hyphen is how some exports write nothing. */
const optional = (text: string): string | undefined =>
  ['', '-'].includes(text.trim()) ? undefined : text.trim().slice(0, TEXT_LENGTH_MAX);
