import type { Ms } from '#shared/kernel/index.ts';
import type { Lineage, Session, Task } from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import {
  createLineageIndex,
  type LineageAnswer,
  type LineageIndex,
  type RunLinks,
  resolveLineage,
} from './lineage.ts';
import type { ExecutionRunRow, FounderHqDoc, TaskRow } from './model.ts';
import { RunFindings } from './run-findings.ts';
import { type LedgerRun, type RunEffort, toDocEffort, toLedgerEffort } from './run-session.ts';

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
}

/** The words of `tasks.status` that mean that a task is finished, in any case. */
export const FINISHED_STATUSES: readonly string[] = ['Done', 'Completed'];

/**
 * The tasks and runs of a doc as the numbers see them, by workflow. Runs of the ledger come on top; where the doc
 * shows one of them too, the row gives the links and the ledger the effort, so no run counts twice. Of rows that
 * repeat a run id, the one with the lowest row id counts. A touchpoint counts only where its task has an estimate.
 */
export function toVarianceInput(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[] = [],
  finishedStatuses: readonly string[] = FINISHED_STATUSES,
): VarianceInput {
  const rows = createLineageIndex(doc);
  const finished = new Set(finishedStatuses.map(toWord));
  const tasks = doc.tasks.map((task) => toTask(task, rows, finished));
  const estimateMsOf = new Map(tasks.map(({ taskId, baselineMs = 0 }) => [taskId, baselineMs]));
  const found = new RunFindings();
  const runs = [...mergeRuns(doc, ledgerRuns, found).values()].filter((run) =>
    isCounted(run, estimateMsOf),
  );
  const sessions = runs.map((run) => {
    const answer = resolveLineage(run.links, rows, 'workflow');
    found.addLineage(run.runId, answer);
    found.addStanding(run.runId, run.effort.standing);
    if (run.isPressed && run.links.task === undefined) found.addTaskUnknown(run.runId);
    return toSession(run, toLineage(answer), rows);
  });
  return { tasks, sessions, findings: found.list() };
}

function toTask(task: TaskRow, rows: LineageIndex, finished: ReadonlySet<string>): Task {
  const { rowId, name, parent, completedOn } = task;
  const baselineMs = toBaselineMs(task);
  const link = { rowId, name };
  return {
    taskId: rowId,
    name,
    isFinished: finished.has(toWord(task.status)) || completedOn !== undefined,
    group: toLineage(resolveLineage({ task: link }, rows, 'workflow')),
    ...(parent === undefined ? {} : { parentId: parent.rowId }),
    ...(baselineMs === undefined ? {} : { baselineMs }),
  };
}

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
  ...(row.runType === undefined ? {} : { runType: row.runType }),
});

function isCounted(run: MergedRun, estimateMsOf: ReadonlyMap<string, Ms>): boolean {
  if (toWord(run.runType ?? '') !== 'touchpoint') return true;
  return (estimateMsOf.get(run.links.task?.rowId ?? '') ?? 0) > 0;
}

function toSession(run: MergedRun, group: Lineage, rows: LineageIndex): Session {
  const { runId, effort, links } = run;
  const taskId = links.task?.rowId;
  // A task the doc no longer has is none: the run stands for itself.
  const isThere = taskId !== undefined && rows.task.has(taskId);
  return { runId, group, ...effort, ...(isThere ? { taskId } : {}) };
}

function toLineage(answer: LineageAnswer): Lineage {
  return answer.kind === 'resolved' ? { kind: 'resolved', id: answer.id } : { kind: answer.kind };
}

const compareText = (one: string, other: string): number =>
  one < other ? -1 : Number(one > other);
