import type { Ms } from '#shared/kernel/index.ts';
import type { Exclusion, GroupVariance, Lineage, Session, Task } from './model.ts';
import {
  type EstimatedWork,
  type ReferenceClasses,
  toReferenceClasses,
} from './reference-class.ts';
import { toSampleVariance, toTotalVariance } from './sample-variance.ts';
import { compareIds, type TaskNode, toBaselineMs } from './task-tree.ts';
import { toCountedMs, toUnitsOfWork, type WorkUnit } from './work-unit.ts';

interface Group {
  readonly id: string;
  readonly bucket: GroupVariance['bucket'];
  readonly sample: (EstimatedWork & { readonly taskId: string })[];
  /** Every parent of a task in the sample. */
  readonly parents: Set<TaskNode>;
  readonly excluded: Record<Exclusion, number>;
  actualMs: Ms;
  nRuns: number;
  allNetMs: Ms;
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
): readonly GroupVariance[] {
  const groups = new Map<string, Group>();
  const { units, strays } = toUnitsOfWork(tasks, sessions);
  for (const stray of strays) groupAt(groups, stray.group).allNetMs += toCountedMs(stray);
  for (const unit of units) groupAt(groups, unit.lineage).allNetMs += unit.actualMs;
  const finished = units.filter((unit) => unit.isFinished);
  // Leaves first: whether a parent's own runs count is read from the sample below it.
  for (const unit of finished)
    if (unit.kind === 'leaf') addLeaf(groupAt(groups, unit.lineage), unit);
  for (const unit of finished) {
    if (unit.kind === 'own_runs') addOwnRuns(groupAt(groups, unit.lineage), unit);
  }
  const all = [...groups.values()];
  const classes = toReferenceClasses(all.flatMap((group) => group.sample));
  return all.map((group) => toGroupVariance(group, classes)).sort(compareGroups);
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
    excluded: { no_estimate: 0, no_time: 0, unconfirmed: 0, conflict: 0 },
    actualMs: 0,
    nRuns: 0,
    allNetMs: 0,
  };
  groups.set(key, group);
  return group;
}

function addLeaf(group: Group, unit: WorkUnit): void {
  const { task, parent } = unit.node;
  const estimateMs = toBaselineMs(task);
  const exclusion =
    findExclusion(unit, estimateMs > 0) ?? (unit.actualMs > 0 ? undefined : 'no_time');
  if (exclusion !== undefined) {
    group.excluded[exclusion] += 1;
    return;
  }
  group.sample.push({ taskId: task.taskId, estimateMs, actualMs: unit.actualMs });
  addEffort(group, unit);
  // A parent already there has brought all those above it, so no path is walked twice.
  for (let above = parent; above !== undefined && !group.parents.has(above); above = above.parent) {
    group.parents.add(above);
  }
}

function addOwnRuns(group: Group, unit: WorkUnit): void {
  const exclusion = findExclusion(unit, group.parents.has(unit.node));
  if (exclusion === undefined) addEffort(group, unit);
  else group.excluded[exclusion] += 1;
}

function addEffort(group: Group, unit: WorkUnit): void {
  group.actualMs += unit.actualMs;
  group.nRuns += unit.nRuns;
}

function findExclusion(unit: WorkUnit, hasEstimate: boolean): Exclusion | undefined {
  if (unit.lineage.kind === 'conflict') return 'conflict';
  if (unit.isUnconfirmed) return 'unconfirmed';
  return hasEstimate ? undefined : 'no_estimate';
}

function toGroupVariance(group: Group, classes: ReferenceClasses): GroupVariance {
  const { id, bucket, sample, excluded, actualMs, nRuns, allNetMs } = group;
  const estimateMs = sample.reduce((sum, task) => sum + task.estimateMs, 0);
  return {
    group: id,
    bucket,
    nTasks: sample.length,
    nRuns,
    estimateMs,
    actualMs,
    allNetMs,
    ...toSampleVariance(sample, classes),
    total: toTotalVariance(estimateMs, actualMs),
    looks: sample.length === 0 ? null : actualMs / nRuns / (estimateMs / sample.length) - 1,
    excluded,
    unestimatedMs: allNetMs - actualMs,
    taskIds: sample.map((task) => task.taskId).sort(compareIds),
  };
}

function compareGroups(left: GroupVariance, right: GroupVariance): number {
  const byBucket = BUCKET_ORDER[left.bucket] - BUCKET_ORDER[right.bucket];
  if (byBucket !== 0) return byBucket;
  const byGap = toGapMs(right) - toGapMs(left);
  return byGap === 0 ? compareIds(left.group, right.group) : byGap;
}
