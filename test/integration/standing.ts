import type { Books } from '#shared/ledger/index.ts';
import type { RunStanding, TaskStanding } from '#shared/planning/index.ts';

/** How the run stands, as the scheduler asks for it. */
export function toStanding(books: Books, runId: string): RunStanding {
  const tasks = [...books.task.values()].filter(({ definition }) => definition['runId'] === runId);
  const workstreams = [...books.workstream.values()];
  return {
    run: born(books.run.get(runId)?.state.state),
    tasks: new Map(tasks.map(({ id, state }) => [id, toTaskStanding(state)])),
    workstreams: new Map(workstreams.map(({ id, state }) => [id, born(state.state)])),
    phases: new Map(
      [...books.phase.values()].map(({ state }) => [state.phaseId, born(state.state)]),
    ),
    gates: new Map(),
  };
}

function toTaskStanding(
  task: Pick<TaskStanding, 'queuedAt' | 'startedAt' | 'notBefore' | 'workerId'> & {
    readonly state: TaskStanding['state'] | 'none';
  },
): TaskStanding {
  const { queuedAt, startedAt, notBefore, workerId } = task;
  return {
    state: born(task.state),
    ...(queuedAt === undefined ? {} : { queuedAt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(workerId === undefined ? {} : { workerId }),
  } satisfies TaskStanding;
}

function born<State extends string>(state: State | 'none' | undefined): State {
  if (state === undefined || state === 'none') throw new Error('expected somebody who was born');
  return state;
}
