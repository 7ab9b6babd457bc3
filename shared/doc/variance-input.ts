import { type Day, dayAt, type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import {
  type Grouping,
  type Groups,
  inspectSessions,
  type Lineage,
  type RunEffort,
  type Session,
  type Task,
} from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import {
  createLineageIndex,
  type Dimension,
  type LineageAnswer,
  type LineageIndex,
  type RunLinks,
  resolveLineage,
} from './lineage.ts';
import type { ExecutionRunRow, FounderHqDoc, RowLink, TaskRow } from './model.ts';
import { RunFindings } from './run-findings.ts';
import { type LedgerRun, toDocEffort, toLedgerEffort } from './run-session.ts';

/** What the variance of every workflow is computed from, and what was odd on the way. */
export interface VarianceInput {
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  readonly findings: readonly DocFinding[];
}

interface MergedRun {
  readonly runId: string;
  /** Whether a button made it. */
  readonly isPressed: boolean;
  readonly links: RunLinks;
  readonly effort: RunEffort;
  readonly runType?: string;
  readonly person?: RowLink;
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
}

/** The words of `tasks.status` that mean that a task is finished, in any case. */
export const FINISHED_STATUSES: readonly string[] = ['Done', 'Completed'];

/** How a doc is read for the numbers. */
export interface VarianceOptions {
  /** @default FINISHED_STATUSES */
  readonly finishedStatuses?: readonly string[];
  /**
   * What runs are resolved by; tables behind another grouping need not have been read.
   * @default ['workflow']
   */
  readonly groupings?: readonly Grouping[];
  /**
   * The zone whose months count.
   * @default 'UTC'
   */
  readonly timeZone?: string;
  /**
   * Whether touchpoints without an estimate are among the sessions: they cost, and foresaw nothing.
   * @default false
   */
  readonly countsTouchpoints?: boolean;
}

/** The rows of a doc and how they are read. */
interface Reading extends Required<VarianceOptions> {
  readonly rows: LineageIndex;
}

/**
 * The tasks and runs of a doc as the numbers see them. Runs of the ledger come on top; where the doc
 * shows one of them too, the row gives the links and the ledger the effort, so no run counts twice. Of rows that
 * repeat a run id, the one with the lowest row id counts. A touchpoint counts only where its task has an estimate.
 */
export function toVarianceInput(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[] = [],
  options: VarianceOptions = {},
): VarianceInput {
  const { finishedStatuses = FINISHED_STATUSES, groupings = ['workflow'] } = options;
  const { timeZone = 'UTC', countsTouchpoints = false } = options;
  const rows = createLineageIndex(doc);
  const words = { finishedStatuses: finishedStatuses.map(toWord) };
  const reading = { rows, ...words, groupings, timeZone, countsTouchpoints };
  const tasks = doc.tasks.map((task) => toTask(task, reading));
  const taskOf = new Map(tasks.map((task) => [task.taskId, task]));
  const found = new RunFindings();
  const runs = [...mergeRuns(doc, ledgerRuns, found).values()].filter(
    (run) => countsTouchpoints || isCounted(run, taskOf.get(run.links.task?.rowId ?? '')),
  );
  const sessions = runs.map((run) => {
    found.addStanding(run.runId, run.effort.standing);
    if (run.isPressed && run.links.task === undefined) found.addTaskUnknown(run.runId);
    return toSession(run, reading, { taskOf, found });
  });
  found.addSessionFindings(inspectSessions(sessions));
  return { tasks, sessions, findings: found.list() };
}

function toTask(task: TaskRow, reading: Reading): Task {
  const { rowId, name, parent, completedOn, status } = task;
  const baselineMs = toBaselineMs(task);
  const links = { task: { rowId, name } };
  const groups = Object.fromEntries(
    reading.groupings.filter(isDimension).map((dimension) => {
      return [dimension, toLineage(resolveLineage(links, reading.rows, dimension))];
    }),
  );
  return {
    taskId: rowId,
    name,
    isFinished: reading.finishedStatuses.includes(toWord(status)) || completedOn !== undefined,
    groups: { ...groups, ...toMonth(reading, completedOn) },
    ...(completedOn === undefined ? {} : { completedDate: completedOn }),
    ...(parent === undefined ? {} : { parentId: parent.rowId }),
    ...(baselineMs === undefined ? {} : { baselineMs }),
  };
}

/** The month a day lies in, where months are asked for. */
function toMonth({ groupings }: Reading, day: Day | undefined): Groups {
  if (day === undefined || !groupings.includes('month')) return {};
  return { month: { kind: 'resolved', id: day.slice(0, 7) } };
}

const isDimension = (grouping: Grouping): grouping is Dimension & Grouping =>
  grouping !== 'person' && grouping !== 'month';

/** The frozen estimate, else the one that stands now. One that cannot be read is unknown, not unfrozen. */
function toBaselineMs({ baselineMs, estimateMs, unreadable = [] }: TaskRow): Ms | undefined {
  return unreadable.includes('baseline_hours') ? undefined : (baselineMs ?? estimateMs);
}

const toWord = (status: string): string => status.trim().toLowerCase();

function mergeRuns(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[],
  found: RunFindings,
): ReadonlyMap<string, MergedRun> {
  const runs = new Map<string, MergedRun>();
  const byRowId = [...doc.executionRuns].sort((one, other) => compareText(one.rowId, other.rowId));
  for (const row of byRowId) {
    const runId = row.runId ?? row.rowId;
    if (runs.has(runId)) found.addDoubled(runId);
    else runs.set(runId, toMergedRun(runId, row));
  }
  const taskNames = new Map(doc.tasks.map(({ rowId, name }) => [rowId, name]));
  for (const run of ledgerRuns) {
    const { runId, taskRowId } = run;
    const task =
      taskRowId === undefined
        ? {}
        : { task: { rowId: taskRowId, name: taskNames.get(taskRowId) ?? taskRowId } };
    const shown = runs.get(runId);
    const effort = toLedgerEffort(run);
    runs.set(runId, {
      ...shown,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      runId,
      links: { ...task, ...shown?.links },
      effort,
      isPressed: true,
    });
  }
  return runs;
}

const toMergedRun = (runId: string, row: ExecutionRunRow): MergedRun => ({
  runId,
  links: row,
  isPressed: false,
  effort: toDocEffort(row),
  startedAt: row.startedAt,
  endedAt: row.endedAt,
  ...(row.runType === undefined ? {} : { runType: row.runType }),
  ...(row.executedBy === undefined ? {} : { person: row.executedBy }),
});

function isCounted(run: MergedRun, task: Task | undefined): boolean {
  return toWord(run.runType ?? '') !== 'touchpoint' || (task?.baselineMs ?? 0) > 0;
}

/** The tasks a run may be of, and where what is odd about it goes. */
interface Surroundings {
  readonly taskOf: ReadonlyMap<string, Task>;
  readonly found: RunFindings;
}

function toSession(run: MergedRun, reading: Reading, { taskOf, found }: Surroundings): Session {
  const { runId, effort, links, person, startedAt, endedAt } = run;
  // A task the doc no longer has is none: the run stands for itself.
  const task = taskOf.get(links.task?.rowId ?? '');
  const workedDate = toWorkedDate(run, reading);
  const groups = reading.groupings.map((grouping): readonly [Grouping, Lineage | undefined] => {
    if (grouping === 'person') return [grouping, toResolved(person?.rowId)];
    if (grouping === 'month') {
      return [grouping, task?.groups?.month ?? toResolved(workedDate?.slice(0, 7))];
    }
    const answer = resolveLineage(links, reading.rows, grouping);
    found.addLineage(runId, grouping, answer);
    return [grouping, toLineage(answer)];
  });
  return {
    runId,
    groups: Object.fromEntries(groups.filter(([, lineage]) => lineage !== undefined)),
    ...effort,
    taskId: task?.taskId,
    personId: person?.rowId,
    startedAt,
    endedAt,
    workedDate,
  };
}

const toResolved = (id: string | undefined): Lineage | undefined =>
  id === undefined ? undefined : { kind: 'resolved', id };

/** The day a run ended, or began where its end is not known. */
function toWorkedDate({ startedAt, endedAt }: MergedRun, { timeZone }: Reading): Day | undefined {
  const at = endedAt ?? startedAt;
  return at === undefined ? undefined : dayAt(toEpochMs(at), timeZone);
}

function toLineage(answer: LineageAnswer): Lineage {
  return answer.kind === 'resolved' ? { kind: 'resolved', id: answer.id } : { kind: answer.kind };
}

const compareText = (one: string, other: string): number =>
  one < other ? -1 : Number(one > other);
