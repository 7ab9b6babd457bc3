import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { type PlanTask, preparePlan } from '#shared/planning/index.ts';
import {
  AGING_BOUND_MS,
  compareRank,
  createScorer,
  SCORE_WEIGHTS,
  type ScoreParts,
  toScore,
} from '#shared/planning/priority.ts';
import { after, later, planOf, START_MS, task } from './plan-samples.ts';

const scoreFirst = (tasks: readonly PlanTask[], nowMs = START_MS) =>
  createScorer(preparePlan(planOf(tasks)))({ index: 0, nowMs, rivals: 0 });

describe('createScorer', () => {
  const diamond = [
    task('a'),
    task('b', { dependsOn: after('a') }),
    task('c', { dependsOn: after('a'), estimateMs: 30 * MINUTE_MS }),
    task('d', { dependsOn: after('b', 'c') }),
  ];
  const score: ReturnType<typeof createScorer> = (standing) =>
    createScorer(preparePlan(planOf(diamond)))(standing);
  const at = (index: number) => score({ index, nowMs: START_MS, rivals: 0 });

  it('gives ten points for the longest way and for the most dependents, and shares for the rest', () => {
    expect([0, 1, 2, 3].map((index) => at(index).criticalPath)).toEqual([10, 20 / 3, 5, 10 / 3]);
    expect([0, 1, 3].map((index) => at(index).dependents)).toEqual([10, 10 / 3, 0]);
  });

  it('gives nothing for dependents where there are none at all', () => {
    expect(scoreFirst([task('a')]).dependents).toBe(0);
  });

  it.each([
    ['low', 2],
    ['normal', 5],
    ['high', 8],
    ['critical', 10],
  ] as const)('gives a priority of %s %i points', (priority, points) => {
    expect(scoreFirst([task('a', { priority })]).explicit).toBe(points);
  });

  it('counts whole minutes in the queue, without end and never below zero', () => {
    const waited = (ms: number) =>
      score({ index: 0, nowMs: START_MS + ms, queuedAtMs: START_MS, rivals: 0 }).aging;
    expect([-MINUTE_MS, 59_999, MINUTE_MS, 1_000 * MINUTE_MS].map(waited)).toEqual([
      0, 0, 1, 1_000,
    ]);
    expect(at(0).aging).toBe(0);
  });

  it('is urgent by the slack left after the longest way, from four hours down', () => {
    // The task takes an hour, so four hours of slack end five hours before the deadline.
    const urgency = (minutes: number) =>
      scoreFirst([task('a', { deadlineAt: later(minutes) })]).urgency;
    expect([301, 300, 180, 60, 59].map(urgency)).toEqual([0, 0, 5, 10, 10]);
    expect(at(0).urgency).toBe(0);
  });

  it('passes on how many want the same locks', () => {
    expect(score({ index: 0, nowMs: START_MS, rivals: 7 }).contention).toBe(7);
  });
});

const parts = (wishes: Partial<ScoreParts>): ScoreParts => ({
  criticalPath: 0,
  dependents: 0,
  explicit: 0,
  aging: 0,
  urgency: 0,
  contention: 0,
  ...wishes,
});

describe('toScore', () => {
  it('weighs each part', () => {
    expect(SCORE_WEIGHTS).toEqual({
      criticalPath: 10,
      dependents: 5,
      explicit: 20,
      aging: 2,
      urgency: 15,
      contention: -3,
    });
    const all = { criticalPath: 1, dependents: 10, explicit: 100, aging: 1_000, urgency: 1e4 };
    expect(toScore(parts({ ...all, contention: 1e5 }))).toBe(
      10 + 50 + 2_000 + 2_000 + 150_000 - 300_000,
    );
  });

  it('lets no fresh rival pass a task that has waited 245 minutes longer', () => {
    const share = fc.double({ min: 0, max: 10, noNaN: true });
    const fresh = fc.record({
      criticalPath: share,
      dependents: share,
      explicit: fc.constantFrom(2, 5, 8, 10),
      aging: fc.constant(0),
      urgency: share,
      contention: fc.integer({ min: 0, max: 10 }),
    });
    const waited = AGING_BOUND_MS / MINUTE_MS;
    expect(waited).toBe(245);
    const law = fc.property(fresh, fresh, (old, rival) => {
      expect(toScore({ ...old, aging: waited })).toBeGreaterThanOrEqual(toScore(rival));
    });
    fc.assert(law, { seed: 3, numRuns: 500 });
    const best = parts({ criticalPath: 10, dependents: 10, explicit: 10, urgency: 10 });
    const least = { explicit: 2, contention: 10 };
    expect(toScore(best)).toBe(500);
    expect(toScore(parts({ ...least, aging: waited }))).toBe(500);
    expect(toScore(parts({ ...least, aging: waited - 1 }))).toBeLessThan(toScore(best));
  });
});

describe('compareRank', () => {
  const ranked = (score: number, wishes: Partial<PlanTask> = {}) => ({
    score,
    task: task('m', wishes),
  });

  it.each([
    ['the higher score', ranked(2), ranked(1, { priority: 'critical' })],
    ['at equal scores the higher priority', ranked(1, { priority: 'high' }), ranked(1)],
    ['then the older', ranked(1), ranked(1, { createdAt: later(1), taskId: 'a' })],
    ['then the smaller id', ranked(1, { taskId: 'a' }), ranked(1)],
  ])('puts %s first', (_, first, second) => {
    expect(compareRank(first, second)).toBeLessThan(0);
    expect(compareRank(second, first)).toBeGreaterThan(0);
  });
});
