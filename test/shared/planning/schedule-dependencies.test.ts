import { describe, expect, it } from 'vitest';
import {
  type FailurePolicy,
  PHASE_STATES,
  TASK_STATES,
  type TaskState,
  WORKSTREAM_STATES,
} from '#shared/lifecycle/index.ts';
import {
  failurePolicyOf,
  type PlanDependency,
  type PlanTask,
  type PlanWorkstream,
  preparePlan,
  type RunStanding,
  type TaskStanding,
} from '#shared/planning/index.ts';
import { findWaits, isStuck } from '#shared/planning/schedule-dependencies.ts';
import { after, planOf, standing, stream, task } from './plan-samples.ts';

const on = (
  kind: PlanDependency['kind'],
  condition: PlanDependency['condition'],
  fromId = 'up',
): PlanDependency => ({ fromId, kind, condition });

/** What task `x` waits for, and whether it is stuck. */
function ask(wishes: Partial<PlanTask>, run: RunStanding, up: Partial<PlanTask> = {}) {
  const x = task('x', wishes);
  const prepared = preparePlan(planOf([task('up', up), task('mend', { fixes: 'up' }), x]));
  return { ...findWaits(prepared, run, x), isStuck: isStuck(prepared, run, x) };
}

const CONDITIONS = ['success', 'finished', 'always'] as const;
type Mets = Readonly<Record<(typeof CONDITIONS)[number], readonly string[]>>;

/** The states of upstream, by condition, in which nothing is left to wait for. */
const metsOf = (
  states: readonly string[],
  run: (state: string) => RunStanding,
  kind: 'task' | 'file' | 'capability' | 'phase' | 'workstream',
) =>
  Object.fromEntries(
    CONDITIONS.map((condition) => [
      condition,
      states.filter(
        (state) => ask({ dependsOn: [on(kind, condition)] }, run(state)).dependencies.length === 0,
      ),
    ]),
  );

describe('findWaits', () => {
  const taskMets: Mets = {
    success: ['completed'],
    finished: ['completed', 'failed'],
    always: ['completed', 'failed', 'canceled'],
  };

  it.each(['task', 'file', 'capability'] as const)('waits for a %s by its task', (kind) => {
    const run = (state: string) => standing({ up: { state: state as TaskState } });
    expect(metsOf(TASK_STATES, run, kind)).toEqual(taskMets);
  });

  it('takes a skipped workstream or phase for a completed one', () => {
    const streams = (state: string) =>
      standing({}, { workstreams: new Map([['up', state as 'planned']]) });
    expect(metsOf(WORKSTREAM_STATES, streams, 'workstream')).toEqual({
      success: ['completed', 'skipped'],
      finished: ['completed', 'failed', 'skipped'],
      always: ['completed', 'failed', 'canceled', 'skipped'],
    });
    const phases = (state: string) =>
      standing({}, { phases: new Map([['up', state as 'pending']]) });
    expect(metsOf(PHASE_STATES, phases, 'phase')).toEqual({
      success: ['completed', 'skipped'],
      finished: ['completed', 'failed', 'skipped'],
      always: ['completed', 'failed', 'skipped'],
    });
  });

  it('waits for a gate to be met, or to be judged at all', () => {
    const gatesAt = (state: 'met' | 'failed' | 'open' | undefined) =>
      CONDITIONS.map((condition) => {
        const gates = new Map(state === undefined ? [] : [['up', state] as const]);
        const waits = ask({ dependsOn: [on('gate', condition)] }, standing({}, { gates }));
        expect(waits.dependencies).toEqual([]);
        return waits.gates;
      });
    const open = [{ kind: 'gate', id: 'up' }];
    expect(gatesAt('met')).toEqual([[], [], []]);
    expect(gatesAt('failed')).toEqual([open, [], []]);
    expect(gatesAt('open')).toEqual([open, open, open]);
    expect(gatesAt(undefined)).toEqual([open, open, open]);
  });

  it('waits for what blocks it beyond the plan', () => {
    const blocked: TaskStanding = { state: 'blocked', blockedBy: 'client' };
    expect(ask({}, standing({ x: blocked })).dependencies).toEqual([
      { kind: 'dependency', id: 'client' },
    ]);
  });

  it('waits for its workstream and for the phase before', () => {
    const x = task('x', { workstreamId: 'two' });
    const plan = planOf([task('up'), x], {
      phaseIds: ['design', 'build'],
      workstreams: [
        stream('one', { phaseId: 'design' }),
        stream('two', { dependsOn: after('up') }),
      ],
    });
    const waitsIn = (run: RunStanding) =>
      findWaits(preparePlan(plan), run, x).dependencies.map(({ id }) => id);
    expect(waitsIn(standing())).toEqual(['up', 'design']);
    const phases = new Map([['design', 'completed' as const]]);
    expect(waitsIn(standing({ up: { state: 'completed' } }, { phases }))).toEqual([]);
    const first = task('f', { workstreamId: 'one' });
    expect(findWaits(preparePlan(plan), standing(), first).dependencies).toEqual([]);
  });

  it('waits only for its own where the plan lacks its workstream', () => {
    const stray = task('x', { workstreamId: 'ghost', dependsOn: after('up') });
    const prepared = preparePlan(planOf([task('up'), stray], { phaseIds: ['design', 'build'] }));
    expect(findWaits(prepared, standing(), stray).dependencies).toEqual([
      { kind: 'dependency', id: 'up' },
    ]);
  });

  it('waits for a failed task that is not in the plan, whatever the policy of the run', () => {
    const x = task('x', { dependsOn: after('ghost') });
    const prepared = preparePlan(planOf([x], { onFailure: 'continue' }));
    const run = standing({ ghost: { state: 'failed' } });
    expect(findWaits(prepared, run, x)).toEqual({
      dependencies: [{ kind: 'dependency', id: 'ghost' }],
      gates: [],
      isDegraded: false,
    });
  });

  it('goes on without what failed only where the policy is to continue', () => {
    const failed = standing({ up: { state: 'failed' } });
    const goesOn = ask({ dependsOn: after('up') }, failed, { onFailure: 'continue' });
    expect(goesOn).toMatchObject({ dependencies: [], isDegraded: true, isStuck: false });
    const finished = ask({ dependsOn: [on('task', 'finished')] }, failed, {
      onFailure: 'continue',
    });
    expect(finished).toMatchObject({ dependencies: [], isDegraded: false });
    for (const onFailure of ['fail_fast', 'skip_dependents', 'escalate', 'fix_task'] as const) {
      const waits = ask({ dependsOn: after('up') }, failed, { onFailure });
      expect(waits).toMatchObject({ dependencies: [{ id: 'up' }], isDegraded: false });
    }
  });

  it('goes on without a workstream that failed where its policy, else that of the run, is to continue', () => {
    const isDegradedAfter = (
      state: 'failed' | 'canceled',
      wishes: Partial<PlanWorkstream>,
      onFailure: FailurePolicy,
      condition: PlanDependency['condition'] = 'success',
    ) => {
      const x = task('x', { dependsOn: [on('workstream', condition)] });
      const plan = planOf([x], {
        workstreams: [stream('stream'), stream('up', wishes)],
        onFailure,
      });
      const ended = standing({}, { workstreams: new Map([['up', state]]) });
      const { dependencies, isDegraded } = findWaits(preparePlan(plan), ended, x);
      expect(dependencies.length).toBe(isDegraded || condition !== 'success' ? 0 : 1);
      return isDegraded;
    };
    expect(isDegradedAfter('failed', { onFailure: 'continue' }, 'skip_dependents')).toBe(true);
    expect(isDegradedAfter('failed', {}, 'continue')).toBe(true);
    expect(isDegradedAfter('failed', { onFailure: 'fail_fast' }, 'continue')).toBe(false);
    expect(isDegradedAfter('failed', {}, 'skip_dependents')).toBe(false);
    expect(isDegradedAfter('canceled', {}, 'continue')).toBe(false);
    expect(isDegradedAfter('failed', {}, 'continue', 'finished')).toBe(false);
  });

  it('takes a completed repair for what it repairs, and starts it once that has failed', () => {
    const repaired = standing({ up: { state: 'failed' }, mend: { state: 'completed' } });
    expect(ask({ dependsOn: after('up') }, repaired)).toMatchObject({
      dependencies: [],
      isDegraded: false,
    });
    const mend = (state: TaskState) =>
      ask({ fixes: 'up' }, standing({ up: { state } })).dependencies;
    expect(mend('failed')).toEqual([]);
    expect(mend('running')).toEqual([{ kind: 'dependency', id: 'up' }]);
  });
});

describe('isStuck', () => {
  it('is so behind what failed, unless a repair is still open', () => {
    const behind = (tasks: Readonly<Record<string, TaskState>>, condition = 'success' as const) =>
      ask(
        { dependsOn: [on('task', condition)] },
        standing(Object.fromEntries(Object.entries(tasks).map(([id, state]) => [id, { state }]))),
      ).isStuck;
    expect(behind({ up: 'running' })).toBe(false);
    expect(behind({ up: 'completed' })).toBe(false);
    expect(behind({ up: 'failed' })).toBe(false);
    expect(behind({ up: 'failed', mend: 'failed' })).toBe(true);
    expect(behind({ up: 'canceled', mend: 'canceled' })).toBe(true);
    expect(behind({ up: 'failed', mend: 'running' })).toBe(false);
    expect(behind({ up: 'failed', mend: 'completed' })).toBe(false);
  });

  it('is so behind a workstream or phase that came to nothing, and never behind a gate', () => {
    const streams = (state: 'failed' | 'canceled' | 'executing' | 'skipped') =>
      standing({}, { workstreams: new Map([['up', state]]) });
    const phases = (state: 'failed' | 'active' | 'skipped') =>
      standing({}, { phases: new Map([['up', state]]) });
    const at = (kind: PlanDependency['kind'], run: RunStanding) =>
      ask({ dependsOn: [on(kind, 'success')] }, run).isStuck;
    expect(at('workstream', streams('failed'))).toBe(true);
    expect(at('workstream', streams('executing'))).toBe(false);
    expect(at('workstream', streams('skipped'))).toBe(false);
    expect(at('workstream', standing())).toBe(false);
    expect(at('phase', phases('failed'))).toBe(true);
    expect(at('phase', phases('active'))).toBe(false);
    expect(at('phase', standing())).toBe(false);
    expect(at('gate', standing({}, { gates: new Map([['up', 'failed']]) }))).toBe(false);
    const failed = { up: { state: 'failed' }, mend: { state: 'failed' } } as const;
    expect(at('gate', standing(failed, { gates: new Map([['up', 'open']]) }))).toBe(false);
    expect(at('workstream', streams('canceled'))).toBe(true);
  });
});

describe('failurePolicyOf', () => {
  it('takes the most specific: task, workstream, run', () => {
    const plan = planOf([], {
      workstreams: [stream('stream'), stream('strict', { onFailure: 'fail_fast' })],
      onFailure: 'continue',
    });
    const policy = (wishes: Partial<PlanTask>) => failurePolicyOf(plan, task('a', wishes));
    expect(policy({ workstreamId: 'strict', onFailure: 'escalate' })).toBe('escalate');
    expect(policy({ workstreamId: 'strict' })).toBe('fail_fast');
    expect(policy({})).toBe('continue');
    expect(policy({ workstreamId: 'ghost' })).toBe('continue');
  });
});
