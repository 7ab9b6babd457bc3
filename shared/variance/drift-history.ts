import { assert, compareText, type Day } from '#shared/kernel/index.ts';
import type { FinishedTask } from './drift-model.ts';
import { EMPTY_SCAN, extendScan, type RankScan, toRankScan } from './drift-scan.ts';
import { toLnRatio } from './reference-class.ts';

/** The finished tasks of a group since its last new baseline, ready to be judged and to grow. */
export interface DriftHistory {
  /** In order of completion, those of one day by id. */
  readonly tasks: readonly FinishedTask[];
  readonly scan: RankScan;
}

/** A history without tasks. */
export const EMPTY_HISTORY: DriftHistory = { tasks: [], scan: EMPTY_SCAN };

/**
 * The history of finished tasks given in any order. What was completed up to the last confirmed new
 * baseline no longer counts: the history starts anew on the day after.
 * Errors: an estimate or a time that is not above zero is a bug and throws.
 * Cost: n·log n.
 */
export function toDriftHistory(
  tasks: readonly FinishedTask[],
  rebaselineDates: readonly Day[],
): DriftHistory {
  const last = rebaselineDates.reduce((latest, date) => (date > latest ? date : latest), '');
  const counted = tasks.filter((task) => task.completedDate > last).sort(compareTasks);
  return { tasks: counted, scan: toRankScan(counted.map(toValue)) };
}

/**
 * The history with one more task.
 * Errors: a task that belongs before the last one is a bug and throws: such a history is built anew by
 * {@link toDriftHistory}. So is an estimate or a time that is not above zero.
 * Cost: one pass over the history, without a sort.
 */
export function addFinishedTask(history: DriftHistory, task: FinishedTask): DriftHistory {
  const last = history.tasks.at(-1);
  const isNext = last === undefined || compareTasks(last, task) < 0;
  assert(isNext, `expected a task after \`${last?.taskId}\`, received \`${task.taskId}\``);
  return { tasks: [...history.tasks, task], scan: extendScan(history.scan, toValue(task)) };
}

function compareTasks(left: FinishedTask, right: FinishedTask): number {
  const byDate = compareText(left.completedDate, right.completedDate);
  return byDate === 0 ? compareText(left.taskId, right.taskId) : byDate;
}

function toValue(task: FinishedTask): number {
  const isValid = task.estimateMs > 0 && task.actualMs > 0;
  assert(isValid, `expected an estimate and a time above zero for \`${task.taskId}\``);
  return toLnRatio(task);
}
