import type { TaskRow } from './model.ts';

/** What a name, row id or external id stands for. */
export type TaskMatch =
  | { readonly kind: 'found'; readonly task: TaskRow }
  | { readonly kind: 'ambiguous'; readonly tasks: readonly TaskRow[] }
  | { readonly kind: 'missing' };

/** The task somebody means: by row id, else by external id, else by exact name. Two tasks of one name are ambiguous. */
export function findTask(tasks: readonly TaskRow[], reference: string): TaskMatch {
  const fields = ['rowId', 'externalId', 'name'] as const;
  for (const field of fields) {
    const found = tasks.filter((task) => task[field] === reference);
    const [task] = found;
    if (task !== undefined) {
      return found.length === 1 ? { kind: 'found', task } : { kind: 'ambiguous', tasks: found };
    }
  }
  return { kind: 'missing' };
}
