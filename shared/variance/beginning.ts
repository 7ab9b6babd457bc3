import type { Instant } from '#shared/kernel/index.ts';

/** When work on a task began: its first known start, or that nobody wrote one down, or that nobody has begun. */
export type Beginning = Instant | 'unknown' | 'not_begun';

/** A run as far as it begins a task. */
export interface BeginningRun {
  readonly taskId?: string | undefined;
  readonly startedAt?: Instant | undefined;
}

/**
 * When work on each task began; tasks nobody has begun are absent. Work on a child is work on its parent, whose estimate
 * may be the only one, and any run is work, whether its hours count or not.
 * Shape: `parentOf` may hold loops and parents nobody knows.
 */
export function findBeginnings(
  parentOf: ReadonlyMap<string, string | undefined>,
  runs: Iterable<BeginningRun>,
): ReadonlyMap<string, Exclude<Beginning, 'not_begun'>> {
  const beginnings = new Map<string, Exclude<Beginning, 'not_begun'>>();
  for (const { taskId: first, startedAt = 'unknown' } of runs) {
    // A parent that began no later has told those above it, so no path is walked twice and no loop for ever.
    for (let taskId = first; taskId !== undefined; taskId = parentOf.get(taskId)) {
      const known = beginnings.get(taskId);
      if (known !== undefined && !isEarlier(startedAt, known)) break;
      beginnings.set(taskId, startedAt);
    }
  }
  return beginnings;
}

/** A known start says more than none. */
function isEarlier(one: Exclude<Beginning, 'not_begun'>, other: typeof one): boolean {
  if (one === 'unknown') return false;
  return other === 'unknown' || one < other;
}
