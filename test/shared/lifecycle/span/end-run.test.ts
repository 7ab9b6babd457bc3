import { describe, expect, it } from 'vitest';
import {
  BUDGET_STOP,
  cancelRun,
  pauseRun,
  type RunView,
  restartRun,
  type SpanStep,
} from '#shared/lifecycle/index.ts';
import { applySteps, asked, born, emptyView, go } from './run-bench.ts';

const at9 = asked(9);

/** One workstream at work with a running, a held and a waiting task, one that is done, one that waits, two phases and a check. */
const atWork: RunView = applySteps(emptyView, [
  born.run(),
  born.phase('F1', 1),
  born.phase('F2', 2),
  born.check('K1'),
  ...['S1', 'S2'].map((id) => born.workstream(id)),
  ...['T1', 'T2', 'T3', 'T4'].map((id) => born.task(id)),
  ...go.staff('W1', 'W2', 'W3'),
  go.startRun(),
  go.activate('F1'),
  go.release('S1'),
  go.execute('S1'),
  ...['T1', 'T2', 'T3'].map((id) => go.queue(id)),
  ...go.take('T1', 'W1'),
  ...go.take('T2', 'W2'),
  ...go.take('T3', 'W3'),
  ...go.complete('T3', 'W3'),
  { entity: 'worker', id: 'W2', command: { ...asked(4), type: 'pause', reason: 'lunch' } },
]);

const canceled = { ...at9, type: 'cancel', reason: 'run_canceled' } as const;
const release = { ...at9, leaseToken: 1, outcome: 'canceled' } as const;

describe('cancelRun', () => {
  it('ends attempts, tasks, workstreams and stages in that order, frees the workers and closes the run last', () => {
    const { steps, effects } = cancelRun(atWork, { ...at9, reason: 'client left' });
    expect(steps).toEqual<readonly SpanStep[]>([
      { entity: 'step', id: 'T1-1', command: canceled },
      { entity: 'step', id: 'T2-1', command: canceled },
      { entity: 'task', id: 'T1', command: canceled },
      { entity: 'task', id: 'T2', command: canceled },
      { entity: 'task', id: 'T4', command: canceled },
      { entity: 'workstream', id: 'S1', command: { ...canceled, openTasks: 3 } },
      { entity: 'workstream', id: 'S2', command: { ...canceled, openTasks: 0 } },
      { entity: 'phase', id: 'F2', command: { ...at9, type: 'skip', reason: 'run_canceled' } },
      { entity: 'gate_check', id: 'K1', command: { ...at9, type: 'skip', reason: 'run_canceled' } },
      { entity: 'phase', id: 'F1', command: { ...at9, type: 'fail', reason: 'run_canceled' } },
      { entity: 'worker', id: 'W1', command: { ...release, type: 'finish' } },
      { entity: 'worker', id: 'W2', command: { ...release, type: 'release' } },
      {
        entity: 'run',
        id: 'R1',
        command: { ...at9, type: 'cancel', reason: 'client left', openTasks: 3 },
      },
    ]);
    expect(effects).toEqual([
      { type: 'release_reservations', taskId: 'T1' },
      { type: 'free_locks', taskId: 'T1' },
      { type: 'release_reservations', taskId: 'T2' },
      { type: 'free_locks', taskId: 'T2' },
      { type: 'release_reservations', taskId: 'T4' },
      { type: 'free_locks', taskId: 'T4' },
    ]);
  });

  it('leaves a paused worker paused, a busy one idle, and what had ended as it was', () => {
    const { steps } = cancelRun(atWork, { ...at9, reason: 'client left' });
    const after = applySteps(atWork, steps);
    expect(after.workers.map(({ state, heldTaskId }) => [state, heldTaskId])).toEqual([
      ['idle', undefined],
      ['paused', undefined],
      ['idle', undefined],
    ]);
    expect(after.tasks[2]).toEqual(atWork.tasks[2]);
    expect(after.phases.map(({ state }) => state)).toEqual(['failed', 'skipped']);
  });

  it('asks a run that has ended for its refusal, and nothing else', () => {
    const ended = applySteps(atWork, cancelRun(atWork, { ...at9, reason: 'x' }).steps);
    const { steps } = cancelRun(ended, { ...at9, reason: 'again' });
    expect(steps.map(({ entity }) => entity)).toEqual(['run']);
    expect(() => applySteps(ended, steps)).toThrow('FINAL_STATE');
  });

  it('passes over what was never born', () => {
    const [task] = emptyView.tasks;
    expect(task).toBeUndefined();
    const unborn = { ...atWork, tasks: [{ ...atWork.tasks[0], state: 'none' }] } as RunView;
    const { steps } = cancelRun(unborn, { ...at9, reason: 'x' });
    expect(steps.filter(({ entity }) => entity === 'task')).toEqual([]);
  });

  it('takes a task from a worker whose lease is not known with a lease no worker has', () => {
    const [worker] = atWork.workers;
    const { leaseToken: _leaseToken, ...unleased } = { ...worker };
    const odd = { ...atWork, workers: [unleased] } as RunView;
    const { steps } = cancelRun(odd, { ...at9, reason: 'x' });
    const freed = steps.filter(({ entity }) => entity === 'worker');
    expect(freed).toEqual([
      { entity: 'worker', id: 'W1', command: { ...release, type: 'finish', leaseToken: 0 } },
    ]);
  });
});

describe('pauseRun', () => {
  it('pauses the run alone and says how many tasks are under way', () => {
    const { steps, effects } = pauseRun(atWork, { ...at9, reason: BUDGET_STOP });
    const pause = { ...at9, type: 'pause', reason: 'budget_exhausted', inFlightTasks: 2 } as const;
    expect(steps).toEqual([{ entity: 'run', id: 'R1', command: pause }]);
    expect(effects).toEqual([]);
  });

  it('lets running tasks finish while the run is paused', () => {
    const paused = applySteps(atWork, pauseRun(atWork, { ...at9, reason: 'x' }).steps);
    const after = applySteps(paused, go.complete('T1', 'W1', { n: 10 }));
    expect(after.tasks[0]?.state).toBe('completed');
    expect(after.run.state).toBe('paused');
  });
});

describe('restartRun', () => {
  it('queues again what has tries left, fences its lease first, and leaves a live lease alone', () => {
    const retryable = applySteps(emptyView, [
      born.run(),
      born.task('T1', { maxAttempts: 2 }),
      born.task('T2', { maxAttempts: 2 }),
      ...go.staff('W1', 'W2'),
      go.queue('T1'),
      go.queue('T2'),
      ...go.take('T1', 'W1'),
      ...go.take('T2', 'W2'),
    ]);
    const { steps, effects } = restartRun(retryable, ['T2'], at9);
    const after = applySteps(retryable, steps);
    expect(after.tasks[0]).toMatchObject({ state: 'queued', leaseToken: 2, attempt: 1 });
    expect(after.tasks[1]).toEqual(retryable.tasks[1]);
    expect(after.steps[0]).toMatchObject({ state: 'failed', failureKind: 'lease_lost' });
    expect(after.workers.map(({ state }) => state)).toEqual(['crashed', 'busy']);
    expect(after.workers[0]?.crash?.reason).toBe('orchestrator_crash');
    expect(effects).toEqual([
      { type: 'release_reservations', taskId: 'T1' },
      { type: 'free_locks', taskId: 'T1' },
      { type: 'set_sandbox_aside', workerId: 'W1' },
    ]);
  });

  it('leaves a task alone that is not running, also where a paused worker still holds it', () => {
    const handedIn = {
      ...atWork,
      tasks: atWork.tasks.map((task) => ({ ...task, state: 'validating' }) as const),
    };
    expect(handedIn.workers.some(({ heldTaskId }) => heldTaskId === 'T2')).toBe(true);
    expect(restartRun(handedIn, [], at9)).toEqual({ steps: [], effects: [] });
  });
});
