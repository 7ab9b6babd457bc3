import type { GridCounts } from './recording-grid.ts';

/** What may be known of a task before it is begun: the estimate, and up to six names it goes by. */
export interface ForecastTask {
  /** The human estimate, above zero. Units: hours. */
  readonly estimateHours: number;
  readonly workflow?: string | undefined;
  readonly person?: string | undefined;
  readonly category?: string | undefined;
  readonly subcategory?: string | undefined;
  readonly project?: string | undefined;
  readonly priority?: string | undefined;
}

/** The names by which two tasks can be alike. */
export const TRAITS = [
  'workflow',
  'person',
  'category',
  'subcategory',
  'project',
  'priority',
] as const;

/** The narrowest reference class that had enough finished tasks to speak for a task. */
export type ForecastClass = 'workflow' | 'size' | 'built_in';

/** How long a task may take. Of so many tasks alike, the named share (10, 50, 80, 90 %) ends by then. Units: hours. */
export interface Forecast {
  readonly p10: number;
  readonly p50: number;
  readonly p80: number;
  readonly p90: number;
  /** The one number: the human estimate as long as `from` is `built_in`, then the median. Units: hours. */
  readonly point: number;
  readonly from: ForecastClass;
  /** Finished tasks of that class; where it is `built_in`, of the larger of the two other classes. */
  readonly n: number;
  /** Finished tasks still missing until the estimate may be corrected; 0 from then on. */
  readonly needed: number;
}

/** All that a forecaster remembers, as plain data. */
export interface ForecasterState {
  readonly version: 1;
  /** Every name seen, by trait in the order of {@link TRAITS}; a case refers to it by its place, from 1. */
  readonly names: readonly (readonly string[])[];
  /** The remembered cases, oldest first; eight whole numbers each: six names, the ln estimate, the ratio. */
  readonly cases: readonly number[];
  /** How many outcomes have come since likeness was last measured. */
  readonly unmeasured: number;
  /** What was measured then: see `Likeness`. */
  readonly likeness: LikenessState;
  /** How many actuals lay on each recording grid. */
  readonly grid: GridCounts;
}

/** What the remembered cases say about which differences matter. */
export interface LikenessState {
  /** For each trait, then size, then age: the share of the scatter of ratios that it explains. */
  readonly relevances: readonly number[];
  /** How much of a difference in ln estimate the ln ratio takes back, for cases below and above their estimate. */
  readonly slopes: readonly [below: number, above: number];
  /** How many cases make one step of age. */
  readonly ageStep: number;
}
