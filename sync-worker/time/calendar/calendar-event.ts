import { accept, type Ms, type Result, refuse } from '#shared/kernel/index.ts';
import {
  type CalendarTime,
  parseLength,
  parseTime,
  readTimes,
  type ZoneChoice,
} from './calendar-time.ts';
import { type ContentLine, unescapeText } from './content-line.ts';
import { parseRule, type RecurrenceRule } from './recurrence.ts';

/** One event of a calendar, its times still local. */
export interface CalendarEvent {
  readonly line: number;
  readonly uid: string;
  readonly summary: string;
  readonly start: CalendarTime;
  readonly end: CalendarTime | undefined;
  /** Where it says how long instead of until when. */
  readonly lengthMs: Ms | undefined;
  readonly isCancelled: boolean;
  /** Whether that person has declined. */
  readonly declined: ReadonlySet<string>;
  readonly rule: RecurrenceRule | undefined;
  readonly until: CalendarTime | undefined;
  readonly added: readonly CalendarTime[];
  readonly removed: readonly CalendarTime[];
  /** The time of the series it stands in for. */
  readonly insteadOf: CalendarTime | undefined;
}

/** Reads the properties of one event. Refusals: plain words that name what is not understood. */
export function parseEvent(
  lines: readonly ContentLine[],
  choice: ZoneChoice,
): Result<CalendarEvent, string> {
  const times = createTimes(lines, choice);
  const rule = readRule(lines);
  const [start] = times.of('DTSTART');
  const fault = times.fault() ?? findStrange(lines);
  if (fault !== undefined) return refuse(fault);
  if (!rule.ok) return rule;
  if (start === undefined) return refuse('it has no start');
  const until = readUntil(rule.value, start);
  if (!until.ok) return until;
  const valueOf = (name: string): string => lines.find((one) => one.name === name)?.value ?? '';
  return accept({
    line: lines[0]?.line ?? 0,
    uid: valueOf('UID'),
    summary: unescapeText(valueOf('SUMMARY')).trim(),
    start,
    end: times.of('DTEND')[0],
    lengthMs: parseLength(valueOf('DURATION')),
    isCancelled: valueOf('STATUS').toUpperCase() === 'CANCELLED',
    declined: listDeclined(lines),
    rule: rule.value,
    until: until.value,
    added: times.of('RDATE'),
    removed: times.of('EXDATE'),
    insteadOf: times.of('RECURRENCE-ID')[0],
  });
}

function readUntil(
  rule: RecurrenceRule | undefined,
  { timeZone }: CalendarTime,
): Result<CalendarTime | undefined, string> {
  if (rule?.until === undefined) return accept(undefined);
  const until = parseTime(rule.until, timeZone);
  return until === undefined ? refuse('its rule ends at what is no time') : accept(until);
}

function findStrange(lines: readonly ContentLine[]): string | undefined {
  if (lines.some(({ name }) => name === 'EXRULE')) {
    return 'it has an `EXRULE`, which is not understood';
  }
  const isRange = lines.some(
    ({ name, parameters }) => name === 'RECURRENCE-ID' && parameters.has('RANGE'),
  );
  return isRange
    ? 'it changes a series from there on (`RANGE`), which is not understood'
    : undefined;
}

/** The times of properties by their name, and the first that could not be read. */
function createTimes(lines: readonly ContentLine[], choice: ZoneChoice) {
  const faults: string[] = [];
  const names = ['DTSTART', 'DTEND', 'RECURRENCE-ID', 'RDATE', 'EXDATE'];
  const found = new Map<string, CalendarTime[]>();
  for (const line of lines.filter(({ name }) => names.includes(name))) {
    const read = readTimes(line, choice);
    if (read.ok) found.set(line.name, [...(found.get(line.name) ?? []), ...read.value]);
    else faults.push(read.refusal);
  }
  return {
    of: (name: string): readonly CalendarTime[] => found.get(name) ?? [],
    fault: (): string | undefined => faults[0],
  };
}

function readRule(lines: readonly ContentLine[]): Result<RecurrenceRule | undefined, string> {
  const rules = lines.filter(({ name }) => name === 'RRULE');
  const [first] = rules;
  if (rules.length > 1) return refuse('it has several rules, which are not understood');
  return first === undefined ? accept(undefined) : parseRule(first.value);
}

/** E-mail addresses, lower case. */
const listDeclined = (lines: readonly ContentLine[]): ReadonlySet<string> =>
  new Set(
    lines
      .filter(
        ({ name, parameters }) => name === 'ATTENDEE' && parameters.get('PARTSTAT') === 'DECLINED',
      )
      .map(({ value }) => value.toLowerCase().replace(/^mailto:/, '')),
  );
