import { type Day, type Ms, sortAscending, toEpochMs } from '#shared/kernel/index.ts';
import type { Estimate } from './baseline.ts';
import {
  findExclusion,
  toEstimatedWork,
  toLackingEstimate,
  varianceByGroup,
} from './group-variance.ts';
import { UNRESOLVED } from './lineages.ts';
import type { Exclusion, Grouping, GroupVariance, Lineage, Session } from './model.ts';
import { type PriorClass, type RatioRange, toPriorClasses, toRatioRange } from './prior-classes.ts';
import type { RecordedWork } from './records.ts';
import {
  type EstimatedWork,
  toLnRange,
  toLnRatio,
  toPrior,
  toReferenceClasses,
} from './reference-class.ts';
import { toOwnWeight } from './small-samples.ts';
import { type TaskNode, toBaselineMs, toTaskTree } from './task-tree.ts';
import { toUnitsOfWork, type WorkUnit } from './work-unit.ts';

/** How the variance of one group came about, step by step; each figure follows from those before it. */
export interface Explanation {
  /** The figures that are explained. */
  readonly group: GroupVariance;
  /** Everything the group's runs were worked on, in the order of ids. */
  readonly tasks: readonly ExplainedTask[];
  /** Runs of the group that lead to no task. */
  readonly strayRuns: readonly ExplainedRun[];
  /** actual ÷ estimate of the tasks in the sample, ascending: `typical` is their median less 1. */
  readonly ratios: readonly number[];
  /** How the range is pulled to wider classes; absent without a sample, where the range is the classes' own. */
  readonly shrinkage: Shrinkage | undefined;
}

/** One run and what it adds to the sums; nothing unless it is `counted`. */
export interface ExplainedRun {
  readonly runId: string;
  readonly standing: Session['standing'];
  /** Units: ms. */
  readonly netMs: Ms;
  /** From its start to its end on the clock, pauses included; null where either is unknown. Units: ms. */
  readonly wallMs: Ms | null;
}

/** A task, or what was done on a parent itself, with its runs and why it counts or does not. */
export interface ExplainedTask {
  readonly taskId: string;
  /** What people call it; its id where the source has no names. */
  readonly name: string;
  /** `own_runs`: what was done on a parent itself, under the estimates below it. */
  readonly kind: WorkUnit['kind'];
  readonly runs: readonly ExplainedRun[];
  /** Σ of the counted runs. Units: ms. */
  readonly actualMs: Ms;
  /** The estimate in force when its first run started; absent where there was none. Units: ms. */
  readonly baselineMs: Ms | undefined;
  /** Estimates given later: shown, never used. */
  readonly revisions: readonly Estimate[];
  readonly completedDate: Day | undefined;
  /** In the sample with its ratio; only in the sums, with its parent's own runs; or left out, and why. */
  readonly standing: 'sample' | 'sums' | 'open' | 'dropped' | Exclusion;
}

/** How far the own quantiles are pulled: ln = weight · own + (1 − weight) · prior, for each of the three. */
export interface Shrinkage {
  /** n ÷ (n + 20) */
  readonly weight: number;
  /** Quantiles of actual ÷ estimate of the sample itself. */
  readonly own: RatioRange;
  /** The mean of the classes below, on the ln scale, each as often as the sample has tasks of its size. */
  readonly prior: RatioRange;
  readonly classes: readonly PriorClass[];
}

/** Explains the variance of one group; nothing where no run and no finished task belongs to a group of that name. */
export function explainGroup(
  work: RecordedWork,
  grouping: Grouping,
  name: string,
): Explanation | undefined {
  const { tasks, sessions } = work;
  const group = varianceByGroup(tasks, sessions, grouping).find(
    (each) => each.bucket === 'resolved' && each.group === name,
  );
  if (group === undefined) return undefined;
  const { units, strays } = toUnitsOfWork(tasks, sessions, [grouping]);
  const own = units.filter(({ lineages: [lineage = UNRESOLVED] }) => isNamed(lineage, name));
  const runsOf = groupRuns(work);
  const sample = own.flatMap((unit) => toEstimatedWork(unit) ?? []);
  const parents = findParents(own);
  const all = units.flatMap((unit) => toEstimatedWork(unit) ?? []);
  return {
    group,
    tasks: own
      .map((unit) => toExplainedTask(unit, { work, runsOf, parents }))
      .sort((left, right) => (left.taskId < right.taskId ? -1 : 1)),
    strayRuns: strays
      .filter(({ groups }) => isNamed(groups[grouping] ?? UNRESOLVED, name))
      .map(toExplainedRun),
    ratios: sortAscending(sample.map(({ actualMs, estimateMs }) => actualMs / estimateMs)),
    shrinkage: sample.length === 0 ? undefined : toShrinkage(sample, all),
  };
}

function toShrinkage(sample: readonly EstimatedWork[], all: readonly EstimatedWork[]): Shrinkage {
  const prior = toPrior(toReferenceClasses(all), sample);
  return {
    weight: toOwnWeight(sample.length),
    own: toRatioRange(toLnRange(sample.map(toLnRatio))),
    prior: toRatioRange(prior),
    classes: toPriorClasses(all, sample),
  };
}

const isNamed = (lineage: Lineage, name: string): boolean =>
  lineage.kind === 'resolved' && lineage.id === name;

function toExplainedRun({ runId, standing, netMs, startedAt, endedAt }: Session): ExplainedRun {
  const isTimed = startedAt !== undefined && endedAt !== undefined;
  const wallMs = isTimed ? toEpochMs(endedAt) - toEpochMs(startedAt) : null;
  return { runId, standing, netMs, wallMs };
}

/** The runs under the task that answers for them: the one whose estimate speaks for all below it, else their own. */
function groupRuns({ tasks, sessions }: RecordedWork): ReadonlyMap<string, readonly Session[]> {
  const answering = new Map(
    toTaskTree(tasks).map(({ task, coveredBy }) => [
      task.taskId,
      coveredBy?.task.taskId ?? task.taskId,
    ]),
  );
  const runsOf = new Map<string, Session[]>();
  for (const session of sessions) {
    const taskId = session.taskId === undefined ? undefined : answering.get(session.taskId);
    if (taskId === undefined) continue;
    const runs = runsOf.get(taskId);
    if (runs === undefined) runsOf.set(taskId, [session]);
    else runs.push(session);
  }
  return runsOf;
}

/** Every parent of a task in the sample. */
function findParents(units: readonly WorkUnit[]): ReadonlySet<TaskNode> {
  const parents = new Set<TaskNode>();
  for (const unit of units) {
    if (toEstimatedWork(unit) === undefined) continue;
    let above = unit.node.parent;
    for (; above !== undefined && !parents.has(above); above = above.parent) parents.add(above);
  }
  return parents;
}

interface Around {
  readonly work: RecordedWork;
  readonly runsOf: ReadonlyMap<string, readonly Session[]>;
  readonly parents: ReadonlySet<TaskNode>;
}

function toExplainedTask(unit: WorkUnit, { work, runsOf, parents }: Around): ExplainedTask {
  const { task } = unit.node;
  const baselineMs = toBaselineMs(task);
  return {
    taskId: task.taskId,
    name: task.name,
    kind: unit.kind,
    runs: (runsOf.get(task.taskId) ?? []).map(toExplainedRun),
    actualMs: unit.actualMs,
    baselineMs: baselineMs > 0 ? baselineMs : undefined,
    revisions: work.baselines.get(task.taskId)?.revisions ?? [],
    completedDate: unit.completedDate,
    standing: toStanding(unit, parents),
  };
}

function toStanding(unit: WorkUnit, parents: ReadonlySet<TaskNode>): ExplainedTask['standing'] {
  if (!unit.isFinished) return unit.isDropped ? 'dropped' : 'open';
  if (unit.kind === 'leaf') return findExclusion(unit) ?? 'sample';
  if (unit.isUnconfirmed) return 'unconfirmed';
  return parents.has(unit.node) ? 'sums' : toLackingEstimate(unit);
}
