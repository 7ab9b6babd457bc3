import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { RunState } from './run-lifecycle.ts';

/** A run as its events have left it. */
export interface Run extends RunOutcome {
  readonly state: RunState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  readonly runId: string;
  /** What it was asked to do; absent for a person's run. */
  readonly runConfigId?: string;
  readonly createdAt?: Instant;
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  /** When the clock was stopped; set while paused and while validating. */
  readonly pausedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  readonly quarantinedAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
  /** Pauses that have ended. Units: ms. */
  readonly pausedMs: Ms;
  /** The same one by one, save what was given as a sum. @default none */
  readonly pauses?: readonly RunPause[];
  /** What a person said the work was, in place of what the clock saw; the stamps above stay as they were. */
  readonly corrected?: WorkTimes & { readonly at: Instant };
  readonly fixLoops: number;
  readonly maxFixLoops: number;
}

/** A stretch in which a run's clock stood still. */
export interface RunPause {
  readonly from: Instant;
  readonly to: Instant;
  /** Whether it waited for its gates: that is no pause in the work, which had ended. */
  readonly isWait?: boolean;
}

/** From when to when a run was worked on. */
export interface WorkTimes {
  readonly startedAt: Instant;
  /** Set iff the work is over; pauses in it are to be taken out. Units: ms. */
  readonly over?: { readonly endedAt: Instant; readonly pausedMs: Ms };
}

/** What a plan's run came to, and why. A person's run tells it by its state alone: it is kept in a row of the doc, which is small. */
export interface RunOutcome {
  /** Why it was brought to its present state; absent where that asks for no reason. */
  readonly stateReason?: string;
  readonly errorId?: string;
  /** 0 succeeded, 1 failed, 2 quarantined, 3 canceled; set iff closed. */
  readonly exitCode?: 0 | 1 | 2 | 3;
  /** Workstreams it succeeded without. */
  readonly failedWorkstreams?: number;
  /** When a waiver it had succeeded under ran out. */
  readonly waiverExpiredAt?: Instant;
}
