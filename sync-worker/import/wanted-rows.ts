import type { MigrationTable } from '#shared/doc/index.ts';
import { type Day, type Instant, type Sha256, toCrockfordId } from '#shared/kernel/index.ts';
import type { FinishedTask } from './finished-task.ts';

/** The tables a history is loaded into, each after those its relations point to. */
export const IMPORT_TABLES = [
  'workflows',
  'projects',
  'people',
  'tasks',
  'execution_runs',
] as const;
/** One of {@link IMPORT_TABLES}. */
export type ImportTable = (typeof IMPORT_TABLES)[number];

/** A table rows can be loaded into. */
export type LoadTable =
  | ImportTable
  | 'engagements'
  | MigrationTable
  | 'daily_thread'
  | 'template_performance';

/** What one cell should hold. */
export type WantedValue =
  /** Nothing: what is put back where nothing stood. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'text'; readonly text: string }
  /** As the file gives them: rounding would make the doc's sums differ from the file's. Units: hours. */
  | { readonly kind: 'hours'; readonly hours: number }
  /** In a column of moments it means the day's first: the doc alone knows its own time zone. */
  | { readonly kind: 'day'; readonly day: Day }
  /** Units: ISO 8601, UTC. */
  | { readonly kind: 'moment'; readonly at: Instant }
  /** A row of another table, by its key. */
  | { readonly kind: 'link'; readonly table: LoadTable; readonly key: string }
  /** A row of another table that is there already. */
  | { readonly kind: 'row'; readonly rowId: string };

/** One row the doc should have. */
export interface WantedRow {
  /** What its key column holds; "" where it holds nothing, so that the row is known by its id alone. */
  readonly key: string;
  /** The row that is meant, where it is there already: if it is gone, none is made in its place. @default the row of the key */
  readonly rowId?: string;
  /** By the core's name of the column, the key among them; what is not known is not here. */
  readonly cells: ReadonlyMap<string, WantedValue>;
  /** What earlier loads wrote into its cells: one that holds such a value still gives way to the new one. @default nothing */
  readonly replaces?: readonly ReadonlyMap<string, WantedValue>[];
}

/** The rows each table should have. */
export type WantedRows = { readonly [Table in ImportTable]: readonly WantedRow[] };

/** What the rows of a history depend on beside the file. */
export interface WantedRowsOptions {
  /** The doc's word for finished. */
  readonly doneStatus: string;
  /** Set before the ids of the file, where ids of several sources meet in one doc. @default none */
  readonly idPrefix?: string | undefined;
  readonly sha256: Sha256;
}

/**
 * The rows a history stands for: one workflow, project and person for each that is named, and for each task the
 * task with its frozen estimate and one run with its hours. Ids come from the file alone, so the same file always
 * asks for the same rows.
 */
export function toWantedRows(
  tasks: readonly FinishedTask[],
  options: WantedRowsOptions,
): WantedRows {
  return {
    workflows: toNamedRows(tasks.map((task) => task.workflow)),
    projects: toNamedRows(tasks.map((task) => task.project)),
    people: toNamedRows(tasks.map((task) => task.person)),
    tasks: tasks.map((task) => toTaskRow(task, options)),
    execution_runs: tasks.map((task) => toRunRow(task, options)),
  };
}

function toNamedRows(names: readonly (string | undefined)[]): readonly WantedRow[] {
  const distinct = [...new Set(names)].filter((name) => name !== undefined);
  return distinct.map((name) => toWantedRow(name, { external_id: text(name), name: text(name) }));
}

function toTaskRow(task: FinishedTask, options: WantedRowsOptions): WantedRow {
  const key = taskKey(task, options);
  const estimate = hours(task.estimateHours);
  return toWantedRow(key, {
    external_id: text(key),
    name: text(task.name),
    project: link('projects', task.project),
    status: text(options.doneStatus),
    estimated_hours: estimate,
    baseline_hours: estimate,
    completed_on: day(task.completedOn),
  });
}

function toRunRow(task: FinishedTask, options: WantedRowsOptions): WantedRow {
  const key = taskKey(task, options);
  const runId = toCrockfordId(options.sha256(`imported run of ${key}`));
  return toWantedRow(runId, {
    run_id: text(runId),
    run_type: text('Process'),
    task: link('tasks', key),
    project: link('projects', task.project),
    workflow: link('workflows', task.workflow),
    started_at: day(task.startedOn),
    actual_hours: hours(task.actualHours),
    executed_by: link('people', task.person),
  });
}

const taskKey = ({ taskId }: FinishedTask, { idPrefix }: WantedRowsOptions): string =>
  idPrefix === undefined ? taskId : `${idPrefix}:${taskId}`;

/** A row of the cells that are known. */
export function toWantedRow(
  key: string,
  cells: Readonly<Record<string, WantedValue | undefined>>,
): WantedRow {
  const known = new Map<string, WantedValue>();
  for (const [column, value] of Object.entries(cells)) {
    if (value !== undefined) known.set(column, value);
  }
  return { key, cells: known };
}

const text = (value: string): WantedValue => ({ kind: 'text', text: value });

const hours = (value: number | undefined): WantedValue | undefined =>
  value === undefined ? undefined : { kind: 'hours', hours: value };

const day = (value: Day | undefined): WantedValue | undefined =>
  value === undefined ? undefined : { kind: 'day', day: value };

const link = (table: ImportTable, key: string | undefined): WantedValue | undefined =>
  key === undefined ? undefined : { kind: 'link', table, key };
