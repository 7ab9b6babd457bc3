import { describe, expect, it } from 'vitest';
import { createForecaster, forecastFrom } from '#shared/variance/index.ts';

const NOTHING = { estimates: [], actuals: [] };

describe('forecastFrom', () => {
  it('works without history, and leaves the estimate as it is', () => {
    expect(forecastFrom(4, NOTHING)).toEqual({
      ok: true,
      value: createForecaster().forecast({ estimateHours: 4 }),
    });
  });

  it('corrects the estimate from the twentieth task on, and not before', () => {
    const past = (count: number) => ({
      estimates: Array.from({ length: count }, () => 4),
      actuals: Array.from({ length: count }, (_, at) => 8 + (at % 3)),
    });
    expect(forecastFrom(4, past(19))).toMatchObject({ value: { point: 4, n: 19, needed: 1 } });
    const twenty = forecastFrom(4, past(20));
    expect(twenty).toMatchObject({ value: { from: 'workflow', n: 20, needed: 0 } });
    expect(twenty.ok && twenty.value.point).toBeGreaterThan(7);
  });

  it('leaves out rows with a cell that says nothing', () => {
    const estimates = [4, 0, undefined, Number.NaN, 4, 4, -1, 100_001];
    const actuals = [4, 4, 4, 4, null, Number.POSITIVE_INFINITY, 4, 4];
    expect(forecastFrom(4, { estimates, actuals })).toMatchObject({ value: { n: 1 } });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'says nothing of an estimate of %s',
    (received) => {
      const refusal = { code: 'ESTIMATE_MISSING', received };
      expect(forecastFrom(received, NOTHING)).toEqual({ ok: false, refusal });
    },
  );

  it('refuses columns that are not the same rows', () => {
    expect(forecastFrom(4, { estimates: [1, 2], actuals: [1] })).toEqual({
      ok: false,
      refusal: { code: 'COLUMNS_DIFFER', estimateRows: 2, actualRows: 1 },
    });
  });
});
