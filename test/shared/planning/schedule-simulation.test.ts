import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { type Plan, type PlanTask, preparePlan, type Situation } from '#shared/planning/index.ts';
import { simulate } from '#shared/planning/schedule-simulation.ts';
import { toSimulationStart } from '#shared/planning/schedule-start.ts';
import {
  after,
  capacitiesOf,
  later,
  planOf,
  situationOf,
  standing,
  stream,
  task,
  workers,
  write,
} from './plan-samples.ts';

/** Plays a plan with its estimates; times are in minutes and `-` stands for a task that never starts. */
function play(plan: Plan, wishes: Partial<Situation> = {}) {
  const prepared = preparePlan(plan);
  const start = toSimulationStart(prepared, situationOf(wishes));
  const future = simulate(start, (index) => prepared.effortsMs[index] ?? 0);
  const minutes = (ms: number | undefined) =>
    ms === undefined || Number.isNaN(ms) ? '-' : ms / MINUTE_MS;
  return {
    starts: Object.fromEntries(
      plan.tasks.map(({ taskId }, index) => [taskId, minutes(future.startsMs[index])]),
    ),
    ends: Object.fromEntries(
      plan.tasks.map(({ taskId }, index) => [taskId, minutes(future.endsMs[index])]),
    ),
    held: Object.fromEntries([...future.heldMs].map(([code, ms]) => [code, minutes(ms)])),
    finish: minutes(future.finishMs),
    waiting: start.waitingCount,
  };
}

const lasting = (minutes: number, wishes: Partial<PlanTask> = {}): Partial<PlanTask> => ({
  estimateMs: minutes * MINUTE_MS,
  ...wishes,
});

describe('simulate', () => {
  it('starts what is ready, the most wanted first, and goes from end to end', () => {
    const plan = planOf([
      task('a', lasting(10)),
      task('b', lasting(20, { dependsOn: after('a') })),
      task('c', lasting(5)),
      task('d', lasting(1, { dependsOn: after('b', 'c') })),
    ]);
    expect(play(plan)).toEqual({
      starts: { a: 0, b: 10, c: 0, d: 30 },
      ends: { a: 10, b: 30, c: 5, d: 31 },
      held: { dependency: 10 + 30 },
      finish: 31,
      waiting: 4,
    });
    expect(play(plan, { capacities: capacitiesOf({ workers: workers(1) }) })).toMatchObject({
      starts: { a: 0, b: 10, c: 30, d: 35 },
      held: { dependency: 10 + 35, worker: 30 },
    });
    expect(play({ ...plan, maxParallel: 1 })).toMatchObject({
      starts: { a: 0, b: 10, c: 30, d: 35 },
      held: { dependency: 10 + 35, run_parallel: 30 },
    });
  });

  it.each([
    ['conflict_group', { conflictGroup: 'schema' }, {}],
    ['lock', { locks: write('src') }, {}],
    ['tool_capacity', { toolId: 'codex' }, { tools: new Map([['codex', { maxParallel: 1 }]]) }],
    ['worker', { requiredCapabilities: ['go'] }, {}],
  ] as const)('sends those one by one whom %s holds', (reason, wishes, capacities) => {
    const each = (id: string, minutes: number) => task(id, lasting(minutes, wishes));
    const able = [{ workerId: 'able', capabilities: ['go'] }, ...workers(8)];
    const plan = planOf([each('a', 3), each('b', 2), each('c', 1), task('free', lasting(1))]);
    const played = play(plan, { capacities: capacitiesOf({ workers: able, ...capacities }) });
    expect(played).toMatchObject({
      starts: { a: 0, b: 3, c: 5, free: 0 },
      held: { [reason]: 3 + 5 },
      finish: 6,
    });
  });

  it('keeps a workstream to its width', () => {
    const plan = planOf(
      ['a', 'b', 'c'].map((id) => task(id, lasting(2))),
      { workstreams: [stream('stream', { concurrency: { mode: 'parallel', maxParallel: 2 } })] },
    );
    expect(play(plan)).toMatchObject({
      starts: { a: 0, b: 0, c: 2 },
      held: { workstream_parallel: 2 },
    });
  });

  it('lets those who add in together, and the writer after them', () => {
    const add = [{ path: 'log', mode: 'append' as const }];
    const plan = planOf([
      task('x', lasting(9, { locks: add })),
      task('y', lasting(4, { locks: add })),
      task('w', lasting(3, { locks: write('log') })),
      task('v', lasting(2, { locks: write('log') })),
      task('u', lasting(1, { locks: write('.') })),
    ]);
    expect(play(plan).starts).toEqual({ x: 0, y: 0, w: 9, v: 12, u: 14 });
  });

  it('passes the turn on where the head of a line is held by something else', () => {
    const plan = planOf([
      task('hold', lasting(5, { conflictGroup: 'g' })),
      task('slow', lasting(30, { locks: write('src') })),
      task('head', lasting(4, { conflictGroup: 'g', locks: write('src') })),
      task('next', lasting(3, { conflictGroup: 'g' })),
    ]);
    expect(play(plan).starts).toEqual({ hold: 0, slow: 0, head: 30, next: 5 });
  });

  it('lets what ends at one moment end before it sends anybody off', () => {
    const plan = planOf([
      task('a', lasting(1)),
      task('b', lasting(1)),
      task('low', lasting(2, { dependsOn: after('a'), conflictGroup: 'g', priority: 'low' })),
      task('high', lasting(3, { dependsOn: after('b'), conflictGroup: 'g', priority: 'high' })),
      task('least', lasting(2, { dependsOn: after('b'), conflictGroup: 'h', priority: 'low' })),
      task('most', lasting(3, { dependsOn: after('a'), conflictGroup: 'h', priority: 'high' })),
    ]);
    expect(play(plan).starts).toEqual({ a: 0, b: 0, high: 1, low: 4, most: 1, least: 4 });
  });

  it('gives a worker back to the place it has by its abilities', () => {
    const able = { workerId: 'able', capabilities: ['go'] };
    const plain = { workerId: 'plain', capabilities: [] };
    const go = { requiredCapabilities: ['go'] };
    const thenBoth = (first: Partial<PlanTask>) => {
      const plan = planOf([
        task('first', lasting(1, first)),
        task('any', lasting(9, { dependsOn: after('first'), priority: 'high' })),
        task('go', lasting(9, { dependsOn: after('first'), ...go })),
      ]);
      return play(plan, { capacities: capacitiesOf({ workers: [able, plain] }) }).starts;
    };
    expect(thenBoth({})).toEqual({ first: 0, any: 1, go: 1 });
    expect(thenBoth(go)).toEqual({ first: 0, any: 1, go: 1 });
  });

  it('puts a worker of middling abilities between the others again', () => {
    const plan = planOf([
      task('first', lasting(1, { requiredCapabilities: ['sql'] })),
      task('x', lasting(9, { dependsOn: after('first'), priority: 'critical' })),
      task('y', lasting(9, { dependsOn: after('first'), priority: 'high' })),
      task('go', lasting(9, { dependsOn: after('first'), requiredCapabilities: ['go'] })),
    ]);
    const crew = [
      { workerId: 'most', capabilities: ['go', 'sql'] },
      { workerId: 'some', capabilities: ['sql'] },
      { workerId: 'none', capabilities: [] },
    ];
    const { starts } = play(plan, { capacities: capacitiesOf({ workers: crew }) });
    expect(starts).toEqual({ first: 0, x: 1, y: 1, go: 1 });
  });

  it('keeps a line for each thing asked of workers', () => {
    const plan = planOf([
      task('sql-now', lasting(9, { requiredCapabilities: ['sql'], priority: 'critical' })),
      task('go-now', lasting(2, { requiredCapabilities: ['go'], priority: 'critical' })),
      task('sql-next', lasting(1, { requiredCapabilities: ['sql'], priority: 'high' })),
      task('go-next', lasting(1, { requiredCapabilities: ['go'], priority: 'low' })),
    ]);
    const crew = [
      { workerId: 'a', capabilities: ['sql'] },
      { workerId: 'b', capabilities: ['go'] },
      ...workers(1),
    ];
    const { starts } = play(plan, { capacities: capacitiesOf({ workers: crew }) });
    expect(starts).toEqual({ 'sql-now': 0, 'go-now': 0, 'sql-next': 9, 'go-next': 2 });
  });

  it('leaves a group to who still has it when another of it ends, who then frees no worker', () => {
    const plan = planOf([
      task('holder', lasting(5, { conflictGroup: 'g' })),
      task('second', lasting(1, { conflictGroup: 'g' })),
      task('next', lasting(1, { conflictGroup: 'g' })),
      task('busy', lasting(9, { requiredCapabilities: ['go'] })),
      task('rare', lasting(1, { requiredCapabilities: ['go'] })),
    ]);
    const at = standing({
      holder: { state: 'validating' },
      second: { state: 'validating' },
      busy: { state: 'running', workerId: 'able' },
    });
    const crew = [{ workerId: 'able', capabilities: ['go'] }, ...workers(2)];
    const capacities = capacitiesOf({ workers: crew });
    expect(play(plan, { standing: at, capacities }).starts).toMatchObject({ next: 5, rare: 9 });
  });

  it('waits for its time and for a rate limit', () => {
    const plan = planOf([
      task('a', lasting(1, { notBefore: later(7) })),
      task('b', lasting(1, { notBefore: later(-7) })),
      task('c', lasting(1, { toolId: 'codex' })),
      task('d', lasting(1)),
    ]);
    const tools = new Map([['codex', { maxParallel: 1, notBefore: later(9) }]]);
    const backoff = standing({ d: { state: 'retrying', notBefore: later(3) } });
    expect(play(plan, { capacities: capacitiesOf({ tools }), standing: backoff })).toMatchObject({
      starts: { a: 7, b: 0, c: 9, d: 3 },
      held: { not_before: 7 + 3, rate: 9 },
      finish: 10,
    });
  });

  it('goes on from what is under way and leaves out what is over', () => {
    const plan = planOf(
      [
        task('done', lasting(9)),
        task('busy', lasting(4, { locks: write('src') })),
        task('checked', lasting(2, { conflictGroup: 'g' })),
        task('a', lasting(1, { dependsOn: after('done', 'busy') })),
        task('b', lasting(1, { conflictGroup: 'g' })),
        task('c', lasting(1, { locks: write('src') })),
      ],
      { maxParallel: 2 },
    );
    const at = standing({
      done: { state: 'completed' },
      busy: { state: 'running', workerId: 'worker-0' },
      checked: { state: 'validating' },
    });
    expect(play(plan, { standing: at })).toMatchObject({
      starts: { done: '-', busy: '-', checked: '-', a: 4, b: 2, c: 4 },
      ends: { done: '-', busy: 4, checked: 2, a: 5, b: 3, c: 5 },
      waiting: 3,
    });
  });

  it('never starts what is stuck, nor what waits for that, nor what nobody can do or pay', () => {
    const plan = planOf([
      task('lost', lasting(1)),
      task('stuck', lasting(1, { dependsOn: after('lost') })),
      task('behind', lasting(1, { dependsOn: after('stuck') })),
      task('rare', lasting(1, { requiredCapabilities: ['go'] })),
      task('dear', lasting(1, { budgetDemands: [{ budgetId: 'purse', neededMicros: 6n }] })),
      task('cheap', lasting(2, { budgetDemands: [{ budgetId: 'purse', neededMicros: 5n }] })),
    ]);
    const budgets = new Map([['purse', 10n]]);
    const played = play(plan, {
      standing: standing({ lost: { state: 'failed' } }),
      capacities: capacitiesOf({ budgets }),
    });
    expect(played).toMatchObject({
      starts: { lost: '-', stuck: '-', behind: '-', rare: '-', dear: '-', cheap: 0 },
      held: { dependency: 2, worker: 2, budget: 2 },
      finish: 2,
      waiting: 4,
    });
  });

  it('lets those who queued earlier go first, and passes workstreams and phases as they end', () => {
    const plan = planOf(
      [
        task('young', lasting(60, { workstreamId: 'one' })),
        task('old', lasting(1, { workstreamId: 'one' })),
        task('last', lasting(1, { workstreamId: 'two' })),
      ],
      {
        phaseIds: ['design', 'build'],
        workstreams: [stream('one', { phaseId: 'design' }), stream('two')],
        maxParallel: 1,
      },
    );
    const at = standing({
      young: { state: 'queued', queuedAt: later(-1) },
      old: { state: 'queued', queuedAt: later(-200) },
    });
    expect(play(plan, { standing: at }).starts).toEqual({ young: 1, old: 0, last: 61 });
  });

  it('starts nothing without workers', () => {
    expect(play(planOf([task('a')]), { capacities: capacitiesOf({ workers: [] }) })).toMatchObject({
      starts: { a: '-' },
      finish: 0,
      held: {},
    });
  });

  it('asks only the heads of its lines, so that a long line costs no square', () => {
    let asked = 0;
    const tasks = Array.from({ length: 400 }, (_, index) => {
      const each = task(`t${index}`, lasting(1, { conflictGroup: 'g' }));
      return Object.defineProperty({ ...each }, 'conflictGroup', {
        get: () => {
          asked += 1;
          return 'g';
        },
        enumerable: true,
      });
    });
    const prepared = preparePlan(planOf(tasks));
    const start = toSimulationStart(prepared, situationOf());
    asked = 0;
    expect(simulate(start, () => MINUTE_MS).finishMs).toBe(400 * MINUTE_MS);
    // A look, a hold and an end each; 400 · 400 would be 160,000.
    expect(asked).toBeLessThan(400 * 10);
  });
});
