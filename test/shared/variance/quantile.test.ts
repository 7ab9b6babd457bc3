import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantile } from '#shared/variance/index.ts';

/** The same quantile by another road: walk the polyline through (i ÷ (n − 1), xᵢ) until it passes p. */
function walkPolyline(sorted: readonly number[], p: number): number {
  const steps = sorted.length - 1;
  for (let step = 0; step < steps; step += 1) {
    const [from, to] = [step / steps, (step + 1) / steps];
    if (p > to) continue;
    const share = (p - from) / (to - from);
    return (sorted[step] ?? Number.NaN) * (1 - share) + (sorted[step + 1] ?? Number.NaN) * share;
  }
  return sorted[steps] ?? Number.NaN;
}

describe('quantile', () => {
  it.each([
    [[1, 2, 3, 4], 0.1, 1.3],
    [[1, 2, 3, 4], 0.5, 2.5],
    [[0.75, 1, 1.25, 1.25, 1.5], 0.9, 1.4],
    [[7], 0.9, 7],
    [[1, 2], 0, 1],
    [[1, 2], 1, 2],
  ])('of %j at %f is %f', (sorted, p, expected) => {
    expect(quantile(sorted, p)).toBeCloseTo(expected, 12);
  });

  it('agrees with a walk along the polyline of the sample', () => {
    const sample = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 });
    const law = fc.property(sample, fc.integer({ min: 0, max: 1_000 }), (numbers, perMille) => {
      const sorted = [...numbers].sort((left, right) => left - right);
      expect(quantile(sorted, perMille / 1_000)).toBeCloseTo(
        walkPolyline(sorted, perMille / 1_000),
        6,
      );
    });
    fc.assert(law);
  });

  it('stops on an empty sample and on a share beyond 0 to 1', () => {
    expect(() => quantile([], 0.5)).toThrow('a quantile of nothing');
    expect(() => quantile([1], 1.5)).toThrow('received `1.5`');
    expect(() => quantile([1], -0.5)).toThrow('received `-0.5`');
  });
});
