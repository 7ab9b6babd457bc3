import { describe, expect, it } from 'vitest';
import { earnedValueOf } from '#shared/variance/index.ts';

const DAY = '2026-03-16';
const of = (columns: Partial<Parameters<typeof earnedValueOf>[0]>) =>
  earnedValueOf({ estimates: [], actuals: [], finished: [], due: [], ...columns }, DAY);

describe('earnedValueOf', () => {
  it('gives hours and ratios of columns', () => {
    const columns = { estimates: [10, 10, 20], actuals: [12, 8, 5], finished: [true, true, false] };
    const due = ['2026-03-02', DAY, '2026-03-17'];
    expect(of({ ...columns, due })).toMatchObject({
      ok: true,
      value: { planned: 20, earned: 20, spent: 25, budget: 40, costIndex: 0.8, missing: '', n: 3 },
    });
  });

  it('counts tasks without an estimate, whose hours are spent all the same', () => {
    const estimates = [undefined, null, 0, -3, Number.NaN, 1e300];
    const blank = estimates.map(() => undefined);
    const result = of({ estimates, actuals: [1, 1, 1, 1, 1, 1], finished: blank, due: blank });
    expect(result).toMatchObject({
      value: { n: 0, unestimated: 6, spent: 6, budget: 0, costIndex: 0 },
    });
  });

  it('takes no hours from a cell that is blank, negative or unreadable', () => {
    const actuals = [undefined, null, -2, Number.NaN, Number.POSITIVE_INFINITY];
    const estimates = actuals.map(() => 2);
    const blank = actuals.map(() => undefined);
    expect(of({ estimates, actuals, finished: blank, due: blank })).toMatchObject({
      value: { spent: 0, budget: 10 },
    });
  });

  it('names each figure that has no value, with the reason', () => {
    expect(of({})).toMatchObject({
      value: {
        missing:
          'CPI: nothing tracked; SPI: nothing due; EAC at CPI: nothing planned; EAC as planned: nothing planned; EAC at CPI and SPI: nothing planned; ETC: nothing planned; VAC: nothing planned; TCPI: nothing planned',
      },
    });
  });

  it('refuses columns that are not the same rows', () => {
    expect(of({ estimates: [1], actuals: [1], finished: [true] })).toEqual({
      ok: false,
      refusal: { code: 'ROWS_DIFFER', rows: [1, 1, 1, 0] },
    });
  });
});
