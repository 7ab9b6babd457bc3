import { describe, expect, it } from 'vitest';
import type { Instant } from '#shared/kernel/index.ts';
import {
  type Capacities,
  type Plan,
  preparePlan,
  type ScheduleEntry,
  schedule,
  type TaskStanding,
} from '#shared/planning/index.ts';
import {
  after,
  capacitiesOf,
  later,
  planOf,
  START,
  situationOf,
  standing,
  stream,
  task,
  workers,
  write,
} from './plan-samples.ts';

interface Tick {
  readonly tasks?: Readonly<Record<string, TaskStanding>>;
  readonly capacities?: Partial<Capacities>;
  readonly now?: Instant;
}

const tick = (plan: Plan, { tasks, capacities, now }: Tick = {}): readonly ScheduleEntry[] =>
  schedule(
    preparePlan(plan),
    situationOf({
      now: now ?? START,
      standing: standing(tasks),
      capacities: capacitiesOf(capacities),
    }),
  );

/** What is decided on each task, and for which reason. */
const decisions = (entries: readonly ScheduleEntry[]) =>
  entries.map(({ taskId, decision, holdReason, blockedBy }) =>
    decision === 'hold'
      ? [taskId, holdReason, ...blockedBy.map(({ kind, id }) => `${kind}:${id}`)]
      : [taskId, decision],
  );

const running = (workerId: string): TaskStanding => ({ state: 'running', workerId });

describe('schedule', () => {
  it('sends off the most wanted first and leaves those under way alone', () => {
    const plan = planOf([
      task('low', { priority: 'low' }),
      task('high', { priority: 'high' }),
      task('done'),
      task('lost'),
      task('busy'),
      task('checked'),
    ]);
    const entries = tick(plan, {
      tasks: {
        done: { state: 'completed' },
        lost: { state: 'canceled' },
        busy: running('worker-0'),
        checked: { state: 'validating' },
      },
    });
    expect(decisions(entries)).toEqual([
      ['high', 'dispatch'],
      ['low', 'dispatch'],
      ['done', 'done'],
      ['lost', 'done'],
    ]);
    expect(entries.map(({ workerId }) => workerId)).toEqual([
      'worker-1',
      'worker-2',
      undefined,
      undefined,
    ]);
  });

  it('fills in an entry as the contract asks', () => {
    const plan = planOf([
      task('a', {
        deadlineAt: later(60),
        notBefore: later(0),
        conflictGroup: 'schema',
        locks: [...write('src/', '.'), { path: 'log', mode: 'append' }],
      }),
      task('b', { dependsOn: after('a') }),
    ]);
    const [first, second] = tick(plan);
    expect(first).toEqual({
      taskId: 'a',
      level: 0,
      priority: 'normal',
      score: 100 + 50 + 100 + 150,
      scoreParts: {
        criticalPath: 10,
        dependents: 10,
        explicit: 5,
        aging: 0,
        urgency: 10,
        contention: 0,
      },
      decision: 'dispatch',
      blockedBy: [],
      workerId: 'worker-0',
      notBefore: START,
      deadlineAt: later(60),
      conflictGroup: 'schema',
      locks: [
        { path: '.', mode: 'write' },
        { path: 'log', mode: 'append' },
        { path: 'src', mode: 'write' },
      ],
      at: START,
    });
    expect(second).toEqual({
      taskId: 'b',
      level: 1,
      priority: 'normal',
      score: 50 + 100,
      scoreParts: {
        criticalPath: 5,
        dependents: 0,
        explicit: 5,
        aging: 0,
        urgency: 0,
        contention: 0,
      },
      decision: 'hold',
      holdReason: 'dependency',
      blockedBy: [{ kind: 'dependency', id: 'a' }],
      locks: [],
      at: START,
    });
  });

  it('ages only what is queued and counts rivals only among what is open', () => {
    const plan = planOf(['a', 'b', 'c'].map((id) => task(id, { locks: write('src') })));
    const queuedAt = later(-7);
    const entries = tick(plan, {
      tasks: {
        a: { state: 'queued', queuedAt },
        b: { state: 'retrying', queuedAt },
        c: { state: 'failed', queuedAt },
      },
    });
    expect(entries.map(({ scoreParts }) => [scoreParts.aging, scoreParts.contention])).toEqual([
      [7, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('names the first constraint that holds, in the order of the list', () => {
    const held = {
      dependsOn: [
        ...after('up'),
        { fromId: 'review', kind: 'gate', condition: 'success' } as const,
      ],
      notBefore: later(1),
      conflictGroup: 'schema',
      locks: write('src'),
      toolId: 'codex',
      budgetDemands: [{ budgetId: 'purse', neededMicros: 2n }],
      requiredCapabilities: ['go'],
      affinity: 'dana',
    };
    const plan = planOf([task('up'), task('holder', { ...held, dependsOn: [] }), task('x', held)], {
      maxParallel: 1,
      workstreams: [stream('stream', { concurrency: { mode: 'sequential', maxParallel: 1 } })],
    });
    const dana = { workerId: 'w', capabilities: ['go'], affinity: 'dana' };
    const steps: readonly [string, (situation: Loosened) => void][] = [
      ['dependency', (each) => each.tasks.set('up', { state: 'completed' })],
      ['gate', (each) => each.gates.set('review', 'met')],
      ['run_not_running', (each) => (each.run = 'running')],
      ['not_before', (each) => (each.now = later(1))],
      ['conflict_group', (each) => each.loose.push('conflictGroup')],
      ['lock', (each) => each.loose.push('locks')],
      ['tool_capacity', (each) => each.tools.set('codex', { maxParallel: 2, notBefore: later(2) })],
      ['rate', (each) => each.tools.set('codex', { maxParallel: 2, notBefore: later(1) })],
      ['budget', (each) => each.budgets.set('purse', 2n)],
      ['worker', (each) => (each.workers = [dana, { ...dana, workerId: 'v' }])],
      ['workstream_parallel', (each) => (each.mode = 'parallel')],
      ['run_parallel', (each) => (each.maxParallel = 2)],
    ];
    const situation: Loosened = {
      run: 'paused',
      now: START,
      tasks: new Map([['holder', running('w')]]),
      gates: new Map(),
      tools: new Map([['codex', { maxParallel: 1, notBefore: later(2) }]]),
      budgets: new Map([['purse', 1n]]),
      workers: [dana],
      mode: 'sequential',
      maxParallel: 1,
      loose: [],
    };
    const met = steps.map(([, loosen]) => {
      const reason = reasonFor(plan, situation);
      loosen(situation);
      return reason;
    });
    expect(met).toEqual(steps.map(([reason]) => reason));
    expect(reasonFor(plan, situation)).toBe('dispatch');
  });
});

interface Loosened {
  run: 'paused' | 'running';
  now: Instant;
  readonly tasks: Map<string, TaskStanding>;
  readonly gates: Map<string, 'met'>;
  readonly tools: Map<string, { maxParallel: number; notBefore?: Instant }>;
  readonly budgets: Map<string, bigint>;
  workers: Capacities['workers'];
  mode: 'sequential' | 'parallel';
  maxParallel: number;
  readonly loose: ('conflictGroup' | 'locks')[];
}

function reasonFor(plan: Plan, each: Loosened): string | undefined {
  const { conflictGroup: _, ...rest } = plan.tasks[2] ?? task('x');
  const x = each.loose.includes('conflictGroup') ? rest : (plan.tasks[2] ?? task('x'));
  const tasks = [...plan.tasks.slice(0, 2), each.loose.includes('locks') ? { ...x, locks: [] } : x];
  const workstreams = [stream('stream', { concurrency: { mode: each.mode, maxParallel: 2 } })];
  const loosened = { ...plan, tasks, workstreams, maxParallel: each.maxParallel };
  const entries = schedule(preparePlan(loosened), {
    now: each.now,
    standing: { ...standing(), run: each.run, tasks: each.tasks, gates: each.gates },
    capacities: { tools: each.tools, budgets: each.budgets, workers: each.workers },
  });
  const entry = entries.find(({ taskId }) => taskId === 'x');
  return entry?.holdReason ?? entry?.decision;
}

describe('a tick', () => {
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
    expect(decisions(tick(plan)).sort()).toEqual([
      ['a', 'dispatch'],
      ['b', 'dispatch'],
      ['c', 'lock', 'lock:a', 'lock:b'],
      ['d', 'dispatch'],
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
  });

  it('waits for the later of the plan and the backoff', () => {
    const plan = planOf([task('a', { notBefore: later(2) })]);
    const at = (backoff: number, now: number) =>
      tick(plan, {
        tasks: { a: { state: 'retrying', notBefore: later(backoff) } },
        now: later(now),
      })[0];
    expect(at(3, 2)?.blockedBy).toEqual([{ kind: 'time', id: later(3) }]);
    expect(at(1, 1)?.notBefore).toBe(later(2));
    expect(at(1, 2)?.decision).toBe('dispatch');
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
