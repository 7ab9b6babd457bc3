import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { readPriceFile } from '#worker/costs/read-price-file.ts';

const options = { validFrom: toInstant(0) };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prices-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (text: string | Uint8Array) => {
  const path = join(folder, 'prices.json');
  await writeFile(path, text);
  return readPriceFile(path, options);
};
const refused = (told: string) => ({
  code: 'PRICES_UNREADABLE',
  message: expect.stringContaining(told),
});

describe('readPriceFile', () => {
  it('gives the prices, counts the models, and names what it left out', async () => {
    const text = `{
      "sample_spec":{"input_cost_per_token":0},
      "acme/large":{"mode":"chat","input_cost_per_token":2.5e-07,"odd_cost":1},
      "acme/free":{"mode":"chat"}
    }`;
    expect(await read(text)).toEqual({
      models: 2,
      prices: [
        {
          priceId: '1970-01-01:1',
          resourceName: 'acme/large',
          usageType: 'input',
          unit: 'token',
          priceMicros: 250_000n,
          perQuantity: 1_000_000,
          currency: 'USD',
          validFrom: toInstant(0),
        },
      ],
      findings: [{ model: 'acme/large', field: 'odd_cost', code: 'FIELD_UNKNOWN' }],
    });
  });

  it.each([
    ['no JSON', '{', 'one JSON value'],
    ['nothing in it', '', 'one JSON value'],
    ['a key that stands twice', '{"a":{},"a":{}}', 'each field once'],
    ['a field that stands twice', '{"a":{"x":1,"\\u0078":1}}', 'each field once'],
    ['a key that means something to the language', '{"__proto__":{"x":1}}', 'at $.__proto__'],
    ['a field that does', '{"a":{"constructor":{"prototype":1}}}', 'at $.a.constructor'],
    ['no object', '[]', 'the file is none'],
    ['a model that is no object', '{"acme/large":1}', '`acme/large` is none'],
    ['no price at all', '{"acme/large":{"mode":"chat"}}', 'no model in it has a cost'],
    ['bytes that are no text', new Uint8Array([0x7b, 0xff, 0x7d]), 'no UTF-8 text'],
    ['a line of 10 MB', `{"a":"${'x'.repeat(10_000_000)}"}`, 'at most 4194304 characters'],
    ['no end in sight', new Uint8Array(17_000_000).fill(32), 'longer than 16777216 bytes'],
    ['a name without end', `{"${'x'.repeat(4_000_000)}":1}`, 'is none'],
  ])('refuses a file that has %s in few words', async (_name, text, told) => {
    const failure: unknown = await read(text).catch((error: unknown) => error);
    expect(failure).toMatchObject(refused(told));
    expect(failure instanceof Error ? failure.message.length : 0).toBeLessThan(600);
  });

  it('refuses a file that is not there, and a folder', async () => {
    const missing = readPriceFile(join(folder, 'none.json'), options);
    await expect(missing).rejects.toMatchObject(refused('no such file'));
    await expect(readPriceFile(folder, options)).rejects.toMatchObject(refused('name a file'));
  });
});
