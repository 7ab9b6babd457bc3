import {
  type FounderHqDoc,
  type TaskRow,
  type VarianceReport,
  workflowNames,
  workflowVariance,
} from '#shared/doc/index.ts';
import type { Ms } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import {
  describeState,
  type GroupVariance,
  headline,
  toEstimatedWork,
  toPlannedUnits,
  toStateWords,
} from '#shared/variance/index.ts';
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

/** What figures are computed from. */
export interface RollUpFacts {
  readonly doc: FounderHqDoc;
  readonly runs: readonly ViewRun[];
  /** The doc's own. */
  readonly timeZone: string;
  /** Rows the worker has written figures to, as `table/key`: only these are cleared when their last run goes. */
  readonly published: ReadonlySet<string>;
}

/** Computes every published figure from the doc's rows and the ledger's runs. Rows without an external id of their own have no place to be written to. */
export function rollUp({ doc, runs, timeZone, published }: RollUpFacts): RollUp {
  const report = workflowVariance(doc, { runs, timeZone });
  const sentence = headline(report.groups, workflowNames(doc));
  const workflows = toWorkflowRows(doc, report, published);
  return { report, headline: sentence, workflows, tasks: toTaskRows(doc, report, published) };
}

function toWorkflowRows(
  doc: FounderHqDoc,
  { groups, input }: VarianceReport,
  published: ReadonlySet<string>,
): readonly WantedRow[] {
  const groupOf = new Map(groups.map((group) => [group.group, group]));
  const runsOf = countBy(
    input.sessions.flatMap(({ groups: { workflow } }) =>
      workflow?.kind === 'resolved' ? [workflow.id] : [],
    ),
  );
  return withOwnKey(doc.workflows).flatMap(([key, { rowId }]): WantedRow[] => {
    const group = groupOf.get(rowId);
    if (group !== undefined) return [{ key, cells: toWorkflowCells(group, runsOf.get(rowId)) }];
    return published.has(`workflows/${key}`) ? [{ key, cells: NO_WORKFLOW_FIGURES }] : [];
  });
}

/** Two rows of one key cannot be told apart by a write, so neither is written to. */
function withOwnKey<Row extends { readonly externalId?: string }>(
  rows: readonly Row[],
): readonly (readonly [string, Row])[] {
  const times = countBy(rows.flatMap(({ externalId }) => externalId ?? []));
  return rows.flatMap((row) => {
    const { externalId } = row;
    return externalId !== undefined && times.get(externalId) === 1
      ? [[externalId, row] as const]
      : [];
  });
}

function countBy(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function toWorkflowCells(group: GroupVariance, runs = 0): WantedRow['cells'] {
  const { nTasks, actualMs, typical, total, p10, p90, drift } = group;
  return {
    execution_runs_count: runs,
    avg_actual_hours: nTasks === 0 ? '' : Math.round(actualMs / nTasks),
    variance_pct: total ?? '',
    tasks_done: nTasks,
    typical_variance_pct: typical ?? '',
    total_variance_pct: total ?? '',
    range_low: toFourDecimals(p10),
    range_high: toFourDecimals(p90),
    variance_state: describeState(toStateWords(drift.state), { needed: drift.needed, since: null }),
    since: drift.sinceDate ?? '',
  };
}

const NO_WORKFLOW_FIGURES: WantedRow['cells'] = {
  execution_runs_count: '',
  avg_actual_hours: '',
  variance_pct: '',
  tasks_done: '',
  typical_variance_pct: '',
  total_variance_pct: '',
  range_low: '',
  range_high: '',
  variance_state: '',
  since: '',
};
const NO_TASK_FIGURES: WantedRow['cells'] = {
  execution_runs: '',
  actual_hours: '',
  variance_vs_estimate: '',
};

/**
 * A task that never had a run is left alone: what stands in its cells is somebody else's. But work below it is work on
 * it too, and freezes its estimate; where that estimate speaks for the parts, it is compared with what all of them took.
 */
function toTaskRows(
  doc: FounderHqDoc,
  { input }: VarianceReport,
  published: ReadonlySet<string>,
): readonly WantedRow[] {
  const efforts = new Map<string, Effort>();
  for (const { taskId, standing, netMs } of input.sessions) {
    if (taskId === undefined) continue;
    const before = efforts.get(taskId) ?? { runs: 0, netMs: 0 };
    const addedMs = standing === 'counted' ? netMs : 0;
    efforts.set(taskId, { runs: before.runs + 1, netMs: before.netMs + addedMs });
  }
  const varianceOf = findVariances(input);
  return withOwnKey(doc.tasks).flatMap(([key, row]): WantedRow[] => {
    const effort = efforts.get(row.rowId);
    const variance = varianceOf.get(row.rowId);
    const frozen = input.begunTaskIds.has(row.rowId) ? toBaselineCell(row) : {};
    const hasFigures = effort !== undefined || variance !== undefined;
    const isCleared = hasFigures || published.has(`tasks/${key}`);
    const cells = {
      ...(isCleared ? NO_TASK_FIGURES : {}),
      ...(effort === undefined ? {} : toEffortCells(effort)),
      ...(variance === undefined ? {} : { variance_vs_estimate: variance }),
      ...frozen,
    };
    return Object.keys(cells).length === 0 ? [] : [{ key, cells }];
  });
}

const toEffortCells = ({ runs, netMs }: Effort): WantedRow['cells'] => ({
  execution_runs: runs,
  actual_hours: netMs,
});

/** How far each task went over its estimate, by its id: of those whose ratio is in a statistic, and of no others. */
function findVariances({ tasks, sessions }: VarianceReport['input']): ReadonlyMap<string, number> {
  return new Map(
    toPlannedUnits(tasks, sessions, []).units.flatMap((unit) => {
      const work = toEstimatedWork(unit);
      if (work === undefined) return [];
      const { actualMs, estimateMs } = work;
      return [[unit.node.task.taskId, (actualMs - estimateMs) / estimateMs] as const];
    }),
  );
}

/**
 * The baseline is frozen once, when the task's first run is seen, and never written again. No estimate is frozen too,
 * as 0: one that is entered after work began foresaw nothing.
 */
function toBaselineCell({ baselineMs, estimateMs, unreadable = [] }: TaskRow): WantedRow['cells'] {
  const isUnsure = ['baseline_hours', 'estimated_hours'].some((name) => unreadable.includes(name));
  return baselineMs !== undefined || isUnsure
    ? {}
    : { baseline_hours: Math.max(0, estimateMs ?? 0) };
}

const toFourDecimals = (ratio: number): number => Math.round(ratio * 10_000) / 10_000;
