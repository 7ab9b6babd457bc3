import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { refuse, toInstant } from '#shared/kernel/index.ts';

const day = (n: number) => toInstant(n * 86_400_000);
const price = (given: Partial<cost.Price> = {}): cost.Price => ({
  priceId: 'p1',
  resourceName: 'acme/large',
  usageType: 'input',
  unit: 'token',
  priceMicros: 3_000_000n,
  perQuantity: 1_000_000,
  currency: 'USD',
  validFrom: day(10),
  ...given,
});
const open = (...entries: cost.Price[]) => cost.openPriceBook({ priceBookVersion: 'v1', entries });
const ask = (entries: cost.Price[], given: Partial<cost.Usage> = {}) => {
  const book = open(...entries);
  if (!book.ok) throw new Error(book.refusal.code);
  return book.value({
    resourceName: 'acme/large',
    usageType: 'input',
    unit: 'token',
    quantity: { digits: 1000n, scale: 0 },
    occurredAt: day(10),
    ...given,
  });
};

describe('openPriceBook', () => {
  it('prices a use by the price of its moment', () => {
    const prices = [
      price({ validTo: day(20) }),
      price({ priceId: 'p2', priceMicros: 5_000_000n, validFrom: day(20) }),
    ];
    expect(ask(prices)).toEqual({ amountMicros: 3000n, currency: 'USD', priceId: 'p1' });
    expect(ask(prices, { occurredAt: toInstant(20 * 86_400_000 - 1) })?.priceId).toBe('p1');
    expect(ask(prices, { occurredAt: day(20) })).toEqual({
      amountMicros: 5000n,
      currency: 'USD',
      priceId: 'p2',
    });
    expect(ask(prices, { occurredAt: toInstant(10 * 86_400_000 - 1) })).toBeUndefined();
  });

  it.each<Partial<cost.Usage>>([
    { resourceName: 'acme/small' },
    { usageType: 'output' },
    { unit: 'character' },
  ])('leaves %j unpriced rather than guess', (given) => {
    expect(ask([price()], given)).toBeUndefined();
  });

  it('takes the highest tier the request exceeds, in whatever order the tiers stand', () => {
    const tiers = [
      price({ priceId: 'p200', aboveTokens: 200_000 }),
      price({ priceId: 'p0' }),
      price({ priceId: 'p128', aboveTokens: 128_000 }),
    ];
    const idAt = (requestTokens: number) => ask(tiers, { requestTokens })?.priceId;
    expect([0, 128_000, 128_001, 200_000, 200_001].map(idAt)).toEqual([
      'p0',
      'p0',
      'p128',
      'p128',
      'p200',
    ]);
    expect(ask(tiers)?.priceId).toBe('p0');
    expect(ask(tiers.toReversed(), { requestTokens: 200_001 })?.priceId).toBe('p200');
  });

  it('knows a tier above 0 from the price of requests of unknown size', () => {
    expect(ask([price({ aboveTokens: 0 })])).toBeUndefined();
    expect(ask([price({ aboveTokens: 0 })], { requestTokens: 1 })?.priceId).toBe('p1');
  });

  it('rounds once, half to even, and prices a fraction of a unit', () => {
    const tiny = price({ priceMicros: 1n, perQuantity: 2 });
    const amount = (digits: bigint, scale = 0) =>
      ask([tiny], { quantity: { digits, scale } })?.amountMicros;
    expect([amount(1n), amount(3n), amount(5n), amount(31n, 1)]).toEqual([0n, 2n, 2n, 2n]);
  });

  it.each<[keyof cost.Price, Partial<cost.Price>]>([
    ['priceMicros', { priceMicros: -1n }],
    ['perQuantity', { perQuantity: 0 }],
    ['perQuantity', { perQuantity: 1.5 }],
    ['currency', { currency: 'usd' }],
    ['aboveTokens', { aboveTokens: -1 }],
    ['aboveTokens', { aboveTokens: 0.5 }],
    ['validTo', { validTo: day(10) }],
  ])('refuses a wrong %s', (field, given) => {
    const refusal = refuse({ code: 'PRICE_INVALID', priceId: 'p1', field });
    expect(open(price(given))).toEqual(refusal);
  });

  it('takes the smallest values that are right', () => {
    const smallest = { priceMicros: 0n, perQuantity: 1, aboveTokens: 0 };
    expect(open(price({ ...smallest, validTo: toInstant(10 * 86_400_000 + 1) })).ok).toBe(true);
  });

  it('refuses a price id that occurs twice', () => {
    const second = price({ validFrom: day(30) });
    expect(open(price({ validTo: day(20) }), second)).toEqual(
      refuse({ code: 'PRICE_INVALID', priceId: 'p1', field: 'priceId' }),
    );
  });

  it('refuses two prices of one use that hold at the same moment, whatever their currency', () => {
    const later = price({ priceId: 'p2', validFrom: day(19), currency: 'EUR' });
    expect(open(later, price({ validTo: day(20) }))).toEqual(
      refuse({ code: 'PRICES_OVERLAP', first: 'p1', second: 'p2' }),
    );
    const twin = { ...price(), priceId: 'p2' };
    for (const [first, second] of [
      [price(), twin],
      [twin, price()],
    ] as const) {
      expect(open(first, second)).toEqual(
        refuse({ code: 'PRICES_OVERLAP', first: first.priceId, second: second.priceId }),
      );
    }
    expect(open({ ...later, validFrom: day(20) }, price({ validTo: day(20) })).ok).toBe(true);
    expect(open(later, price({ validTo: day(20), aboveTokens: 5 })).ok).toBe(true);
    expect(open(price(), price({ priceId: 'p2', unit: 'image' })).ok).toBe(true);
  });

  it('keeps names apart that would run together', () => {
    const one = price({ resourceName: 'a b', usageType: 'c' });
    expect(open(one, price({ priceId: 'p2', resourceName: 'a', usageType: 'b c' })).ok).toBe(true);
  });
});

describe('priceEntry', () => {
  const entry: cost.MeasuredEntry = {
    entryId: 'E1',
    entryType: 'charge',
    idempotencyKey: 'k1',
    projectId: 'acme',
    resourceType: 'api_call',
    resourceName: 'acme/large',
    usageType: 'input',
    quantity: '1500',
    unit: 'token',
    source: 'measured',
    occurredAt: day(10),
    recordedAt: day(11),
  };
  const prices = (): cost.VersionedPrices => {
    const book = open(price(), price({ priceId: 'p9', priceMicros: 6_000_000n, aboveTokens: 100 }));
    if (!book.ok) throw new Error(book.refusal.code);
    return { priceBookVersion: 'v1', priceOf: book.value };
  };

  it('gives a line its amount and says by which price', () => {
    const priced = { amountMicros: 4500n, currency: 'USD', priceId: 'p1', priceBookVersion: 'v1' };
    expect(cost.priceEntry(entry, prices())).toEqual({ ...entry, ...priced });
    const dearer = { ...priced, amountMicros: 9000n, priceId: 'p9' };
    expect(cost.priceEntry(entry, prices(), 101)).toEqual({ ...entry, ...dearer });
  });

  it.each([{ resourceName: 'acme/small' }, { quantity: 'many' }])('leaves %j unpriced', (given) => {
    expect(cost.priceEntry({ ...entry, ...given }, prices())).toEqual({ ...entry, ...given });
  });
});
