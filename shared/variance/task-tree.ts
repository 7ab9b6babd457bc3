import { compareText, type Ms } from '#shared/kernel/index.ts';
import type { Task } from './model.ts';

/** What is odd about the tree of tasks; each task is counted once all the same. */
export type TaskFinding =
  /** The task is its own ancestor; its link to its parent is ignored. */
  | { readonly code: 'cycle'; readonly taskId: string }
  /** The task names a parent that does not exist. */
  | { readonly code: 'orphan'; readonly taskId: string; readonly parentId: string }
  /** The parent's own estimate less the estimates below it, which are the ones that count. Units: ms. */
  | { readonly code: 'estimate_mismatch'; readonly taskId: string; readonly differenceMs: Ms };

/** One task in its tree. */
export interface TaskNode {
  readonly task: Task;
  /** Absent for a root, an orphan and a member of a cycle. */
  readonly parent?: TaskNode;
  readonly children: readonly TaskNode[];
  /** Σ of the estimates below that count; 0 where there are none. Units: ms. */
  readonly estimateBelowMs: Ms;
  /** Whether one of those was there before work began; late ones alone do not silence an estimate that was. */
  readonly isForeseenBelow: boolean;
  /** Whether it, or a task above it, was dropped. */
  readonly isDropped: boolean;
  /** The ancestor whose estimate speaks for this task too, since nothing below it has one. */
  readonly coveredBy?: TaskNode;
}

interface Node extends TaskNode {
  parent?: Node;
  children: Node[];
  estimateBelowMs: Ms;
  isForeseenBelow: boolean;
  isDropped: boolean;
  coveredBy?: Node;
}

/** The estimate a task was given, 0 where there is none. Units: ms. */
export const toBaselineMs = (task: Task): Ms => Math.max(0, task.baselineMs ?? 0);

/** Whether a task's estimate is the only one in its subtree that counts, so that it speaks for all of it. */
export const speaksForAll = (node: TaskNode): boolean =>
  toBaselineMs(node.task) > 0 &&
  (isForeseen(node.task) ? !node.isForeseenBelow : node.estimateBelowMs === 0);

/**
 * The tasks as a forest, parents before their children. An estimate counts where nothing below it
 * has one: a parent's is never added to its children's, and speaks for them where they have none, or only late ones
 * while its own was there before work began.
 */
export function toTaskTree(tasks: readonly Task[]): readonly TaskNode[] {
  const ordered = orderFromRoots(linkNodes(tasks));
  for (const node of [...ordered].reverse()) passUp(node);
  for (const node of ordered) passDown(node);
  return ordered;
}

function passUp(node: Node): void {
  const { parent } = node;
  if (parent === undefined) return;
  parent.estimateBelowMs += toCountedEstimateMs(node);
  parent.isForeseenBelow ||= node.isForeseenBelow || isForeseen(node.task);
}

function passDown(node: Node): void {
  const { parent } = node;
  if (parent === undefined) return;
  const covering = speaksForAll(parent) ? parent : parent.coveredBy;
  if (covering !== undefined) node.coveredBy = covering;
  node.isDropped ||= parent.isDropped;
}

/** What a founder should mend about the tree of tasks, in the order of task ids. */
export function inspectTasks(tasks: readonly Task[]): readonly TaskFinding[] {
  const known = new Set(tasks.map((task) => task.taskId));
  return toTaskTree(tasks)
    .flatMap((node) => [...inspectLink(node, known), ...inspectEstimate(node)])
    .sort((left, right) => compareText(left.taskId, right.taskId));
}

function inspectLink({ task, parent }: TaskNode, known: ReadonlySet<string>): TaskFinding[] {
  const { taskId, parentId } = task;
  if (parentId === undefined || parent !== undefined) return [];
  return [known.has(parentId) ? { code: 'cycle', taskId } : { code: 'orphan', taskId, parentId }];
}

function inspectEstimate(node: TaskNode): TaskFinding[] {
  const { task, estimateBelowMs } = node;
  const differenceMs = toBaselineMs(task) - estimateBelowMs;
  const isCompared = toBaselineMs(task) > 0 && estimateBelowMs > 0 && !speaksForAll(node);
  return isCompared && differenceMs !== 0
    ? [{ code: 'estimate_mismatch', taskId: task.taskId, differenceMs }]
    : [];
}

/** Whether a task has an estimate that was there before work began. */
const isForeseen = (task: Task): boolean => toBaselineMs(task) > 0 && task.isEstimateLate !== true;

const toCountedEstimateMs = (node: Node): Ms =>
  node.estimateBelowMs === 0 || speaksForAll(node) ? toBaselineMs(node.task) : node.estimateBelowMs;

function linkNodes(tasks: readonly Task[]): readonly Node[] {
  const nodes = new Map<string, Node>(tasks.map((task) => [task.taskId, toNode(task)]));
  const looped = findLoops(nodes);
  for (const node of nodes.values()) {
    const parent = looped.has(node) ? undefined : findParent(nodes, node);
    if (parent === undefined) continue;
    node.parent = parent;
    parent.children.push(node);
  }
  return [...nodes.values()];
}

const toNode = (task: Task): Node => ({
  task,
  children: [],
  estimateBelowMs: 0,
  isForeseenBelow: false,
  isDropped: task.isDropped === true,
});

function orderFromRoots(nodes: readonly Node[]): readonly Node[] {
  const ordered = nodes.filter((node) => node.parent === undefined);
  // The list grows while it is walked: each node brings its children, so parents come first.
  for (const node of ordered) {
    for (const child of node.children) ordered.push(child);
  }
  return ordered;
}

function findParent(nodes: ReadonlyMap<string, Node>, node: Node): Node | undefined {
  const { parentId } = node.task;
  return parentId === undefined ? undefined : nodes.get(parentId);
}

/** The nodes that are their own ancestors: a walk upwards that meets its own trail has found a loop. */
function findLoops(nodes: ReadonlyMap<string, Node>): ReadonlySet<Node> {
  const startOf = new Map<Node, Node>();
  const looped = new Set<Node>();
  for (const start of nodes.values()) {
    let node: Node | undefined = start;
    while (node !== undefined && !startOf.has(node)) {
      startOf.set(node, start);
      node = findParent(nodes, node);
    }
    if (node === undefined || startOf.get(node) !== start) continue;
    for (let member = node; !looped.has(member); member = findParent(nodes, member) ?? member) {
      looped.add(member);
    }
  }
  return looped;
}
