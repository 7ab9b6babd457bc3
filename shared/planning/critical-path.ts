import { MINUTE_MS, type Ms, sortAscending } from '#shared/kernel/index.ts';
import { quantile } from '#shared/variance/index.ts';
import { itemAt } from './item-at.ts';
import type { Plan } from './plan.ts';
import type { PlanGraph } from './plan-graph.ts';

/** What a task is taken to need when no task of its plan has an estimate. */
const UNKNOWN_EFFORT_MS = 30 * MINUTE_MS;

/** How long and how deep a plan is, by node of its graph. */
export interface PlanPaths {
  /** Longest way from a node to the end, its own effort included. */
  readonly toEndMs: readonly Ms[];
  /** The longest chain of tasks above a node. */
  readonly levels: readonly number[];
  readonly longestMs: Ms;
  /** The tasks of one longest way, in order. */
  readonly criticalTasks: readonly number[];
}

/** The effort of each task: its estimate, else the median of the plan's estimates, else 30 minutes. */
export function toEfforts(plan: Plan): readonly Ms[] {
  const known = sortAscending(plan.tasks.flatMap(({ estimateMs }) => estimateMs ?? []));
  const median = known.length === 0 ? UNKNOWN_EFFORT_MS : Math.round(quantile(known, 0.5));
  return plan.tasks.map(({ estimateMs }) => estimateMs ?? median);
}

/** The longest ways through a graph without cycles. Cost: nodes + edges. Source: Kelley and Walker, critical path method (1959). */
export function toPlanPaths(graph: PlanGraph, effortsMs: readonly Ms[]): PlanPaths {
  const toEndMs = graph.ids.map(() => 0);
  for (const node of [...graph.order].reverse()) {
    toEndMs[node] = (effortsMs[node] ?? 0) + longestAfter(graph, toEndMs, node);
  }
  const longestMs = toEndMs.reduce((most, ms) => Math.max(most, ms), 0);
  return {
    toEndMs,
    levels: toLevels(graph),
    longestMs,
    criticalTasks: walk(graph, toEndMs, longestMs),
  };
}

/** A loop rather than a call with all of them: one node may have more successors than a call has arguments. */
function longestAfter(graph: PlanGraph, toEndMs: readonly Ms[], node: number): Ms {
  let longestMs = 0;
  for (const next of itemAt(graph.successors, node)) {
    longestMs = Math.max(longestMs, itemAt(toEndMs, next));
  }
  return longestMs;
}

function toLevels(graph: PlanGraph): readonly number[] {
  const levels = graph.ids.map(() => 0);
  for (const node of graph.order) {
    const below = itemAt(levels, node) + (node < graph.taskCount ? 1 : 0);
    for (const next of itemAt(graph.successors, node)) {
      levels[next] = Math.max(itemAt(levels, next), below);
    }
  }
  return levels;
}

function walk(graph: PlanGraph, toEndMs: readonly Ms[], longestMs: Ms): readonly number[] {
  const tasks: number[] = [];
  // What lies on a cycle or behind one has no way to the end; whoever followed it would go round for ever.
  const sound = new Set(graph.order);
  let leftMs = longestMs;
  let node = graph.order.find((each) => toEndMs[each] === leftMs);
  while (node !== undefined) {
    if (node < graph.taskCount) tasks.push(node);
    leftMs = longestAfter(graph, toEndMs, node);
    node = itemAt(graph.successors, node).find(
      (each) => sound.has(each) && toEndMs[each] === leftMs,
    );
  }
  return tasks;
}
