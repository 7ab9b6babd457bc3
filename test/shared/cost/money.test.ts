import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { accept, refuse } from '#shared/kernel/index.ts';
import { proveMoney } from './prove-money.ts';

describe('parseDecimal', () => {
  it.each<[string, bigint, number]>([
    ['0', 0n, 0],
    ['-0.10', -10n, 2],
    ['2.5e-07', 25n, 8],
    ['2.5E+3', 2500n, 0],
    ['1e39', 10n ** 39n, 0],
    ['1e-40', 1n, 40],
    ['007', 7n, 0],
  ])('reads %s exactly', (text, digits, scale) => {
    expect(cost.parseDecimal(text)).toEqual(accept({ digits, scale }));
  });

  it.each([
    '',
    ' 1',
    '1 ',
    '1,5',
    '+1',
    '.5',
    '5.',
    '1e',
    '--1',
    '0x1',
    'NaN',
    'Infinity',
    '1_0',
    '1\n',
  ])('refuses %j as no number', (received) => {
    expect(cost.parseDecimal(received)).toEqual(refuse({ code: 'NOT_A_NUMBER', received }));
  });

  it.each(['1e40', '1e-41', '1e999999999', '1'.repeat(41), `0.${'1'.repeat(40)}`])(
    'refuses %s as too long',
    (received) => {
      expect(cost.parseDecimal(received)).toEqual(refuse({ code: 'TOO_MANY_DIGITS', received }));
    },
  );

  it('takes as many digits as it says', () => {
    expect(cost.parseDecimal('1'.repeat(cost.MAX_DECIMAL_DIGITS)).ok).toBe(true);
    expect(cost.MAX_DECIMAL_DIGITS).toBe(40);
  });
});

describe('divideHalfEven', () => {
  it.each<[bigint, bigint, bigint]>([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [26n, 10n, 3n],
    [24n, 10n, 2n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [-25n, 10n, -2n],
    [-26n, 10n, -3n],
    [0n, 1n, 0n],
    [7n, 1n, 7n],
  ])('%s by %s is %s', (dividend, divisor, quotient) => {
    expect(cost.divideHalfEven(dividend, divisor)).toBe(quotient);
  });

  it('takes a divisor that is not positive for a bug', () => {
    expect(() => cost.divideHalfEven(1n, 0n)).toThrow('expected a positive divisor, received `0`');
    expect(() => cost.divideHalfEven(1n, -1n)).toThrow('received `-1`');
  });
});

describe('parseMicros', () => {
  it.each<[string, bigint]>([
    ['1', 1_000_000n],
    ['-1.5', -1_500_000n],
    ['0.0000005', 0n],
    ['0.0000015', 2n],
    ['0.00000050001', 1n],
    ['1e-6', 1n],
    ['12345678901.123456', 12_345_678_901_123_456n],
    ['9999999999999.999999', 9_999_999_999_999_999_999n],
    ['-9999999999999.999999', -9_999_999_999_999_999_999n],
  ])('reads %s', (text, micros) => {
    expect(cost.parseMicros(text)).toEqual(accept(micros));
  });

  it.each(['10000000000000', '-10000000000000', '9999999999999.9999995'])(
    'refuses %s, which no document can hold',
    (received) => {
      expect(cost.parseMicros(received)).toEqual(refuse({ code: 'TOO_MANY_DIGITS', received }));
    },
  );

  it('refuses what is no number', () => {
    expect(cost.parseMicros('12 EUR')).toEqual(
      refuse({ code: 'NOT_A_NUMBER', received: '12 EUR' }),
    );
  });
});

describe('formatMicros', () => {
  it.each<[bigint, string]>([
    [0n, '0'],
    [1n, '0.000001'],
    [-1n, '-0.000001'],
    [1_500_000n, '1.5'],
    [-12_000_000n, '-12'],
    [1_000_010n, '1.00001'],
    [999_999n, '0.999999'],
  ])('writes %s as %s', (micros, text) => {
    expect(cost.formatMicros(micros)).toBe(text);
  });
});

describe('parseMoney', () => {
  it('takes an amount and a currency', () => {
    expect(cost.parseMoney('0.25', 'EUR')).toEqual(accept({ micros: 250_000n, currency: 'EUR' }));
  });

  it.each(['', 'EU', 'EURO', 'eur', 'E1R', '€'])('refuses %j as a currency', (received) => {
    expect(cost.parseMoney('x', received)).toEqual(refuse({ code: 'CURRENCY_UNKNOWN', received }));
  });

  it('refuses an amount that is none', () => {
    expect(cost.parseMoney('x', 'EUR')).toEqual(refuse({ code: 'NOT_A_NUMBER', received: 'x' }));
  });
});

describe('sumMoney', () => {
  it('adds each currency by itself', () => {
    const money = (micros: bigint, currency: string) => ({ micros, currency });
    expect(
      cost.sumMoney([money(3n, 'USD'), money(1n, 'CHF'), money(1n, 'EUR'), money(-5n, 'USD')]),
    ).toEqual([money(1n, 'CHF'), money(1n, 'EUR'), money(-2n, 'USD')]);
    expect(cost.sumMoney([])).toEqual([]);
  });
});

describe('splitMicros', () => {
  it.each<[bigint, readonly bigint[], readonly bigint[]]>([
    [100n, [1n, 1n, 1n], [34n, 33n, 33n]],
    [-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
    [101n, [1n, 1n, 1n], [34n, 34n, 33n]],
    [10n, [3n, 3n, 1n], [4n, 4n, 2n]],
    [1n, [1n, 2n], [0n, 1n]],
    [5n, [0n, 1n, 0n], [0n, 5n, 0n]],
    [7n, [0n, 0n], [4n, 3n]],
    [0n, [5n, 1n], [0n, 0n]],
    [2n, [1n, 1n, 1n, 1n], [1n, 1n, 0n, 0n]],
    [9n, [1n], [9n]],
  ])('splits %s by largest remainder, case %#', (total, weights, parts) => {
    expect(cost.splitMicros(total, weights)).toEqual(parts);
  });

  it('takes no weights, or one below 0, for a bug', () => {
    expect(() => cost.splitMicros(1n, [])).toThrow('a total was to be split among nobody');
    expect(() => cost.splitMicros(1n, [1n, -1n])).toThrow(
      'expected weights from 0, received `1,-1`',
    );
  });
});

describe('allocateShared', () => {
  it('says who bears which part, in the currency of the whole', () => {
    const shares = [
      { to: 'acme', weight: 1n },
      { to: 'house', weight: 2n },
    ];
    expect(cost.allocateShared({ micros: 10n, currency: 'EUR' }, shares)).toEqual(
      accept([
        { to: 'acme', micros: 3n, currency: 'EUR' },
        { to: 'house', micros: 7n, currency: 'EUR' },
      ]),
    );
  });

  it('refuses nobody and a negative weight', () => {
    const whole = { micros: 10n, currency: 'EUR' };
    expect(cost.allocateShared(whole, [])).toEqual(refuse({ code: 'NOBODY_BEARS_IT' }));
    const shares = [
      { to: 'acme', weight: 1n },
      { to: 'house', weight: -1n },
    ];
    expect(cost.allocateShared(whole, shares)).toEqual(
      refuse({ code: 'WEIGHT_NEGATIVE', to: 'house' }),
    );
  });
});

describe('money', () => {
  it('loses no micro in 20 000 random splits, allocations, texts and prices', () => {
    expect(proveMoney(20_000, 7)).toEqual({ cases: 20_000, lostMicros: 0n, faults: [] });
  });
});
