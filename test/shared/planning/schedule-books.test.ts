import { describe, expect, it } from 'vitest';
import type { Instant } from '#shared/kernel/index.ts';
import type { Capacities, TaskStanding } from '#shared/planning/index.ts';
import { later, planOf, START, stream, task, workers, write } from './plan-samples.ts';
import { decisions, running, tick } from './schedule-ticks.ts';

describe('a tick of the schedule', () => {
  it('gives one of a conflict group its turn', () => {
    const plan = planOf(['a', 'b'].map((id) => task(id, { conflictGroup: 'schema' })));
    expect(decisions(tick(plan))).toEqual([
      ['a', 'dispatch'],
      ['b', 'conflict_group', 'lock:a'],
    ]);
    expect(decisions(tick(plan, { tasks: { b: { state: 'validating' } } }))).toEqual([
      ['a', 'conflict_group', 'lock:b'],
    ]);
    expect(decisions(tick(plan, { tasks: { b: { state: 'retrying' } } }))).toEqual([
      ['a', 'dispatch'],
      ['b', 'conflict_group', 'lock:a'],
    ]);
  });

  it('shares a place among those who add and keeps it for one who writes', () => {
    const add = [{ path: 'log', mode: 'append' as const }];
    const plan = planOf([
      task('a', { locks: add }),
      task('b', { locks: add }),
      task('c', { locks: write('log') }),
      task('d', { locks: [{ path: 'log', mode: 'read' }] }),
    ]);
    expect(decisions(tick(plan))).toEqual([
      ['d', 'dispatch'],
      ['a', 'dispatch'],
      ['b', 'dispatch'],
      ['c', 'lock', 'lock:a', 'lock:b'],
    ]);
  });

  it('names everybody who holds what is wanted, whatever else they hold, and nobody else', () => {
    const plan = planOf([
      task('a', { locks: write('x', 'src'), priority: 'high' }),
      task('b', { locks: write('y'), priority: 'high' }),
      task('c', { locks: write('src/app') }),
    ]);
    expect(decisions(tick(plan))).toEqual([
      ['b', 'dispatch'],
      ['a', 'dispatch'],
      ['c', 'lock', 'lock:a'],
    ]);
  });

  it('counts tools, rates, money and places as they are taken', () => {
    const both = (wishes: Partial<ReturnType<typeof task>>, capacities: Partial<Capacities>) =>
      decisions(tick(planOf([task('a', wishes), task('b', wishes)]), { capacities }))[1];
    const tools = new Map([['codex', { maxParallel: 1 }]]);
    expect(both({ toolId: 'codex' }, { tools })).toEqual(['b', 'tool_capacity', 'tool:codex']);
    const slow = new Map([['codex', { maxParallel: 9, notBefore: later(1) }]]);
    expect(both({ toolId: 'codex' }, { tools: slow })).toEqual(['b', 'rate', 'rate:codex']);
    expect(both({ toolId: 'other' }, { tools })).toEqual(['b', 'dispatch']);
    const budgetDemands = [{ budgetId: 'purse', neededMicros: 5n }];
    const purse = (micros: bigint) => ({ budgets: new Map([['purse', micros]]) });
    expect(both({ budgetDemands }, purse(9n))).toEqual(['b', 'budget', 'budget:purse']);
    expect(both({ budgetDemands }, purse(10n))).toEqual(['b', 'dispatch']);
    expect(both({ budgetDemands }, {})).toEqual(['b', 'dispatch']);
    expect(both({}, { workers: workers(1) })).toEqual(['b', 'worker', 'worker:worker-0']);
    const able = [{ workerId: 'w', capabilities: ['go'] }];
    expect(both({ requiredCapabilities: ['sql'] }, { workers: able })).toEqual([
      'b',
      'worker',
      'worker:sql',
    ]);
  });

  it('keeps workers who can much for what only they can do', () => {
    const plan = planOf([
      task('a', { priority: 'high' }),
      task('b', { requiredCapabilities: ['go'] }),
    ]);
    const entries = tick(plan, {
      capacities: {
        workers: [
          { workerId: 'a-able', capabilities: ['go'] },
          { workerId: 'z-plain', capabilities: [] },
        ],
      },
    });
    expect(entries.map(({ workerId }) => workerId)).toEqual(['z-plain', 'a-able']);
  });

  it('takes workers of equal abilities in the order of their ids', () => {
    const plan = planOf(['a', 'b', 'c'].map((id) => task(id)));
    const capacities = {
      workers: ['w2', 'w1', 'w3'].map((workerId) => ({ workerId, capabilities: [] })),
    };
    const entries = tick(plan, { capacities });
    expect(entries.map(({ workerId }) => workerId)).toEqual(['w1', 'w2', 'w3']);
  });

  it('keeps the width of a run and of its workstreams', () => {
    const three = ['a', 'b', 'c'].map((id) => task(id));
    expect(decisions(tick(planOf(three, { maxParallel: 2 })))[2]).toEqual([
      'c',
      'run_parallel',
      'run:run',
    ]);
    const inStream = (
      mode: 'sequential' | 'parallel' | 'parallel_groups',
      oks: readonly boolean[],
    ) =>
      decisions(
        tick(
          planOf(
            oks.map((parallelOk, index) => task(`t${index}`, { parallelOk })),
            { workstreams: [stream('stream', { concurrency: { mode, maxParallel: 2 } })] },
          ),
        ),
      ).map(([, decision]) => decision);
    const held = 'workstream_parallel';
    expect(inStream('sequential', [true, true])).toEqual(['dispatch', held]);
    expect(inStream('parallel', [false, false, false])).toEqual(['dispatch', 'dispatch', held]);
    expect(inStream('parallel_groups', [true, true, true])).toEqual(['dispatch', 'dispatch', held]);
    expect(inStream('parallel_groups', [true, false, true])).toEqual([
      'dispatch',
      held,
      'dispatch',
    ]);
    expect(inStream('parallel_groups', [false, true])).toEqual(['dispatch', held]);
    const shut = [stream('stream', { concurrency: { mode: 'parallel', maxParallel: 0 } })];
    expect(decisions(tick(planOf([task('a')], { workstreams: shut })))).toEqual([
      ['a', held, 'run:stream'],
    ]);
    const stray = ['a', 'b'].map((id) => task(id, { workstreamId: 'ghost' }));
    expect(decisions(tick(planOf(stray))).map(([, decision]) => decision)).toEqual([
      'dispatch',
      'dispatch',
    ]);
  });

  it('lets nobody beside one who wants to be alone, whoever else runs', () => {
    const plan = planOf([task('a'), task('alone', { parallelOk: false }), task('c')], {
      workstreams: [stream('stream', { concurrency: { mode: 'parallel_groups', maxParallel: 9 } })],
    });
    const both = { a: running('worker-0'), alone: running('worker-1') };
    expect(decisions(tick(plan, { tasks: both }))).toEqual([
      ['c', 'workstream_parallel', 'run:stream'],
    ]);
    expect(decisions(tick(plan, { tasks: { a: running('worker-0') } }))).toEqual([
      ['alone', 'workstream_parallel', 'run:stream'],
      ['c', 'dispatch'],
    ]);
  });

  it('waits for the later of the plan and the backoff', () => {
    const planned = planOf([task('a', { notBefore: later(2) })]);
    const at = (backoff: number, now: number, plan = planned) =>
      tick(plan, {
        tasks: { a: { state: 'retrying', notBefore: later(backoff) } },
        now: later(now),
      })[0];
    expect(at(3, 2)?.blockedBy).toEqual([{ kind: 'time', id: later(3) }]);
    expect(at(1, 1)?.notBefore).toBe(later(2));
    expect(at(1, 2)?.decision).toBe('dispatch');
    expect(at(3, 2, planOf([task('a')]))?.blockedBy).toEqual([{ kind: 'time', id: later(3) }]);
  });

  it('keeps free what the first who waited too long needs, and only that', () => {
    const plan = planOf([
      task('old', { locks: write('a', 'b'), priority: 'low' }),
      task('older', { locks: write('a', 'c'), priority: 'low' }),
      task('young-b', { locks: write('b') }),
      task('young-c', { locks: write('c') }),
      task('holder', { locks: write('a') }),
    ]);
    const waiting = (minutes: number): TaskStanding => ({
      state: 'queued',
      queuedAt: later(-minutes),
    });
    const at = (minutes: number) =>
      decisions(
        tick(plan, {
          tasks: {
            old: waiting(minutes + 1),
            older: waiting(minutes),
            holder: running('worker-0'),
          },
        }),
      ).map(([id, reason]) => `${id} ${reason}`);
    expect(at(244)).toEqual(['old lock', 'older lock', 'young-b dispatch', 'young-c dispatch']);
    expect(at(245)).toEqual(['old lock', 'older lock', 'young-b lock', 'young-c dispatch']);
    expect(at(246)).toEqual(['old lock', 'older lock', 'young-b lock', 'young-c dispatch']);
  });

  it('keeps a worker for the first who waited too long', () => {
    const plan = planOf([
      task('old', { locks: write('a') }),
      task('young'),
      task('holder', { locks: write('a') }),
    ]);
    const at = (minutes: number) =>
      decisions(
        tick(plan, {
          tasks: {
            old: { state: 'queued', queuedAt: later(-minutes) },
            holder: running('worker-0'),
          },
          capacities: { workers: workers(2) },
        }),
      )[1];
    expect(at(245)).toEqual(['young', 'dispatch']);
    expect(at(246)).toEqual(['young', 'worker', 'worker:worker-0', 'worker:worker-1']);
  });

  it('keeps places free for one who waits for a tool or a worker in use', () => {
    const behind = (wishes: Partial<ReturnType<typeof task>>, capacities: Partial<Capacities>) =>
      decisions(
        tick(
          planOf([
            task('old', { locks: write('a'), ...wishes }),
            task('young', { locks: write('a') }),
            task('busy', wishes),
          ]),
          {
            tasks: {
              old: { state: 'queued', queuedAt: later(-9_000) },
              busy: running('able'),
            },
            capacities: {
              workers: [{ workerId: 'able', capabilities: ['go'] }, ...workers(2)],
              ...capacities,
            },
          },
        ),
      )[1];
    const kept = ['young', 'lock', 'lock:old'];
    const tools = new Map([['codex', { maxParallel: 1 }]]);
    expect(behind({ toolId: 'codex' }, { tools })).toEqual(kept);
    expect(behind({ requiredCapabilities: ['go'] }, {})).toEqual(kept);
  });

  it('keeps nothing free for one who waits for what will not come', () => {
    const wishes = { locks: write('a'), priority: 'critical' } as const;
    const blocked = (extra: Partial<ReturnType<typeof task>>, capacities: Partial<Capacities>) =>
      decisions(
        tick(planOf([task('old', { ...wishes, ...extra }), task('young', { locks: write('a') })]), {
          tasks: { old: { state: 'queued', queuedAt: later(-9_000) } },
          capacities,
        }),
      )[1];
    const tools = (maxParallel: number, notBefore: Instant) =>
      new Map([['codex', { maxParallel, notBefore }]]);
    const sent = ['young', 'dispatch'];
    expect(blocked({ requiredCapabilities: ['go'] }, {})).toEqual(sent);
    expect(blocked({ toolId: 'codex' }, { tools: tools(0, START) })).toEqual(sent);
    expect(blocked({ toolId: 'codex' }, { tools: tools(1, later(1)) })).toEqual(sent);
    const budgetDemands = [{ budgetId: 'purse', neededMicros: 1n }];
    expect(blocked({ budgetDemands }, { budgets: new Map([['purse', 0n]]) })).toEqual(sent);
    expect(blocked({ notBefore: later(1) }, {})).toEqual(sent);
  });

  it('does not change with the order of its input, nor its input', () => {
    const tasks = ['c', 'a', 'b'].map((id) => task(id, { conflictGroup: 'schema' }));
    const forth = tick(planOf(tasks));
    expect(tick(planOf([...tasks].reverse()))).toEqual(forth);
    expect(forth.map(({ taskId }) => taskId)).toEqual(['a', 'b', 'c']);
  });
});
