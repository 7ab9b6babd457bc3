import type { Books, Entry, JsonObject } from './entry.ts';
import type { EntityType } from './machines.ts';

/** What is counted of a run and of a workstream, by their ids: one pass over the books, however many of them are told. */
export interface Parts {
  readonly tasksOfRun: Grouped<'task'>;
  readonly stepsOfRun: Grouped<'step'>;
  readonly patchesOfRun: Grouped<'patch'>;
  readonly workstreamsOfRun: Grouped<'workstream'>;
  readonly tasksOfWorkstream: Grouped<'task'>;
}

/** Entities of one type by what they belong to. */
export type Grouped<Type extends EntityType> = ReadonlyMap<string, readonly Entry<Type>[]>;

/** Sorts the books' entities by what they belong to. */
export const listParts = ({ task, step, patch, workstream }: Books): Parts => ({
  tasksOfRun: groupBy(task, 'runId'),
  stepsOfRun: groupBy(step, 'runId'),
  patchesOfRun: groupBy(patch, 'runId'),
  workstreamsOfRun: groupBy(workstream, 'runId'),
  tasksOfWorkstream: groupBy(task, 'workstreamId'),
});

/** The `counts` of a workstream's document. */
export function countTasks(workstreamId: string, { tasksOfWorkstream }: Parts): JsonObject {
  const count = counter(tasksOfWorkstream.get(workstreamId));
  return {
    total: count(),
    completed: count('completed'),
    failed: count('failed'),
    canceled: count('canceled'),
    blocked: count('blocked'),
  };
}

/** What a run's document counts. Errors are those that tasks and attempts name, so that the same error told twice is one. */
export function countParts(runId: string, parts: Parts): JsonObject {
  const tasks = parts.tasksOfRun.get(runId) ?? [];
  const steps = parts.stepsOfRun.get(runId) ?? [];
  const patches = parts.patchesOfRun.get(runId) ?? [];
  const errors = [...tasks, ...steps].flatMap(({ state: { errorId } }) => errorId ?? []);
  const count = counter(tasks);
  const counters = {
    stepAttempts: steps.length,
    patchesCreated: patches.length,
    patchesApplied: patches.filter(wasApplied).length,
    errors: new Set(errors).size,
    tasksTotal: tasks.length,
    tasksCompleted: count('completed'),
    tasksFailed: count('failed'),
    tasksCanceled: count('canceled'),
  };
  return { counters, failedWorkstreams: counter(parts.workstreamsOfRun.get(runId))('failed') };
}

const wasApplied = ({ history }: Entry<'patch'>): boolean =>
  history.some(({ state }) => state === 'applied');

/** Counts entities in one state, or all of them. */
const counter =
  (entries: readonly Entry[] = []) =>
  (wanted?: string): number =>
    wanted === undefined
      ? entries.length
      : entries.filter(({ state }) => state.state === wanted).length;

function groupBy<Type extends EntityType>(
  entries: ReadonlyMap<string, Entry<Type>>,
  field: 'runId' | 'workstreamId',
): Grouped<Type> {
  const groups = new Map<string, Entry<Type>[]>();
  for (const entry of entries.values()) {
    const id = entry.definition[field];
    if (typeof id !== 'string') continue;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [entry]);
    else group.push(entry);
  }
  return groups;
}
