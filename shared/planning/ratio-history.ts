import { type Ms, sortAscending } from '#shared/kernel/index.ts';
import { MIN_OWN_TASKS, sizeOf, toBuiltInLaw } from '#shared/variance/index.ts';
import type { RatioLaw } from './ratio-law.ts';

/** A finished task, both times above zero. */
export interface FinishedWork {
  /** What it is a task of, such as its workflow; blank where nobody knows, and what has nothing in common is no group. */
  readonly group: string;
  readonly estimateMs: Ms;
  readonly actualMs: Ms;
}

/** Actual ÷ estimate of finished tasks, ascending, by size of the estimate as {@link sizeOf} numbers them. */
export type RatiosBySize = ReadonlyMap<number, readonly number[]>;

/** Actual ÷ estimate of finished tasks, to draw from. */
export interface RatioHistory {
  readonly byGroup: ReadonlyMap<string, RatiosBySize>;
  /** Those of all groups together. */
  readonly bySize: RatiosBySize;
}

/** The ratios of finished tasks, given in any order. */
export function toRatioHistory(finished: readonly FinishedWork[]): RatioHistory {
  const byGroup = new Map<string, Map<number, number[]>>();
  const bySize = new Map<number, number[]>();
  for (const { group, estimateMs, actualMs } of finished) {
    const [size, ratio] = [sizeOf(estimateMs), actualMs / estimateMs];
    add(bySize, size, ratio);
    if (group === '') continue;
    const own = byGroup.get(group) ?? new Map<number, number[]>();
    byGroup.set(group, own);
    add(own, size, ratio);
  }
  const sorted = new Map([...byGroup].map(([group, own]) => [group, sortEach(own)]));
  return { byGroup: sorted, bySize: sortEach(bySize) };
}

/**
 * What the ratio of a task of a group is drawn from: tasks of its group and its size; then tasks of its group of the next
 * sizes, smaller and larger; then all tasks of its size, where there are 30; then the built-in law. Small tasks overrun and
 * large ones underrun, so what a small task took is no measure for a large one, even of the same group. Units: ms.
 */
export function toRatioLaw(history: RatioHistory, group: string, estimateMs: Ms): RatioLaw {
  const size = sizeOf(estimateMs);
  const own = history.byGroup.get(group);
  const next = [size - 1, size + 1].flatMap((near) => own?.get(near) ?? []);
  const ofSize = history.bySize.get(size) ?? [];
  return {
    classes: [
      own?.get(size) ?? [],
      sortAscending(next),
      ofSize.length < MIN_OWN_TASKS ? [] : ofSize,
    ],
    prior: toBuiltInLaw(estimateMs),
  };
}

function add(ratios: Map<number, number[]>, size: number, ratio: number): void {
  const known = ratios.get(size);
  if (known === undefined) ratios.set(size, [ratio]);
  else known.push(ratio);
}

const sortEach = (ratios: RatiosBySize): RatiosBySize =>
  new Map([...ratios].map(([size, list]) => [size, sortAscending(list)]));
