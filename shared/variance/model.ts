import type { Day, Instant, Ms } from '#shared/kernel/index.ts';
import type { Drift } from './drift-model.ts';

/** What finished work can be grouped by. */
export const GROUPINGS = [
  'workflow',
  'process_template',
  'service_blueprint',
  'offer',
  'engagement',
  'project',
  'venture',
  'person',
  'month',
] as const;
/** One of {@link GROUPINGS}. */
export type Grouping = (typeof GROUPINGS)[number];

/** Where a run or a task stands in each grouping; an absent one is unresolved. */
export type Groups = { readonly [By in Grouping]?: Lineage };

/** One task as the numbers see it. */
export interface Task {
  readonly taskId: string;
  readonly name: string;
  readonly parentId?: string;
  /** The estimate in force when work began; absent when there was none. Units: ms. */
  readonly baselineMs?: Ms;
  readonly isFinished: boolean;
  /** Whether nobody means to do it any more, nor what lies below it; never where it is finished. */
  readonly isDropped?: boolean;
  /** The day it was completed, in the owner's zone. */
  readonly completedDate?: Day;
  /** Whether the first estimate came after work had begun, so that it foresaw nothing. */
  readonly isEstimateLate?: boolean;
  /** The task's own lineage; asked only where no run of it has an answer. */
  readonly groups?: Groups;
}

/** Which reference class a run belongs to in one dimension; every path of its lineage had a vote. */
export type Lineage =
  | { readonly kind: 'resolved'; readonly id: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unresolved' };

/** One run as the numbers see it. The reader has already seen to it that no run id comes twice. */
export interface Session {
  readonly runId: string;
  /** Absent where the run names no task; an id nobody knows is treated alike. */
  readonly taskId?: string | undefined;
  readonly groups: Groups;
  readonly personId?: string | undefined;
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  /** The day it ended, or began where its end is not known, in the owner's zone. */
  readonly workedDate?: Day | undefined;
  /** Net effort, pauses taken out. Units: ms. */
  readonly netMs: Ms;
  /** `counted`: in the sums. `open`: still going or without an end. `suspect`: over 24 h and without a stored net. */
  readonly standing: 'counted' | 'open' | 'suspect' | 'invalid';
}

/**
 * Why a finished task's ratio is in no statistic. `estimates_below`: what was done on a parent itself, where the
 * estimates are those of the tasks below it and none of them is in the sample of the group.
 */
export const EXCLUSIONS = [
  'no_estimate',
  'estimates_below',
  'late_estimate',
  'no_time',
  'unconfirmed',
  'conflict',
] as const;
/** One of {@link EXCLUSIONS}. */
export type Exclusion = (typeof EXCLUSIONS)[number];

/** A correction a person may accept or leave; it is written over nothing. */
export interface EstimateSuggestion {
  /** What to multiply an estimate by: the group's median ratio, shrunk toward that of its sizes. */
  readonly ratio: number;
  /** Four of five tasks end between these multiples of their estimate. */
  readonly low: number;
  readonly high: number;
  /** Finished tasks it rests on. */
  readonly n: number;
}

/** The variance of one group. `typical` and `total` are variances (0.15 = +15 %); p10, p50, p90 are ratios (1 = as estimated). */
export interface GroupVariance {
  /** The group's id, or `conflict` or `unresolved`. */
  readonly group: string;
  readonly bucket: 'resolved' | 'conflict' | 'unresolved';
  /** Finished leaf tasks with a valid ratio: the sample. */
  readonly nTasks: number;
  /** Counted runs behind `actualMs`. */
  readonly nRuns: number;
  /** Σ baseline of the sample. Units: ms. */
  readonly estimateMs: Ms;
  /** Σ actual of the sample, with the own runs of finished parents of sample tasks. Units: ms. */
  readonly actualMs: Ms;
  /** Every counted run of the group. */
  readonly nAllRuns: number;
  /** Net effort of every counted run of the group, whether its task is in the sample or not. Units: ms. */
  readonly allNetMs: Ms;
  /** Median ratio − 1: what happens to one task. Below 5 tasks no finding. Null without a sample. */
  readonly typical: number | null;
  /** Σ actual ÷ Σ estimate − 1: what happens to the budget. Null without a sample. */
  readonly total: number | null;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** What the mean of its runs against the mean estimate would claim; shown only to be contradicted. */
  readonly looks: number | null;
  /** Whether the group has lastingly changed, and since when. Its tasks without a known day of completion are not judged. */
  readonly drift: Drift;
  /** What the next estimate might allow for; null below 20 tasks, where no human estimate is corrected. */
  readonly suggestion: EstimateSuggestion | null;
  /** Finished leaf tasks outside the sample, each under its first reason. */
  readonly excluded: Readonly<Record<Exclusion, number>>;
  /** Finished or open effort outside the sample: `allNetMs − actualMs`. Units: ms. */
  readonly unestimatedMs: Ms;
  /** The sample itself, in the order of ids. */
  readonly taskIds: readonly string[];
}
