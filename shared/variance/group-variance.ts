import { compareText, type Day, type Ms } from '#shared/kernel/index.ts';
import { driftOf } from './drift.ts';
import type { FinishedTask } from './drift-model.ts';
import { UNRESOLVED } from './lineages.ts';
import type { Exclusion, Grouping, GroupVariance, Lineage, Session, Task } from './model.ts';
import {
  type EstimatedWork,
  type ReferenceClasses,
  toReferenceClasses,
} from './reference-class.ts';
import { toSampleVariance, toTotalVariance } from './sample-variance.ts';
import { type TaskNode, toBaselineMs } from './task-tree.ts';
import { toUnitsOfWork, type UnitsOfWork, type WorkUnit } from './work-unit.ts';

interface Group {
  readonly id: string;
  readonly bucket: GroupVariance['bucket'];
  readonly sample: SampledTask[];
  /** Every parent of a task in the sample. */
  readonly parents: Set<TaskNode>;
  readonly excluded: Record<Exclusion, number>;
  actualMs: Ms;
  nRuns: number;
  nAllRuns: number;
  allNetMs: Ms;
}

/** A finished leaf with its ratio. */
interface SampledTask extends EstimatedWork {
  readonly taskId: string;
  readonly completedDate: Day | undefined;
}

const BUCKET_ORDER = { resolved: 0, conflict: 1, unresolved: 2 };

/** How far a group's actual is from its estimate, whichever way. Units: ms. */
export const toGapMs = ({ actualMs, estimateMs }: GroupVariance): Ms =>
  Math.abs(actualMs - estimateMs);

/**
 * The variance of every group that has runs or finished tasks, from leaf sums: runs into tasks,
 * tasks into groups. Every counted millisecond lands in exactly one group's `allNetMs`.
 * The sample is the finished leaves with estimate and time. What was done on a finished parent itself
 * counts in its group as soon as a leaf below is in that group's sample: its estimate is theirs.
 * Order: largest |Σ actual − Σ estimate| first, then by id, the buckets last.
 */
export function varianceByGroup(
  tasks: readonly Task[],
  sessions: readonly Session[],
  grouping: Grouping = 'workflow',
): readonly GroupVariance[] {
  return varianceByGroupings(tasks, sessions, [grouping]).get(grouping) ?? [];
}

/** {@link varianceByGroup} for several groupings at once, from one pass over the runs. */
export function varianceByGroupings(
  tasks: readonly Task[],
  sessions: readonly Session[],
  groupings: readonly Grouping[],
): ReadonlyMap<Grouping, readonly GroupVariance[]> {
  const work = toUnitsOfWork(tasks, sessions, groupings);
  // What a size is known for does not hang on where its tasks stand, so all groupings share the classes.
  const classes = toReferenceClasses(work.units.flatMap((unit) => toEstimatedWork(unit) ?? []));
  const answer = (grouping: Grouping, index: number) =>
    [
      grouping,
      toGroups(work, grouping, index).map((group) => toGroupVariance(group, classes)),
    ] as const;
  return new Map(
    groupings.map(answer).map(([grouping, groups]) => [grouping, groups.sort(compareGroups)]),
  );
}

function toGroups(work: UnitsOfWork, grouping: Grouping, index: number): readonly Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (unit: WorkUnit): Group => groupAt(groups, unit.lineages[index] ?? UNRESOLVED);
  for (const stray of work.strays) {
    if (stray.standing !== 'counted') continue;
    addAll(groupAt(groups, stray.groups[grouping] ?? UNRESOLVED), 1, stray.netMs);
  }
  for (const unit of work.units) addAll(groupOf(unit), unit.nRuns, unit.actualMs);
  const finished = work.units.filter((unit) => unit.isFinished);
  // Leaves first: whether a parent's own runs count is read from the sample below it.
  for (const unit of finished) if (unit.kind === 'leaf') addLeaf(groupOf(unit), unit);
  for (const unit of finished) if (unit.kind === 'own_runs') addOwnRuns(groupOf(unit), unit);
  return [...groups.values()];
}

function groupAt(groups: Map<string, Group>, lineage: Lineage): Group {
  const id = lineage.kind === 'resolved' ? lineage.id : lineage.kind;
  // The kind is part of the key, since a workflow may itself be called "conflict".
  const key = `${lineage.kind} ${id}`;
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group: Group = {
    id,
    bucket: lineage.kind,
    sample: [],
    parents: new Set(),
    excluded: {
      no_estimate: 0,
      estimates_below: 0,
      late_estimate: 0,
      no_time: 0,
      unconfirmed: 0,
      conflict: 0,
    },
    actualMs: 0,
    nRuns: 0,
    nAllRuns: 0,
    allNetMs: 0,
  };
  groups.set(key, group);
  return group;
}

function addAll(group: Group, nRuns: number, netMs: Ms): void {
  group.nAllRuns += nRuns;
  group.allNetMs += netMs;
}

function addLeaf(group: Group, unit: WorkUnit): void {
  const { task, parent } = unit.node;
  const exclusion = group.bucket === 'conflict' ? 'conflict' : findExclusion(unit);
  if (exclusion !== undefined) {
    group.excluded[exclusion] += 1;
    return;
  }
  group.sample.push({
    taskId: task.taskId,
    estimateMs: toBaselineMs(task),
    actualMs: unit.actualMs,
    completedDate: unit.completedDate,
  });
  addEffort(group, unit);
  // A parent already there has brought all those above it, so no path is walked twice.
  for (let above = parent; above !== undefined && !group.parents.has(above); above = above.parent) {
    group.parents.add(above);
  }
}

function addOwnRuns(group: Group, unit: WorkUnit): void {
  const hasEstimate = group.parents.has(unit.node);
  if (group.bucket === 'conflict') group.excluded.conflict += 1;
  else if (unit.isUnconfirmed) group.excluded.unconfirmed += 1;
  else if (hasEstimate) addEffort(group, unit);
  else group.excluded[toLackingEstimate(unit)] += 1;
}

function addEffort(group: Group, unit: WorkUnit): void {
  group.actualMs += unit.actualMs;
  group.nRuns += unit.nRuns;
}

/** Why what was done on a parent itself is under no estimate: none is below it, or none of those counts in its group. */
export const toLackingEstimate = ({ node }: WorkUnit): 'no_estimate' | 'estimates_below' =>
  node.estimateBelowMs > 0 ? 'estimates_below' : 'no_estimate';

/** Why a finished leaf has no ratio, the first of the reasons. */
export function findExclusion(unit: WorkUnit): Exclusion | undefined {
  const { task } = unit.node;
  if (unit.isUnconfirmed) return 'unconfirmed';
  if (toBaselineMs(task) === 0) return 'no_estimate';
  if (task.isEstimateLate === true) return 'late_estimate';
  return unit.actualMs > 0 ? undefined : 'no_time';
}

/** A unit's estimate and actual where it has a ratio: the sample of its group. */
export function toEstimatedWork(unit: WorkUnit): EstimatedWork | undefined {
  const isSampled = unit.kind === 'leaf' && unit.isFinished && findExclusion(unit) === undefined;
  return isSampled
    ? { estimateMs: toBaselineMs(unit.node.task), actualMs: unit.actualMs }
    : undefined;
}

function toGroupVariance(group: Group, classes: ReferenceClasses): GroupVariance {
  const { id, bucket, sample, excluded, actualMs, nRuns, nAllRuns, allNetMs } = group;
  const estimateMs = sample.reduce((sum, task) => sum + task.estimateMs, 0);
  const { typical, p10, p50, p90, state } = toSampleVariance(sample, classes);
  const isOffered = state === 'measured' && bucket === 'resolved';
  return {
    group: id,
    bucket,
    nTasks: sample.length,
    nRuns,
    estimateMs,
    actualMs,
    nAllRuns,
    allNetMs,
    typical,
    p10,
    p50,
    p90,
    total: toTotalVariance(estimateMs, actualMs),
    looks: sample.length === 0 ? null : actualMs / nRuns / (estimateMs / sample.length) - 1,
    drift: driftOf(sample.flatMap(toFinishedTask), []),
    suggestion: isOffered ? { ratio: p50, low: p10, high: p90, n: sample.length } : null,
    excluded,
    unestimatedMs: allNetMs - actualMs,
    taskIds: sample.map((task) => task.taskId).sort(compareText),
  };
}

const toFinishedTask = ({ completedDate, ...task }: SampledTask): readonly FinishedTask[] =>
  completedDate === undefined ? [] : [{ ...task, completedDate }];

function compareGroups(left: GroupVariance, right: GroupVariance): number {
  const byBucket = BUCKET_ORDER[left.bucket] - BUCKET_ORDER[right.bucket];
  if (byBucket !== 0) return byBucket;
  const byGap = toGapMs(right) - toGapMs(left);
  return byGap === 0 ? compareText(left.group, right.group) : byGap;
}
