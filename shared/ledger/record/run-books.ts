import type { RunView, SpanStep } from '#shared/lifecycle/index.ts';
import type { WorkStep } from './decide-steps.ts';
import type { Books, Entry } from './entry.ts';
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

/** The commands of a rule that spans machines, under the names the ledger has: a phase is named by its run too. */
export const toWorkSteps = (runId: string, steps: readonly SpanStep[]): readonly WorkStep[] =>
  steps.map((step) => (step.entity === 'phase' ? { ...step, id: `${runId}/${step.id}` } : step));

const statesOf = <Type extends EntityType>(
  entries: ReadonlyMap<string, Entry<Type>>,
  runId: string,
): readonly StateOf<Type>[] =>
  [...entries.values()]
    .filter(({ definition }) => definition['runId'] === runId)
    .map(({ state }) => state);
