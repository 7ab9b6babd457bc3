import { describe, expect, it } from 'vitest';
import { type ExchangeRate, openExchangeRates } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';

const at = (month: number) => toInstant(Date.UTC(2026, month, 1));
const march = { from: 'USD', to: 'EUR', rate: '0.915', validFrom: at(2), validTo: at(3) };
const open = (rates: readonly ExchangeRate[]) => {
  const opened = openExchangeRates(rates);
  if (!opened.ok) throw new Error(opened.refusal.code);
  return opened.value;
};

describe('openExchangeRates', () => {
  it('converts at the rate of the moment, rounded once, half to even', () => {
    const convert = open([march, { ...march, rate: '0.5', validFrom: at(3), validTo: at(4) }]);
    const usd = (micros: bigint) => ({ micros, currency: 'USD' });
    expect(convert(usd(1_000_000n), 'EUR', at(2))).toEqual({
      ok: true,
      value: { micros: 915_000n, currency: 'EUR' },
    });
    const halves = [1n, 3n, -5n].map((micros) => convert(usd(micros), 'EUR', at(3)));
    expect(halves.map((half) => half.ok && half.value.micros)).toEqual([0n, 2n, -2n]);
  });

  it('leaves an amount in the currency asked for as it is', () => {
    const money = { micros: 7n, currency: 'EUR' };
    expect(open([])(money, 'EUR', at(0))).toEqual({ ok: true, value: money });
  });

  it('names a rate that is missing and guesses none: not from the reverse, a third or another day', () => {
    const convert = open([march, { ...march, from: 'EUR', to: 'GBP' }]);
    for (const [from, to, when] of [
      ['EUR', 'USD', at(2)],
      ['USD', 'GBP', at(2)],
      ['USD', 'EUR', at(1)],
      ['USD', 'EUR', at(3)],
    ] as const) {
      expect(convert({ micros: 1n, currency: from }, to, when)).toEqual({
        ok: false,
        refusal: { code: 'RATE_MISSING', from, to, at: when },
      });
    }
  });

  it.each<[Partial<ExchangeRate>, object]>([
    [{ rate: '0' }, { code: 'NOT_POSITIVE', received: '0' }],
    [{ rate: '-1' }, { code: 'NOT_POSITIVE', received: '-1' }],
    [{ rate: '1,5' }, { code: 'NOT_A_NUMBER', received: '1,5' }],
    [{ to: 'euro' }, { code: 'CURRENCY_UNKNOWN', received: 'euro' }],
    [{ from: '' }, { code: 'CURRENCY_UNKNOWN', received: '' }],
  ])('refuses %j', (wrong, refusal) => {
    expect(openExchangeRates([{ ...march, ...wrong }])).toEqual({ ok: false, refusal });
  });

  it('refuses two rates of one pair at one moment', () => {
    expect(openExchangeRates([march, { ...march, rate: '1' }])).toEqual({
      ok: false,
      refusal: { code: 'RATES_OVERLAP', from: 'USD', to: 'EUR', at: at(2) },
    });
  });
});
