import type { Day } from '#shared/kernel/index.ts';

/** One stretch of work that is to be put into somebody's diary. */
export interface PlannedRun {
  readonly person: string;
  /** Working day it may begin on, counted from the first Monday of the sample. */
  readonly fromWorkday: number;
  /** Net effort. Absent while it is still going. Units: quarter hours. */
  readonly quarters?: number;
  /** Pauses within it. Units: minutes. */
  readonly interruptMinutes: number;
  /** Links the person set beyond the task. */
  readonly workflow?: string;
  readonly processTemplate?: string;
  /** Whether somebody forgot to stop it: days on the clock and no hours entered. */
  readonly isForgotten?: true;
  readonly notes?: string;
}

/** One task with the runs it took. */
export interface PlannedTask {
  readonly name: string;
  readonly project: string;
  readonly parent?: string;
  readonly status: 'Not started' | 'In progress' | 'Blocked' | 'Done' | 'Canceled';
  /** Units: hours. */
  readonly estimateHours?: number;
  /** Absent where nobody scheduled it. */
  readonly startWorkday?: number;
  readonly runs: readonly PlannedRun[];
}

/** Weeks of the sample, the last of them the current one. */
export const WEEKS = 26;
/** Working days in a week. */
export const WORKDAYS = 5;

/** A day of the sample by its number. */
export type Calendar = (workday: number) => Day;
