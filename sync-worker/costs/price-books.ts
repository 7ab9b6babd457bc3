import { type ContractDocument, parseContract } from '#shared/contracts/index.ts';
import {
  microsToText,
  openPriceBook,
  type Price,
  type PriceBook,
  type PriceBookRefusal,
} from '#shared/cost/index.ts';
import { type Day, DomainError, type Instant } from '#shared/kernel/index.ts';
import { toDocumentEvent } from '#shared/ledger/index.ts';
import type { Store, StoredRecord } from '#worker/store/index.ts';

/** Why a price book is not read or not stored. */
export type PriceBookErrorCode = 'PRICES_CLASH' | 'PRICE_BOOK_TAKEN' | 'STORE_CORRUPT';

/** A price book an import has stored: its version is the day its newest prices begin, and which it is of that day. */
export interface DatedBook extends PriceBook {
  readonly day: Day;
  readonly number: number;
}

const VERSION = /^(\d{4}-\d{2}-\d{2})\.(\d{3,6})$/;

/** The version of a day's next book. */
export function nextVersion(newest: DatedBook | undefined, day: Day): string {
  const number = newest?.day === day ? newest.number + 1 : 1;
  return `${day}.${String(number).padStart(3, '0')}`;
}

/** The newest price book that an import has stored. Errors: `DomainError` `STORE_CORRUPT`, and the store's own. */
export async function readNewestBook(
  store: Pick<Store, 'listRecords'>,
): Promise<DatedBook | undefined> {
  let newest: { day: string; number: number; record: StoredRecord } | undefined;
  for (const record of await store.listRecords('price_books')) {
    const [, day, digits] = VERSION.exec(record.id) ?? [];
    if (day === undefined) continue;
    const number = Number(digits);
    const isNewer =
      newest === undefined || day > newest.day || (day === newest.day && number > newest.number);
    if (isNewer) newest = { day, number, record };
  }
  if (newest === undefined) return undefined;
  const { day, number, record } = newest;
  return { day, number, priceBookVersion: record.id, entries: readEntries(record) };
}

function readEntries({ id, document }: StoredRecord): readonly Price[] {
  const book = parseContract(document, 'price_book');
  if (!book.ok) {
    const text = `the price book \`${id}\` is none (${book.refusal.path}); restore the ledger from a backup`;
    throw new DomainError<PriceBookErrorCode>('STORE_CORRUPT', text);
  }
  return book.value.entries.map(({ priceMicros, aboveTokens, validTo, ...price }) => ({
    ...price,
    priceMicros: BigInt(priceMicros),
    ...(aboveTokens == null ? {} : { aboveTokens }),
    ...(validTo == null ? {} : { validTo }),
  }));
}

/** A price book as the store keeps it. Errors: `DomainError` `PRICES_CLASH` where two prices hold at once, or one is none. */
export function toBookDocument({
  priceBookVersion,
  entries,
}: PriceBook): ContractDocument<'price_book'> {
  const opened = openPriceBook({ priceBookVersion, entries });
  if (!opened.ok) throw clash(explain(opened.refusal, entries));
  const document = { schema: 'price_book.v1', priceBookVersion, entries };
  const book = parseContract(microsToText(document), 'price_book');
  if (book.ok) return book.value;
  const { path, expected, received } = book.refusal;
  throw clash(`at ${path} expected ${expected}, received ${received}`);
}

function explain(refusal: PriceBookRefusal, entries: readonly Price[]): string {
  const id = refusal.code === 'PRICES_OVERLAP' ? refusal.second : refusal.priceId;
  const price = entries.find(({ priceId }) => priceId === id);
  const what = `${price?.usageType} of \`${price?.resourceName}\``;
  return refusal.code === 'PRICES_OVERLAP'
    ? `${what} has two prices at once`
    : `${what} has no fit \`${refusal.field}\``;
}

const clash = (why: string): DomainError<PriceBookErrorCode> =>
  new DomainError('PRICES_CLASH', `These prices make no price book: ${why}; correct the file.`);

/**
 * Stores a price book and tells the ledger of it, in one step. Errors: those of the store, and `DomainError` `PRICE_BOOK_TAKEN` where another
 * import has stored other prices under that version meanwhile.
 */
export async function storeBook(
  store: Pick<Store, 'transaction'>,
  book: ContractDocument<'price_book'>,
  at: Instant,
): Promise<void> {
  const id = book.priceBookVersion;
  const document = JSON.parse(JSON.stringify(book));
  const told = { table: 'price_books', id, document, at, by: 'worker' };
  const { stream, event } = toDocumentEvent(told);
  await store.transaction(async (step) => {
    const options = { expectedVersion: 'any', idempotencyKey: `price_book/${id}` } as const;
    const { kind } = await step.append(stream, [event], options);
    if (kind === 'mismatch') {
      const text = `Another import has just stored price book ${id}: run the same command again.`;
      throw new DomainError<PriceBookErrorCode>('PRICE_BOOK_TAKEN', text, { retryable: true });
    }
    await step.putRecords('price_books', [{ id, document }]);
  });
}
