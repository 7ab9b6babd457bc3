import { type DomainError, isDomainError } from '#shared/kernel/index.ts';
import {
  type AnswerSchema,
  type ApiRow,
  type Page,
  pageSchema,
  type RowPage,
  rowSchema,
} from './answers.ts';
import { createCodaError } from './coda-error.ts';
import * as requests from './requests.ts';
import type { CodaRequest } from './transport.ts';

/** Sends a request and reads its answer. Errors: `CodaErrorCode`. */
export type Call = <Value>(request: CodaRequest, schema: AnswerSchema<Value>) => Promise<Value>;

/** Any item of a list: all that the API lists has an id. */
interface Listed {
  readonly id: string;
}

// A table at its limit of 10,000 rows, given 25 at a time, is 400 pages.
const MAX_PAGES = 2_000;
// Where even ten rows take too long, fewer will not help.
const MIN_ROW_LIMIT = 10;

/**
 * The pages of a list, each as it arrives, no id twice: pages shift while people work in the doc.
 * A failed page fails the listing, so that a short list is never taken for a whole one.
 * Errors: those of the call; UNREADABLE where the pages go round in a circle, do not end, or lead elsewhere.
 */
async function* listPages<Item extends Listed>(
  call: Call,
  first: CodaRequest,
  options: { readonly item: AnswerSchema<Item>; readonly seenIds?: Set<string> },
): AsyncGenerator<Page<Item>, void, undefined> {
  const schema = pageSchema(options.item);
  const seenIds = options.seenIds ?? new Set<string>();
  const seenTokens = new Set<string>();
  let request = first;
  while (seenTokens.size < MAX_PAGES) {
    const page = await call(request, schema);
    const token = readNextToken(page, first);
    yield { ...page, items: page.items.filter(({ id }) => isFirst(seenIds, id)) };
    if (token === undefined) return;
    if (!isFirst(seenTokens, token)) {
      throw looping(first, 'led back to a page already read');
    }
    request = requests.nextPage(first, token);
  }
  throw looping(first, `did not end after \`${MAX_PAGES}\` pages`);
}

/** Every item of a list that is known to be short. Errors: as {@link listPages}. */
export async function listAll<Item extends Listed>(
  call: Call,
  first: CodaRequest,
  item: AnswerSchema<Item>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const page of listPages(call, first, { item })) all.push(...page.items);
  return all;
}

/**
 * The pages of a table's rows. Where the service times out, the listing starts again with half the rows a page,
 * passing over those already given. Errors: as {@link listPages}; TIMED_OUT where the smallest pages take too long.
 */
export async function* listRowPages(
  call: Call,
  table: requests.TableAddress,
  options: requests.ListRowsOptions,
): AsyncGenerator<RowPage, void, undefined> {
  const item: AnswerSchema<ApiRow> = rowSchema(options.valueFormat ?? 'rich');
  const seenIds = new Set<string>();
  let limit = options.limit ?? requests.DEFAULT_ROW_LIMIT;
  for (;;) {
    const first = requests.listRows(table, limit, options);
    // A row given before the restart may have changed since: the new listing's token would hide that change.
    const isTokenWhole = seenIds.size === 0;
    try {
      for await (const page of listPages(call, first, { item, seenIds })) {
        yield toRowPage(page, isTokenWhole);
      }
      return;
    } catch (error) {
      if (!isTimeout(error) || limit <= MIN_ROW_LIMIT) throw error;
      limit = Math.floor(limit / 2);
    }
  }
}

/**
 * The token of the page after this one, or nothing where this is the last. A link without a token would make a list look
 * whole that is not, and one to another host is no part of this list.
 */
function readNextToken(
  { nextPageToken, nextPageLink, href }: Page<unknown>,
  first: CodaRequest,
): string | undefined {
  if (nextPageLink === undefined) return nextPageToken;
  if (href !== undefined && hostOf(nextPageLink) !== hostOf(href)) {
    throw looping(first, `goes on at another host, \`${hostOf(nextPageLink)}\``);
  }
  if (nextPageToken === undefined) throw looping(first, 'goes on without saying where');
  return nextPageToken;
}

const hostOf = (address: string): string => /^[a-z]+:\/\/[^/?#]*/i.exec(address)?.[0] ?? '';

const toRowPage = ({ items, nextSyncToken }: Page<ApiRow>, isTokenWhole: boolean): RowPage =>
  isTokenWhole && nextSyncToken !== undefined ? { rows: items, nextSyncToken } : { rows: items };

const isTimeout = (error: unknown): boolean => isDomainError(error) && error.code === 'TIMED_OUT';

const looping = (request: CodaRequest, how: string): DomainError =>
  createCodaError('UNREADABLE', { request, happening: `the list ${how}` });

function isFirst(seen: Set<string>, id: string): boolean {
  const isNew = !seen.has(id);
  seen.add(id);
  return isNew;
}
