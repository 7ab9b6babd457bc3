import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';

const day = (n: number) => toInstant(n * 86_400_000);

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
    expect(cost.openPriceBook({ priceBookVersion: 'v1', entries: prices }).ok).toBe(true);
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
      // A name that only begins or ends like a known one is another.
      ...plain.slice(3).map((field) => `${field}_x`),
      'x_mode',
      'tpm_cost',
      'input_cost_per_token_above_xk_tokens',
      'input_cost_per_token_above_1k_tokens_x',
      'x-input_cost_per_token_above_1k_tokens',
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

  it.each([[[1]], [true], [{}]])('finds no price in %j', (value) => {
    const result = cost.importModelPrices({ model: { input_cost_per_token: value } }, options);
    const field = 'input_cost_per_token';
    const findings = [{ model: 'model', field, code: 'PRICE_UNREADABLE' }];
    expect(result).toEqual(accept({ prices: [], findings }));
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
