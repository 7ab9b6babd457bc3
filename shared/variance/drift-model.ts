import type { Day } from '#shared/kernel/index.ts';
import type { DriftSide } from './drift-cusum.ts';
import type { TasksForFactor } from './drift-power.ts';
import type { EstimatedWork } from './reference-class.ts';

/** A finished task of one group, with its estimate and its time, both above zero. */
export interface FinishedTask extends EstimatedWork {
  readonly taskId: string;
  readonly completedDate: Day;
}

/**
 * Where a group stands. `insufficient`: fewer than 32 finished tasks. `drifting_over`, `drifting_under`: the tasks of the
 * window take longer, or less long, against their estimates than those before. `conflict`: two measures contradict each
 * other. `stable`: none of these; it is not proof that nothing changed.
 */
export type DriftState =
  | 'insufficient'
  | 'stable'
  | 'drifting_over'
  | 'drifting_under'
  | 'conflict';

/** A slow change that the sums suspect and no window shows. */
export interface SlowChange {
  readonly side: DriftSide;
  readonly sinceDate: Day;
}

/** What the history of one group says about a lasting change, as plain data. */
export interface Drift {
  readonly state: DriftState;
  /** Finished tasks since the last new baseline. */
  readonly n: number;
  /** Finished tasks still missing until anything is judged; 0 from then on. */
  readonly needed: number;
  /** The largest deviation of a window from all before it, in standard deviations; null while `insufficient`. */
  readonly z: number | null;
  /** What |z| has to exceed after this many tasks; null while `insufficient`. */
  readonly threshold: number | null;
  /** The tasks that differ, in order of completion; empty unless a window differs. */
  readonly windowTaskIds: readonly string[];
  /** When the first task of the window was completed; null unless a window differs. */
  readonly sinceDate: Day | null;
  /** How many times as long as before, against the estimates; null unless a window differs. */
  readonly factor: number | null;
  /** Which measures contradict each other: window and sums, or the typical task and the total; null unless `conflict`. */
  readonly conflict: 'window_and_sums' | 'typical_and_total' | null;
  /** Only while `stable`: what the cumulative sums alone suspect. */
  readonly slowChange: SlowChange | null;
  /** Only while `stable`: a change smaller than this would probably not have been seen. */
  readonly smallestFactor: number | null;
  /** Until decided: what a change of ×1.3, ×1.5, ×2 and ×3 asks for on each side; empty afterwards. */
  readonly tasksForFactors: readonly TasksForFactor[];
}
