import { addDays, type Day, type Ms } from '#shared/kernel/index.ts';

/** A task by when it was thought of. */
export interface AddedTask {
  readonly addedDate: Day;
  /** Units: ms. */
  readonly estimateMs?: Ms;
}

/** Work that was added to a project lately: shown beside a finish date, which does not foresee any. */
export interface ScopeGrowth {
  readonly fromDate: Day;
  readonly addedTasks: number;
  /** Of them, those without an estimate. */
  readonly unestimatedTasks: number;
  /** Units: ms of estimate. */
  readonly addedMs: Ms;
  /** Units: ms of estimate a week, on average over the weeks asked for. */
  readonly perWeekMs: number;
}

const WEEKS = 4;
const DAYS_OF_WEEK = 7;

/** What was added in the weeks before a day, that day included. @param weeks by default 4 */
export function scopeGrowth(tasks: readonly AddedTask[], date: Day, weeks = WEEKS): ScopeGrowth {
  const fromDate = addDays(date, 1 - weeks * DAYS_OF_WEEK);
  const added = tasks.filter(({ addedDate }) => fromDate <= addedDate && addedDate <= date);
  const addedMs = added.reduce((sum, { estimateMs = 0 }) => sum + estimateMs, 0);
  return {
    fromDate,
    addedTasks: added.length,
    unestimatedTasks: added.filter(({ estimateMs = 0 }) => estimateMs === 0).length,
    addedMs,
    perWeekMs: addedMs / weeks,
  };
}
