import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { TASK_STATES, type TaskState } from '#shared/lifecycle/index.ts';
import { type ProgressInput, preparePlan, toProgress } from '#shared/planning/index.ts';
import { later, planOf, START, standing, task } from './plan-samples.ts';

const input = (wishes: Partial<ProgressInput> = {}): ProgressInput => ({
  now: later(60),
  standing: standing(),
  startedAt: START,
  pausedMs: 0,
  percents: new Map(),
  ...wishes,
});

const tenTo = (...minutes: readonly number[]) =>
  preparePlan(
    planOf(minutes.map((each, index) => task(`t${index}`, { estimateMs: each * MINUTE_MS }))),
  );

describe('toProgress', () => {
  it('weighs what is completed, in work and over', () => {
    const prepared = tenTo(10, 20, 30, 40, 50, 50);
    const progress = toProgress(
      prepared,
      input({
        standing: standing({
          t0: { state: 'completed' },
          t1: { state: 'failed' },
          t2: { state: 'canceled' },
          t3: { state: 'running', workerId: 'w', startedAt: later(30) },
          t4: { state: 'blocked' },
        }),
        pausedMs: 30 * MINUTE_MS,
        percents: new Map([['t3', 50]]),
      }),
    );
    expect(progress).toEqual({
      total: 6,
      completed: 1,
      failed: 1,
      canceled: 1,
      running: 1,
      blocked: 1,
      waiting: 1,
      completedPercent: (100 * (10 + 20)) / 200,
      settledPercent: (100 * 60) / 200,
      inFlight: [{ taskId: 't3', workerId: 'w', percent: 50, startedAt: later(30) }],
      elapsedMs: 60 * MINUTE_MS,
      activeMs: 30 * MINUTE_MS,
      throughputPerHour: 2,
    });
  });

  it('gives a task without an estimate the weight of the median', () => {
    const { estimateMs: _, ...open } = task('c');
    const tasks = [1, 3].map((each) => task(`t${each}`, { estimateMs: each }));
    const at = standing({ c: { state: 'completed' } });
    const { completedPercent } = toProgress(
      preparePlan(planOf([...tasks, open])),
      input({ standing: at }),
    );
    expect(completedPercent).toBeCloseTo((100 * 2) / 6, 12);
  });

  it.each([
    ['running', -1, 0],
    ['running', 94, 94],
    ['running', 95, 95],
    ['running', 96, 95],
    ['running', undefined, 0],
    ['validating', 10, 95],
    ['queued', 50, 0],
  ] as const)('counts a %s task that says %s as %i', (state, said, counted) => {
    const percents = new Map(said === undefined ? [] : [['t0', said]]);
    const at = standing({ t0: { state, workerId: 'w', startedAt: START } });
    const progress = toProgress(tenTo(10), input({ standing: at, percents }));
    expect(progress.completedPercent).toBe(counted);
    expect(progress.inFlight.map(({ percent }) => percent)).toEqual(
      state === 'running' ? [counted] : [],
    );
  });

  it('is nothing rather than 0 or 100 for no tasks and for no time', () => {
    const { completedPercent, settledPercent, total } = toProgress(tenTo(), input());
    expect([completedPercent, settledPercent, total]).toEqual([null, null, 0]);
    const { startedAt: _, ...unstarted } = input();
    const fresh = toProgress(tenTo(1), unstarted);
    expect([fresh.elapsedMs, fresh.activeMs, fresh.throughputPerHour]).toEqual([0, 0, null]);
    const early = toProgress(tenTo(1), input({ now: later(-5) }));
    expect([early.elapsedMs, early.activeMs]).toEqual([0, 0]);
    expect(toProgress(tenTo(1), input({ now: later(1) })).throughputPerHour).toBe(0);
    expect(toProgress(tenTo(1), input({ pausedMs: 61 * MINUTE_MS })).activeMs).toBe(0);
  });

  it('leaves out of what is in flight whoever has no worker or no start', () => {
    const at = standing({
      t0: { state: 'running', workerId: 'w' },
      t1: { state: 'running', startedAt: START },
    });
    expect(toProgress(tenTo(1, 1), input({ standing: at })).inFlight).toEqual([]);
  });

  it('has parts that sum to the total, and settles at 100 when all is over', () => {
    const states = fc.array(fc.constantFrom(...TASK_STATES), { minLength: 1, maxLength: 12 });
    const law = fc.property(states, (each: readonly TaskState[]) => {
      const prepared = tenTo(...each.map((_, index) => index + 1));
      const tasks = Object.fromEntries(each.map((state, index) => [`t${index}`, { state }]));
      const progress = toProgress(prepared, input({ standing: standing(tasks) }));
      const { completed, failed, canceled, running, blocked, waiting, total } = progress;
      expect(completed + failed + canceled + running + blocked + waiting).toBe(total);
      expect(progress.settledPercent === 100).toBe(completed + failed + canceled === total);
    });
    fc.assert(law, { seed: 13, numRuns: 200 });
  });
});
