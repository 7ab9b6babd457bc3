import { describe, expect, it } from 'vitest';
import {
  smallestSeenFactor,
  tasksPerSide,
  toTasksForFactors,
} from '#shared/variance/drift-power.ts';

describe('tasksPerSide', () => {
  it.each([
    [1.3, 146],
    [1.5, 61],
    [2, 21],
    [3, 8],
  ])('asks for a change of ×%f at a spread of .8 for %i tasks', (factor, tasks) => {
    expect(tasksPerSide(factor, 0.8)).toBe(tasks);
    expect(tasksPerSide(1 / factor, 0.8)).toBe(tasks);
    expect(toTasksForFactors(0.8)).toContainEqual({ factor, tasksPerSide: tasks });
  });
});

describe('smallestSeenFactor', () => {
  it('is where the shift is the threshold and .84 times its standard error', () => {
    // √(1/50 + 1/50) is .2, so ln factor is (3.16 + .84)·.5·.2 = .4.
    const factor = smallestSeenFactor(3.16, 0.5, { before: 50, after: 50 });
    expect(factor).toBeCloseTo(Math.exp(0.4), 12);
    expect(smallestSeenFactor(3.16, 0.5, { before: 20, after: 80 })).toBeGreaterThan(factor);
  });
});
