import { type FounderHqDoc, findRow } from '#shared/doc/index.ts';
import {
  bringTables,
  type Difference,
  type FieldTable,
  HOURS_MAX,
  type LoadOptions,
  openTargetTables,
  type RefusedRow,
  readTable,
  refuseTooMany,
  TableLoad,
  type TargetDoc,
  toWantedRow,
  type WantedRow,
} from '#worker/import/index.ts';

/** What a row of a list of tasks may tell. */
const TASK_LIST_FIELDS = {
  task_id: { isRequired: true, synonyms: ['taskid', 'id', 'key', 'issuekey', 'externalid'] },
  name: { isRequired: false, synonyms: ['taskname', 'title', 'task', 'summary'] },
  project: { isRequired: false, synonyms: ['projectname'] },
  estimated_hours: {
    isRequired: false,
    synonyms: ['estimate', 'estimatehours', 'originalestimate', 'plannedhours'],
  },
} as const satisfies FieldTable<string>;

/** One task of the list. */
export interface ListedTask {
  readonly taskId: string;
  readonly name: string;
  readonly project: string | undefined;
  readonly estimateHours: number | undefined;
}

/** A list of tasks, and the rows of it that are no use. */
export interface TaskList {
  readonly tasks: readonly ListedTask[];
  readonly refused: readonly RefusedRow[];
}

/** What became of a list of tasks. */
export interface TasksBrought {
  readonly sent: number;
  readonly differences: readonly Difference[];
}

const NEEDS = {
  tasks: { columns: ['external_id', 'name', 'project', 'estimated_hours'], isKnownByName: false },
} as const;

/** Reads a list of tasks with their estimates. Errors: those of a CSV table. */
export async function readTaskList(source: AsyncIterable<Uint8Array>): Promise<TaskList> {
  const { rows, refused } = await readTable(source, {
    fields: TASK_LIST_FIELDS,
    file: 'the list of tasks',
    parse: (read): ListedTask => {
      const taskId = read.required('task_id');
      return {
        taskId,
        name: read.text('name') ?? taskId,
        project: read.text('project'),
        estimateHours: read.number('estimated_hours', HOURS_MAX),
      };
    },
  });
  const tasks = new Map(rows.map((row) => [row.taskId, row]));
  return { tasks: [...tasks.values()], refused };
}

/**
 * Adds the tasks of a list to Tasks by their external_id, and fills an estimate that is blank; a task that is there under its name alone
 * is left as it is. Errors: `DOC_NOT_READY`, `DOC_LIMIT`, those of the API.
 */
export async function bringTasks(
  list: readonly ListedTask[],
  doc: FounderHqDoc,
  target: TargetDoc & { readonly load: LoadOptions },
): Promise<TasksBrought> {
  const { load } = target;
  const tables = await openTargetTables(target, NEEDS, { tables: ['tasks'], what: 'the tasks' });
  const rows = list.filter((task) => isOurs(task, doc)).map((task) => toRow(task, doc));
  const session = { target, options: load, rowIdOf: () => undefined };
  const tasks = new TableLoad(tables.of('tasks'), rows, session);
  await tasks.look();
  refuseTooMany(tasks);
  await bringTables([tasks], target.api, load);
  return { sent: tasks.report().sent, differences: tasks.differences() };
}

function isOurs({ taskId, name }: ListedTask, { tasks }: FounderHqDoc): boolean {
  const byId = findRow(tasks, taskId);
  if (byId.kind === 'found' && byId.row.externalId === taskId) return true;
  return byId.kind === 'missing' && findRow(tasks, name).kind === 'missing';
}

function toRow({ taskId, name, project, estimateHours }: ListedTask, doc: FounderHqDoc): WantedRow {
  const match = project === undefined ? undefined : findRow(doc.projects, project);
  return toWantedRow(taskId, {
    external_id: { kind: 'text', text: taskId },
    name: { kind: 'text', text: name },
    project: match?.kind === 'found' ? { kind: 'row', rowId: match.row.rowId } : undefined,
    estimated_hours:
      estimateHours === undefined ? undefined : { kind: 'hours', hours: estimateHours },
  });
}
