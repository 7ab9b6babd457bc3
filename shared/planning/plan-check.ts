import { type Ms, sumOf, toEpochMs } from '#shared/kernel/index.ts';
import { itemAt } from './item-at.ts';
import { toPathText } from './locks.ts';
import { listOverlaps } from './locks-overlap.ts';

import { canWork, type Plan, type PlanTask, toNeed } from './plan.ts';
import { findCycles } from './plan-cycles.ts';
import type { MissingDependency } from './plan-graph.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { findUnordered } from './plan-reach.ts';
import type { ConstraintCode } from './schedule-entry.ts';
import type { Capacities } from './schedule-states.ts';

/** Something wrong with a plan. Only `UNORDERED_WRITES` leaves it fit to run: locks then decide who goes first. */
export type PlanFinding =
  | { readonly code: 'CYCLE'; readonly ids: readonly string[] }
  | ({ readonly code: 'MISSING_DEPENDENCY' } & MissingDependency)
  | { readonly code: 'ORPHAN_WORKSTREAM'; readonly workstreamId: string }
  | {
      readonly code: 'IMPOSSIBLE_CONSTRAINT';
      readonly id: string;
      readonly constraint: ConstraintCode;
      /** What cannot be had. */
      readonly needs: string;
    }
  | {
      readonly code: 'UNORDERED_WRITES';
      readonly taskIds: readonly [string, string];
      readonly path: string;
    };

/** What a plan is worth before it starts. */
export interface PlanCheck {
  readonly findings: readonly PlanFinding[];
  /** The ids of the tasks of one longest way, in order. */
  readonly criticalPath: readonly string[];
  readonly criticalPathMs: Ms;
  /** No schedule is shorter: the critical path, or all work shared by as many as may work at once. */
  readonly lowerBoundMs: Ms;
  /** How many tasks deep it is. */
  readonly levels: number;
}

/**
 * Looks for all that keeps a plan from ending well. A workstream is an orphan when a task names it and the plan has it not, or
 * when it belongs to no phase of the plan. Two tasks that write in one place and whose order nothing decides are named once
 * for each neighbouring pair. With a cycle, what lies on it or behind it is in no path.
 */
export function checkPlan(prepared: PreparedPlan, capacities: Capacities): PlanCheck {
  const { plan, paths, graph, effortsMs } = prepared;
  const parallel = Math.max(1, Math.min(plan.maxParallel, capacities.workers.length));
  const workMs = sumOf(effortsMs);
  return {
    findings: [
      ...findCycles(graph).map((ids) => ({ code: 'CYCLE', ids }) as const),
      ...graph.missing.map((each) => ({ code: 'MISSING_DEPENDENCY', ...each }) as const),
      ...findOrphans(plan),
      ...findImpossible(plan, capacities),
      ...findUnorderedWrites(prepared),
    ],
    criticalPath: paths.criticalTasks.map((index) => itemAt(graph.ids, index)),
    criticalPathMs: paths.longestMs,
    lowerBoundMs: Math.max(paths.longestMs, Math.ceil(workMs / parallel)),
    levels: paths.levels
      .slice(0, graph.taskCount)
      .reduce((most, level) => Math.max(most, level + 1), 0),
  };
}

function findOrphans(plan: Plan): readonly PlanFinding[] {
  const settled = new Set(
    plan.workstreams
      .filter(({ phaseId }) => plan.phaseIds.includes(phaseId))
      .map(({ workstreamId }) => workstreamId),
  );
  const named = [...plan.workstreams, ...plan.tasks].map(({ workstreamId }) => workstreamId);
  const orphans = [...new Set(named)].filter((id) => !settled.has(id));
  return orphans.map((workstreamId) => ({ code: 'ORPHAN_WORKSTREAM', workstreamId }));
}

function findImpossible(plan: Plan, capacities: Capacities): readonly PlanFinding[] {
  const tooNarrow = plan.workstreams.filter(({ concurrency }) => concurrency.maxParallel < 1);
  return [
    ...plan.tasks.flatMap((task) => findTaskImpossible(task, capacities)),
    ...tooNarrow.map(({ workstreamId }) => impossible(workstreamId, 'workstream_parallel', '1')),
    ...(plan.maxParallel < 1 ? [impossible(plan.runId, 'run_parallel', '1')] : []),
  ];
}

function findTaskImpossible(task: PlanTask, capacities: Capacities): readonly PlanFinding[] {
  const { taskId, toolId, notBefore, deadlineAt, estimateMs = 0 } = task;
  const dear = task.budgetDemands.filter(
    ({ budgetId, neededMicros }) =>
      neededMicros > (capacities.budgets.get(budgetId) ?? neededMicros),
  );
  const findings = dear.map(({ budgetId }) => impossible(taskId, 'budget', budgetId));
  if (notBefore !== undefined && deadlineAt !== undefined) {
    const isTooLate = toEpochMs(notBefore) + estimateMs > toEpochMs(deadlineAt);
    if (isTooLate) findings.push(impossible(taskId, 'not_before', deadlineAt));
  }
  if (toolId !== undefined && (capacities.tools.get(toolId)?.maxParallel ?? 1) < 1) {
    findings.push(impossible(taskId, 'tool_capacity', toolId));
  }
  if (!capacities.workers.some((worker) => canWork(worker, task))) {
    findings.push(impossible(taskId, 'worker', toNeed(task)));
  }
  return findings;
}

const impossible = (id: string, constraint: ConstraintCode, needs: string): PlanFinding => ({
  code: 'IMPOSSIBLE_CONSTRAINT',
  id,
  constraint,
  needs,
});

function findUnorderedWrites({ graph, tasks, locks }: PreparedPlan): readonly PlanFinding[] {
  const idOf = (index: number): string => itemAt(tasks, index).taskId;
  const overlaps = listOverlaps(graph.order, locks);
  return findUnordered(graph, overlaps).map(([left, right, lock]) => ({
    code: 'UNORDERED_WRITES',
    taskIds: [idOf(left), idOf(right)],
    path: toPathText(lock),
  }));
}
