import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { checkPlan, type Plan, preparePlan } from '#shared/planning/index.ts';
import {
  after,
  capacitiesOf,
  later,
  planOf,
  stream,
  task,
  workers,
  write,
} from './plan-samples.ts';

const check = (plan: Plan, capacities = capacitiesOf()) => checkPlan(preparePlan(plan), capacities);
const findingsOf = (plan: Plan, capacities = capacitiesOf()) => check(plan, capacities).findings;

describe('checkPlan', () => {
  it('measures a sound plan', () => {
    const plan = planOf([
      task('a'),
      task('b', { dependsOn: after('a') }),
      task('c'),
      task('d', { estimateMs: 10 }),
    ]);
    const hour = 60 * MINUTE_MS;
    const facts = {
      findings: [],
      criticalPath: ['a', 'b'],
      criticalPathMs: 2 * hour,
      lowerBoundMs: 2 * hour,
      levels: 2,
    };
    expect(check(plan)).toEqual(facts);
    const alone = capacitiesOf({ workers: workers(1) });
    expect(check(plan, alone).lowerBoundMs).toBe(3 * hour + 10);
    expect(check({ ...plan, maxParallel: 1 }).lowerBoundMs).toBe(3 * hour + 10);
    const odd = planOf([1, 1, 1].map((estimateMs, index) => task(`t${index}`, { estimateMs })));
    expect(check(odd, capacitiesOf({ workers: workers(2) })).lowerBoundMs).toBe(2);
  });

  it('is nothing for nothing', () => {
    expect(check(planOf([]), capacitiesOf({ workers: [] }))).toEqual({
      findings: [],
      criticalPath: [],
      criticalPathMs: 0,
      lowerBoundMs: 0,
      levels: 0,
    });
  });

  it('lists cycles and missing dependencies', () => {
    const plan = planOf([
      task('a', { dependsOn: after('b', 'ghost') }),
      task('b', { dependsOn: after('a') }),
    ]);
    expect(findingsOf(plan)).toEqual([
      { code: 'CYCLE', ids: ['a', 'b'] },
      { code: 'MISSING_DEPENDENCY', waitingId: 'a', missingId: 'ghost', kind: 'task' },
    ]);
  });

  it('keeps what lies on a cycle or behind one out of its path, and comes to an end', () => {
    const knot = [
      task('a', { dependsOn: after('b') }),
      task('b', { dependsOn: after('a') }),
      task('c', { estimateMs: 1, dependsOn: after('b') }),
    ];
    expect(check(planOf(knot))).toMatchObject({ criticalPath: [], criticalPathMs: 0 });
    const first = task('first', { estimateMs: 5 });
    const [a, ...rest] = knot;
    const led = [first, { ...task('a'), ...a, dependsOn: after('b', 'first') }, ...rest];
    expect(check(planOf(led))).toMatchObject({ criticalPath: ['first'], criticalPathMs: 5 });
    const backwards = planOf(
      [task('early', { workstreamId: 'one' }), task('late', { workstreamId: 'two' })],
      {
        phaseIds: ['design', 'build'],
        workstreams: [
          stream('one', {
            phaseId: 'design',
            dependsOn: [{ fromId: 'two', kind: 'workstream', condition: 'success' }],
          }),
          stream('two'),
        ],
      },
    );
    expect(check(backwards).criticalPath).toEqual([]);
  });

  it('names workstreams without a phase, and those only tasks know of, once', () => {
    const plan = planOf(
      [task('a', { workstreamId: 'ghost' }), task('b', { workstreamId: 'ghost' })],
      { workstreams: [stream('stream'), stream('lost', { phaseId: 'nowhere' })] },
    );
    expect(findingsOf(plan)).toEqual([
      { code: 'ORPHAN_WORKSTREAM', workstreamId: 'lost' },
      { code: 'ORPHAN_WORKSTREAM', workstreamId: 'ghost' },
    ]);
  });

  const impossible = (id: string, constraint: string, needs: string) => [
    { code: 'IMPOSSIBLE_CONSTRAINT', id, constraint, needs },
  ];

  it('finds tasks that nobody can do', () => {
    const plan = planOf([task('a', { affinity: 'dana', requiredCapabilities: ['go', 'sql'] })]);
    const able = { workerId: 'w', capabilities: ['go', 'sql', 'css'] };
    expect(findingsOf(plan)).toEqual(impossible('a', 'worker', 'dana go sql'));
    expect(findingsOf(plan, capacitiesOf({ workers: [able] }))).toHaveLength(1);
    const fit = capacitiesOf({ workers: [{ ...able, affinity: 'dana' }] });
    expect(findingsOf(plan, fit)).toEqual([]);
    expect(findingsOf(planOf([task('b')]), fit)).toEqual([]);
    const nobody = capacitiesOf({ workers: [] });
    expect(findingsOf(planOf([task('b')]), nobody)).toEqual(impossible('b', 'worker', 'any'));
  });

  it('finds tools that take nothing and budgets that hold too little', () => {
    const plan = planOf([
      task('a', { toolId: 'codex', budgetDemands: [{ budgetId: 'run', neededMicros: 5n }] }),
    ]);
    const given = (maxParallel: number, freeMicros: bigint) =>
      findingsOf(
        plan,
        capacitiesOf({
          tools: new Map([['codex', { maxParallel }]]),
          budgets: new Map([['run', freeMicros]]),
        }),
      );
    expect(findingsOf(plan)).toEqual([]);
    expect(given(1, 5n)).toEqual([]);
    expect(given(1, 4n)).toEqual(impossible('a', 'budget', 'run'));
    expect(given(0, 5n)).toEqual(impossible('a', 'tool_capacity', 'codex'));
  });

  it('finds a deadline that the earliest start already misses', () => {
    const by = (minutes: number) =>
      findingsOf(planOf([task('a', { notBefore: later(10), deadlineAt: later(minutes) })]));
    expect(by(70)).toEqual([]);
    expect(by(69)).toEqual(impossible('a', 'not_before', later(69)));
    expect(findingsOf(planOf([task('a', { deadlineAt: later(0) })]))).toEqual([]);
    expect(findingsOf(planOf([task('a', { notBefore: later(9) })]))).toEqual([]);
    const { estimateMs: _, ...open } = task('b', { notBefore: later(1), deadlineAt: later(1) });
    expect(findingsOf(planOf([open]))).toEqual([]);
  });

  it('finds a run and a workstream that let nothing run', () => {
    const workstreams = [stream('stream', { concurrency: { mode: 'parallel', maxParallel: 0 } })];
    expect(findingsOf(planOf([], { workstreams, maxParallel: 0 }))).toEqual([
      ...impossible('stream', 'workstream_parallel', '1'),
      ...impossible('run', 'run_parallel', '1'),
    ]);
    const narrow = [stream('stream', { concurrency: { mode: 'sequential', maxParallel: 1 } })];
    expect(findingsOf(planOf([], { workstreams: narrow, maxParallel: 1 }))).toEqual([]);
  });

  it('finds two writers of one place whose order nothing decides', () => {
    const plan = planOf([
      task('a', { locks: write('src') }),
      task('b', { locks: write('src/app'), dependsOn: after('a') }),
      task('c', { locks: write('src/app') }),
    ]);
    expect(findingsOf(plan)).toEqual([
      { code: 'UNORDERED_WRITES', taskIds: ['a', 'c'], path: 'src/app' },
      { code: 'UNORDERED_WRITES', taskIds: ['c', 'b'], path: 'src/app' },
    ]);
  });
});
