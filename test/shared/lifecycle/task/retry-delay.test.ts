import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETRY_BASE_MS, RETRY_CAP_MS, toBackoffMs } from '#shared/lifecycle/index.ts';

describe('toBackoffMs', () => {
  it.each([
    [1, 0.5, 1_000],
    [2, 0.5, 2_000],
    [3, 0.5, 4_000],
    [1, 0, 500],
    [1, 0.999_999, 1_499],
    [6, 0.5, 32_000],
    [6, 0.999, 47_968],
    [7, 0, 32_000],
    [7, 0.437_5, 60_000],
    [7, 0.437, 59_968],
    [40, 0, 60_000],
  ])('waits after try %i with draw %f for %i ms', (attempt, random, delayMs) => {
    expect(toBackoffMs(attempt, random)).toBe(delayMs);
  });

  it('grows by the base where it is linear, and not at all where it is immediate or none', () => {
    expect([1, 2, 3].map((attempt) => toBackoffMs(attempt, 0.5, 'linear'))).toEqual([
      1_000, 2_000, 3_000,
    ]);
    expect(toBackoffMs(3, 0.5, 'immediate')).toBe(0);
    expect(toBackoffMs(3, 0.5, 'none')).toBe(0);
  });

  it('stays between half the base and the cap, and never falls from one try to the next', () => {
    const law = fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const delayMs = toBackoffMs(attempt, random);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(RETRY_BASE_MS / 2);
        expect(delayMs).toBeLessThanOrEqual(RETRY_CAP_MS);
        expect(toBackoffMs(attempt + 1, random)).toBeGreaterThanOrEqual(delayMs);
      },
    );
    fc.assert(law, { seed: 1 });
  });
});
