import { type Ms, msToHours, sumOf } from '#shared/kernel/index.ts';
import { varianceByGroup } from './group-variance.ts';
import { inspectSessions, type PersonOverlap, type SessionFindings } from './inspect-sessions.ts';
import {
  EXCLUSIONS,
  type Exclusion,
  type Grouping,
  type GroupVariance,
  type Session,
  type Task,
} from './model.ts';
import type { RecordedWork } from './records.ts';
import { inspectTasks, type TaskFinding } from './task-tree.ts';

/** The variance of recorded work in one grouping, and what to look at before believing it. */
export interface WorkReport {
  readonly grouping: Grouping;
  readonly groups: readonly GroupVariance[];
  readonly flags: WorkFlags;
  /** Behind `flags.overlap`: whose recorded time lies on top of other time of theirs, and how much. */
  readonly overlaps: readonly PersonOverlap[];
  readonly treeFindings: readonly TaskFinding[];
  /** Which runs and tasks the flags count. */
  readonly flagged: FlaggedIds;
}

/** Behind {@link WorkFlags}: ids of runs, of tasks from `noRuns` on. Order: that of the source. */
export interface FlaggedIds {
  readonly suspect: readonly string[];
  readonly open: readonly string[];
  readonly invalid: readonly string[];
  readonly overlap: readonly string[];
  /** Every run of each set of possible duplicates, the first included. */
  readonly possibleDuplicate: readonly string[];
  readonly repeated: readonly string[];
  readonly mismatch: readonly string[];
  readonly noRuns: readonly string[];
  readonly lateEstimate: readonly string[];
  readonly undatedEstimate: readonly string[];
}

/** How often something was found that a person should know of. */
export interface WorkFlags {
  /** Runs over 24 h on the clock; those without a stored net count 0. */
  readonly suspect: number;
  /** Runs without a known end, and runs whose times make no sense: both count 0. */
  readonly open: number;
  readonly invalid: number;
  /** Runs that began before an earlier one of the same person had ended. */
  readonly overlap: number;
  /** Units: ms. */
  readonly overlapMs: Ms;
  /** Runs with the task and the start of an earlier one. */
  readonly possibleDuplicate: number;
  /** Records that told a run again in the same words: counted once. */
  readonly repeated: number;
  /** Records that told a run again in other words: the first counts. */
  readonly mismatch: number;
  /** Runs that lead to no group, and to several. */
  readonly unresolved: number;
  readonly conflict: number;
  /** Finished tasks that nobody recorded a run of. */
  readonly noRuns: number;
  /** Tasks whose first estimate came after their first run had started. */
  readonly lateEstimate: number;
  /** Tasks that work has begun on whose estimate has no date to tell that it was there before; it is taken for one that was. */
  readonly undatedEstimate: number;
  /** Finished tasks in no statistic, by the first reason. */
  readonly excluded: Readonly<Record<Exclusion, number>>;
}

/** The sums of a group. Units: hours, unrounded. */
export interface GroupHours {
  readonly estimateHours: number;
  readonly actualHours: number;
  readonly allHours: number;
  readonly unestimatedHours: number;
}

/** The whole way from records to the variance of every group, with nothing left out silently. */
export function reportWork(work: RecordedWork, grouping: Grouping): WorkReport {
  const { tasks, sessions } = work;
  const groups = varianceByGroup(tasks, sessions, grouping);
  const found = inspectSessions(sessions);
  const flagged = toFlagged(work, found);
  const runsOf = (bucket: GroupVariance['bucket']): number =>
    groups.find((group) => group.bucket === bucket)?.nAllRuns ?? 0;
  return {
    grouping,
    groups,
    treeFindings: inspectTasks(tasks),
    overlaps: found.overlaps,
    flags: {
      suspect: flagged.suspect.length,
      open: flagged.open.length,
      invalid: flagged.invalid.length,
      overlap: flagged.overlap.length,
      overlapMs: sumOf(found.overlaps.map(({ overlapMs }) => overlapMs)),
      possibleDuplicate: sumOf(found.possibleDuplicates.map(({ runIds }) => runIds.length - 1)),
      repeated: flagged.repeated.length,
      mismatch: flagged.mismatch.length,
      unresolved: runsOf('unresolved'),
      conflict: runsOf('conflict'),
      noRuns: flagged.noRuns.length,
      lateEstimate: flagged.lateEstimate.length,
      undatedEstimate: flagged.undatedEstimate.length,
      excluded: sumExclusions(groups),
    },
    flagged,
  };
}

function toFlagged(work: RecordedWork, found: SessionFindings): FlaggedIds {
  const { tasks, sessions, baselines } = work;
  const parents = new Set(tasks.map(({ parentId }) => parentId));
  const worked = new Set(sessions.map(({ taskId }) => taskId));
  const isWithoutRuns = (taskId: string): boolean => !worked.has(taskId) && !parents.has(taskId);
  const idsOf = (wanted: Session['standing']): readonly string[] =>
    sessions.filter(({ standing }) => standing === wanted).map(({ runId }) => runId);
  const tasksWith = (is: (task: Task) => boolean): readonly string[] =>
    tasks.filter(is).map(({ taskId }) => taskId);
  return {
    suspect: found.suspectRunIds,
    open: idsOf('open'),
    invalid: idsOf('invalid'),
    overlap: found.overlaps.flatMap(({ runIds }) => runIds),
    possibleDuplicate: found.possibleDuplicates.flatMap(({ runIds }) => runIds),
    repeated: work.repeatedRunIds,
    mismatch: work.mismatchedRunIds,
    noRuns: tasksWith(({ isFinished, taskId }) => isFinished && isWithoutRuns(taskId)),
    lateEstimate: tasksWith(({ isEstimateLate }) => isEstimateLate === true),
    undatedEstimate: [...baselines].flatMap(([taskId, { isUndated }]) =>
      isUndated ? [taskId] : [],
    ),
  };
}

function sumExclusions(groups: readonly GroupVariance[]): Readonly<Record<Exclusion, number>> {
  const sums = {
    no_estimate: 0,
    estimates_below: 0,
    late_estimate: 0,
    no_time: 0,
    unconfirmed: 0,
    conflict: 0,
  };
  for (const { excluded } of groups) {
    for (const reason of EXCLUSIONS) sums[reason] += excluded[reason];
  }
  return sums;
}

/** Hours of a group as files and tables show them. */
export const toHoursOf = (group: GroupVariance): GroupHours => ({
  estimateHours: msToHours(group.estimateMs),
  actualHours: msToHours(group.actualMs),
  allHours: msToHours(group.allNetMs),
  unestimatedHours: msToHours(group.unestimatedMs),
});
