import { toRunView } from '#shared/ledger/index.ts';
import type { FailurePolicy, RunView } from '#shared/lifecycle/index.ts';
import { idOf } from '../shared/ledger/record/work-scene.ts';
import type { Foreman } from './foreman.ts';
import type { Order } from './order.ts';

/** A foreman's run as the rules that span machines read it; what waits for what is told by its plan. */
export async function lookAt(
  foreman: Foreman,
  onFailure: FailurePolicy,
  decisions: RunView['decisions'] = [],
): Promise<RunView> {
  const { plan, runId } = foreman;
  const dependencies = plan.tasks.flatMap(({ taskId: toId, dependsOn }) =>
    dependsOn.map(({ fromId, condition }) => ({ fromId, toId, condition })),
  );
  const view = toRunView(await foreman.look(), runId, { onFailure, dependencies, decisions });
  if (view === undefined) throw new Error('expected the run');
  return view;
}

/** States of an order's tasks by their names; a task that is not born yet is left out. */
export async function statesOf(
  foreman: Foreman,
  { tasks }: Order,
): Promise<Readonly<Record<string, string>>> {
  const books = await foreman.look();
  return Object.fromEntries(
    tasks.flatMap(({ name }) => {
      const known = books.task.get(idOf(name));
      return known === undefined ? [] : [[name, known.state.state]];
    }),
  );
}
