import { describe, expect, it } from 'vitest';
import { bearRun, bearTask, bearWorker, toRunView, toWorkSteps } from '#shared/ledger/index.ts';
import { cancelRun, type RunView } from '#shared/lifecycle/index.ts';
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
    expect(desk.run(...toWorkSteps(idOf('R'), steps))).toBeUndefined();
    expect(desk.books.phase.get(`${idOf('R')}/build`)?.state.state).toBe('failed');
    expect(desk.books.run.get(idOf('R'))?.state.state).toBe('canceled');
    expect(desk.books.task.get(idOf('elsewhere'))?.state.state).toBe('pending');
  });
});
