import type { Ms } from '#shared/kernel/index.ts';
import { type PlanPaths, toEfforts, toPlanPaths } from './critical-path.ts';
import { toWantedLocks, type WantedLock } from './locks.ts';
import type { Plan, PlanTask, PlanWorkstream } from './plan.ts';
import { type PlanGraph, toPlanGraph } from './plan-graph.ts';
import { countDependents } from './plan-reach.ts';

/** A plan with all that can be known of it before anything runs; tasks are numbered in the order of the plan. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly tasks: readonly PlanTask[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly workstreams: ReadonlyMap<string, PlanWorkstream>;
  /** The tasks that repair a task, by its id. */
  readonly repairs: ReadonlyMap<string, readonly string[]>;
  readonly graph: PlanGraph;
  readonly effortsMs: readonly Ms[];
  readonly paths: PlanPaths;
  readonly dependents: readonly number[];
  readonly locks: readonly (readonly WantedLock[])[];
}

/**
 * Reads a plan once, so that every tick after costs little. Tasks on a cycle, or behind one, can be prepared but never come
 * to their turn: ask `checkPlan` first. Cost: edges × tasks ÷ 32, for the count of dependents; the rest is linear.
 */
export function preparePlan(plan: Plan): PreparedPlan {
  const graph = toPlanGraph(plan);
  const effortsMs = toEfforts(plan);
  const repairs = new Map<string, string[]>();
  for (const { taskId, fixes } of plan.tasks) {
    if (fixes !== undefined) repairs.set(fixes, [...(repairs.get(fixes) ?? []), taskId]);
  }
  return {
    plan,
    tasks: plan.tasks,
    indexOf: new Map(plan.tasks.map(({ taskId }, index) => [taskId, index])),
    workstreams: new Map(plan.workstreams.map((each) => [each.workstreamId, each])),
    repairs,
    graph,
    effortsMs,
    paths: toPlanPaths(graph, effortsMs),
    dependents: countDependents(graph),
    locks: plan.tasks.map(({ locks }) => toWantedLocks(locks)),
  };
}
