import { describe, expect, it } from 'vitest';
import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import { findStall, preparePlan, type StallInput } from '#shared/planning/index.ts';
import { after, planOf, START, START_MS, standing, task } from './plan-samples.ts';

const minutes = (...counts: readonly number[]) => counts.map((count) => count * MINUTE_MS);
const FIVE = Object.freeze(minutes(30, 1, 2, 4, 5));

const plan = planOf([
  task('a'),
  task('b', { dependsOn: after('a') }),
  task('c', {
    dependsOn: [...after('a'), { fromId: 'review', kind: 'gate', condition: 'success' }],
  }),
]);
const look = (silentMs: number, wishes: Partial<StallInput> = {}) =>
  findStall(preparePlan(plan), {
    now: toInstant(START_MS + silentMs),
    standing: standing(),
    lastEventAt: START,
    taskDurationsMs: FIVE,
    taskTimeoutMs: 30 * MINUTE_MS,
    awaitsPerson: new Set(),
    ...wishes,
  });

describe('findStall', () => {
  it('is patient for three usual tasks', () => {
    const thresholdMs = 12 * MINUTE_MS;
    expect(look(thresholdMs - 1)).toEqual({
      isStalled: false,
      silentMs: thresholdMs - 1,
      thresholdMs,
      openTasks: 3,
    });
    expect(look(thresholdMs)).toEqual({
      isStalled: true,
      silentMs: thresholdMs,
      thresholdMs,
      openTasks: 3,
      stalledSince: START,
    });
  });

  it('is patient for five minutes at least', () => {
    const quick = { taskDurationsMs: [1, 1, 1, 1, 1] };
    expect(look(300_000, quick)).toMatchObject({ isStalled: true, thresholdMs: 300_000 });
    expect(look(299_999, quick).isStalled).toBe(false);
  });

  it('takes the time-out for the median below five finished tasks', () => {
    expect(look(0, { taskDurationsMs: FIVE.slice(1) }).thresholdMs).toBe(90 * MINUTE_MS);
  });

  it('takes a clock that went back for no silence', () => {
    expect(look(-1).silentMs).toBe(0);
  });

  const DAY = 24 * 60 * MINUTE_MS;
  const done = { state: 'completed' } as const;

  it.each([
    ['a paused run', { standing: standing({}, { run: 'paused' }) }],
    ['a run with nothing open', { standing: standing({ a: done, b: done, c: done }) }],
    ['a task that waits only for a gate', { standing: standing({ a: done }) }],
    ['a task that waits for a person', { awaitsPerson: new Set(['b']) }],
  ])('excuses %s', (_, wishes) => {
    expect(look(DAY, wishes).isStalled).toBe(false);
  });

  it('does not excuse one that waits for a gate and for others, or that runs', () => {
    expect(look(DAY).isStalled).toBe(true);
    expect(look(DAY, { standing: standing({ a: done, c: { state: 'running' } }) })).toMatchObject({
      isStalled: true,
      openTasks: 2,
    });
    expect(look(DAY, { awaitsPerson: new Set(['ghost']) }).isStalled).toBe(true);
  });
});
