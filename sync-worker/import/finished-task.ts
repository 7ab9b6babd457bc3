import { accept, type Day, isDay, type Result, refuse } from '#shared/kernel/index.ts';
import type { ColumnMapping, HistoryField } from './column-mapping.ts';
import { evenBlanks } from './even-blanks.ts';
import type { CsvRecord } from './read-csv.ts';

/** One piece of finished work, as a row of the file tells it. */
export interface FinishedTask {
  /** Where its row begins in the file, from 1. */
  readonly line: number;
  /** Its id in the source, unique in the file. */
  readonly taskId: string;
  readonly name: string;
  readonly workflow: string;
  readonly project: string | undefined;
  readonly person: string | undefined;
  /** Units: hours. Undefined where the row gives none, which is not an estimate of 0. */
  readonly estimateHours: number | undefined;
  /** Units: hours. Range: 0 to {@link HOURS_MAX}. */
  readonly actualHours: number;
  readonly estimatedOn: Day | undefined;
  readonly startedOn: Day | undefined;
  readonly completedOn: Day | undefined;
}

/** One task of more hours is a typing error: 10,000 h are over five years of one person's full time. */
export const HOURS_MAX = 10_000;
/** Longer texts are no names. The doc keeps a text below 10 KB and a row below 85 KB. */
const TEXT_LENGTH_MAX = 1_000;
/** How much of a bad value is repeated in its reason. */
const SHOWN_LENGTH_MAX = 40;
/** Days outside are typing errors such as 0206 for 2006. */
const DAY_MIN: Day = '1970-01-01';
const DAY_MAX: Day = '2099-12-31';

/**
 * Reads one record.
 * Refusals: plain words that name every bad field of the row, what was expected and what stands there.
 */
export function parseFinishedTask(
  record: CsvRecord,
  mapping: ColumnMapping,
): Result<FinishedTask, string> {
  const { fields } = record;
  if (fields.length !== mapping.width) {
    return refuse(`expected ${mapping.width} fields as in the header, received ${fields.length}`);
  }
  const read = createFieldReader(fields, mapping);
  const taskId = read.required('task_id');
  const workflow = read.required('workflow');
  const actualHours = read.hours('actual_hours');
  const task = {
    line: record.line,
    taskId,
    name: mapping.columns.has('name') ? read.required('name') : `${workflow} #${taskId}`,
    workflow,
    project: read.text('project'),
    person: read.text('person'),
    estimateHours: read.hours('estimated_hours'),
    estimatedOn: read.day('estimated_on'),
    startedOn: read.day('started_on'),
    completedOn: read.day('completed_on'),
  };
  if (read.problems.length > 0) return refuse(read.problems.join('; '));
  return actualHours === undefined
    ? refuse('actual_hours is blank; finished work needs the hours it took, 0 included')
    : accept({ ...task, actualHours });
}

/** Whether the estimate was made after the work had begun or ended, so that it foresaw nothing. */
export function isLateEstimate(task: FinishedTask): boolean {
  const { estimatedOn, startedOn, completedOn } = task;
  if (task.estimateHours === undefined || estimatedOn === undefined) return false;
  return [startedOn, completedOn].some((day) => day !== undefined && estimatedOn > day);
}

interface FieldReader {
  /** What is wrong with the fields read so far. */
  readonly problems: readonly string[];
  readonly text: (field: HistoryField) => string | undefined;
  readonly required: (field: HistoryField) => string;
  readonly hours: (field: HistoryField) => number | undefined;
  readonly day: (field: HistoryField) => Day | undefined;
}

function createFieldReader(fields: readonly string[], mapping: ColumnMapping): FieldReader {
  const problems: string[] = [];
  const text = (field: HistoryField): string | undefined => {
    const column = mapping.columns.get(field);
    const value = column === undefined ? '' : evenBlanks(fields[column.index] ?? '');
    const problem = judgeText(value);
    if (problem !== undefined) problems.push(`${field} ${problem}`);
    return value === '' ? undefined : value;
  };
  const parsed = <Value>(field: HistoryField, parse: (text: string) => Result<Value, string>) => {
    const value = text(field);
    if (value === undefined) return undefined;
    const result = parse(value);
    if (result.ok) return result.value;
    problems.push(`${field} ${result.refusal}, received \`${value.slice(0, SHOWN_LENGTH_MAX)}\``);
    return undefined;
  };
  return {
    problems,
    text,
    required: (field) => {
      const value = text(field);
      if (value === undefined) problems.push(`${field} is blank`);
      return value ?? '';
    },
    hours: (field) => parsed(field, parseHours),
    day: (field) => parsed(field, parseDay),
  };
}

function judgeText(value: string): string | undefined {
  if (value.includes('\uFFFD')) return 'is not UTF-8 text';
  if (value.length > TEXT_LENGTH_MAX) return `is longer than ${TEXT_LENGTH_MAX} characters`;
  return undefined;
}

/**
 * A number of hours. A decimal comma is read where it cannot be a thousands comma: before one or two digits.
 * Range: 0 to {@link HOURS_MAX}.
 */
function parseHours(text: string): Result<number, string> {
  if (!/^-?(?:\d+(?:\.\d+)?|\.\d+|\d+,\d{1,2})$/.test(text)) {
    return refuse('is not a number of hours like 1.5');
  }
  const hours = Number(text.replace(',', '.'));
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
