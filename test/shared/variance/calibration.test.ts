import { describe, expect, it } from 'vitest';
import { toCalibration } from '#shared/variance/index.ts';
import { makeHistory, sceneOf } from './made-history.ts';

describe('toCalibration', () => {
  it('counts what ended before a quantile and what ended on it', () => {
    const rows = [1, 1, 1, 8].map((actualHours) => ({
      task: { estimateHours: 1 },
      actualHours,
      estimatedDay: 1,
      knownDay: 2,
    }));
    // Nothing is known on the first day: the table has .5, 1 and 3 for one hour.
    expect(toCalibration(sceneOf(rows))).toMatchObject([
      { share: 0.1, below: 0, upTo: 0, n: 4 },
      { share: 0.5, below: 0, upTo: 0.75, n: 4 },
      { share: 0.8, below: 0.75, upTo: 0.75, n: 4 },
      { share: 0.9, below: 0.75, upTo: 0.75, n: 4 },
    ]);
  });

  it('finds the forecaster calibrated in a business without surprises', () => {
    const points = toCalibration(sceneOf(makeHistory({ tasks: 900 }, 7), 180));
    for (const { share, below, upTo, n } of points) {
      expect(n).toBe(720);
      expect(below).toBeLessThan(share + 0.04);
      expect(upTo).toBeGreaterThan(share - 0.04);
    }
  });

  it('has nothing to say where no row is scored', () => {
    expect(toCalibration(sceneOf(makeHistory({ tasks: 9 }, 7), 9))).toEqual([]);
  });
});
