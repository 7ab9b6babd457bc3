import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { type PlanTask, preparePlan, type TaskStanding } from '#shared/planning/index.ts';
import { toSimulationStart } from '#shared/planning/schedule-start.ts';
import {
  capacitiesOf,
  later,
  planOf,
  situationOf,
  standing,
  stream,
  task,
  write,
} from './plan-samples.ts';
import { decisions, running, tick } from './schedule-ticks.ts';

describe('openRunningBooks', () => {
  const checked: TaskStanding = { state: 'validating' };

  it('takes the worker who is named from the idle ones, and nobody for one who is not there', () => {
    const plan = planOf(['a', 'b', 'c'].map((id) => task(id)));
    const whoIn = (tasks: Readonly<Record<string, TaskStanding>>) =>
      tick(plan, { tasks }).map(({ workerId }) => workerId);
    expect(whoIn({ c: running('worker-1') })).toEqual(['worker-0', 'worker-2']);
    expect(whoIn({ b: running('gone'), c: running('worker-0') })).toEqual(['worker-1']);
    const full = planOf(Array.from({ length: 9 }, (_, index) => task(`t${index}`)));
    const sent = tick(full, { tasks: { t8: running('gone') } });
    expect(sent.filter(({ decision }) => decision === 'dispatch')).toHaveLength(8);
  });

  it('gives one in validation its scope, but neither its tool nor its place', () => {
    const wishes = { toolId: 'codex', locks: write('src') };
    const plan = planOf([task('a', wishes), task('b', { toolId: 'codex' }), task('c', wishes)], {
      maxParallel: 1,
      workstreams: [stream('stream', { concurrency: { mode: 'sequential', maxParallel: 1 } })],
    });
    const capacities = { tools: new Map([['codex', { maxParallel: 1 }]]) };
    expect(decisions(tick(plan, { tasks: { a: checked }, capacities }))).toEqual([
      ['b', 'dispatch'],
      ['c', 'lock', 'lock:a'],
    ]);
    expect(decisions(tick(plan, { tasks: { a: running('worker-0') }, capacities }))).toEqual([
      ['b', 'tool_capacity', 'tool:codex'],
      ['c', 'lock', 'lock:a'],
    ]);
  });

  it('leaves a group to the first who has it', () => {
    const plan = planOf(['a', 'b', 'c'].map((id) => task(id, { conflictGroup: 'schema' })));
    expect(decisions(tick(plan, { tasks: { a: checked, b: checked } }))).toEqual([
      ['c', 'conflict_group', 'lock:a'],
    ]);
  });
});

describe('toSimulationStart', () => {
  const startOf = (
    tasks: readonly PlanTask[],
    standings: Readonly<Record<string, TaskStanding>> = {},
  ) =>
    toSimulationStart(
      preparePlan(planOf(tasks)),
      situationOf({ standing: standing(standings), capacities: capacitiesOf() }),
    );

  it('scores by what is open: what is over wants no lock any more', () => {
    const rivals = ['a', 'b', 'c'].map((id) => task(id, { locks: write('src') }));
    // The longest way 100, nobody waits, a normal priority 100, and 3 less for each rival.
    expect(startOf(rivals).scoreAt(0, 0)).toBe(200 - 6);
    expect(startOf(rivals, { c: { state: 'completed' } }).scoreAt(0, 0)).toBe(200 - 3);
  });

  it('scores a task two points lower for each minute it comes to its turn later, and higher for each it is queued already', () => {
    const queued = { a: { state: 'queued', queuedAt: later(-10) } } as const;
    const { scoreAt } = startOf([task('a'), task('b')], queued);
    expect(scoreAt(1, 0)).toBe(200);
    expect(scoreAt(1, 5 * MINUTE_MS)).toBe(200 - 10);
    expect(scoreAt(0, 5 * MINUTE_MS)).toBe(200 + 20);
  });

  it('scores the urgency of the moment', () => {
    // An hour of work, so the slack of four hours begins to shrink now, and half of it is left in two hours.
    const { scoreAt } = startOf([task('a', { deadlineAt: later(300) })], {
      a: { state: 'queued', queuedAt: later(0) },
    });
    expect(scoreAt(0, 0)).toBe(200);
    expect(scoreAt(0, 120 * MINUTE_MS)).toBe(200 + 15 * 5);
  });

  it('counts what each node waits for, and who has yet to begin', () => {
    const tasks = [task('a'), task('b'), task('c'), task('d')];
    const start = startOf(tasks, {
      b: { state: 'running', workerId: 'worker-0' },
      c: { state: 'validating' },
      d: { state: 'canceled' },
    });
    expect(start.underWay).toEqual([1, 2]);
    expect(start.isOut).toEqual([false, true, true, true]);
    expect(start.waitingCount).toBe(1);
    // Each task waits for its workstream to open; that is over once three tasks and its own opening are passed.
    expect(start.open).toEqual([1, 1, 1, 1, 0, 4, 1]);
  });

  it('looks for the later of plan and backoff, from now on', () => {
    const start = startOf(
      [task('a', { notBefore: later(3) }), task('b', { notBefore: later(3) }), task('c')],
      {
        b: { state: 'retrying', notBefore: later(5) },
        c: { state: 'retrying', notBefore: later(-5) },
      },
    );
    expect(start.earliestMs).toEqual([3 * MINUTE_MS, 5 * MINUTE_MS, 0]);
  });
});
