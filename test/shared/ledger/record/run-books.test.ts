import { describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import { bearRun, bearTask, bearWorker, toRunView, toWorkSteps } from '#shared/ledger/index.ts';
import { cancelRun, type RunView, spreadFailure } from '#shared/lifecycle/index.ts';
import { createRecordDesk } from './record-desk.ts';
import * as scene from './work-scene.ts';
import { births, start } from './work-steps.ts';

const { asked, idOf } = scene;
const terms = { onFailure: 'skip_dependents', dependencies: [], decisions: [] } as const;

function deskUnderWay() {
  const desk = createRecordDesk();
  desk.run(...births);
  desk.run(...start);
  const config = scene.runConfig();
  desk.run(
    bearRun(scene.run('other'), config, asked(0)),
    bearTask(scene.task('elsewhere', { run: 'other', workstream: 'W' }), asked(0)),
    bearWorker(scene.worker('idle'), asked(0)),
  );
  return desk;
}

describe('toRunView', () => {
  it('holds what belongs to the run, and the workers that had a hand in it', () => {
    const view = toRunView(deskUnderWay().books, idOf('R'), terms);
    expect(view).toMatchObject({ run: { runId: idOf('R'), state: 'running' }, ...terms });
    expect(view?.tasks.map(({ taskId }) => taskId)).toEqual([idOf('T')]);
    expect(view?.steps.map(({ stepAttemptId }) => stepAttemptId)).toEqual([idOf('S')]);
    expect(view?.workers.map(({ workerId }) => workerId)).toEqual(['w1']);
    expect(
      [view?.phases, view?.workstreams, view?.checks, view?.patches].map((some) => some?.length),
    ).toEqual([1, 1, 0, 0]);
  });

  it('is nothing for a run the books do not hold', () => {
    expect(toRunView(deskUnderWay().books, idOf('nobody'), terms)).toBeUndefined();
  });
});

describe('toWorkSteps', () => {
  it('names a phase by its run, so that the whole of a rule is carried out', () => {
    const desk = deskUnderWay();
    const view = toRunView(desk.books, idOf('R'), terms) as RunView;
    const { steps } = cancelRun(view, { ...asked(5), reason: 'client left' });
    expect(desk.run(...toWorkSteps(desk.books, idOf('R'), steps))).toBeUndefined();
    expect(desk.books.phase.get(`${idOf('R')}/build`)?.state.state).toBe('failed');
    expect(desk.books.run.get(idOf('R'))?.state.state).toBe('canceled');
    expect(desk.books.task.get(idOf('elsewhere'))?.state.state).toBe('pending');
  });

  it('gives a repair the document of the task it repairs, under its own name and waiting for nothing', () => {
    const plain = scene.task('T', { run: 'R', workstream: 'W' });
    const definition = {
      ...plain,
      name: 'Write the page '.repeat(13),
      affinity: 'w7',
      execution: { ...plain.execution, retryStrategy: 'linear' },
    } as const;
    const own = {
      dependsOn: [idOf('before')],
      onFailure: 'fix_task',
      resetOf: idOf('old'),
    } as const;
    const desk = createRecordDesk();
    desk.run(
      ...births.filter(({ id }) => id !== idOf('T')),
      bearTask({ ...definition, ...own, dependsOn: [idOf('before')] }, asked(0)),
    );
    const fail = { ...asked(4), type: 'fail', leaseToken: 1, reason: 'exit_code' } as const;
    desk.run(...start, { entity: 'task', id: idOf('T'), command: fail });
    const view = toRunView(desk.books, idOf('R'), terms) as RunView;
    const asking = { ...asked(5), taskId: idOf('T'), fixTaskId: idOf('mended') };
    const { steps } = spreadFailure(view, asking);
    expect(desk.run(...toWorkSteps(desk.books, idOf('R'), steps))).toBeUndefined();
    const repair = desk.tables.get(`tasks/${idOf('mended')}`)?.document;
    expect(repair).toMatchObject({
      ...definition,
      taskId: idOf('mended'),
      name: `Repair: ${definition.name}`.slice(0, 200),
      dependsOn: [],
      fixes: idOf('T'),
      state: 'pending',
    });
    expect(repair).not.toHaveProperty('onFailure');
    expect(repair).not.toHaveProperty('resetOf');
    expect(parseContract(repair, 'task').ok).toBe(true);
    expect(desk.books.task.get(idOf('mended'))?.state.retryStrategy).toBe('linear');
    const scope = { runId: idOf('R'), workstreamId: idOf('W'), taskId: idOf('mended') };
    expect(desk.envelopes.at(-1)?.scope).toEqual(scope);
  });

  it('stops at a repair of a task the books do not hold: asking for one is a bug', () => {
    const task = { workstreamId: idOf('W'), kind: 'implement', isCritical: false, maxAttempts: 1 };
    const birth = { ...task, taskId: idOf('mended'), dependsOn: [], fixes: idOf('nobody') };
    const command = { ...asked(1), type: 'create', ...birth } as const;
    const step = { entity: 'task', id: birth.taskId, command } as const;
    const { books } = createRecordDesk();
    expect(() => toWorkSteps(books, idOf('R'), [step])).toThrow(idOf('nobody'));
  });
});
