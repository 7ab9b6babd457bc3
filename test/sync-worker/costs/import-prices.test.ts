import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import { importPrices, type PriceImport } from '#worker/costs/index.ts';
import { openSqliteStore, type Store } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { HAS_NO_POSTGRES, useEmptyStores } from '../store/postgres/postgres-docs.ts';
import { useStoreFiles } from '../store/store-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'founder-hq-prices-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'prices.json');
const write = (costs: Readonly<Record<string, object>>) =>
  writeFileSync(path, JSON.stringify(costs));
const cost = (input_cost_per_token: number) => ({ input_cost_per_token });

const newFile = useStoreFiles();
describePriceImport('SQLite', () => openSqliteStore({ file: newFile() }));
describe.skipIf(HAS_NO_POSTGRES)('on a server', () => {
  describePriceImport('PostgreSQL', useEmptyStores());
});

function describePriceImport(name: string, create: () => Promise<Store>): void {
  describe(`a price import into ${name}`, () => {
    let store: Store;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());
    const bring = (day: string, options: Partial<PriceImport> = {}) =>
      importPrices({
        path,
        day,
        currency: 'USD',
        clock: () => 1_700_000_000_000,
        store,
        isDryRun: false,
        ...options,
      });
    const versions = async () => (await store.listRecords('price_books')).map(({ id }) => id);

    it('stores a book, tells the ledger of it, and does nothing when it comes again', async () => {
      write({
        'acme/large': { ...cost(2e-6), odd_cost: 1, output_cost_per_token: 'much' },
        acme: {},
      });
      const report = await bring('2026-11-01');
      expect(report).toEqual({
        outcome: 'stored',
        priceBookVersion: '2026-11-01.001',
        from: '2026-11-01',
        currency: 'USD',
        models: 2,
        unpricedModels: 1,
        added: 1,
        changed: [],
        same: 0,
        absent: 0,
        unknownFields: { odd_cost: 1 },
        unreadable: 1,
        rounded: 0,
      });
      const head = await store.head();
      expect(await verifyStore(store)).toMatchObject({ ok: true, checked: 1 });
      const [record] = await store.listRecords('price_books');
      expect((await store.readStream('ledger/price_books'))[0]).toMatchObject({
        type: 'document_recorded',
        payload: { table: 'price_books', id: '2026-11-01.001', document: record?.document },
      });
      for (const day of ['2026-11-01', '2026-11-09']) {
        const again = { outcome: 'unchanged', priceBookVersion: '2026-11-01.001', same: 1 };
        expect(await bring(day)).toMatchObject(again);
      }
      expect(await store.head()).toEqual(head);
    });

    it('makes another book where a price changes, and of the same day a second', async () => {
      write({ large: cost(2e-6), small: cost(1e-6) });
      await bring('2026-11-01');
      write({ large: cost(3e-6), tiny: cost(0) });
      expect(await bring('2026-11-09')).toMatchObject({
        outcome: 'stored',
        priceBookVersion: '2026-11-09.001',
        added: 1,
        changed: [{ before: { priceMicros: 2_000_000n }, after: { priceMicros: 3_000_000n } }],
        absent: 1,
      });
      write({ large: cost(4e-6) });
      expect(await bring('2026-11-09')).toMatchObject({ priceBookVersion: '2026-11-09.002' });
      expect(await versions()).toEqual(['2026-11-01.001', '2026-11-09.001', '2026-11-09.002']);
      const newest = await store.getRecord('price_books', '2026-11-09.002');
      const book = parseContract(newest?.document, 'price_book');
      const facts = (book.ok ? book.value.entries : []).map(
        ({ resourceName, priceMicros, validFrom, validTo }) =>
          [resourceName, priceMicros, validFrom, validTo].map((fact) => String(fact).slice(0, 10)),
      );
      expect(facts).toEqual([
        ['large', '2000000', '2026-11-01', '2026-11-09'],
        ['small', '1000000', '2026-11-01', 'undefined'],
        ['tiny', '0', '2026-11-09', 'undefined'],
        ['large', '4000000', '2026-11-09', 'undefined'],
      ]);
    });

    it('only shows what would be new in a dry run, with or without a ledger', async () => {
      write({ large: cost(2e-6) });
      const asked = { path, day: '2026-11-01', currency: 'USD', clock: Date.now, isDryRun: true };
      for (const report of [await importPrices(asked), await importPrices({ ...asked, store })]) {
        expect(report).toMatchObject({ outcome: 'checked', added: 1 });
      }
      expect([await versions(), (await store.head()).position]).toEqual([[], 0]);
    });

    it('refuses to begin before the newest book does', async () => {
      write({ large: cost(2e-6) });
      await bring('2026-11-09');
      await expect(bring('2026-11-08')).rejects.toMatchObject({
        code: 'PRICES_BACKDATED',
        message: expect.stringContaining('--from'),
      });
    });

    it('takes the tenth book of a day for newer than the ninth, and no other document for one of its own', async () => {
      for (let micros = 1; micros <= 10; micros += 1) {
        write({ large: cost(micros / 1e6) });
        await bring('2026-11-09');
      }
      const document = { schema: 'price_book.v1', priceBookVersion: 'z-by-hand', entries: [] };
      await store.transaction((step) =>
        step.putRecords('price_books', [{ id: 'z-by-hand', document }]),
      );
      const again = await bring('2026-11-09');
      expect(again).toMatchObject({ outcome: 'unchanged', priceBookVersion: '2026-11-09.010' });
    });

    it('lets the slower of two imports begin again', async () => {
      write({ large: cost(2e-6) });
      const listRecords: Store['listRecords'] = async (...asked) => {
        const before = await store.listRecords(...asked);
        await bring('2026-11-01');
        return before;
      };
      const slow = bring('2026-11-01', {
        store: { ...store, listRecords },
        clock: () => 1_700_000_000_001,
      });
      await expect(slow).rejects.toMatchObject({ code: 'PRICE_BOOK_TAKEN', retryable: true });
      expect(await bring('2026-11-01')).toMatchObject({ outcome: 'unchanged' });
    });
  });
}

describe('a price import', () => {
  const TIERS = {
    input_cost_per_token_above_1k_tokens: 1,
    input_cost_per_token_above_01k_tokens: 2,
  };

  it.each([
    ['two prices for one use', { large: TIERS }, 'input of `large` has two prices at once'],
    ['a name no document can hold', { ['x'.repeat(201)]: cost(1) }, 'entries[0].resourceName'],
    ['an amount no document can hold', { large: cost(1e15) }, 'entries[0].priceMicros'],
  ])('refuses %s', async (_, costs, told) => {
    write(costs);
    const asked = { path, day: '2026-11-01', currency: 'USD', clock: Date.now, isDryRun: true };
    const failure: unknown = await importPrices(asked).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'PRICES_CLASH' });
    for (const words of [told, 'correct the file']) expect(String(failure)).toContain(words);
  });
});
