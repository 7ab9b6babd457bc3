import { toPrefixes, type WantedLock } from './locks.ts';

/** Two tasks, the one that comes first in the order first, and the lock of the other by which they meet. */
export type Overlap = readonly [first: number, second: number, lock: WantedLock];

/** Who last wrote at one place, and who has added to it since. */
interface Place {
  writer?: number;
  appenders: number[];
}

/**
 * The pairs of tasks that want conflicting locks, each task only with those next before it in the order. If each of these
 * pairs is bound to its order by the plan, so are all others; so neighbours are enough, and their number does not grow with
 * the square of the tasks. Shape: the order may name nodes without locks.
 */
export function listOverlaps(
  order: readonly number[],
  locks: readonly (readonly WantedLock[])[],
): readonly Overlap[] {
  const places = new Map<string, Place>();
  const below = new Map<string, Set<string>>();
  return order.flatMap((task) => {
    const wanted = locks[task] ?? [];
    const met = new Map<number, WantedLock>();
    for (const lock of wanted) {
      for (const path of [...toPrefixes(lock.path), ...(below.get(lock.path) ?? [])]) {
        for (const other of listConflicts(places.get(path), lock)) met.set(other, lock);
      }
    }
    for (const lock of wanted) note(places, below, { task, lock });
    return [...met].map(([other, lock]) => [other, task, lock] as const);
  });
}

function listConflicts(place: Place | undefined, { mode }: WantedLock): readonly number[] {
  if (place === undefined) return [];
  const writers = place.writer === undefined ? [] : [place.writer];
  return mode === 'write' ? [...writers, ...place.appenders] : writers;
}

function note(
  places: Map<string, Place>,
  below: Map<string, Set<string>>,
  { task, lock }: { readonly task: number; readonly lock: WantedLock },
): void {
  const place = places.get(lock.path) ?? { appenders: [] };
  places.set(lock.path, place);
  if (lock.mode === 'write') {
    place.writer = task;
    place.appenders = [];
  } else {
    place.appenders.push(task);
  }
  for (const prefix of toPrefixes(lock.path).slice(0, -1)) {
    below.set(prefix, (below.get(prefix) ?? new Set()).add(lock.path));
  }
}
