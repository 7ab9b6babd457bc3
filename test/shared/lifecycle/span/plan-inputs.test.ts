import { describe, expect, it } from 'vitest';
import {
  type DependencyCondition,
  listFailedCriticals,
  listInputs,
  listStranded,
  type RunView,
  type TaskState,
  taskDecider,
  toFailurePolicy,
  type WorkstreamState,
  workstreamDecider,
} from '#shared/lifecycle/index.ts';
import { asked, emptyView } from './run-bench.ts';

const { at } = asked(1);
const ENDS = ['completed', 'failed', 'canceled', 'skipped'];
const ended = (state: string) => (ENDS.includes(state) ? { endedAt: at } : {});

const task = (taskId: string, state: TaskState, rest: object = {}) => ({
  ...taskDecider.initial,
  taskId,
  workstreamId: 'S1',
  state,
  ...ended(state),
  ...rest,
});
const workstream = (workstreamId: string, state: WorkstreamState, rest: object = {}) => ({
  ...workstreamDecider.initial,
  workstreamId,
  phaseId: 'F1',
  state,
  ...ended(state),
  ...rest,
});
const edge = (fromId: string, toId: string, condition: DependencyCondition = 'success') => ({
  fromId,
  toId,
  condition,
});
const standingOf = (view: Partial<RunView>, condition: DependencyCondition) => {
  const dependencies = [edge('A', 'B', condition)];
  const { openDependencies, degradedInputs } = listInputs({
    ...emptyView,
    ...view,
    dependencies,
  }).get('B') ?? { openDependencies: ['nothing is listed'] };
  if (openDependencies.length > 0) return openDependencies.join();
  return degradedInputs === true ? 'degraded' : 'met';
};

describe('listInputs', () => {
  // biome-ignore format: a table is read by its columns
  it.each<[TaskState, string, string, string]>([
    // upstream     success  finished  always
    ['pending',     'A',     'A',      'A'],
    ['queued',      'A',     'A',      'A'],
    ['running',     'A',     'A',      'A'],
    ['validating',  'A',     'A',      'A'],
    ['retrying',    'A',     'A',      'A'],
    ['completed',   'met',   'met',    'met'],
    ['failed',      'A',     'met',    'met'],
    ['canceled',    'A',     'A',      'met'],
  ])('says what a %s task means by each condition', (state, success, finished, always) => {
    const view = { tasks: [task('A', state)] };
    expect(standingOf(view, 'success')).toBe(success);
    expect(standingOf(view, 'finished')).toBe(finished);
    expect(standingOf(view, 'always')).toBe(always);
  });

  // biome-ignore format: a table is read by its columns
  it.each<[WorkstreamState, string, string, string]>([
    // upstream    success  finished  always
    ['planned',    'A',     'A',      'A'],
    ['executing',  'A',     'A',      'A'],
    ['completed',  'met',   'met',    'met'],
    ['skipped',    'met',   'met',    'met'],
    ['failed',     'A',     'met',    'met'],
    ['canceled',   'A',     'A',      'met'],
  ])('says what a %s workstream means by each condition', (state, success, finished, always) => {
    const view = { workstreams: [workstream('A', state)] };
    expect(standingOf(view, 'success')).toBe(success);
    expect(standingOf(view, 'finished')).toBe(finished);
    expect(standingOf(view, 'always')).toBe(always);
  });

  it('takes a workstream skipped for a failure upstream for one whose work never came', () => {
    const skipped = workstream('A', 'skipped', { stateReason: 'upstream_failed' });
    expect(standingOf({ workstreams: [skipped] }, 'success')).toBe('A');
    const leftOut = workstream('A', 'skipped', { stateReason: 'not sold' });
    expect(standingOf({ workstreams: [leftOut] }, 'success')).toBe('met');
  });

  it('lets dependents go on degraded under continue, of a task as of a workstream', () => {
    const tasks = [task('A', 'failed')];
    const workstreams = [workstream('A', 'failed')];
    expect(standingOf({ tasks, onFailure: 'continue' }, 'success')).toBe('degraded');
    expect(standingOf({ workstreams, onFailure: 'continue' }, 'success')).toBe('degraded');
    const own = [workstream('A', 'failed', { onFailure: 'continue' })];
    expect(standingOf({ workstreams: own, onFailure: 'fail_fast' }, 'success')).toBe('degraded');
    expect(standingOf({ tasks: [task('A', 'canceled')], onFailure: 'continue' }, 'success')).toBe(
      'A',
    );
  });

  it('counts a completed repair for the task it repairs, and waits for an open one', () => {
    const policy = { onFailure: 'fix_task' } as const;
    const failed = task('A', 'failed');
    const withRepair = (state: TaskState) => ({
      ...policy,
      tasks: [failed, task('A+', state, { fixes: 'A' })],
    });
    expect(standingOf(withRepair('completed'), 'success')).toBe('met');
    expect(standingOf(withRepair('running'), 'success')).toBe('A');
    expect(standingOf(withRepair('failed'), 'success')).toBe('A');
    // One repair was canceled by hand and another is under way: under a policy that waits for nothing else, that one counts.
    const second = [task('A+', 'canceled', { fixes: 'A' }), task('A++', 'running', { fixes: 'A' })];
    const goesOn = { onFailure: 'continue', tasks: [failed, ...second] } as const;
    expect(standingOf(goesOn, 'success')).toBe('A');
  });

  it('keeps an upstream that is in no plan open', () => {
    expect(standingOf({}, 'always')).toBe('A');
  });

  it('gathers all that one waits for, and stays degraded when a later one is met', () => {
    const view: RunView = {
      ...emptyView,
      onFailure: 'continue',
      tasks: [
        task('A', 'failed'),
        task('B', 'completed'),
        task('C', 'running'),
        task('D', 'pending'),
      ],
      dependencies: [
        edge('A', 'E'),
        edge('B', 'E'),
        edge('C', 'F'),
        edge('B', 'F'),
        edge('D', 'F'),
      ],
    };
    expect(listInputs(view)).toEqual(
      new Map([
        ['E', { openDependencies: [], degradedInputs: true }],
        ['F', { openDependencies: ['C', 'D'] }],
      ]),
    );
  });
});

describe('toFailurePolicy', () => {
  const view = (rest: Partial<RunView> = {}): RunView => ({ ...emptyView, ...rest });

  it('takes the most specific of task, workstream and run', () => {
    const own = workstream('S1', 'executing', { onFailure: 'fail_fast' });
    const other = workstream('S0', 'executing', { onFailure: 'escalate' });
    const workstreams = [other, own];
    const spoken = task('A', 'failed', { onFailure: 'continue' });
    expect(toFailurePolicy(view({ workstreams }), spoken)).toBe('continue');
    expect(toFailurePolicy(view({ workstreams }), task('A', 'failed'))).toBe('fail_fast');
    expect(toFailurePolicy(view({ workstreams: [other] }), task('A', 'failed'))).toBe(
      'skip_dependents',
    );
  });

  it('does not repair a repair', () => {
    const repair = task('A+', 'failed', { fixes: 'A', onFailure: 'fix_task' });
    expect(toFailurePolicy(view(), repair)).toBe('skip_dependents');
  });

  it('takes what a person decided of what was escalated, and of nothing else', () => {
    const decisions = [
      { taskId: 'X', policy: 'fail_fast' },
      { taskId: 'A', policy: 'continue' },
    ] as const;
    const escalated = task('A', 'failed', { onFailure: 'escalate' });
    expect(toFailurePolicy(view(), escalated)).toBe('escalate');
    expect(toFailurePolicy(view({ decisions }), escalated)).toBe('continue');
    expect(toFailurePolicy(view({ decisions }), task('A', 'failed'))).toBe('skip_dependents');
  });
});

describe('listFailedCriticals', () => {
  it('names critical failures of the workstream that no completed task repairs', () => {
    const critical = { isCritical: true };
    const tasks = [
      task('A', 'failed', critical),
      task('B', 'failed', critical),
      task('B+', 'completed', { ...critical, fixes: 'B' }),
      task('C', 'failed', critical),
      task('C+', 'failed', { ...critical, fixes: 'C' }),
      task('D', 'failed'),
      task('E', 'canceled', critical),
      task('F', 'failed', { ...critical, workstreamId: 'S2' }),
    ];
    expect(listFailedCriticals({ ...emptyView, tasks }, 'S1')).toEqual(['A', 'C', 'C+']);
  });
});

describe('listStranded', () => {
  it('follows what never comes through tasks and workstreams, in the order of the view', () => {
    const view: RunView = {
      ...emptyView,
      workstreams: [
        workstream('S1', 'executing'),
        workstream('S3', 'planned'),
        workstream('S2', 'blocked'),
      ],
      tasks: [
        task('D', 'pending', { workstreamId: 'S2' }),
        task('A', 'failed'),
        task('B', 'blocked'),
        task('C', 'pending'),
        task('E', 'queued'),
        task('F', 'pending'),
        task('G', 'pending'),
      ],
      dependencies: [
        edge('A', 'B'),
        edge('B', 'C', 'finished'),
        edge('C', 'S2'),
        edge('S2', 'S3'),
        edge('A', 'E'),
        edge('B', 'F', 'always'),
        edge('A', 'G', 'finished'),
      ],
    };
    expect(listStranded(view)).toEqual({
      taskIds: ['D', 'B', 'C'],
      workstreamIds: ['S3', 'S2'],
    });
  });

  it('finds nothing while a person or a repair may yet mend it', () => {
    const tasks = [task('A', 'failed', { onFailure: 'escalate' }), task('B', 'pending')];
    const view: RunView = { ...emptyView, tasks, dependencies: [edge('A', 'B')] };
    expect(listStranded(view).taskIds).toEqual([]);
    const decisions = [{ taskId: 'A', policy: 'skip_dependents' }] as const;
    expect(listStranded({ ...view, decisions }).taskIds).toEqual(['B']);
  });

  it('waits for a repair that is yet to be made, as long as one may be made', () => {
    const lostUnder = (parts: Partial<RunView>, maxFixLoops = 1) =>
      listStranded({
        ...emptyView,
        run: { ...emptyView.run, maxFixLoops },
        onFailure: 'fix_task',
        workstreams: [workstream('S1', 'executing')],
        tasks: [task('A', 'failed'), task('B', 'pending')],
        dependencies: [edge('A', 'B')],
        ...parts,
      }).taskIds;
    expect(lostUnder({})).toEqual([]);
    expect(lostUnder({}, 0)).toEqual(['B']);
    expect(lostUnder({ onFailure: 'skip_dependents' })).toEqual(['B']);
    expect(lostUnder({ workstreams: [workstream('S1', 'failed')] })).toEqual(['B']);
    expect(lostUnder({ workstreams: [workstream('S2', 'executing')] })).toEqual(['B']);
    const repaired = (...tasks: readonly ReturnType<typeof task>[]) =>
      lostUnder({ tasks: [task('A', 'failed'), task('B', 'pending'), ...tasks] }, 2);
    const other = task('X+', 'running', { fixes: 'X' });
    expect(repaired(other)).toEqual([]);
    expect(repaired(other, task('Y+', 'failed', { fixes: 'Y' }))).toEqual(['B']);
    // One repair is all a task gets, though the run has loops left.
    expect(repaired(task('A+', 'failed', { fixes: 'A' }))).toEqual(['B']);
  });
});
