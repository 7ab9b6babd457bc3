import {
  accept,
  type Day,
  dayAt,
  findClockOddity,
  type Instant,
  isDay,
  parseMoment,
  type Result,
  refuse,
  toInstant,
} from '#shared/kernel/index.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { evenBlanks } from './even-blanks.ts';

/** One task of more hours is a typing error: 10,000 h are over five years of one person's full time. */
export const HOURS_MAX = 10_000;
/** Longer texts are no names. The doc keeps a text below 10 KB and a row below 85 KB. */
const TEXT_LENGTH_MAX = 1_000;
/** How much of a bad value is repeated in its reason. */
const SHOWN_LENGTH_MAX = 40;
/** Days outside are typing errors such as 0206 for 2006. */
const DAY_MIN: Day = '1970-01-01';
const DAY_MAX: Day = '2099-12-31';

/** A time that clocks of its zone show `twice`, where the first is taken, or `never`, where the same time an hour on is. */
export interface OddClock {
  readonly field: string;
  /** As it stands in the file. */
  readonly text: string;
  readonly shown: 'never' | 'twice';
}

/** Reads the fields of one record and remembers what is wrong with them. */
export interface FieldReader<Field extends string> {
  /** What is wrong with the fields read so far. */
  readonly problems: readonly string[];
  /** Times among them that clocks of the zone show twice or never, so that a moment had to be chosen. */
  readonly oddClocks: readonly OddClock[];
  readonly text: (field: Field) => string | undefined;
  readonly required: (field: Field) => string;
  readonly hours: (field: Field) => number | undefined;
  readonly day: (field: Field) => Day | undefined;
  /** A number, negative ones included. Range: −max to max. */
  readonly number: (field: Field, max: number) => number | undefined;
  /** A day or a time of day, in the zone where it names none. */
  readonly moment: (field: Field, timeZone: string) => Instant | undefined;
}

/** A reader of one record, its fields where the mapping found them. */
export function createFieldReader<Field extends string>(
  fields: readonly string[],
  mapping: ColumnMapping<Field>,
): FieldReader<Field> {
  const problems: string[] = [];
  const oddClocks: OddClock[] = [];
  const text = (field: Field): string | undefined => {
    const column = mapping.columns.get(field);
    const value = column === undefined ? '' : evenBlanks(fields[column.index] ?? '');
    const problem = judgeText(value);
    if (problem !== undefined) problems.push(`${field} ${problem}`);
    return value === '' ? undefined : value;
  };
  const parsed = <Value>(field: Field, parse: (text: string) => Result<Value, string>) => {
    const value = text(field);
    if (value === undefined) return undefined;
    const result = parse(value);
    if (result.ok) return result.value;
    problems.push(`${field} ${result.refusal}, received \`${value.slice(0, SHOWN_LENGTH_MAX)}\``);
    return undefined;
  };
  const noteOddity = (field: Field, value: string, timeZone: string): void => {
    const shown = findClockOddity(value, timeZone);
    if (shown !== undefined) oddClocks.push({ field, text: value, shown });
  };
  return {
    problems,
    oddClocks,
    text,
    required: (field) => {
      const value = text(field);
      if (value === undefined) problems.push(`${field} is blank`);
      return value ?? '';
    },
    hours: (field) => parsed(field, parseHours),
    day: (field) => parsed(field, parseDay),
    number: (field, max) => parsed(field, (value) => toBounded(parseNumber(value), max)),
    moment: (field, timeZone) =>
      parsed(field, (value) => {
        noteOddity(field, value, timeZone);
        return toMoment(value, timeZone);
      }),
  };
}

function judgeText(value: string): string | undefined {
  if (value.includes('\uFFFD')) return 'is not UTF-8 text';
  if (value.length > TEXT_LENGTH_MAX) return `is longer than ${TEXT_LENGTH_MAX} characters`;
  return undefined;
}

const NUMBER = /^-?(?:\d+(?:\.\d+)?|\.\d+|\d+,\d{1,2})$/;

/** A number as tables write it. A decimal comma is read where it cannot be a thousands comma: before one or two digits. */
function parseNumber(text: string): Result<number, string> {
  return NUMBER.test(text)
    ? accept(Number(text.replace(',', '.')))
    : refuse('is not a number like 1.5');
}

function toBounded(number: Result<number, string>, max: number): Result<number, string> {
  const isBeyond = number.ok && Math.abs(number.value) > max;
  return isBeyond ? refuse(`is beyond ${max}, which no work takes`) : number;
}

/** A number of hours. Range: 0 to {@link HOURS_MAX}. */
function parseHours(text: string): Result<number, string> {
  const number = parseNumber(text);
  if (!number.ok) return refuse('is not a number of hours like 1.5');
  const hours = number.value;
  if (hours < 0) return refuse('is negative');
  if (hours > HOURS_MAX) return refuse('is above 10,000 h, which no single task takes');
  return accept(hours);
}

function parseDay(text: string): Result<Day, string> {
  if (!isDay(text)) return refuse('is not a day like 2026-03-31');
  return text >= DAY_MIN && text <= DAY_MAX
    ? accept(text)
    : refuse(`is not between ${DAY_MIN} and ${DAY_MAX}`);
}

function toMoment(text: string, timeZone: string): Result<Instant, string> {
  const epochMs = parseMoment(text, timeZone);
  if (epochMs === undefined) return refuse('is not a time like 2026-03-31 14:30');
  const day = dayAt(epochMs, 'UTC');
  return DAY_MIN <= day && day <= DAY_MAX
    ? accept(toInstant(epochMs))
    : refuse(`is not between ${DAY_MIN} and ${DAY_MAX}`);
}
