import { hoursToMs, type Instant } from '#shared/kernel/index.ts';
import type { Estimate, Names, TaskRecord } from '#shared/variance/index.ts';
import type { FieldTable } from './column-mapping.ts';
import { type FieldReader, HOURS_MAX } from './field-reader.ts';
import { readNames, WORK_NAME_FIELDS } from './work-names.ts';

/** What a row of a task file may tell. */
export const TASK_FIELDS = {
  task_id: { isRequired: true, synonyms: ['taskid', 'id', 'key', 'issuekey', 'ticket'] },
  parent_id: { isRequired: false, synonyms: ['parentid', 'parent', 'parenttask', 'epic'] },
  estimated_hours: {
    isRequired: false,
    synonyms: ['estimate', 'estimatehours', 'originalestimate', 'plannedhours'],
  },
  estimated_on: { isRequired: false, synonyms: ['estimatedat', 'estimatedate', 'createdon'] },
  completed_on: {
    isRequired: false,
    synonyms: ['completedat', 'completed', 'finishedon', 'finishedat', 'resolved'],
  },
  ...WORK_NAME_FIELDS,
} as const satisfies FieldTable<string>;

/** One thing a row of a task file may tell. */
export type TaskField = keyof typeof TASK_FIELDS;

/** One row of a task file: a task, or one more estimate of one. */
export interface TaskRow {
  readonly taskId: string;
  readonly parentId: string | undefined;
  readonly estimateHours: number | undefined;
  readonly estimatedAt: Instant | undefined;
  readonly completedAt: Instant | undefined;
  readonly names: Names;
}

/** Reads one row; days are those of the zone. */
export const parseTaskRow = (read: FieldReader<TaskField>, timeZone: string): TaskRow => ({
  taskId: read.required('task_id'),
  parentId: read.text('parent_id'),
  estimateHours: read.number('estimated_hours', HOURS_MAX),
  estimatedAt: read.moment('estimated_on', timeZone),
  completedAt: read.moment('completed_on', timeZone),
  names: readNames(read),
});

/**
 * The tasks of a file, in the order in which they first occur. Several rows of one task are revisions of its
 * estimate; of everything else the last row that says it counts. A task is finished when it has been completed,
 * or where the file does not tell completion at all.
 */
export function toTaskRecords(
  rows: readonly TaskRow[],
  tellsCompletion: boolean,
): readonly TaskRecord[] {
  const tasks = new Map<string, TaskRecord & { estimates: Estimate[] }>();
  for (const row of rows) {
    const known = tasks.get(row.taskId);
    const completedAt = row.completedAt ?? known?.completedAt;
    const estimates = known?.estimates ?? [];
    estimates.push(...toEstimate(row));
    tasks.set(row.taskId, {
      taskId: row.taskId,
      parentId: row.parentId ?? known?.parentId,
      isFinished: completedAt !== undefined || !tellsCompletion,
      completedAt,
      estimates,
      names: overlay(known?.names, row.names),
    });
  }
  return [...tasks.values()];
}

/** A blank or zero estimate is none: nobody foresaw no work at all. */
function toEstimate({ estimateHours = 0, estimatedAt }: TaskRow): readonly Estimate[] {
  const estimateMs = hoursToMs(estimateHours);
  if (estimateMs <= 0) return [];
  return [{ estimateMs, ...(estimatedAt === undefined ? {} : { at: estimatedAt }) }];
}

function overlay(known: Names = {}, named: Names): Names {
  const said = Object.entries(named).filter(([, name]) => name !== undefined);
  return { ...known, ...Object.fromEntries(said) };
}
