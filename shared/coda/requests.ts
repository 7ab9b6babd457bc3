import type { ValueFormat } from './cell-value.ts';
import type { CodaRequest } from './transport.ts';
import type { Cell } from './wire-value.ts';

/** Rows asked for per page; the API may give fewer, and 25 unless asked. */
export const DEFAULT_ROW_LIMIT = 200;
// The most that tables, columns and docs are given per page; more is silently clamped.
const LIST_LIMIT = '100';

/** What to list of a table's rows. */
export interface ListRowsOptions {
  /** Rows per page. @default 200 */
  readonly limit?: number;
  /** Only rows whose cell equals this plain value; one column, and never a relation. */
  readonly query?: { readonly columnId: string; readonly value: string | number | boolean };
  /** Only rows changed since the listing that gave this token. Deleted rows and recalculated cells do not show. */
  readonly syncToken?: string;
  /** @default 'rich' */
  readonly valueFormat?: ValueFormat;
}

/** Rows to insert, or with `keyColumns` to update where all keys match and else insert. */
export interface UpsertRequest {
  readonly rows: readonly (readonly Cell[])[];
  readonly keyColumns?: readonly string[];
  /** Whether text is kept as it is; it then never becomes a relation, a person or a date. @default false */
  readonly isParsingDisabled?: boolean;
}

/** A table of a doc, by the ids of both. */
export interface TableAddress {
  readonly docId: string;
  readonly tableId: string;
}

/** Who the token belongs to. */
export const whoami = (): CodaRequest => get('/whoami');

/** The docs the account can see. */
export const listDocs = (): CodaRequest => get('/docs', { limit: LIST_LIMIT });

/** One doc. */
export const getDoc = (docId: string): CodaRequest => get(docPath(docId));

/** The tables and views of a doc. */
export const listTables = (docId: string): CodaRequest =>
  get(`${docPath(docId)}/tables`, { limit: LIST_LIMIT, tableTypes: 'table,view' });

/** One table. */
export const getTable = (table: TableAddress): CodaRequest => get(tablePath(table));

/** The columns of a table. */
export const listColumns = (table: TableAddress): CodaRequest =>
  get(`${tablePath(table)}/columns`, { limit: LIST_LIMIT });

/** The first page of a table's rows, so many of them. */
export function listRows(
  table: TableAddress,
  limit: number,
  { query, syncToken, valueFormat = 'rich' }: Omit<ListRowsOptions, 'limit'>,
): CodaRequest {
  return get(`${tablePath(table)}/rows`, {
    limit: String(limit),
    valueFormat,
    ...(query === undefined ? {} : { query: `${query.columnId}:${JSON.stringify(query.value)}` }),
    ...(syncToken === undefined ? {} : { syncToken }),
  });
}

/** The page after one that gave this token. The token stands alone: it carries everything the first page asked for. */
export const nextPage = (first: CodaRequest, pageToken: string): CodaRequest =>
  get(first.path, { pageToken });

/** One row, rich. */
export const getRow = (table: TableAddress, rowId: string): CodaRequest =>
  get(rowPath(table, rowId), { valueFormat: 'rich' });

/** Inserts rows, or updates those whose keys match. */
export const upsertRows = (table: TableAddress, request: UpsertRequest): CodaRequest => ({
  method: 'POST',
  path: `${tablePath(table)}/rows`,
  ...(request.isParsingDisabled === true ? { query: { disableParsing: 'true' } } : {}),
  body: {
    rows: request.rows.map((cells) => ({ cells })),
    ...(request.keyColumns === undefined ? {} : { keyColumns: request.keyColumns }),
  },
});

/** Changes the named cells of one row. */
export const updateRow = (
  table: TableAddress,
  rowId: string,
  cells: readonly Cell[],
): CodaRequest => ({ method: 'PUT', path: rowPath(table, rowId), body: { row: { cells } } });

/** Deletes rows; unknown ids are passed over in silence. */
export const deleteRows = (table: TableAddress, rowIds: readonly string[]): CodaRequest => ({
  method: 'DELETE',
  path: `${tablePath(table)}/rows`,
  body: { rowIds },
});

/** How far a queued change has come. */
export const mutationStatus = (requestId: string): CodaRequest =>
  get(`/mutationStatus/${encodeURIComponent(requestId)}`);

const docPath = (docId: string): string => `/docs/${encodeURIComponent(docId)}`;

const tablePath = ({ docId, tableId }: TableAddress): string =>
  `${docPath(docId)}/tables/${encodeURIComponent(tableId)}`;

const rowPath = (table: TableAddress, rowId: string): string =>
  `${tablePath(table)}/rows/${encodeURIComponent(rowId)}`;

const get = (path: string, query?: Readonly<Record<string, string>>): CodaRequest =>
  query === undefined ? { method: 'GET', path } : { method: 'GET', path, query };
