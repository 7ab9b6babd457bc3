import { describe, expect, it } from 'vitest';
import {
  dropStranded,
  type FailurePolicy,
  type RunView,
  type SpanStep,
  spreadFailure,
} from '#shared/lifecycle/index.ts';
import { applySteps, asked, born, emptyView, go } from './run-bench.ts';

const at9 = asked(9);
const FAILURE = { ...at9, taskId: 'T1', fixTaskId: 'T1+' };
const critical = { isCritical: true } as const;
const edge = (fromId: string, toId: string) => ({ fromId, toId, condition: 'success' }) as const;

/** T1 has failed; T2 runs beside it; T3 waits for T1 and T4, in the next workstream, for T3; S3 waits for S1, S4 for S3. */
function afterFailure(policy: FailurePolicy, rest: object = {}, maxFixLoops = 1): RunView {
  const view: RunView = {
    ...emptyView,
    dependencies: [edge('T1', 'T3'), edge('T3', 'T4'), edge('S1', 'S3'), edge('S3', 'S4')],
  };
  return applySteps(view, [
    born.run(maxFixLoops),
    born.phase('F1', 1),
    born.workstream('S1', { onFailure: policy }),
    born.workstream('S2'),
    born.workstream('S3', { isCritical: false }),
    born.workstream('S4'),
    born.task('T1', { estimateMs: 60_000, ...rest }),
    born.task('T2'),
    born.task('T3'),
    born.task('T4', { workstreamId: 'S2' }),
    born.task('T5', { workstreamId: 'S3' }),
    ...go.staff('W1', 'W2'),
    go.startRun(),
    go.activate('F1'),
    go.release('S1'),
    go.execute('S1'),
    go.queue('T1'),
    go.queue('T2'),
    ...go.take('T1', 'W1'),
    ...go.take('T2', 'W2'),
    ...go.fail('T1', 'W1'),
  ]);
}

const drop = (id: string, entity: 'task' | 'step' = 'task'): SpanStep =>
  entity === 'task'
    ? { entity, id, command: { ...at9, type: 'cancel', reason: 'upstream_failed', causeId: 'T1' } }
    : { entity, id, command: { ...at9, type: 'cancel', reason: 'upstream_failed' } };
const cancelStream = (id: string, openTasks: number): SpanStep => ({
  entity: 'workstream',
  id,
  command: { ...at9, type: 'cancel', reason: 'upstream_failed', openTasks },
});
const failStream: SpanStep = {
  entity: 'workstream',
  id: 'S1',
  command: { ...at9, type: 'fail', reason: 'task_failed', taskId: 'T1' },
};
const freeWorker: SpanStep = {
  entity: 'worker',
  id: 'W2',
  command: { ...at9, type: 'finish', leaseToken: 1, outcome: 'canceled' },
};
const skipStream: SpanStep = {
  entity: 'workstream',
  id: 'S3',
  command: { ...at9, type: 'skip', reason: 'upstream_failed' },
};
const release = [
  { type: 'release_reservations', taskId: 'T2' },
  { type: 'free_locks', taskId: 'T2' },
] as const;
const released = (...taskIds: readonly string[]) =>
  taskIds.flatMap((taskId) => release.map((effect) => ({ ...effect, taskId })));

describe('spreadFailure', () => {
  it('cancels, under skip_dependents, what waits for the task, however far', () => {
    const view = afterFailure('skip_dependents');
    const plan = spreadFailure(view, FAILURE);
    expect(plan).toEqual({ steps: [drop('T3'), drop('T4')], effects: [] });
    const after = applySteps(view, plan.steps);
    expect(after.tasks.map(({ state }) => state)).toEqual([
      'failed',
      'running',
      'canceled',
      'canceled',
      'pending',
    ]);
  });

  it('drops nothing under continue', () => {
    const view = afterFailure('continue');
    expect(spreadFailure(view, FAILURE)).toEqual({ steps: [], effects: [] });
  });

  it('fails the workstream of a critical task, with all that hangs on it', () => {
    const view = afterFailure('skip_dependents', critical);
    const { steps, effects } = spreadFailure(view, FAILURE);
    expect(steps).toEqual<readonly SpanStep[]>([
      drop('T2-1', 'step'),
      drop('T2'),
      drop('T3'),
      freeWorker,
      failStream,
      drop('T4'),
      drop('T5'),
      skipStream,
      cancelStream('S4', 0),
    ]);
    expect(effects).toEqual(released('T2', 'T3'));
    const after = applySteps(view, steps);
    expect(after.workstreams.map(({ state }) => state)).toEqual([
      'failed',
      'planned',
      'skipped',
      'canceled',
    ]);
    expect(after.workers.map(({ state }) => state)).toEqual(['idle', 'idle']);
  });

  it('fails the workstream of a critical task under continue too, and lets what waits for it go on', () => {
    const view = afterFailure('continue', critical);
    const { steps } = spreadFailure(view, FAILURE);
    const own = [drop('T2-1', 'step'), drop('T2'), drop('T3'), freeWorker, failStream];
    expect(steps).toEqual([...own, drop('T4')]);
  });

  it('ends the run under fail_fast', () => {
    const view = afterFailure('fail_fast');
    const { steps, effects } = spreadFailure(view, FAILURE);
    expect(steps).toEqual<readonly SpanStep[]>([
      drop('T2-1', 'step'),
      ...['T2', 'T3', 'T4', 'T5'].map((id) => drop(id)),
      failStream,
      cancelStream('S2', 1),
      cancelStream('S3', 1),
      cancelStream('S4', 0),
      {
        entity: 'phase',
        id: 'F1',
        command: { ...at9, type: 'fail', reason: 'upstream_failed' },
      },
      freeWorker,
      {
        entity: 'run',
        id: 'R1',
        command: { ...at9, type: 'fail', reason: 'workstream_failed', errorId: 'E1' },
      },
    ]);
    expect(effects).toEqual(released('T2', 'T3', 'T4', 'T5'));
    expect(applySteps(view, steps).run).toMatchObject({ state: 'failed', errorId: 'E1' });
  });

  it('fails a workstream that is being validated too', () => {
    const view = afterFailure('fail_fast');
    const workstreams = view.workstreams.map((one) => ({ ...one, state: 'validating' }) as const);
    expect(spreadFailure({ ...view, workstreams }, FAILURE).steps).toContainEqual(failStream);
  });

  it('cancels a failing workstream that had yet to begin, and names no error where none is known', () => {
    const view = applySteps(emptyView, [
      born.run(),
      go.startRun(),
      born.workstream('S1', { onFailure: 'fail_fast' }),
      born.task('T1'),
      go.queue('T1'),
      { entity: 'task', id: 'T1', command: { ...asked(3), type: 'fail', reason: 'no_route' } },
    ]);
    expect(spreadFailure(view, FAILURE).steps).toEqual([
      cancelStream('S1', 0),
      {
        entity: 'run',
        id: 'R1',
        command: { ...at9, type: 'fail', reason: 'workstream_failed' },
      },
    ]);
  });

  it('pauses a running run under escalate, and drops nothing until a person decides', () => {
    const view = afterFailure('escalate', critical);
    const { steps, effects } = spreadFailure(view, FAILURE);
    const pause = { ...at9, type: 'pause', reason: 'escalated', inFlightTasks: 1 } as const;
    expect(steps).toEqual([{ entity: 'run', id: 'R1', command: pause }]);
    expect(effects).toEqual([]);
    const paused = applySteps(view, steps);
    expect(spreadFailure(paused, FAILURE)).toEqual({ steps: [], effects: [] });
    const decisions = [{ taskId: 'T1', policy: 'continue' }] as const;
    expect(spreadFailure({ ...paused, decisions }, FAILURE).steps).toContainEqual(failStream);
  });

  it('puts a repair before what waits, as critical and as long as the task, and keeps the workstream', () => {
    const view = afterFailure('fix_task', { ...critical, retryStrategy: 'linear' });
    const plan = spreadFailure(view, FAILURE);
    const repair = {
      taskId: 'T1+',
      workstreamId: 'S1',
      kind: 'audit',
      isCritical: true,
      maxAttempts: 1,
      retryStrategy: 'linear',
      estimateMs: 60_000,
      dependsOn: [],
      fixes: 'T1',
    };
    expect(plan).toEqual({
      steps: [{ entity: 'task', id: 'T1+', command: { ...at9, type: 'create', ...repair } }],
      effects: [],
    });
    const after = applySteps(view, plan.steps);
    expect(dropStranded(after, FAILURE).steps).toEqual([]);
  });

  it('leaves what waits for a repair yet to be made, when another task fails first', () => {
    const view = afterFailure('fix_task');
    const tasks = view.tasks.map((one) =>
      one.taskId === 'T2'
        ? ({ ...one, state: 'failed', onFailure: 'skip_dependents' } as const)
        : one,
    );
    const other = { ...FAILURE, taskId: 'T2', fixTaskId: 'T2+' };
    expect(spreadFailure({ ...view, tasks }, other)).toEqual({ steps: [], effects: [] });
  });

  it('gives a repair no estimate and no way of retrying that the task did not have', () => {
    const view = afterFailure('fix_task', { estimateMs: undefined });
    const [step] = spreadFailure(view, FAILURE).steps;
    expect(step?.command).not.toHaveProperty('estimateMs');
    expect(step?.command).not.toHaveProperty('retryStrategy');
  });

  it('skips the dependents once the fix loops are spent, or the workstream has ended', () => {
    const skipped = [drop('T3'), drop('T4')];
    expect(spreadFailure(afterFailure('fix_task', {}, 0), FAILURE).steps).toEqual(skipped);
    const view = afterFailure('fix_task', {}, 1);
    const other = applySteps(view, [born.task('T9', { fixes: 'T8' })]);
    expect(spreadFailure(other, FAILURE).steps).toEqual(skipped);
    const orphaned = { ...view, onFailure: 'fix_task', workstreams: [] } as const;
    expect(spreadFailure(orphaned, FAILURE).steps).toEqual(skipped);
    const ended = applySteps(view, [failStream]);
    expect(spreadFailure(ended, FAILURE).steps.slice(0, 2)).toEqual(skipped);
  });

  it('stops at a task that has not failed: asking then is a bug', () => {
    const view = afterFailure('continue');
    expect(() => spreadFailure(view, { ...FAILURE, taskId: 'T2' })).toThrow('`T2`');
    expect(() => spreadFailure(view, { ...FAILURE, taskId: 'T0' })).toThrow('`T0`');
  });
});
