import {
  type FounderHqDoc,
  type TaskRow,
  type VarianceReport,
  workflowNames,
  workflowVariance,
} from '#shared/doc/index.ts';
import type { Ms } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import { type GroupVariance, headline, type Task } from '#shared/variance/index.ts';
import type { WantedRow } from './doc-row.ts';

/** The figures of one tick, and the derived cells that show them. */
export interface RollUp {
  readonly report: VarianceReport;
  readonly headline: string;
  readonly workflows: readonly WantedRow[];
  readonly tasks: readonly WantedRow[];
}

interface Effort {
  readonly runs: number;
  readonly netMs: Ms;
}

/** Computes every published figure from the doc's rows and the ledger's runs. Rows without an external id have no place to be written to. */
export function rollUp(doc: FounderHqDoc, runs: readonly ViewRun[]): RollUp {
  const report = workflowVariance(doc, runs);
  const groups = new Map(report.groups.map((group) => [group.group, group]));
  const workflows = doc.workflows.flatMap(({ rowId, externalId }): WantedRow[] => {
    const group = groups.get(rowId);
    return externalId === undefined || group === undefined
      ? []
      : [{ key: externalId, cells: toWorkflowCells(group) }];
  });
  const sentence = headline(report.groups, workflowNames(doc));
  return { report, headline: sentence, workflows, tasks: toTaskRows(doc, report) };
}

function toWorkflowCells(group: GroupVariance): WantedRow['cells'] {
  const { nTasks, nRuns, actualMs, typical, total, p10, p90, state, needed } = group;
  return {
    execution_runs_count: nRuns,
    avg_actual_hours: nTasks === 0 ? '' : Math.round(actualMs / nTasks),
    variance_pct: total ?? '',
    tasks_done: nTasks,
    typical_variance_pct: typical ?? '',
    total_variance_pct: total ?? '',
    range_low: toFourDecimals(p10),
    range_high: toFourDecimals(p90),
    variance_state: needed === 0 ? state : `${state} (needs ${needed} more)`,
  };
}

/** A task that never had a run is left alone. */
function toTaskRows(doc: FounderHqDoc, { input }: VarianceReport): readonly WantedRow[] {
  const efforts = new Map<string, Effort>();
  for (const { taskId, standing, netMs } of input.sessions) {
    if (taskId === undefined) continue;
    const before = efforts.get(taskId) ?? { runs: 0, netMs: 0 };
    const isCounted = standing === 'counted';
    const after = { runs: before.runs + 1, netMs: before.netMs + netMs };
    efforts.set(taskId, isCounted ? after : before);
  }
  const tasks = new Map(input.tasks.map((task) => [task.taskId, task]));
  return doc.tasks.flatMap((row): WantedRow[] => {
    const { externalId } = row;
    const effort = efforts.get(row.rowId);
    const task = tasks.get(row.rowId);
    return externalId === undefined || effort === undefined || task === undefined
      ? []
      : [{ key: externalId, cells: toTaskCells(row, task, effort) }];
  });
}

/** The baseline is frozen once, when the task's first run is seen, and never written again. */
function toTaskCells(row: TaskRow, task: Task, { runs, netMs }: Effort): WantedRow['cells'] {
  const { isFinished, baselineMs = 0 } = task;
  const isComparable = isFinished && baselineMs > 0 && netMs > 0;
  const toFreeze = row.baselineMs === undefined ? row.estimateMs : undefined;
  return {
    execution_runs: runs,
    actual_hours: netMs,
    variance_vs_estimate: isComparable ? (netMs - baselineMs) / baselineMs : '',
    ...(toFreeze === undefined ? {} : { baseline_hours: toFreeze }),
  };
}

const toFourDecimals = (ratio: number): number => Math.round(ratio * 10_000) / 10_000;
