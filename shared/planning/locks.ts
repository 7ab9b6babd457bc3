import type { PlanLock } from './plan.ts';

/** A lock that excludes others: reading works on a snapshot and needs none. The path ends in `/`, or is empty for everything. */
export interface WantedLock {
  readonly path: string;
  readonly mode: 'append' | 'write';
}

/** More rivals than this make a task no less welcome. */
const MAX_RIVALS = 10;

/** The locks a task takes, all together, in the order of their paths; the stronger of two on one path. */
export function toWantedLocks(locks: readonly PlanLock[]): readonly WantedLock[] {
  const modes = new Map<string, WantedLock['mode']>();
  for (const { path, mode } of locks) {
    const key = toLockPath(path);
    if (mode !== 'read' && modes.get(key) !== 'write') modes.set(key, mode);
  }
  return [...modes]
    .map(([path, mode]) => ({ path, mode }))
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** The path as people write it: without the last `/`, and `.` for everything. */
export const toPathText = ({ path }: WantedLock): string => path.slice(0, -1) || '.';

/** Whether two locks exclude each other: one is for writing, and one path is or holds the other. */
export const isConflict = (left: WantedLock, right: WantedLock): boolean =>
  (left.mode === 'write' || right.mode === 'write') &&
  (left.path.startsWith(right.path) || right.path.startsWith(left.path));

/**
 * How many other tasks want a lock that excludes one of a task's own, by index; none counts beyond 10.
 * Cost: locks × depth of their paths.
 */
export function countRivals(wanted: readonly (readonly WantedLock[])[]): readonly number[] {
  const tree = new Map<string, Wishes>();
  const noted = wanted.map((locks, task) =>
    locks.map((lock) => ({ mode: lock.mode, places: addWish(tree, task, lock) })),
  );
  return noted.map((wishes, task) => {
    const rivals = new Set(wishes.flatMap(listRivals));
    rivals.delete(task);
    return Math.min(MAX_RIVALS, rivals.size);
  });
}

function listRivals({ mode, places }: NotedWish): readonly number[] {
  return places.flatMap(({ here, within }, depth) => {
    // Above the path only a lock for exactly that place counts; from the path down, any.
    const near = depth === places.length - 1 ? within : here;
    return mode === 'write' ? [...near.write, ...near.append] : near.write;
  });
}

/** A lock that is wanted, and all places it concerns: from the outermost down to its own. */
interface NotedWish {
  readonly mode: WantedLock['mode'];
  readonly places: readonly Wishes[];
}

/** Who wants a place itself, and who wants anything in it; each list ends at what can still be told apart. */
interface Wishes {
  readonly here: Wish;
  readonly within: Wish;
}
type Wish = Readonly<Record<WantedLock['mode'], number[]>>;

function addWish(
  tree: Map<string, Wishes>,
  task: number,
  { path, mode }: WantedLock,
): readonly Wishes[] {
  return toPrefixes(path).map((prefix) => {
    const wishes = tree.get(prefix) ?? {
      here: { append: [], write: [] },
      within: { append: [], write: [] },
    };
    tree.set(prefix, wishes);
    addOnce(wishes.within[mode], task);
    if (prefix === path) addOnce(wishes.here[mode], task);
    return wishes;
  });
}

/** One more than the most that counts, for the task that asks may be among them. */
function addOnce(tasks: number[], task: number): void {
  if (tasks.length <= MAX_RIVALS && tasks.at(-1) !== task) tasks.push(task);
}

function toLockPath(path: string): string {
  const folders = path.split('/').filter((name) => name !== '' && name !== '.');
  return folders.map((name) => `${name}/`).join('');
}

/** A path and all that hold it, from the outermost: `''`, `src/`, `src/app/`. */
export function toPrefixes(path: string): readonly string[] {
  const prefixes = [''];
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    prefixes.push(path.slice(0, end + 1));
  }
  return prefixes;
}
