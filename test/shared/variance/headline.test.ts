import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { driftOf, type GroupVariance, headline } from '#shared/variance/index.ts';

const NAMES = new Map([
  ['W1', 'Marketing Audit'],
  ['W2', 'Client Onboarding'],
]);
const group = (details: Partial<GroupVariance> = {}): GroupVariance => ({
  group: 'W1',
  bucket: 'resolved',
  nTasks: 41,
  nRuns: 120,
  estimateMs: 100 * HOUR_MS,
  actualMs: 138 * HOUR_MS,
  nAllRuns: 120,
  allNetMs: 138 * HOUR_MS,
  typical: 0.2,
  total: 0.384,
  p10: 0.94,
  p50: 1.2,
  p90: 2.06,
  looks: -0.117,
  drift: driftOf([], []),
  suggestion: null,
  excluded: {
    no_estimate: 0,
    estimates_below: 0,
    late_estimate: 0,
    no_time: 0,
    unconfirmed: 0,
    conflict: 0,
  },
  unestimatedMs: 0,
  taskIds: [],
  ...details,
});

describe('headline', () => {
  it('contradicts what a workflow looks like by what it really does', () => {
    expect(headline([group()], NAMES)).toBe(
      'Marketing Audit looks 12 % under; it really runs 38 % over: 41 tasks, range 0.9–2.1',
    );
  });

  it.each([
    [0, 0.384, 'Marketing Audit looks as estimated; it really runs 38 % over: '],
    [-0.3, -0.004, 'Marketing Audit looks 30 % under; it really runs as estimated: '],
    [0.1, 0.384, 'Marketing Audit looks 10 % over and really runs 38 % over: '],
    [-0.5, -0.384, 'Marketing Audit looks 50 % under and really runs 38 % under: '],
    [0.384, 0.384, 'Marketing Audit runs 38 % over: '],
    [0, 0, 'Marketing Audit runs as estimated: '],
  ])('says it naturally when it looks %f and is %f', (looks, total, start) => {
    expect(headline([group({ looks, total })], NAMES)).toBe(`${start}41 tasks, range 0.9–2.1`);
  });

  it('chooses by hours and not by percent, over or under', () => {
    const small = group({ estimateMs: HOUR_MS, actualMs: 9 * HOUR_MS, total: 8 });
    const large = group({ group: 'W2', actualMs: 60 * HOUR_MS, total: -0.4, looks: -0.4 });
    const expected = 'Client Onboarding runs 40 % under: 41 tasks, range 0.9–2.1';
    expect(headline([small, large], NAMES)).toBe(expected);
    expect(headline([large, small], NAMES)).toBe(expected);
  });

  it('takes the first of two that differ by the same hours', () => {
    expect(headline([group(), group({ group: 'W2' })], NAMES)).toMatch(/^Marketing Audit/);
  });

  it('passes over the buckets and over workflows with too few tasks', () => {
    const conflict = group({ group: 'conflict', bucket: 'conflict', actualMs: 999 * HOUR_MS });
    const few = group({ group: 'W2', actualMs: 999 * HOUR_MS, nTasks: 19 });
    expect(headline([conflict, few, group()], NAMES)).toMatch(/^Marketing Audit/);
  });

  it('says which workflow is closest when none has enough', () => {
    const fewer = group({ group: 'W2', nTasks: 2 });
    expect(headline([fewer, group({ nTasks: 14 })], NAMES)).toBe(
      'No workflow has the 20 finished tasks it takes to be measured: Marketing Audit is closest with 14 and needs ≈6 more.',
    );
  });

  it('says so when nothing is finished, and lets an id without a name stand for itself', () => {
    const sentence = 'No workflow has a finished task with an estimate and recorded time yet.';
    expect(headline([], NAMES)).toBe(sentence);
    expect(headline([group({ nTasks: 0 })], NAMES)).toBe(sentence);
    expect(headline([group({ group: 'W9' })], NAMES)).toMatch(/^W9 looks/);
  });
});
