import { accept, type Day, type Result, refuse } from '#shared/kernel/index.ts';
import type { ColumnMapping } from './column-mapping.ts';
import { createFieldReader } from './field-reader.ts';
import type { HistoryField } from './history-fields.ts';
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

/**
 * Reads one record.
 * Refusals: plain words that name every bad field of the row, what was expected and what stands there.
 */
export function parseFinishedTask(
  record: CsvRecord,
  mapping: ColumnMapping<HistoryField>,
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
