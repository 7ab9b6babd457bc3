import { assert } from '#shared/kernel/index.ts';
import type { RunView, SpanStep, TaskBirth } from '#shared/lifecycle/index.ts';
import type { WorkStep } from './decide-steps.ts';
import type { Books, Entry, JsonObject } from './entry.ts';
import type { EntityType, StateOf } from './machines.ts';

/** What the rules that span machines must know of a run beside its entities. */
export type RunTerms = Pick<RunView, 'onFailure' | 'dependencies' | 'decisions'>;

/** A run and all that belongs to it, as the books have it; `undefined` where they do not hold the run. Workers are those that hold, or held, one of its tasks. */
export function toRunView(books: Books, runId: string, terms: RunTerms): RunView | undefined {
  const run = books.run.get(runId)?.state;
  if (run === undefined) return undefined;
  const tasks = statesOf(books.task, runId);
  const hands = new Set(tasks.flatMap(({ workerIds }) => workerIds));
  const workers = [...books.worker.values()].map(({ state }) => state);
  return {
    run,
    phases: statesOf(books.phase, runId),
    workstreams: statesOf(books.workstream, runId),
    tasks,
    steps: statesOf(books.step, runId),
    workers: workers.filter(({ workerId }) => hands.has(workerId)),
    checks: statesOf(books.gate_check, runId),
    patches: statesOf(books.patch, runId),
    ...terms,
  };
}

/**
 * The commands of a rule that spans machines, under the names the ledger has: a phase is named by its run too, and a repair is
 * born with the document of the task it repairs.
 */
export const toWorkSteps = (
  books: Books,
  runId: string,
  steps: readonly SpanStep[],
): readonly WorkStep[] =>
  steps.map((step) => {
    if (step.entity === 'phase') return { ...step, id: `${runId}/${step.id}` };
    if (step.entity !== 'task' || step.command.type !== 'create') return step;
    return { ...step, definition: toRepair(books, step.command) };
  });

/** Longest name of a task. Units: characters. */
const NAME_MAX = 200;

/** A repair is the same work once more, so all that routing, scheduling and acceptance go by is the failed task's; it waits for nothing, since that task had begun. */
function toRepair(books: Books, { taskId, fixes = '' }: TaskBirth): JsonObject {
  const failed = books.task.get(fixes)?.definition ?? {};
  const { onFailure: _onFailure, resetOf: _resetOf, name, ...definition } = failed;
  assert(typeof name === 'string', `expected the task to repair, received \`${fixes}\``);
  const named = `Repair: ${name}`.slice(0, NAME_MAX);
  return { ...definition, taskId, name: named, dependsOn: [], fixes };
}

const statesOf = <Type extends EntityType>(
  entries: ReadonlyMap<string, Entry<Type>>,
  runId: string,
): readonly StateOf<Type>[] =>
  [...entries.values()]
    .filter(({ definition }) => definition['runId'] === runId)
    .map(({ state }) => state);
