import { compareText, type Instant } from '#shared/kernel/index.ts';
import type { RecordedWork, RunEffort } from '#shared/variance/index.ts';
import type { RunLinks } from './lineage.ts';
import type { ExecutionRunRow, FounderHqDoc, RowLink } from './model.ts';
import type { RunFindings } from './run-findings.ts';
import { type LedgerRun, toDocEffort, toLedgerEffort } from './run-session.ts';

/** A run as doc and ledger tell it together. */
export interface MergedRun {
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

/** Every run once, and the ids of rows that told a run again: in the same words, or in others. */
export type MergedRuns = Pick<RecordedWork, 'repeatedRunIds' | 'mismatchedRunIds'> & {
  readonly merged: readonly MergedRun[];
};

/**
 * The runs of a doc and of the ledger, each once. Of rows that repeat a run id, the one with the lowest row id counts.
 * Where both know a run, the row gives the links and the person, and the ledger the effort.
 */
export function mergeRuns(
  doc: FounderHqDoc,
  ledgerRuns: readonly LedgerRun[],
  found?: RunFindings,
): MergedRuns {
  const { rowOf, ...twice } = identifyRows(doc.executionRuns, found);
  const runs = new Map<string, MergedRun>();
  for (const [runId, row] of rowOf) runs.set(runId, toMergedRun(runId, row));
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
      ...(run.person === undefined ? {} : { person: run.person }),
      ...shown,
      startedAt: run.startedAt,
      endedAt: run.endedAt,
      runId,
      links: { ...task, ...shown?.links },
      effort,
      isPressed: true,
    });
  }
  return { merged: [...runs.values()], ...twice };
}

function identifyRows(rows: readonly ExecutionRunRow[], found: RunFindings | undefined) {
  const rowOf = new Map<string, ExecutionRunRow>();
  const repeatedRunIds: string[] = [];
  const mismatchedRunIds: string[] = [];
  for (const row of [...rows].sort((one, other) => compareText(one.rowId, other.rowId))) {
    const runId = row.runId ?? row.rowId;
    const before = rowOf.get(runId);
    if (before === undefined) {
      rowOf.set(runId, row);
      continue;
    }
    found?.addDoubled(runId);
    const isSame = toContent(before) === toContent(row);
    (isSame ? repeatedRunIds : mismatchedRunIds).push(runId);
  }
  return { rowOf, repeatedRunIds, mismatchedRunIds };
}

/** What a row says that counts: equal for equal content, and for nothing else. */
function toContent(row: ExecutionRunRow): string {
  const { task, project, engagement, processTemplate, workflow, executedBy } = row;
  const links = [task, project, engagement, processTemplate, workflow, executedBy];
  const { startedAt, endedAt, netMs, interruptMs, runType, unreadable = [] } = row;
  const words = [...links.map((link) => link?.rowId), startedAt, endedAt, netMs, interruptMs];
  return JSON.stringify([...words, runType].map((word) => word ?? null).concat(...unreadable));
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
