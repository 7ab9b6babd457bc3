import type { Day, Ms } from '#shared/kernel/index.ts';
import type { RatioHistory } from './ratio-history.ts';
import type { CapacityLimit, PersonCapacity } from './work-calendar.ts';

/** A task that is not finished. */
export interface OpenLeaf {
  readonly taskId: string;
  readonly personId: string;
  /** What its ratio is drawn from, such as its workflow. */
  readonly group: string;
  /** What dates are asked of beside all leaves, such as its project; leaves of all parts share their people. */
  readonly part?: string;
  /** Units: ms. Without one it takes what a leaf of its group usually takes, where that is known. */
  readonly estimateMs?: Ms;
  /** Units: ms. */
  readonly spentMs: Ms;
  /** Leaves that have to be done before it begins; ids nobody knows are done. */
  readonly dependsOn: readonly string[];
}

/** What is to be finished, by whom, and from when on. */
export interface FinishQuestion {
  /** In the order in which they are to be done. */
  readonly leaves: readonly OpenLeaf[];
  readonly people: readonly PersonCapacity[];
  /** Sprints and the like, where a limit is set for all people together. */
  readonly limits: readonly CapacityLimit[];
  readonly history: RatioHistory;
  /** The median actual of finished leaves by group, where a group has at least 5. Units: ms. */
  readonly usualMs: ReadonlyMap<string, Ms>;
  readonly from: Day;
  readonly targetDate?: Day;
  readonly seed: number;
  /** @default 1000 */
  readonly draws?: number;
  /** Standard deviation of the ln factor all leaves of a future share. @default 0.1 for one person, 0.2 for several */
  readonly commonSd?: number;
}

/** When leaves will be finished. A date is null where it is never: somebody has no capacity for what is left. */
export interface FinishDates {
  readonly p50: Day | null;
  readonly p80: Day | null;
  readonly p95: Day | null;
  /** The share of futures that end on the target date or before; null without one. */
  readonly onTimeShare: number | null;
}

/** When all of it will be finished, and what of it no date speaks of. */
export interface FinishForecast extends FinishDates {
  /** The dates of each part that has a leaf in them. */
  readonly byPart: ReadonlyMap<string, FinishDates>;
  readonly simulated: number;
  /** Leaves without an estimate whose group does not tell what they take: in no date. */
  readonly unestimatedTaskIds: readonly string[];
  /** Leaves that wait for one of those, or for one that does, so that nobody knows when they begin: in no date. */
  readonly waitingTaskIds: readonly string[];
  /** The leaves without an estimate that hold up each of those, directly or through others. */
  readonly waitedForOf: ReadonlyMap<string, readonly string[]>;
  /** Leaves that took their estimate from what their group usually takes. */
  readonly assumedTaskIds: readonly string[];
  /** Leaves on which more was spent than any known ratio allows for, in a future like any other. */
  readonly beyondTaskIds: readonly string[];
  /** People with open leaves of whom no capacity is known, or none at all. */
  readonly withoutCapacity: readonly string[];
  /** Leaves that wait for each other, or for one that does: in no date. */
  readonly cycleTaskIds: readonly string[];
  /** Always true: only the leaves named are simulated, and what is still to be thought of is not. */
  readonly isWithoutScopeGrowth: true;
}
