import type { Day, Ms } from '#shared/kernel/index.ts';
import {
  type Lineage,
  type Session,
  type TaskNode,
  toPlannedUnits,
  toTaskTree,
  type WorkUnit,
} from '#shared/variance/index.ts';
import type { ForecastFacts, TaskPlan } from './forecast-model.ts';

/** Work that ends as one, with all that is planned of it: its own plan, else that of the tasks above it. */
export interface PlannedWork {
  readonly unit: WorkUnit;
  readonly taskId: string;
  readonly project: Lineage;
  readonly workflow: Lineage;
  /** Empty where nobody is named and nobody has worked on it. */
  readonly personId: string;
  /** As it stands now; 0 where there is none. Units: ms. */
  readonly estimateMs: Ms;
  readonly scheduledDate: Day | undefined;
  readonly dueDate: Day | undefined;
  readonly addedDate: Day | undefined;
  /** The work that has to be done before it. */
  readonly dependsOn: readonly string[];
  /** What it is said to wait for and nobody knows. */
  readonly unknownDependsOn: readonly string[];
}

/** All work of a set of tasks, and the runs that belong to none of them. */
export interface AllPlannedWork {
  /** In the order of the tasks. */
  readonly works: readonly PlannedWork[];
  readonly strays: readonly Session[];
}

const UNRESOLVED: Lineage = { kind: 'unresolved' };

/**
 * The work behind tasks, begun or not. A parent's plan holds for its parts where they have none of their own, and what a
 * parent waits for, all its parts wait for; whoever waits for a parent waits for all its parts.
 */
export function toPlannedWork(facts: ForecastFacts): AllPlannedWork {
  const { tasks, sessions } = facts;
  const { units, strays } = toPlannedUnits(tasks, sessions, ['project', 'workflow']);
  const nodes = new Map(toTaskTree(tasks).map((node) => [node.task.taskId, node]));
  const around = {
    ...facts,
    nodes,
    membersOf: groupMembers(nodes),
    leavesOf: createLeavesOf(nodes, units),
    workerOf: findLastWorkers(sessions, nodes),
  };
  const works = new Map(
    units.map((unit) => [unit.node.task.taskId, toWork(unit, around)] as const),
  );
  // The tree lists parents first; people list tasks in the order they mean to do them in.
  return { works: tasks.flatMap(({ taskId }) => works.get(taskId) ?? []), strays };
}

interface Around extends ForecastFacts {
  readonly nodes: ReadonlyMap<string, TaskNode>;
  readonly membersOf: ReadonlyMap<string, readonly TaskNode[]>;
  readonly leavesOf: (taskId: string) => readonly string[] | undefined;
  readonly workerOf: ReadonlyMap<string, string>;
}

/** The id of the work a task is part of: that of the task whose estimate speaks for it, else its own. */
const toWorkId = ({ task, coveredBy }: TaskNode): string => coveredBy?.task.taskId ?? task.taskId;

function groupMembers(nodes: ReadonlyMap<string, TaskNode>): Around['membersOf'] {
  const membersOf = new Map<string, TaskNode[]>();
  for (const node of nodes.values()) {
    const id = toWorkId(node);
    const members = membersOf.get(id);
    if (members === undefined) membersOf.set(id, [node]);
    else members.push(node);
  }
  return membersOf;
}

/** The work a task stands for when others wait for it: its own, or all of its parts. Nothing for an id nobody knows. */
function createLeavesOf(
  nodes: ReadonlyMap<string, TaskNode>,
  units: readonly WorkUnit[],
): Around['leavesOf'] {
  const kindOf = new Map(units.map(({ node, kind }) => [node.task.taskId, kind]));
  const known = new Map<string, readonly string[]>();
  return (taskId) => {
    const top = nodes.get(taskId);
    const before = known.get(taskId);
    if (top === undefined || before !== undefined) return before;
    const below = [top];
    const leaves = new Set<string>();
    // The list grows while it is walked: each parent brings its children.
    for (const node of below) {
      const workId = toWorkId(node);
      if (kindOf.get(workId) === 'leaf') leaves.add(workId);
      else for (const child of node.children) below.push(child);
    }
    known.set(taskId, [...leaves]);
    return known.get(taskId);
  };
}

/** Who worked last on each piece of work. */
function findLastWorkers(
  sessions: readonly Session[],
  nodes: ReadonlyMap<string, TaskNode>,
): ReadonlyMap<string, string> {
  const last = new Map<string, { readonly at: string; readonly personId: string }>();
  for (const { taskId, personId, startedAt = '' } of sessions) {
    const node = nodes.get(taskId ?? '');
    if (node === undefined || personId === undefined) continue;
    const id = toWorkId(node);
    if ((last.get(id)?.at ?? '') <= startedAt) last.set(id, { at: startedAt, personId });
  }
  return new Map([...last].map(([id, { personId }]) => [id, personId]));
}

function toWork(unit: WorkUnit, around: Around): PlannedWork {
  const { taskId } = unit.node.task;
  const [project = UNRESOLVED, workflow = UNRESOLVED] = unit.lineages;
  const inherited = [...(around.membersOf.get(taskId) ?? []), ...listAbove(unit.node)];
  const find = createFind(inherited, around.plans);
  const own = around.plans.get(taskId);
  return {
    unit,
    taskId,
    project,
    workflow,
    personId: find(({ personId }) => personId) ?? findWorker(taskId, around),
    estimateMs: toEstimateMs(unit, own),
    scheduledDate: find(({ scheduledDate }) => scheduledDate),
    dueDate: find(({ dueDate }) => dueDate),
    addedDate: own?.addedDate,
    ...toDependencies(taskId, inherited, around),
  };
}

/** Looks for a thing in the plans of tasks, in their order. */
const createFind =
  (nodes: readonly TaskNode[], plans: Around['plans']) =>
  <Value>(pick: (plan: TaskPlan) => Value | undefined): Value | undefined => {
    for (const { task } of nodes) {
      const plan = plans.get(task.taskId);
      const value = plan === undefined ? undefined : pick(plan);
      if (value !== undefined) return value;
    }
    return undefined;
  };

const findWorker = (taskId: string, { workerOf, onlyPersonId = '' }: Around): string =>
  workerOf.get(taskId) ?? onlyPersonId;

const toEstimateMs = ({ node }: WorkUnit, plan: TaskPlan | undefined): Ms =>
  Math.max(0, plan?.estimateMs ?? node.task.baselineMs ?? 0);

function listAbove(node: TaskNode): readonly TaskNode[] {
  const above: TaskNode[] = [];
  for (let next = node.parent; next !== undefined; next = next.parent) above.push(next);
  return above;
}

function toDependencies(
  workId: string,
  inherited: readonly TaskNode[],
  { plans, leavesOf }: Around,
): Pick<PlannedWork, 'dependsOn' | 'unknownDependsOn'> {
  const dependsOn = new Set<string>();
  const unknown = new Set<string>();
  const said = inherited.flatMap(({ task: { taskId } }) =>
    (plans.get(taskId)?.dependsOn ?? []).map((wanted) => ({ taskId, wanted })),
  );
  for (const { taskId, wanted } of said) {
    const leaves = leavesOf(wanted);
    if (leaves === undefined) unknown.add(wanted);
    // Parts do not wait for themselves because of what was said of their parent; a task that was told to does.
    const others = leaves?.filter((leaf) => leaf !== workId || wanted === taskId) ?? [];
    for (const leaf of others) dependsOn.add(leaf);
  }
  return { dependsOn: [...dependsOn], unknownDependsOn: [...unknown] };
}
