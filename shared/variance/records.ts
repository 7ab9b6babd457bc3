import { type Day, dayAt, type Instant, toEpochMs } from '#shared/kernel/index.ts';
import { type Baseline, type Estimate, freezeBaseline } from './baseline.ts';
import { findBeginnings } from './beginning.ts';
import { joinLineages, UNRESOLVED } from './lineages.ts';
import {
  GROUPINGS,
  type Grouping,
  type Groups,
  type Lineage,
  type Session,
  type Task,
} from './model.ts';
import { type RecordedTime, toNetEffort } from './net-effort.ts';

/** One run as a file tells it. What it does not say is absent, which is never 0. */
export interface SessionRecord extends RecordedTime {
  /** Its id in the source; without one the whole record identifies it. */
  readonly runId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly names: Names;
}

/** One task as a file tells it. */
export interface TaskRecord {
  readonly taskId: string;
  readonly parentId?: string | undefined;
  readonly isFinished: boolean;
  readonly completedAt?: Instant | undefined;
  /** Every estimate it was given, in the order of the source. */
  readonly estimates: readonly Estimate[];
  readonly names: Names;
}

/** What a record says it belongs to; months are read from its times. */
export type Names = { readonly [By in Exclude<Grouping, 'month'>]?: string | undefined };

/** Tasks and runs as the numbers see them, and what was noticed about their records. */
export interface RecordedWork {
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  /** Baselines by task id, with the revisions that are shown and not counted. */
  readonly baselines: ReadonlyMap<string, Baseline>;
  /** Run ids told again with the same content: counted once. */
  readonly repeatedRunIds: readonly string[];
  /** Run ids told again with other content: the first record counts. */
  readonly mismatchedRunIds: readonly string[];
}

/**
 * Records of any source as tasks and runs. A run votes with its own names and those of its task, so two
 * answers are a conflict; it belongs to the month its task was completed in, else to that of its end. A
 * task that only runs speak of is open and without an estimate.
 * Shape: the zone tells in which month a moment lies.
 */
export function toRecordedWork(
  taskRecords: readonly TaskRecord[],
  sessionRecords: readonly SessionRecord[],
  timeZone: string,
): RecordedWork {
  const { records, ...twice } = identify(sessionRecords);
  const beginnings = findBeginnings(
    new Map(taskRecords.map(({ taskId, parentId }) => [taskId, parentId])),
    records.map(({ record }) => record),
  );
  const baselines = new Map<string, Baseline>();
  const intern = createIntern();
  const tasks = new Map<string, Task>();
  for (const record of taskRecords) {
    const baseline = freezeBaseline(record.estimates, beginnings.get(record.taskId) ?? 'not_begun');
    if (baseline !== undefined) baselines.set(record.taskId, baseline);
    tasks.set(record.taskId, toTask(record, baseline, { timeZone, intern }));
  }
  const sessions = records.map(({ runId, record }): Session => {
    const task = record.taskId === undefined ? undefined : tasks.get(record.taskId);
    return toSession(record, { runId, task, timeZone, intern });
  });
  for (const { taskId } of sessions) {
    if (taskId === undefined || tasks.has(taskId)) continue;
    tasks.set(taskId, { taskId, name: taskId, isFinished: false });
  }
  return { tasks: [...tasks.values()], sessions, baselines, ...twice };
}

interface Identified {
  readonly runId: string;
  readonly record: SessionRecord;
}

function identify(sessionRecords: readonly SessionRecord[]) {
  const known = new Map<string, Identified>();
  const repeatedRunIds: string[] = [];
  const mismatchedRunIds: string[] = [];
  for (const record of sessionRecords) {
    const runId = record.runId ?? toContentId(record);
    const before = known.get(runId);
    if (before === undefined) known.set(runId, { runId, record });
    else if (toContentId(before.record) === toContentId(record)) repeatedRunIds.push(runId);
    else mismatchedRunIds.push(runId);
  }
  return { records: [...known.values()], repeatedRunIds, mismatchedRunIds };
}

/** Equal for equal content, and for nothing else. */
function toContentId(record: SessionRecord): string {
  const { taskId, startedAt, endedAt, netMs, interruptMs, names } = record;
  const content = [taskId, startedAt, endedAt, netMs, interruptMs];
  const named = GROUPINGS.map((grouping) => (grouping === 'month' ? undefined : names[grouping]));
  return JSON.stringify([...content, ...named].map((value) => value ?? null));
}

interface Surroundings {
  readonly timeZone: string;
  /** One object for each name of each grouping, however many runs carry it. */
  readonly intern: (grouping: Grouping, id: string) => Lineage;
}

function createIntern(): Surroundings['intern'] {
  const known = new Map<string, Lineage>();
  return (grouping, id) => {
    const key = `${grouping} ${id}`;
    const lineage = known.get(key) ?? { kind: 'resolved', id };
    known.set(key, lineage);
    return lineage;
  };
}

function toTask(record: TaskRecord, baseline: Baseline | undefined, around: Surroundings): Task {
  const { taskId, parentId, isFinished, names } = record;
  const completedDate = toDate(record.completedAt, around.timeZone);
  return {
    taskId,
    name: taskId,
    isFinished,
    groups: toGroups({ ...names, month: completedDate?.slice(0, 7) }, around),
    ...(parentId === undefined ? {} : { parentId }),
    ...(completedDate === undefined ? {} : { completedDate }),
    ...(baseline === undefined ? {} : { baselineMs: baseline.baselineMs }),
    ...(baseline?.isEstimateLate === true ? { isEstimateLate: true } : {}),
  };
}

function toSession(
  record: SessionRecord,
  around: Surroundings & { readonly runId: string; readonly task: Task | undefined },
): Session {
  const { taskId, startedAt, endedAt, names } = record;
  const { runId, task, timeZone } = around;
  const workedDate = toDate(endedAt ?? startedAt, timeZone);
  const isMonthOfTask = task?.groups?.month !== undefined;
  const month = isMonthOfTask ? undefined : workedDate?.slice(0, 7);
  const own = toGroups({ ...names, month }, around);
  return {
    runId,
    groups: task?.groups === undefined ? own : vote(own, task.groups),
    ...toNetEffort(record),
    taskId,
    personId: names.person,
    startedAt,
    endedAt,
    workedDate,
  };
}

function vote(own: Groups, ofTask: Groups): Groups {
  const joined: { [By in Grouping]?: Lineage } = { ...ofTask };
  for (const grouping of GROUPINGS) {
    const answer = own[grouping];
    if (answer === undefined) continue;
    joined[grouping] = joinLineages(answer, ofTask[grouping] ?? UNRESOLVED, grouping);
  }
  return joined;
}

function toGroups(
  names: Names & { readonly month?: string | undefined },
  { intern }: Surroundings,
): Groups {
  const groups: { [By in Grouping]?: Lineage } = {};
  for (const grouping of GROUPINGS) {
    const name = names[grouping];
    if (name !== undefined) groups[grouping] = intern(grouping, name);
  }
  return groups;
}

const toDate = (at: Instant | undefined, timeZone: string): Day | undefined =>
  at === undefined ? undefined : dayAt(toEpochMs(at), timeZone);
