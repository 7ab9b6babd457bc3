import type { ForecastTask } from '#shared/variance/index.ts';
import { BACKTEST_FIELDS, parseHours, readTraits } from './backtest-file.ts';
import type { FieldTable } from './column-mapping.ts';
import type { FieldReader } from './field-reader.ts';
import type { RefusedRow } from './read-history.ts';
import { readTable } from './read-table.ts';
import { TASK_FIELDS } from './task-file.ts';

const FORECAST_FIELDS = {
  task_id: TASK_FIELDS.task_id,
  workflow: BACKTEST_FIELDS.workflow,
  person: BACKTEST_FIELDS.person,
  category: BACKTEST_FIELDS.category,
  subcategory: BACKTEST_FIELDS.subcategory,
  project: BACKTEST_FIELDS.project,
  priority: BACKTEST_FIELDS.priority,
  estimated_hours: BACKTEST_FIELDS.estimated_hours,
  completed_on: BACKTEST_FIELDS.completed_on,
} as const satisfies FieldTable<string>;

type ForecastField = keyof typeof FORECAST_FIELDS;

/** An open task to be forecast. */
export interface AskedTask {
  readonly taskId: string;
  readonly task: ForecastTask;
}

/** The open tasks of a file, and why the others cannot be forecast. */
export interface AskedTasks {
  readonly asked: readonly AskedTask[];
  /** Open tasks without an estimate above zero. */
  readonly unestimatedIds: readonly string[];
  readonly refused: readonly RefusedRow[];
  /** Rows that could be read, of whatever task. */
  readonly rowsRead: number;
}

/**
 * Reads the tasks of a CSV file that are not completed. Several rows of one task are revisions: the last that tells a thing
 * counts, and a task is completed where any says so. Errors: those of {@link readTable}.
 */
export async function readForecastFile(source: AsyncIterable<Uint8Array>): Promise<AskedTasks> {
  const { rows, refused } = await readTable(source, {
    fields: FORECAST_FIELDS,
    file: 'the task file',
    parse: parseRow,
  });
  const open = joinRows(rows).filter(({ completedOn }) => completedOn === undefined);
  return {
    asked: open.flatMap(({ taskId, traits, estimateHours }) =>
      isPositive(estimateHours) ? [{ taskId, task: { ...traits, estimateHours } }] : [],
    ),
    unestimatedIds: open
      .filter(({ estimateHours }) => !isPositive(estimateHours))
      .map(({ taskId }) => taskId),
    refused,
    rowsRead: rows.length,
  };
}

const parseRow = (read: FieldReader<ForecastField>) => ({
  taskId: read.required('task_id'),
  traits: readTraits(read),
  estimateHours: parseHours(read, 'estimated_hours'),
  // Only whether there is one matters, so the zone of a time of day does not.
  completedOn: read.moment('completed_on', 'UTC'),
});

type ForecastRow = ReturnType<typeof parseRow>;

function joinRows(rows: readonly ForecastRow[]): readonly ForecastRow[] {
  const tasks = new Map<string, ForecastRow>();
  for (const row of rows) {
    const before = tasks.get(row.taskId);
    const traits = Object.entries(row.traits).filter(([, name]) => name !== undefined);
    tasks.set(row.taskId, {
      taskId: row.taskId,
      traits: { ...before?.traits, ...Object.fromEntries(traits) },
      estimateHours: isPositive(row.estimateHours) ? row.estimateHours : before?.estimateHours,
      completedOn: row.completedOn ?? before?.completedOn,
    });
  }
  return [...tasks.values()];
}

const isPositive = (hours: number | undefined): hours is number => hours !== undefined && hours > 0;
