import { addDays, type Day, type Ms, weekNameOf } from '#shared/kernel/index.ts';
import type { SprintRow, TaskRow } from './model.ts';

/** Where a task's scheduled start puts it. A task is in one place only, so that the places add up to all tasks. */
export type SprintPlace =
  | { readonly kind: 'sprint'; readonly sprint: SprintRow }
  /** It has no scheduled start. */
  | { readonly kind: 'unscheduled' }
  /** No sprint row covers its day. */
  | { readonly kind: 'no_sprint_row' }
  /** Several sprint rows cover its day; it is in none of them until they are mended. */
  | { readonly kind: 'overlap'; readonly sprints: readonly SprintRow[] };

/** The tasks of one sprint, or of one bucket beside the sprints. */
export interface SprintSum {
  /** The sprint's row id, or the bucket's name. */
  readonly place: string;
  readonly taskCount: number;
  /** Σ estimated_hours; a blank estimate adds nothing. Units: ms. */
  readonly estimateMs: Ms;
}

/** The name of the sprint a day lies in, such as `2025-W49`: its week by ISO 8601, whether or not the doc has a row for it. */
export const sprintOf = (day: Day): string => weekNameOf(day);

/**
 * The sprint row a day lies in: from the first day to the last, both whole. Days are compared as local calendar dates,
 * never as hours, so a week of 167 or 169 hours is right. A sprint row without both days covers nothing.
 */
export function placeInSprint(day: Day | undefined, sprints: readonly SprintRow[]): SprintPlace {
  if (day === undefined) return { kind: 'unscheduled' };
  const covering = sprints.filter(({ startDay, endDay }) => {
    if (startDay === undefined || endDay === undefined) return false;
    return startDay <= day && day < addDays(endDay, 1);
  });
  const [sprint] = covering;
  if (sprint === undefined) return { kind: 'no_sprint_row' };
  return covering.length === 1
    ? { kind: 'sprint', sprint }
    : { kind: 'overlap', sprints: covering };
}

/** Tasks and estimates by sprint, in the order of the sprint rows, then the buckets. Their sum is that of all tasks. */
export function sumBySprint(
  tasks: readonly TaskRow[],
  sprints: readonly SprintRow[],
): readonly SprintSum[] {
  const places = [...sprints.map(({ rowId }) => rowId), 'unscheduled', 'no_sprint_row', 'overlap'];
  const placed = tasks.map((task) => ({
    place: toPlaceName(placeInSprint(task.scheduledStart, sprints)),
    estimateMs: task.estimateMs ?? 0,
  }));
  return places.map((place) => {
    const mine = placed.filter((one) => one.place === place);
    const estimateMs = mine.reduce((sum, one) => sum + one.estimateMs, 0);
    return { place, taskCount: mine.length, estimateMs };
  });
}

const toPlaceName = (found: SprintPlace): string =>
  found.kind === 'sprint' ? found.sprint.rowId : found.kind;
