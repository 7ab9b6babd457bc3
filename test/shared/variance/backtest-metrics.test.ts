import { expect, it } from 'vitest';
import { toBacktestMetrics } from '#shared/variance/backtest-metrics.ts';

it('gives the figures worked out by hand', () => {
  const metrics = toBacktestMetrics([
    { actualHours: 4, point: 2, low: 1, high: 4 },
    { actualHours: 1, point: 2, low: 2, high: 8 },
    { actualHours: 8, point: 10, low: 2, high: 4 },
  ]);
  expect(metrics.n).toBe(3);
  expect(metrics.maeLn).toBeCloseTo((2 * Math.LN2 + Math.log(1.25)) / 3, 12);
  expect(metrics.biasLn).toBeCloseTo(-Math.log(1.25) / 3, 12);
  expect(metrics.mdmre).toBe(0.5);
  expect(metrics.pred25).toBeCloseTo(1 / 3, 12);
  expect(metrics.maeHours).toBeCloseTo(5 / 3, 12);
  expect(metrics.coverage80).toBeCloseTo(1 / 3, 12);
  // Widths ln 4, ln 4 and ln 2; the second misses below by ln 2 and the third above by ln 2, ten times each.
  expect(metrics.winklerLn).toBeCloseTo((25 * Math.LN2) / 3, 12);
  expect(metrics.hiLo).toBeCloseTo(4, 12);
});

it('counts an actual within a millionth of an hour of a bound as inside', () => {
  const inside = (actualHours: number) =>
    toBacktestMetrics([{ actualHours, point: 2, low: 1, high: 4 }]).coverage80;
  expect([1 - 5e-7, 4 + 5e-7].map(inside)).toEqual([1, 1]);
  expect([1 - 2e-6, 4 + 2e-6].map(inside)).toEqual([0, 0]);
});
