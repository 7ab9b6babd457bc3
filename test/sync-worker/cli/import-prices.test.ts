import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { describePrices } from '#worker/cli/prices-text.ts';
import type { PriceReport } from '#worker/costs/index.ts';
import { openSqliteStore } from '#worker/store/index.ts';

const MAIN = resolve('sync-worker/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'founder-hq-import-prices-'));
const state = join(folder, '.founder-hq');
beforeAll(() => {
  mkdirSync(state);
  const large = { input_cost_per_token: 2e-6, input_cost_per_token_flex: 1e-6 };
  writeFileSync(join(folder, 'prices.json'), JSON.stringify({ large, small: { mode: 'chat' } }));
  writeFileSync(join(folder, 'bad.json'), '{"large":{"input_cost_per_token":1},"large":{}}');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...words: readonly string[]) {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, 'import', 'prices', ...words], {
    cwd: folder,
    env: { ...env, FOUNDER_HQ_STORE: '' },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code]: readonly unknown[] = await once(child, 'close');
  expect(err).not.toMatch(/\n\s+at /);
  return { code, out, err };
}

describe('founder-hq import prices', () => {
  it('shows a file without a ledger, stores it in one, and says when it comes again', async () => {
    const looked = await run('prices.json', '--dry-run', '--from', '2026-11-01');
    expect(looked.out.split('\n')).toEqual([
      'prices.json: 2 models, of which 1 without a price; prices in USD from 2026-11-01',
      '  1 prices new, 0 changed, 0 the same, 0 no longer in the file, which stay',
      '  left out: 1 fields that are not known as prices, by name:',
      '    1 × input_cost_per_token_flex',
      'Nothing was stored; without --dry-run this becomes price book 2026-11-01.001.',
      '',
    ]);
    expect([looked.code, readdirSync(state)]).toEqual([0, []]);
    expect(await run('prices.json')).toMatchObject({
      code: 1,
      err: expect.stringContaining('No doc was used here yet'),
    });
    const named = await run('prices.json', '--doc', 'dAbCdEfGhIj');
    expect(named).toMatchObject({ code: 1, err: expect.stringContaining('There is no ledger') });

    const file = join(state, 'ledger-dAbCdEfGhIj.db');
    await (await openSqliteStore({ file })).close();
    const options = ['prices.json', '--doc', 'dAbCdEfGhIj', '--from', '2026-11-01'] as const;
    const stored = await run(...options, '--json');
    expect([stored.code, JSON.parse(stored.out)]).toMatchObject([
      0,
      { outcome: 'stored', priceBookVersion: '2026-11-01.001', added: 1 },
    ]);
    expect(await run(...options)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Price book 2026-11-01.001 says the same already'),
    });
    const store = await openSqliteStore({ file });
    expect([(await store.head()).position, await store.listRecords('price_books')]).toMatchObject([
      1,
      [{ id: '2026-11-01.001' }],
    ]);
    await store.close();
  }, 180_000);

  it.each([
    [['bad.json', '--dry-run'], 1, /expected each field once/],
    [['.', '--dry-run'], 1, /it is a folder/],
    [['none.json', '--dry-run'], 1, /there is no such file/],
    [['prices.json', '--from', '2026-02-30'], 2, /Expected a day/],
    [['prices.json', '--currency', 'usd'], 2, /three capital letters/],
    [[], 2, /missing required argument/],
  ])('answers %j in one clear line', async (words, code, told) => {
    const answer = await run(...words);
    expect(answer).toMatchObject({ code, out: '', err: expect.stringMatching(told) });
  });
});

describe('describePrices', () => {
  const price = {
    priceId: 'p',
    resourceName: 'acme/\u001b[2Jlarge',
    usageType: 'input',
    unit: 'token',
    priceMicros: 2_500_000n,
    perQuantity: 1_000_000,
    currency: 'USD',
    aboveTokens: 128_000,
    validFrom: toInstant(0),
  };
  const change = { before: price, after: { ...price, priceMicros: 3_000_000n } };
  const report: PriceReport = {
    outcome: 'stored',
    priceBookVersion: '2026-11-01.001',
    from: '2026-11-01',
    currency: 'USD',
    models: 1,
    unpricedModels: 0,
    added: 0,
    changed: Array.from({ length: 22 }, () => change),
    same: 0,
    absent: 0,
    unknownFields: { rare: 1, common: 2 },
    unreadable: 3,
    rounded: 4,
  };

  it('shows changes by what they were and are, the first of them only, and nothing that steers a terminal', () => {
    const text = describePrices(report, 'prices.json');
    const line = '  acme/[2Jlarge input above 128,000 tokens: 2.5 USD per 1,000,000 token → 3 USD';
    expect(text.split(line)).toHaveLength(21);
    expect(text).toContain('and 2 more; --json gives all');
    expect(text.indexOf('2 × common')).toBeLessThan(text.indexOf('1 × rare'));
    expect(text).toContain('3 costs that are no number');
    expect(text).toContain('4 costs finer than can be kept');
    expect(text).not.toContain('\u001b');
  });
});
