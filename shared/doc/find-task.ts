import type { TaskRow } from './model.ts';

/** What a name, row id or external id stands for. */
export type TaskMatch =
  | { readonly kind: 'found'; readonly task: TaskRow }
  | { readonly kind: 'ambiguous'; readonly tasks: readonly TaskRow[] }
  | { readonly kind: 'missing' };

type TaskIndex = ReadonlyMap<string, readonly TaskRow[]>;

/** One reading of a doc is asked thousands of times, once a run; its rows never change, so neither do their indexes. */
const INDEXES = new WeakMap<readonly TaskRow[], readonly TaskIndex[]>();

/**
 * The task somebody means: by row id, else by external id, else by exact name, else by name in any case, as presses
 * on it are told apart. Two tasks of one name are ambiguous.
 */
export function findTask(tasks: readonly TaskRow[], reference: string): TaskMatch {
  const indexes = INDEXES.get(tasks) ?? [
    indexTasks(tasks, ({ rowId }) => rowId),
    indexTasks(tasks, ({ externalId }) => externalId),
    indexTasks(tasks, ({ name }) => name),
    indexTasks(tasks, ({ name }) => toLoose(name)),
  ];
  INDEXES.set(tasks, indexes);
  const exact = indexes.find((index) => index.has(reference))?.get(reference);
  const found = exact ?? indexes.at(-1)?.get(toLoose(reference)) ?? [];
  const [task] = found;
  if (task === undefined) return { kind: 'missing' };
  return found.length === 1 ? { kind: 'found', task } : { kind: 'ambiguous', tasks: found };
}

/** Marked, so that no id or exact name is ever taken for it. */
const toLoose = (name: string): string => `~${name.trim().toLowerCase()}`;

function indexTasks(
  tasks: readonly TaskRow[],
  keyOf: (task: TaskRow) => string | undefined,
): TaskIndex {
  const index = new Map<string, TaskRow[]>();
  for (const task of tasks) {
    const key = keyOf(task);
    if (key === undefined) continue;
    const known = index.get(key);
    if (known === undefined) index.set(key, [task]);
    else known.push(task);
  }
  return index;
}
