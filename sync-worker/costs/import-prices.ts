import type { ModelPriceFinding, Price } from '#shared/cost/index.ts';
import { type Clock, type Day, DomainError, toInstant } from '#shared/kernel/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { mergePrices, type PriceChange } from './merge-prices.ts';
import {
  type DatedBook,
  nextVersion,
  readNewestBook,
  storeBook,
  toBookDocument,
} from './price-books.ts';
import { readPriceFile } from './read-price-file.ts';

/** A file of model prices, and what to do with it. */
export interface PriceImport {
  readonly path: string;
  /** The day its prices begin: the file itself has none. */
  readonly day: Day;
  readonly currency: string;
  readonly clock: Clock;
  /** The ledger that knows earlier prices; absent where there is none yet. */
  readonly store?: Pick<Store, 'listRecords' | 'transaction'>;
  /** Whether nothing is stored. */
  readonly isDryRun: boolean;
}

/** What came of it. */
export interface PriceReport {
  /** `unchanged`: the newest price book says the same already, so there is no new one. */
  readonly outcome: 'checked' | 'stored' | 'unchanged';
  /** The version of the price book that is stored, or would be, or says the same already. */
  readonly priceBookVersion: string;
  readonly from: Day;
  readonly currency: string;
  readonly models: number;
  /** Models without any price, which stay unpriced. */
  readonly unpricedModels: number;
  readonly added: number;
  readonly changed: readonly PriceChange[];
  readonly same: number;
  /** Uses the newest book prices and the file does not; they keep their price. */
  readonly absent: number;
  /** How often each field stands there that may be a price and is not known, by its name. */
  readonly unknownFields: Readonly<Record<string, number>>;
  /** Costs that are no number, and costs so fine that they were rounded. */
  readonly unreadable: number;
  readonly rounded: number;
}

/**
 * Reads a file of model prices, holds it against the newest price book, and stores what comes of both as the next version; the same
 * file again changes nothing. Errors: `DomainError` `PRICES_UNREADABLE`, `PRICES_BACKDATED`, `PRICES_CLASH`, `PRICE_BOOK_TAKEN`, and the store's own.
 */
export async function importPrices(asked: PriceImport): Promise<PriceReport> {
  const { path, day, currency, store } = asked;
  const from = toInstant(Date.parse(`${day}T00:00:00.000Z`));
  const file = await readPriceFile(path, { validFrom: from, currency });
  const newest = store === undefined ? undefined : await readNewestBook(store);
  if (newest !== undefined && day < newest.day) throw backdated(newest, day);
  const given = file.prices.map((price) => ({ ...price, priceId: toPriceId(price, day) }));
  const { entries, ...counts } = mergePrices(newest?.entries ?? [], given, from);
  return {
    ...(await keep(asked, { newest, entries, isNews: counts.added + counts.changed.length > 0 })),
    from: day,
    currency,
    models: file.models,
    unpricedModels: file.models - new Set(given.map(({ resourceName }) => resourceName)).size,
    ...counts,
    ...countFindings(file.findings),
  };
}

interface Outcome {
  readonly newest: DatedBook | undefined;
  readonly entries: readonly Price[];
  readonly isNews: boolean;
}

/** Checks that the prices make a book, and stores it where that is asked for and it says something new. */
async function keep(
  { day, clock, store, isDryRun }: PriceImport,
  { newest, entries, isNews }: Outcome,
): Promise<Pick<PriceReport, 'outcome' | 'priceBookVersion'>> {
  if (newest !== undefined && !isNews) {
    return { outcome: 'unchanged', priceBookVersion: newest.priceBookVersion };
  }
  const priceBookVersion = nextVersion(newest, day);
  const book = toBookDocument({ priceBookVersion, entries });
  if (isDryRun || store === undefined) return { outcome: 'checked', priceBookVersion };
  await storeBook(store, book, toInstant(clock()));
  return { outcome: 'stored', priceBookVersion };
}

/** A price keeps its name in every book it stands in, and no two prices share one. */
function toPriceId(price: Price, day: Day): string {
  const { resourceName, usageType, unit, aboveTokens = -1, priceMicros } = price;
  const use = [resourceName, usageType, unit, aboveTokens];
  const amount = [String(priceMicros), price.perQuantity, price.currency];
  return `${day}:${sha256(JSON.stringify([...use, ...amount])).slice(0, 20)}`;
}

function backdated({ priceBookVersion, day }: DatedBook, asked: Day): DomainError {
  const text = `The newest price book ${priceBookVersion} begins on ${day}, after ${asked}: name that day or a later one with --from.`;
  return new DomainError('PRICES_BACKDATED', text);
}

function countFindings(
  findings: readonly ModelPriceFinding[],
): Pick<PriceReport, 'unknownFields' | 'unreadable' | 'rounded'> {
  const fields = new Map<string, number>();
  let unreadable = 0;
  let rounded = 0;
  for (const { field, code } of findings) {
    if (code === 'FIELD_UNKNOWN') fields.set(field, (fields.get(field) ?? 0) + 1);
    if (code === 'PRICE_UNREADABLE') unreadable += 1;
    if (code === 'PRICE_ROUNDED') rounded += 1;
  }
  return { unknownFields: Object.fromEntries(fields), unreadable, rounded };
}
