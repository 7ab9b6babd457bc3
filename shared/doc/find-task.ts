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
  const word = toWord(reference);
  const ways: readonly ((task: TaskRow) => boolean)[] = [
    ({ rowId }) => rowId === reference,
    ({ externalId }) => externalId === reference,
    ({ name }) => name === reference,
    ({ name }) => word !== '' && toWord(name) === word,
  ];
  for (const isMeant of ways) {
    const found = tasks.filter(isMeant);
    const [task] = found;
    if (task !== undefined) {
      return found.length === 1 ? { kind: 'found', task } : { kind: 'ambiguous', tasks: found };
    }
  }
  return { kind: 'missing' };
}

const toWord = (name: string): string => name.trim().toLowerCase();
