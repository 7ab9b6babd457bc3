import { type Day, dayAt, hoursToMs, toEpochMs } from '#shared/kernel/index.ts';
import type { FinishedWork, ForecastFacts, TaskPlan } from '#shared/planning/index.ts';
import { type Baseline, type SessionRecord, toRecordedWork } from '#shared/variance/index.ts';
import { readBacktestFile } from './backtest-file.ts';
import type { FieldTable } from './column-mapping.ts';
import { type FieldReader, HOURS_MAX } from './field-reader.ts';
import { HISTORY_FIELDS } from './history-fields.ts';
import type { RefusedRow } from './read-history.ts';
import { readTable } from './read-table.ts';
import { parseSession, SESSION_FIELDS } from './session-file.ts';
import { parseTaskRow, TASK_FIELDS, type TaskRow, toTaskRecords } from './task-file.ts';

/** What a row of a task file may tell of the plan. */
export const PROJECT_FIELDS = {
  ...TASK_FIELDS,
  person: HISTORY_FIELDS.person,
  depends_on: {
    isRequired: false,
    synonyms: ['dependson', 'blockedby', 'waitsfor', 'predecessors'],
  },
  scheduled_on: {
    isRequired: false,
    synonyms: ['scheduledstart', 'startdate', 'scheduledstartdate'],
  },
  due_on: { isRequired: false, synonyms: ['due', 'duedate', 'deadline', 'scheduledenddate'] },
  added_on: { isRequired: false, synonyms: ['added', 'addedat', 'created'] },
  actual_hours: { ...HISTORY_FIELDS.actual_hours, isRequired: false },
} as const satisfies FieldTable<string>;

type ProjectField = keyof typeof PROJECT_FIELDS;

/** Files that tell of open and finished work. */
export interface ProjectFiles {
  readonly tasks: AsyncIterable<Uint8Array>;
  /** Where it is given, hours come from its runs, and those of the task file are not read. */
  readonly sessions?: AsyncIterable<Uint8Array> | undefined;
  /** More finished tasks, as for a backtest. */
  readonly history?: AsyncIterable<Uint8Array> | undefined;
  readonly timeZone: string;
}

/** Work as files tell it, and the rows nothing could be read from. */
export interface ProjectFilesRead {
  readonly facts: ForecastFacts;
  readonly refused: readonly (RefusedRow & { readonly file: ProjectFile })[];
  /** Rows that could be read, of each file that was given. */
  readonly rowsRead: readonly { readonly file: ProjectFile; readonly rows: number }[];
}

type ProjectFile = 'tasks' | 'sessions' | 'history';

/**
 * Reads open and finished tasks, and the runs or hours of each. A task without a day of completion is open. Errors: those
 * of {@link readTable}.
 */
export async function readProjectFiles(files: ProjectFiles): Promise<ProjectFilesRead> {
  const { timeZone, sessions, history } = files;
  const taskTable = await readTable(files.tasks, {
    fields: PROJECT_FIELDS,
    file: 'the task file',
    parse: (read) => parseRow(read, timeZone),
  });
  const sessionTable = sessions === undefined ? undefined : await readRuns(sessions, timeZone);
  const more = history === undefined ? undefined : await readMore(history);
  const records = toTaskRecords(taskTable.rows, true);
  const runs = sessionTable?.rows ?? toHours(taskTable.rows);
  const work = toRecordedWork(records, runs, timeZone);
  return {
    facts: {
      tasks: work.tasks,
      sessions: work.sessions,
      plans: toPlans(taskTable.rows, { baselines: work.baselines, timeZone }),
      limits: [],
      moreFinished: (more?.rows ?? []).flatMap(toFinished),
    },
    refused: [
      ...named('tasks', taskTable),
      ...named('sessions', sessionTable),
      ...named('history', more),
    ],
    rowsRead: [
      ...counted('tasks', taskTable),
      ...counted('sessions', sessionTable),
      ...counted('history', more),
    ],
  };
}

/** What was read of one file, if it was given. */
type FileRead =
  | { readonly rows: readonly unknown[]; readonly refused: readonly RefusedRow[] }
  | undefined;

const readMore = async (source: AsyncIterable<Uint8Array>) => {
  const { history: rows, refused } = await readBacktestFile(source, { file: 'the history file' });
  return { rows, refused };
};

const readRuns = (source: AsyncIterable<Uint8Array>, timeZone: string) =>
  readTable(source, {
    fields: SESSION_FIELDS,
    file: 'the session file',
    parse: (read) => parseSession(read, timeZone),
  });

const counted = (file: ProjectFile, read: FileRead): ProjectFilesRead['rowsRead'] =>
  read === undefined ? [] : [{ file, rows: read.rows.length }];

const named = (file: ProjectFile, read: FileRead): ProjectFilesRead['refused'] =>
  (read?.refused ?? []).map((row) => ({ ...row, file }));

interface ProjectRow extends TaskRow {
  readonly personId: string | undefined;
  readonly dependsOn: readonly string[];
  readonly scheduledDate: Day | undefined;
  readonly dueDate: Day | undefined;
  readonly addedDate: Day | undefined;
  readonly actualHours: number | undefined;
}

const parseRow = (read: FieldReader<ProjectField>, timeZone: string): ProjectRow => ({
  ...parseTaskRow(read, timeZone),
  personId: read.text('person'),
  dependsOn: splitIds(read.text('depends_on')),
  scheduledDate: read.day('scheduled_on'),
  dueDate: read.day('due_on'),
  addedDate: read.day('added_on'),
  actualHours: read.number('actual_hours', HOURS_MAX),
});

/** Ids in one cell, between semicolons, commas or bars. */
const splitIds = (text = ''): readonly string[] =>
  text
    .split(/[;,|]/)
    .map((id) => id.trim())
    .filter((id) => id !== '');

/** The hours a task file tells, as one run of each task of which nobody knows when it was. The last row that tells them counts. */
function toHours(rows: readonly ProjectRow[]): readonly SessionRecord[] {
  const hoursOf = new Map<string, SessionRecord>();
  for (const { taskId, actualHours, personId } of rows) {
    if (actualHours === undefined) continue;
    const netMs = hoursToMs(actualHours);
    hoursOf.set(taskId, { runId: taskId, taskId, netMs, names: { person: personId } });
  }
  return [...hoursOf.values()];
}

/** Of several rows of one task, the last that tells a thing counts. */
function toPlans(
  rows: readonly ProjectRow[],
  {
    baselines,
    timeZone,
  }: { readonly baselines: ReadonlyMap<string, Baseline>; readonly timeZone: string },
): ReadonlyMap<string, TaskPlan> {
  const plans = new Map<string, TaskPlan>();
  for (const row of rows) {
    const before = plans.get(row.taskId) ?? { dependsOn: [] };
    plans.set(row.taskId, overlay(before, toPlan(row, baselines.get(row.taskId), timeZone)));
  }
  return plans;
}

function toPlan(row: ProjectRow, baseline: Baseline | undefined, timeZone: string): TaskPlan {
  const { personId, dependsOn, scheduledDate, dueDate, addedDate } = row;
  return {
    personId,
    estimateMs: baseline?.revisions.at(-1)?.estimateMs ?? baseline?.baselineMs,
    scheduledDate,
    dueDate,
    addedDate: addedDate ?? toDay(row, timeZone),
    dependsOn,
  };
}

/** A plan with all that another says over it; but a task was added when the first says so. */
const overlay = (before: TaskPlan, said: TaskPlan): TaskPlan => ({
  ...before,
  ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  addedDate: before.addedDate ?? said.addedDate,
  dependsOn: said.dependsOn.length === 0 ? before.dependsOn : said.dependsOn,
});

/** A task nobody says the day of was there when it was first estimated. */
const toDay = ({ estimatedAt }: ProjectRow, timeZone: string): Day | undefined =>
  estimatedAt === undefined ? undefined : dayAt(toEpochMs(estimatedAt), timeZone);

function toFinished({
  task,
  estimateHours = 0,
  actualHours = 0,
}: Awaited<ReturnType<typeof readBacktestFile>>['history'][number]): readonly FinishedWork[] {
  const [estimateMs, actualMs] = [hoursToMs(estimateHours), hoursToMs(actualHours)];
  return estimateMs > 0 && actualMs > 0
    ? [{ group: task.workflow ?? '', estimateMs, actualMs }]
    : [];
}
