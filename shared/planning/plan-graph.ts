import { itemAt } from './item-at.ts';
import type { Plan, PlanDependency } from './plan.ts';

/**
 * Who waits for whom, as numbers: the tasks first, in the order of the plan, then points without work of their own: where a
 * workstream opens, where it is over, where a phase is over. So a wait for a whole workstream costs one edge, not one per task.
 */
export interface PlanGraph {
  readonly taskCount: number;
  /** The id of each node; both points of a workstream bear its id. */
  readonly ids: readonly string[];
  readonly successors: readonly (readonly number[])[];
  readonly predecessors: readonly (readonly number[])[];
  /** Every node after all it waits for. Shorter than `ids` when there is a cycle: what lies on or behind one is missing. */
  readonly order: readonly number[];
  readonly missing: readonly MissingDependency[];
}

/** A wait for something the plan does not have. */
export interface MissingDependency {
  readonly waitingId: string;
  readonly missingId: string;
  readonly kind: PlanDependency['kind'];
}

interface Builder {
  readonly ids: readonly string[];
  readonly successors: readonly number[][];
  readonly predecessors: readonly number[][];
  readonly missing: MissingDependency[];
  readonly tasks: ReadonlyMap<string, number>;
  readonly workstreamOpens: ReadonlyMap<string, number>;
  readonly workstreamEnds: ReadonlyMap<string, number>;
  readonly phaseEnds: ReadonlyMap<string, number>;
}

/** The graph of a plan. A wait for a gate is no edge: gates are passed outside the plan. Cost: tasks + dependencies. */
export function toPlanGraph(plan: Plan): PlanGraph {
  const builder = startBuilder(plan);
  for (const [index, task] of plan.tasks.entries()) {
    addEdge(builder, builder.workstreamOpens.get(task.workstreamId), index);
    addEdge(builder, index, builder.workstreamEnds.get(task.workstreamId));
    addDependencies(builder, task.dependsOn, index);
  }
  joinWorkstreams(builder, plan);
  joinRepairs(builder, plan);
  const { ids, successors, predecessors, missing } = builder;
  const order = sortTopologically(successors, predecessors);
  return { taskCount: plan.tasks.length, ids, successors, predecessors, order, missing };
}

function startBuilder({ tasks, workstreams, phaseIds }: Plan): Builder {
  const taskIds = tasks.map(({ taskId }) => taskId);
  const streamIds = workstreams.map(({ workstreamId }) => workstreamId);
  const ids = [...taskIds, ...streamIds, ...streamIds, ...phaseIds];
  return {
    ids,
    successors: ids.map(() => []),
    predecessors: ids.map(() => []),
    missing: [],
    tasks: count(taskIds, 0),
    workstreamOpens: count(streamIds, taskIds.length),
    workstreamEnds: count(streamIds, taskIds.length + streamIds.length),
    phaseEnds: count(phaseIds, taskIds.length + 2 * streamIds.length),
  };
}

const count = (ids: readonly string[], from: number): ReadonlyMap<string, number> =>
  new Map(ids.map((id, place) => [id, from + place]));

function joinWorkstreams(builder: Builder, plan: Plan): void {
  for (const [place, { phaseId, dependsOn }] of plan.workstreams.entries()) {
    const open = plan.tasks.length + place;
    const end = open + plan.workstreams.length;
    // A workstream without tasks still opens before it is over.
    addEdge(builder, open, end);
    addEdge(builder, end, builder.phaseEnds.get(phaseId));
    const phaseBefore = plan.phaseIds[plan.phaseIds.indexOf(phaseId) - 1];
    addEdge(builder, builder.phaseEnds.get(phaseBefore ?? ''), open);
    addDependencies(builder, dependsOn, open);
  }
  // Phases come one after the other, even across one that has no workstream.
  for (const [index, phaseId] of plan.phaseIds.entries()) {
    const next = plan.phaseIds[index + 1] ?? '';
    addEdge(builder, builder.phaseEnds.get(phaseId), builder.phaseEnds.get(next));
  }
}

/** A repair comes after what it repairs and before all tasks and workstreams that wait for that, other repairs apart. */
function joinRepairs(builder: Builder, plan: Plan): void {
  // From here on nodes are ends, which wait for the repair as for each of their tasks.
  const firstEnd = plan.tasks.length + plan.workstreams.length;
  for (const [repair, { fixes }] of plan.tasks.entries()) {
    const broken = builder.tasks.get(fixes ?? '');
    if (broken === undefined) continue;
    const waiting = itemAt(builder.successors, broken).filter(
      (node) => node < firstEnd && plan.tasks[node]?.fixes !== fixes,
    );
    for (const node of waiting) addEdge(builder, repair, node);
    addEdge(builder, broken, repair);
  }
}

function addEdge(builder: Builder, from: number | undefined, to: number | undefined): void {
  if (from === undefined || to === undefined) return;
  itemAt(builder.successors, from).push(to);
  itemAt(builder.predecessors, to).push(from);
}

function addDependencies(builder: Builder, dependsOn: readonly PlanDependency[], to: number): void {
  for (const { kind, fromId } of dependsOn) {
    if (kind === 'gate') continue;
    const from = findUpstream(builder, kind).get(fromId);
    addEdge(builder, from, to);
    if (from === undefined) {
      builder.missing.push({ waitingId: itemAt(builder.ids, to), missingId: fromId, kind });
    }
  }
}

function findUpstream(
  builder: Builder,
  kind: Exclude<PlanDependency['kind'], 'gate'>,
): ReadonlyMap<string, number> {
  switch (kind) {
    case 'task':
    case 'file':
    case 'capability':
      return builder.tasks;
    case 'workstream':
      return builder.workstreamEnds;
    case 'phase':
      return builder.phaseEnds;
  }
}

/** Source: Kahn, "Topological sorting of large networks" (1962). */
function sortTopologically(
  successors: readonly (readonly number[])[],
  predecessors: readonly (readonly number[])[],
): readonly number[] {
  const open = predecessors.map((each) => each.length);
  const order = predecessors.flatMap((each, node) => (each.length === 0 ? [node] : []));
  // The list grows while it is read: it is the queue and the answer at once.
  for (const node of order) {
    for (const next of itemAt(successors, node)) {
      const left = itemAt(open, next) - 1;
      open[next] = left;
      if (left === 0) order.push(next);
    }
  }
  return order;
}
