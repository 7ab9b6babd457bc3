import { describe, expect, it } from 'vitest';
import { type CostCell, hourlyRateOf, rollUp } from '#shared/cost/index.ts';

const HOUR_MS = 3_600_000;
const cell = (given: Partial<CostCell>): CostCell => ({ name: 'Dana', dimensions: {}, ...given });
const rateOf = (...cells: readonly CostCell[]) => {
  const [row] = rollUp(cells, []);
  if (row === undefined) throw new Error('no cells');
  return hourlyRateOf(row);
};
const billed = cell({
  effortMs: 2 * HOUR_MS,
  currency: 'EUR',
  costMicros: 1n,
  billableMicros: 100_000_000n,
});

describe('hourlyRateOf', () => {
  it('spreads what is billable over all hours, those nobody pays for too', () => {
    const own = cell({ effortMs: HOUR_MS, currency: 'EUR', costMicros: 1n });
    expect(rateOf(billed, own)).toEqual({
      ok: true,
      value: { micros: 33_333_333n, currency: 'EUR' },
    });
  });

  it('is none where nothing is billable', () => {
    expect(rateOf(cell({ effortMs: HOUR_MS }))).toEqual({ ok: true, value: undefined });
  });

  it.each<[string, CostCell[], object]>([
    ['no hours', [cell({ currency: 'EUR', billableMicros: 5n })], { code: 'NO_HOURS' }],
    [
      'a missing billable rate',
      [billed, cell({ name: 'Lee', effortMs: 1, isUnbilled: true })],
      { code: 'UNBILLED', names: ['Lee'] },
    ],
    [
      'two currencies',
      [billed, cell({ effortMs: 1, currency: 'USD', billableMicros: 5n })],
      { code: 'SEVERAL_CURRENCIES', currencies: ['EUR', 'USD'] },
    ],
  ])('says why there is none: %s', (_why, cells, refusal) => {
    expect(rateOf(...cells)).toEqual({ ok: false, refusal });
  });
});
