import { readFile } from 'node:fs/promises';
import { type ContractDocument, parseContract, readJsonText } from '#shared/contracts/index.ts';
import {
  importModelPrices,
  type ModelPriceFinding,
  type ModelPriceOptions,
  microsToText,
  openPriceBook,
} from '#shared/cost/index.ts';
import { DomainError } from '#shared/kernel/index.ts';

/** What a file of model prices gives. */
export interface PriceFile {
  /** A price book as the store keeps it. */
  readonly book: ContractDocument<'price_book'>;
  /** What the book leaves out or had to round. */
  readonly findings: readonly ModelPriceFinding[];
}

/**
 * The price book of a file in the public form of model prices (see `importModelPrices`), under the version it is to have.
 * Errors: `DomainError` `PRICES_UNREADABLE` where the file cannot be read or is no such file.
 */
export async function readPriceFile(
  path: string,
  { priceBookVersion, ...options }: ModelPriceOptions & { readonly priceBookVersion: string },
): Promise<PriceFile> {
  const json = readJsonText(await readText(path));
  if (!json.ok) throw unreadable(path, `${json.refusal.code} at ${json.refusal.path}`);
  const imported = importModelPrices(json.value, options);
  if (!imported.ok) throw unreadable(path, imported.refusal.code);
  const { prices, findings } = imported.value;
  const opened = openPriceBook({ priceBookVersion, entries: prices });
  if (!opened.ok) throw unreadable(path, opened.refusal.code);
  const document = { schema: 'price_book.v1', priceBookVersion, entries: prices };
  const book = parseContract(microsToText(document), 'price_book');
  if (!book.ok) throw unreadable(path, `${book.refusal.code} at ${book.refusal.path}`);
  return { book: book.value, findings };
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, 'the file cannot be opened', cause);
  }
}

const unreadable = (path: string, why: string, cause?: unknown): DomainError<'PRICES_UNREADABLE'> =>
  new DomainError('PRICES_UNREADABLE', `No prices were read from \`${path}\`: ${why}.`, { cause });
