import type { TaskRow } from './model.ts';

/** The words of `tasks.status` that mean that a task is finished, in any case. */
export const FINISHED_STATUSES: readonly string[] = ['Done', 'Completed'];
/** The words that mean that nobody will do it any more, in any case. */
const DROPPED_STATUSES: readonly string[] = ['Canceled', 'Cancelled', 'Dropped'];

/** A cell's text as people mean it: without space around it, and in lower case. */
export const toWord = (text: string): string => text.trim().toLowerCase();

/** Whether a task is finished: by its status, or because somebody has said on which day. */
export const isFinishedTask = (
  { status, completedOn }: TaskRow,
  finishedStatuses: readonly string[] = FINISHED_STATUSES,
): boolean => completedOn !== undefined || isOneOf(status, finishedStatuses);

/** Whether the status of a task says that nobody means to do it any more. */
export const isDroppedTask = ({ status }: TaskRow): boolean => isOneOf(status, DROPPED_STATUSES);

const isOneOf = (status: string, words: readonly string[]): boolean =>
  words.some((word) => toWord(word) === toWord(status));
