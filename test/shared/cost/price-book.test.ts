import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';

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
    expect(open({ ...later, validFrom: day(20) }, price({ validTo: day(20) })).ok).toBe(true);
    expect(open(later, price({ validTo: day(20), aboveTokens: 5 })).ok).toBe(true);
    expect(open(price(), price({ priceId: 'p2', unit: 'image' })).ok).toBe(true);
  });

  it('keeps names apart that would run together', () => {
    const one = price({ resourceName: 'a b', usageType: 'c' });
    expect(open(one, price({ priceId: 'p2', resourceName: 'a', usageType: 'b c' })).ok).toBe(true);
  });
});

describe('importModelPrices', () => {
  const options = { validFrom: day(10) };
  // The form of the public file, cut to what tells its fields apart; the models are made up.
  const file = {
    sample_spec: { input_cost_per_token: 0, mode: 'one of: chat, embedding' },
    'acme/large': {
      max_tokens: 8192,
      litellm_provider: 'acme',
      mode: 'chat',
      supports_vision: true,
      input_cost_per_token: 2.5e-7,
      output_cost_per_token: 0.000015,
      cache_read_input_token_cost: 1.25e-8,
      cache_creation_input_token_cost: '3.125e-07',
      input_cost_per_token_above_200k_tokens: 5e-7,
      regional_uplift: 1.1,
      output_cost_per_image: null,
    },
    'acme/free': { input_cost_per_token: 0, input_cost_per_token_batches: -1 },
    'acme/odd': { input_cost_per_token: '2.9999900000000002e-07', output_cost_per_token: 1e-15 },
  };
  const imported = () => {
    const result = cost.importModelPrices(file, options);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };

  it('turns costs of one token into exact micros of a million', () => {
    const rows = imported()
      .prices.filter(({ resourceName }) => resourceName === 'acme/large')
      .map((one) => [one.usageType, one.unit, one.priceMicros, one.perQuantity, one.aboveTokens]);
    expect(rows).toEqual([
      ['input', 'token', 250_000n, 1_000_000, undefined],
      ['output', 'token', 15_000_000n, 1_000_000, undefined],
      ['cached_input', 'token', 12_500n, 1_000_000, undefined],
      ['cache_write', 'token', 312_500n, 1_000_000, undefined],
      ['input', 'token', 500_000n, 1_000_000, 200_000],
    ]);
  });

  it('dates and names each price, and makes a book of them that opens', () => {
    const { prices } = imported();
    expect(prices[0]).toEqual({
      priceId: '1970-01-11:1',
      resourceName: 'acme/large',
      usageType: 'input',
      unit: 'token',
      priceMicros: 250_000n,
      perQuantity: 1_000_000,
      currency: 'USD',
      validFrom: day(10),
    });
    expect(open(...prices).ok).toBe(true);
  });

  it('takes more units where a million of them cost no whole micros, up to 10^15', () => {
    const odd = imported().prices.filter(({ resourceName }) => resourceName === 'acme/odd');
    expect(odd.map(({ priceMicros, perQuantity }) => [priceMicros, perQuantity])).toEqual([
      [299_999_000_000_000n, 1_000_000_000_000_000],
      [1n, 1_000_000_000],
    ]);
  });

  it('keeps a price of 0 and names what it did not take as written', () => {
    const { prices, findings } = imported();
    expect(prices.find(({ resourceName }) => resourceName === 'acme/free')?.priceMicros).toBe(0n);
    expect(findings).toEqual([
      { model: 'acme/large', field: 'regional_uplift', code: 'FIELD_UNKNOWN' },
      { model: 'acme/large', field: 'output_cost_per_image', code: 'PRICE_UNREADABLE' },
      { model: 'acme/free', field: 'input_cost_per_token_batches', code: 'PRICE_UNREADABLE' },
      { model: 'acme/odd', field: 'input_cost_per_token', code: 'PRICE_ROUNDED' },
    ]);
  });

  it('reads every field it knows as the use it says', () => {
    const known: Record<string, string> = {
      input_cost_per_token: 'input token',
      output_cost_per_token: 'output token',
      output_cost_per_reasoning_token: 'reasoning token',
      cache_read_input_token_cost: 'cached_input token',
      cache_creation_input_token_cost: 'cache_write token',
      cache_creation_input_token_cost_above_1hr: 'cache_write_1h token',
      input_cost_per_audio_token: 'audio_input token',
      output_cost_per_audio_token: 'audio_output token',
      input_cost_per_token_batches: 'batch_input token',
      output_cost_per_token_batches: 'batch_output token',
      input_cost_per_character: 'input character',
      output_cost_per_character: 'output character',
      input_cost_per_image: 'input image',
      output_cost_per_image: 'output image',
      input_cost_per_second: 'input second',
      output_cost_per_second: 'output second',
      input_cost_per_query: 'input query',
    };
    const model = Object.fromEntries(Object.keys(known).map((field) => [field, 1]));
    const result = cost.importModelPrices({ model }, options);
    const uses = result.ok
      ? result.value.prices.map((one) => `${one.usageType} ${one.unit}`)
      : undefined;
    expect(uses).toEqual(Object.values(known));
  });

  it('takes what a model is or can do for no price, and anything else for unknown', () => {
    const plain = [
      'max_tokens',
      'supports_x',
      'supported_x',
      'litellm_provider',
      'mode',
      'source',
      'deprecation_date',
      'metadata',
      'rpm',
      'tpm',
      'output_vector_size',
      'tool_use_system_prompt_tokens',
    ];
    const unknown = [
      'mode_x',
      'x_mode',
      'tpm_cost',
      'input_cost_per_token_above_xk_tokens',
      'x_above_1k_tokens',
    ];
    const model = Object.fromEntries([...plain, ...unknown].map((field) => [field, 1]));
    const result = cost.importModelPrices({ model }, { ...options, currency: 'EUR' });
    expect(result).toEqual(
      accept({
        prices: [],
        findings: unknown.map((field) => ({ model: 'model', field, code: 'FIELD_UNKNOWN' })),
      }),
    );
  });

  it('puts the prices into the currency it is told', () => {
    const model = { input_cost_per_token_above_128k_tokens: 1 };
    const result = cost.importModelPrices({ model }, { ...options, currency: 'EUR' });
    expect(result.ok && result.value.prices[0]).toMatchObject({
      currency: 'EUR',
      aboveTokens: 128_000,
    });
  });

  it.each([null, [], 'x', 1])('refuses %j as a price file', (other) => {
    expect(cost.importModelPrices(other, options)).toEqual(refuse({ code: 'NOT_A_PRICE_FILE' }));
    expect(cost.importModelPrices({ model: other }, options)).toEqual(
      refuse({ code: 'NOT_A_PRICE_FILE', model: 'model' }),
    );
  });
});

describe('openLabourRates', () => {
  const rate = (given: Partial<cost.LabourRate> = {}): cost.LabourRate => ({
    person: 'dana',
    currency: 'EUR',
    costMicrosPerHour: 60_000_000n,
    billableMicrosPerHour: 90_000_000n,
    validFrom: day(10),
    validTo: day(20),
    ...given,
  });
  const work = { person: 'dana', effortMs: 5_400_000, occurredAt: day(10) };
  const askRates = (rates: cost.LabourRate[], given: Partial<cost.Labour> = {}) => {
    const opened = cost.openLabourRates(rates);
    if (!opened.ok) throw new Error(opened.refusal.code);
    return opened.value({ ...work, ...given });
  };

  it('prices effort by the hour, cost and bill apart', () => {
    expect(askRates([rate()])).toEqual({
      currency: 'EUR',
      costMicros: 90_000_000n,
      billableMicros: 135_000_000n,
    });
    expect(askRates([rate({ costMicrosPerHour: 1n })], { effortMs: 1_800_000 })?.costMicros).toBe(
      0n,
    );
    expect(askRates([rate({ costMicrosPerHour: 3n })], { effortMs: 1_800_000 })?.costMicros).toBe(
      2n,
    );
  });

  it('leaves out a rate that is blank', () => {
    expect(askRates([{ person: 'dana', currency: 'EUR', validFrom: day(1) }])).toEqual({
      currency: 'EUR',
    });
  });

  it('knows no rate of another person or another time', () => {
    expect(askRates([rate()], { person: 'lee' })).toBeUndefined();
    expect(askRates([rate()], { occurredAt: day(20) })).toBeUndefined();
    expect(askRates([rate()], { occurredAt: day(9) })).toBeUndefined();
  });

  it('refuses two rates of one person at one moment', () => {
    expect(cost.openLabourRates([rate(), rate({ validFrom: day(15), validTo: day(30) })])).toEqual(
      refuse({ code: 'RATES_OVERLAP', person: 'dana', at: day(15) }),
    );
    expect(cost.openLabourRates([rate(), rate({ person: 'lee' })]).ok).toBe(true);
    expect(cost.openLabourRates([rate(), rate({ validFrom: day(20) })]).ok).toBe(true);
  });
});
