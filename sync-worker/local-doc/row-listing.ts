import * as z from 'zod/mini';
import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { type ApiView, listVisible, toDocUrl, toReadContext, toRowObject } from './api-objects.ts';
import type { StoredRow } from './cell.ts';
import { createDice } from './dice.ts';
import { type DocTable, findNamed } from './doc-schema.ts';
import { parseLimit, parseToken, toToken } from './page.ts';
import { toText, VALUE_FORMATS } from './read-cell.ts';
import type { ApiRefusal } from './request.ts';

const SORTS = ['createdAt', 'updatedAt', 'natural', 'none'] as const;

const listingSchema = z.object({
  tableId: z.string(),
  limit: z.number(),
  query: z.nullable(z.object({ columnId: z.string(), text: z.string() })),
  sortBy: z.enum(SORTS),
  form: z.object({
    valueFormat: z.enum(VALUE_FORMATS),
    useColumnNames: z.boolean(),
    visibleOnly: z.boolean(),
  }),
  /** Lists only what changed after this place of the log; 0 lists all. */
  sinceSeq: z.number(),
  /** The place of the log at the first page: what changes later must be listed again by the sync token. */
  startSeq: z.number(),
  /** The place in the order, and the age, of the last row of the page before. */
  after: z.nullable(z.object({ rank: z.number(), ordinal: z.number() })),
});

/** A listing in progress; a page token is one of these. */
type Listing = z.infer<typeof listingSchema>;

const syncTokenSchema = z.object({
  docId: z.string(),
  sinceSeq: z.number(),
  atMs: z.exactOptional(z.number()),
});

type Query = Readonly<Record<string, string>>;

/**
 * One page of a table's rows.
 * Refusals: 400 for parameters that cannot be read or contradict each other, 504 for more rows than are served at once.
 */
export function listRows(
  view: ApiView,
  table: DocTable,
  query: Query,
): Result<unknown, ApiRefusal> {
  const started = readListing(view, table, query);
  if (!started.ok) return started;
  const { behaviour } = view.core;
  if (started.value.limit > behaviour.rowsLimitServed) {
    return refuse({ status: 504, message: 'The request timed out.' });
  }
  return accept(toPage(view, table, started.value));
}

function readListing(view: ApiView, table: DocTable, query: Query): Result<Listing, ApiRefusal> {
  const { pageToken } = query;
  if (pageToken === undefined) return startListing(view, table, query);
  const listing = z.safeParse(listingSchema, parseToken(pageToken));
  if (!listing.success || listing.data.tableId !== table.id) return bad('Invalid page token.');
  if (view.core.behaviour.isPageTokenAlone) return accept(listing.data);
  const started = startListing(view, table, query);
  return started.ok ? accept({ ...started.value, after: listing.data.after }) : started;
}

function startListing(view: ApiView, table: DocTable, query: Query): Result<Listing, ApiRefusal> {
  const { behaviour } = view.core;
  const limit = parseLimit(query['limit'] ?? String(behaviour.pageDefault));
  if (limit === undefined) return bad('`limit` must be a positive integer.');
  const order = readOrder(query);
  if (!order.ok) return order;
  const asked = readQuery(table, query['query']);
  if (!asked.ok) return asked;
  const sinceSeq = readSyncToken(view, query['syncToken']);
  if (!sinceSeq.ok) return sinceSeq;
  return accept({
    ...order.value,
    tableId: table.id,
    limit: Math.min(limit, behaviour.rowsPageMax),
    query: asked.value,
    sinceSeq: sinceSeq.value,
    startSeq: view.core.memory().snapshotSeq(),
    after: null,
  });
}

/** In which order and form rows were asked for; the natural order is of visible rows only. */
function readOrder(query: Query): Result<Pick<Listing, 'sortBy' | 'form'>, ApiRefusal> {
  const { sortBy = 'none', valueFormat = 'simple', visibleOnly } = query;
  const order = SORTS.find((name) => name === sortBy);
  if (order === undefined) return bad('Unknown `sortBy`.');
  const isNatural = order === 'natural';
  if (isNatural && visibleOnly === 'false') {
    return bad('`sortBy=natural` lists visible rows only.');
  }
  const format = VALUE_FORMATS.find((name) => name === valueFormat);
  if (format === undefined) return bad('Unknown `valueFormat`.');
  const form = {
    valueFormat: format,
    useColumnNames: query['useColumnNames'] === 'true',
    visibleOnly: isNatural || visibleOnly === 'true',
  };
  return accept({ sortBy: order, form });
}

function readQuery(
  table: DocTable,
  text: string | undefined,
): Result<Listing['query'], ApiRefusal> {
  if (text === undefined) return accept(null);
  const match = /^(?:"([^"]+)"|([^":]+)):(.+)$/s.exec(text);
  const column = findNamed(table.columns, match?.[1] ?? match?.[2] ?? '');
  if (match === null || column === undefined) return bad('`query` names no column.');
  try {
    const value = z.union([z.string(), z.number(), z.boolean()]).parse(JSON.parse(match[3] ?? ''));
    return accept({ columnId: column.id, text: String(value) });
  } catch {
    return bad('The value of `query` must be JSON text, a number or a boolean.');
  }
}

function readSyncToken(view: ApiView, token: string | undefined): Result<number, ApiRefusal> {
  if (token === undefined) return accept(0);
  const parsed = z.safeParse(syncTokenSchema, parseToken(token));
  const { docId } = view.core.identity();
  if (parsed.success && parsed.data.docId === docId) return accept(parsed.data.sinceSeq);
  return view.core.behaviour.badSyncToken === 'full' ? accept(0) : bad('Invalid sync token.');
}

function toPage(view: ApiView, table: DocTable, listing: Listing): unknown {
  const ranked = rankRows(view, listing, selectRows(view, table, listing));
  const { after, limit } = listing;
  const next = after === null ? 0 : ranked.findIndex((row) => isAfter(row, after));
  const start = next === -1 ? ranked.length : next;
  const overlap = Math.min(view.core.behaviour.pageOverlap, start, limit - 1);
  const shown = ranked.slice(start - overlap, start - overlap + limit);
  const last = shown.at(-1);
  const isLast = start - overlap + limit >= ranked.length || last === undefined;
  const href = `${toDocUrl(view)}/tables/${table.id}/rows`;
  const items = toItems(view, table, { listing, rows: shown.map(({ row }) => row) });
  if (isLast) {
    return { items, href, nextSyncToken: toSyncToken(view, listing) };
  }
  const cursor = { rank: last.rank, ordinal: last.row.ordinal };
  const nextPageToken = toToken({ ...listing, after: cursor });
  return { items, href, nextPageToken, nextPageLink: `${href}?pageToken=${nextPageToken}` };
}

function toSyncToken({ core }: ApiView, { startSeq }: Listing): string {
  const { docId } = core.identity();
  const fresh = core.behaviour.isSyncTokenFresh ? { atMs: core.now() } : {};
  return toToken({ docId, sinceSeq: startSeq, ...fresh });
}

function selectRows(view: ApiView, table: DocTable, listing: Listing): readonly StoredRow[] {
  const { query, sinceSeq } = listing;
  const rows = listVisible(view, table);
  const changed = sinceSeq === 0 ? rows : rows.filter((row) => row.changedSeq > sinceSeq);
  const column = table.columns.find(({ id }) => id === query?.columnId);
  if (query === null || column === undefined) return changed;
  const context = toReadContext(view);
  return changed.filter((row) => toText(row.cells[column.id], column, context) === query.text);
}

interface Ranked {
  readonly row: StoredRow;
  readonly rank: number;
}

function rankRows(view: ApiView, listing: Listing, rows: readonly StoredRow[]): readonly Ranked[] {
  const { sortBy } = listing;
  const isShuffled = sortBy === 'none' && view.core.behaviour.rowOrder === 'shuffled';
  if (!isShuffled && sortBy !== 'updatedAt') {
    return rows.map((row) => ({ row, rank: row.ordinal }));
  }
  const dice = createDice(listing.startSeq);
  const ranked = rows.map((row) => ({
    row,
    rank: isShuffled ? dice('order', row.ordinal) : row.updatedAtMs,
  }));
  return ranked.sort((left, right) => left.rank - right.rank || byAge(left, right));
}

const byAge = (left: Ranked, right: Ranked): number => left.row.ordinal - right.row.ordinal;

const isAfter = ({ row, rank }: Ranked, after: NonNullable<Listing['after']>): boolean =>
  rank > after.rank || (rank === after.rank && row.ordinal > after.ordinal);

function toItems(
  view: ApiView,
  table: DocTable,
  page: { readonly listing: Listing; readonly rows: readonly StoredRow[] },
): readonly unknown[] {
  return page.rows.map((row) => toRowObject(view, { table, row }, page.listing.form));
}

const bad = (message: string): Result<never, ApiRefusal> => refuse({ status: 400, message });
