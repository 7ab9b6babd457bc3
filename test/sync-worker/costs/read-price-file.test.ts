import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { readPriceFile } from '#worker/costs/index.ts';

const options = { validFrom: toInstant(0), priceBookVersion: '2026-11' };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prices-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string) => {
  const path = join(folder, 'prices.json');
  await writeFile(path, text);
  return readPriceFile(path, options);
};

describe('readPriceFile', () => {
  it('makes a price book the store can keep, and names what it left out', async () => {
    const text = '{"acme/large":{"mode":"chat","input_cost_per_token":2.5e-07,"odd_cost":1}}';
    expect(await read(text)).toEqual({
      book: {
        schema: 'price_book.v1',
        priceBookVersion: '2026-11',
        entries: [
          {
            priceId: '1970-01-01:1',
            resourceName: 'acme/large',
            usageType: 'input',
            unit: 'token',
            priceMicros: '250000',
            perQuantity: 1_000_000,
            currency: 'USD',
            validFrom: toInstant(0),
          },
        ],
      },
      findings: [{ model: 'acme/large', field: 'odd_cost', code: 'FIELD_UNKNOWN' }],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['a key that stands twice', '{"a":{},"a":{}}'],
    ['no object', '[]'],
    ['a name no document can hold', `{"${'x'.repeat(201)}":{"input_cost_per_token":1}}`],
  ])('refuses a file that has %s', async (_name, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'PRICES_UNREADABLE' });
  });

  it('refuses a file that is not there and a currency that is none', async () => {
    await expect(readPriceFile(join(folder, 'none.json'), options)).rejects.toMatchObject({
      code: 'PRICES_UNREADABLE',
    });
    const path = join(folder, 'prices.json');
    await writeFile(path, '{"a":{"input_cost_per_token":1}}');
    await expect(readPriceFile(path, { ...options, currency: 'usd' })).rejects.toMatchObject({
      code: 'PRICES_UNREADABLE',
    });
  });
});
