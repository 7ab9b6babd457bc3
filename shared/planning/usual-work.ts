import { type Ms, sortAscending } from '#shared/kernel/index.ts';
import {
  findExclusion,
  MIN_FOR_MEDIAN,
  quantile,
  toEstimatedWork,
} from '#shared/variance/index.ts';
import type { PlannedWork } from './planned-work.ts';
import { type FinishedWork, type RatioHistory, toRatioHistory } from './ratio-history.ts';

/** What finished work says about open work. */
export interface UsualWork {
  readonly history: RatioHistory;
  /** The median actual by workflow, where one has at least 5. Work of no workflow has nothing in common. Units: ms. */
  readonly usualMs: ReadonlyMap<string, Ms>;
  /** Finished tasks with a ratio, by group. */
  readonly counts: ReadonlyMap<string, number>;
}

/** The group of all work whose workflow is not known. */
export const NO_WORKFLOW = '';

/** The group a piece of work is drawn from: its workflow; one name for all whose workflow is not known. */
export const groupOf = ({ workflow }: PlannedWork): string =>
  workflow.kind === 'resolved' ? workflow.id : NO_WORKFLOW;

/** Learns from all finished work, whatever project it is of, and from what is told beside it. */
export function toUsualWork(
  works: readonly PlannedWork[],
  more: readonly FinishedWork[] = [],
): UsualWork {
  const finished = works.flatMap((work): readonly FinishedWork[] => {
    const estimated = toEstimatedWork(work.unit);
    return estimated === undefined ? [] : [{ group: groupOf(work), ...estimated }];
  });
  const actualsOf = new Map<string, Ms[]>();
  const add = (group: string, actualMs: Ms): void => {
    const known = actualsOf.get(group);
    if (known === undefined) actualsOf.set(group, [actualMs]);
    else known.push(actualMs);
  };
  for (const work of works) if (isDone(work)) add(groupOf(work), work.unit.actualMs);
  for (const { group, actualMs } of more) add(group, actualMs);
  const told = [...finished, ...more];
  const counts = new Map<string, number>();
  for (const { group } of told) counts.set(group, (counts.get(group) ?? 0) + 1);
  return {
    counts,
    history: toRatioHistory(told),
    usualMs: new Map(
      [...actualsOf].flatMap(([group, actuals]) =>
        group === NO_WORKFLOW || actuals.length < MIN_FOR_MEDIAN
          ? []
          : [[group, toMedian(actuals)] as const],
      ),
    ),
  };
}

/** Finished with time that can be believed; whether anybody had estimated it does not matter to what it took. */
function isDone({ unit }: PlannedWork): boolean {
  if (unit.kind !== 'leaf' || !unit.isFinished || unit.actualMs <= 0) return false;
  return findExclusion(unit) !== 'unconfirmed';
}

const toMedian = (values: readonly Ms[]): Ms => Math.round(quantile(sortAscending(values), 0.5));
