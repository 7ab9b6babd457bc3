import { describe, expect, it } from 'vitest';
import type { Instant } from '#shared/kernel/index.ts';
import {
  type Capacities,
  type Plan,
  preparePlan,
  schedule,
  type TaskStanding,
} from '#shared/planning/index.ts';
import {
  after,
  later,
  planOf,
  START,
  situationOf,
  standing,
  stream,
  task,
  write,
} from './plan-samples.ts';
import { decisions, running, tick } from './schedule-ticks.ts';

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
    expect(entries[2]?.blockedBy).toEqual([]);
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
    expect(first).toStrictEqual({
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
    expect(second).toStrictEqual({
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

  it('holds all of a run that does not run, by the run', () => {
    const situation = situationOf({ standing: standing({}, { run: 'paused' }) });
    const entries = schedule(preparePlan(planOf([task('a'), task('b')])), situation);
    const held = ['run_not_running', 'run:run'];
    expect(decisions(entries)).toEqual([
      ['a', ...held],
      ['b', ...held],
    ]);
  });

  it('marks what goes on without an input that failed, and nothing else', () => {
    const plan = planOf([
      task('up', { onFailure: 'continue' }),
      task('a', { dependsOn: after('up') }),
      task('b'),
    ]);
    const entries = tick(plan, { tasks: { up: { state: 'failed' } } });
    expect(entries.map(({ taskId, degradedInputs }) => [taskId, degradedInputs])).toEqual([
      ['a', true],
      ['b', undefined],
      ['up', undefined],
    ]);
    expect(entries[1]).not.toHaveProperty('degradedInputs');
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
