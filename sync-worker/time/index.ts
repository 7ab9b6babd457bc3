export { readTaskList, type TaskList } from './bring-tasks.ts';
export { readCalendar } from './calendar/read-calendar.ts';
export { readGitLog } from './git-log.ts';
export * from './import-time.ts';
export type { MatchOptions } from './match-work.ts';
export * from './plan-runs.ts';
export * from './read-time-csv.ts';
export { runGitLog } from './run-git-log.ts';
export { createTimeMark } from './run-memory.ts';
export type * from './time-entry.ts';
export {
  ANY_TIME_FIELDS,
  TIME_FIELDS,
  TIME_SOURCES,
  type TimeField,
  type TimeSource,
} from './time-layout.ts';
export type { DateOrder } from './written-time.ts';
