import { type Day, dayAt, toEpochMs } from '#shared/kernel/index.ts';
import {
  type Baseline,
  findBeginnings,
  type Grouping,
  type Groups,
  type Lineage,
  type RecordedWork,
  type Session,
  type Task,
} from '#shared/variance/index.ts';
import {
  createLineageIndex,
  type Dimension,
  type LineageAnswer,
  type LineageIndex,
  resolveLineage,
} from './lineage.ts';
import { type MergedRun, mergeRuns } from './merge-runs.ts';
import type { FounderHqDoc, TaskRow } from './model.ts';
import type { RunFindings } from './run-findings.ts';
import type { LedgerRun } from './run-session.ts';
import { readBaseline } from './task-baseline.ts';
import { FINISHED_STATUSES, isDroppedTask, isFinishedTask, toWord } from './task-status.ts';

/** What the variance of every workflow is computed from. */
export interface VarianceWork extends RecordedWork {
  /** Tasks on which, or below which, somebody has begun to work. */
  readonly begunTaskIds: ReadonlySet<string>;
}

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
  readonly found: RunFindings | undefined;
}

/**
 * The tasks and runs of a doc as the numbers see them. Runs of the ledger come on top; where the doc
 * shows one of them too, the row gives the links and the ledger the effort, so no run counts twice. Of rows that
 * repeat a run id, the one with the lowest row id counts. A touchpoint counts only where its task has an estimate.
 * What is odd about runs is told to whoever asks for it: a Pack that shows figures alone carries none of the words for it.
 */
export function readVarianceWork(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[],
  options: VarianceOptions & { readonly found?: RunFindings } = {},
): VarianceWork {
  const { found, finishedStatuses = FINISHED_STATUSES, groupings = ['workflow'] } = options;
  const { timeZone = 'UTC', countsTouchpoints = false } = options;
  const rows = createLineageIndex(doc);
  const reading = { rows, finishedStatuses, groupings, timeZone, countsTouchpoints, found };
  const { merged, ...twice } = mergeRuns(doc, ledgerRuns, found);
  const begunTaskIds = findBegun(doc, merged);
  const baselines = readBaselines(doc, begunTaskIds);
  const tasks = doc.tasks.map((task) => toTask(task, baselines.get(task.rowId), reading));
  const taskOf = new Map(tasks.map((task) => [task.taskId, task]));
  const runs = merged.filter(
    (run) => countsTouchpoints || isCounted(run, taskOf.get(run.links.task?.rowId ?? '')),
  );
  const sessions = runs.map((run) => {
    found?.addStanding(run.runId, run.effort.standing);
    if (run.isPressed && run.links.task === undefined) found?.addTaskUnknown(run.runId);
    return toSession(run, reading, taskOf);
  });
  return { tasks, sessions, baselines, begunTaskIds, ...twice };
}

/** The tasks somebody has begun, by any run: a touchpoint that counts nowhere is work all the same. */
function findBegun(doc: FounderHqDoc, runs: readonly MergedRun[]): ReadonlySet<string> {
  const parentOf = new Map(doc.tasks.map(({ rowId, parent }) => [rowId, parent?.rowId]));
  const begun = runs.map(({ links, startedAt }) => ({ taskId: links.task?.rowId, startedAt }));
  return new Set(findBeginnings(parentOf, begun).keys());
}

function readBaselines(
  doc: FounderHqDoc,
  begun: ReadonlySet<string>,
): ReadonlyMap<string, Baseline> {
  const baselines = new Map<string, Baseline>();
  for (const task of doc.tasks) {
    const baseline = readBaseline(task, begun.has(task.rowId));
    if (baseline !== undefined) baselines.set(task.rowId, baseline);
  }
  return baselines;
}

function toTask(task: TaskRow, baseline: Baseline | undefined, reading: Reading): Task {
  const { rowId, name, parent, completedOn } = task;
  const isFinished = isFinishedTask(task, reading.finishedStatuses);
  const links = { task: { rowId, name } };
  const groups = Object.fromEntries(
    reading.groupings.filter(isDimension).map((dimension) => {
      return [dimension, toLineage(resolveLineage(links, reading.rows, dimension))];
    }),
  );
  return {
    taskId: rowId,
    name,
    isFinished,
    groups: { ...groups, ...toMonth(reading, completedOn) },
    ...(!isFinished && isDroppedTask(task) ? { isDropped: true } : {}),
    ...(completedOn === undefined ? {} : { completedDate: completedOn }),
    ...(parent === undefined ? {} : { parentId: parent.rowId }),
    ...(baseline === undefined ? {} : { baselineMs: baseline.baselineMs }),
    ...(baseline?.isEstimateLate === true ? { isEstimateLate: true } : {}),
  };
}

/** The month a day lies in, where months are asked for. */
function toMonth({ groupings }: Reading, day: Day | undefined): Groups {
  if (day === undefined || !groupings.includes('month')) return {};
  return { month: { kind: 'resolved', id: day.slice(0, 7) } };
}

const isDimension = (grouping: Grouping): grouping is Dimension & Grouping =>
  grouping !== 'person' && grouping !== 'month';

/** A touchpoint without an estimate foresaw nothing, and neither did one that came late. */
function isCounted(run: MergedRun, task: Task | undefined): boolean {
  const isForeseen = (task?.baselineMs ?? 0) > 0 && task?.isEstimateLate !== true;
  return isForeseen || toWord(run.runType ?? '') !== 'touchpoint';
}

function toSession(run: MergedRun, reading: Reading, taskOf: ReadonlyMap<string, Task>): Session {
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
    reading.found?.addLineage(runId, grouping, answer);
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
