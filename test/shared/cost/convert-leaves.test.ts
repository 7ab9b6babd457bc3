import { describe, expect, it } from 'vitest';
import {
  type CostLeaf,
  convertLeaves,
  openExchangeRates,
  rollUp,
  timeDimensions,
} from '#shared/cost/index.ts';
import { startOfDay, toInstant } from '#shared/kernel/index.ts';

const ZONE = 'Europe/Berlin';
const from = (day: string) => toInstant(startOfDay(day, ZONE));
const opened = openExchangeRates([
  {
    from: 'USD',
    to: 'EUR',
    rate: '0.9',
    validFrom: from('2026-03-02'),
    validTo: from('2026-03-03'),
  },
]);
const leaf = (change: Partial<CostLeaf> = {}): CostLeaf => ({
  leafId: 'cost/1',
  name: 'hosting',
  dimensions: timeDimensions('2026-03-02'),
  currency: 'USD',
  costMicros: 10n,
  billableMicros: 20n,
  ...change,
});
const convert = (...leaves: readonly CostLeaf[]) => {
  if (!opened.ok) throw new Error(opened.refusal.code);
  return convertLeaves(leaves, { to: 'EUR', convert: opened.value, timeZone: ZONE });
};

describe('convertLeaves', () => {
  it('takes the rate of the day, as clocks of the zone show it, and leaves the currency asked for', () => {
    const own = leaf({ currency: 'EUR', leafId: 'cost/2' });
    const { leaves, missing } = convert(leaf(), own, leaf({ leafId: 'cost/3', costMicros: 5n }));
    expect(leaves).toEqual([
      leaf({ currency: 'EUR', costMicros: 9n, billableMicros: 18n }),
      own,
      leaf({ leafId: 'cost/3', currency: 'EUR', costMicros: 4n, billableMicros: 18n }),
    ]);
    expect(missing).toEqual([]);
  });

  it('names a rate nobody gave, and knows neither amount nor margin then', () => {
    const late = leaf({ dimensions: timeDimensions('2026-03-03') });
    const { dimensions: _, ...undated } = leaf({ leafId: 'cost/4' });
    const back = leaf({ currency: 'CHF', dimensions: timeDimensions('2026-03-02') });
    const { billableMicros: __, ...cost } = back;
    const { leaves, missing } = convert(late, late, { ...undated, dimensions: {} }, cost);
    expect(missing).toEqual([
      { name: 'CHF to EUR on 2026-03-02', count: 1 },
      { name: 'USD to EUR of no known day', count: 1 },
      { name: 'USD to EUR on 2026-03-03', count: 2 },
    ]);
    expect(rollUp(leaves, [])).toMatchObject([{ cells: 4, totals: [], unpricedCount: 4 }]);
    expect(leaves.map(({ isUnbilled }) => isUnbilled)).toEqual([true, true, true, undefined]);
  });

  it('keeps what is unpriced unpriced', () => {
    const { costMicros: _, billableMicros: __, ...unpriced } = leaf();
    const { currency: ___, ...unknown } = unpriced;
    const { leaves, missing } = convert(unpriced, unknown);
    expect(leaves).toEqual([{ ...unpriced, currency: 'EUR' }, unknown]);
    expect(missing).toEqual([]);
  });
});
