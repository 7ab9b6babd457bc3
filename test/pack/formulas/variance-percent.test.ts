import { describe, expect, it } from 'vitest';
import { openPackBench } from '../pack-bench.ts';

describe('VariancePercent', () => {
  const { formula, seen } = openPackBench();

  it('is the difference over the estimate, signed, and asks nobody', async () => {
    expect(await formula('VariancePercent', 3.5, 2.6)).toBeCloseTo(-0.2571, 4);
    expect(await formula('VariancePercent', 2.6, 3.5)).toBeCloseTo(0.3462, 4);
    expect(await formula('VariancePercent', 8, 8)).toBe(0);
    expect(seen).toEqual([]);
  });

  it('says why there is none instead of an infinite or a false zero', async () => {
    await expect(formula('VariancePercent', 0, 5)).rejects.toMatchObject({
      isUserVisible: true,
      message: expect.stringContaining('estimate is 0 h and actual 5 h'),
    });
    await expect(formula('VariancePercent', 4, 0)).rejects.toThrow('both must be above 0');
  });
});
