import * as v from 'valibot';
import { assert } from '#shared/kernel/index.ts';
import * as answers from './answers.ts';
import { createCodaError, toCodaError } from './coda-error.ts';
import { type Call, listAll, listRowPages } from './paging.ts';
import * as requests from './requests.ts';
import type { CodaTransport } from './transport.ts';
import type { Cell } from './wire-value.ts';

/**
 * The Coda API as far as reading a doc and adding rows to it goes. Every change is only queued when its promise resolves, and reads come from
 * a snapshot that may be minutes old.
 * Errors: a `DomainError` with a `CodaErrorCode`.
 */
export interface DocApi {
  /** Who the token belongs to. */
  whoami(): Promise<answers.Account>;
  /** Every doc the account can see. */
  listDocs(): Promise<readonly answers.DocInfo[]>;
  /** Every table and view of a doc. */
  listTables(docId: string): Promise<readonly answers.TableInfo[]>;
  /** Every column of a table. */
  listColumns(docId: string, tableId: string): Promise<readonly answers.ColumnInfo[]>;
  /** Pages until there is no next page token; each page as it arrives, no row twice. */
  listRows(
    docId: string,
    tableId: string,
    options?: requests.ListRowsOptions,
  ): AsyncIterable<answers.RowPage>;
  /** One row, rich. */
  getRow(docId: string, tableId: string, rowId: string): Promise<answers.ApiRow>;
  /** Inserts rows; with key columns, updates every row that matches and inserts where none does. */
  upsertRows(
    docId: string,
    tableId: string,
    request: requests.UpsertRequest,
  ): Promise<answers.QueuedRows>;
}

/** The Coda API as this product uses it: what a worker needs besides. */
export interface CodaApi extends DocApi {
  /** One doc. */
  getDoc(docId: string): Promise<answers.DocInfo>;
  /** One table, with its number of rows where the service tells. */
  getTable(docId: string, tableId: string): Promise<answers.TableInfo>;
  /** Changes the named cells of one row. It costs as much as a batch of 100: prefer a keyed upsert. */
  updateRow(
    docId: string,
    tableId: string,
    rowId: string,
    cells: readonly Cell[],
  ): Promise<answers.Queued>;
  /** Deletes rows; unknown ids are passed over in silence. */
  deleteRows(docId: string, tableId: string, rowIds: readonly string[]): Promise<answers.Queued>;
  /** How far a queued change has come. It may be NOT_FOUND for the first half minute. */
  mutationStatus(requestId: string): Promise<answers.MutationStatus>;
}

const createCall =
  (transport: CodaTransport): Call =>
  async (request, schema) => {
    const answer = await transport(request);
    if (answer.status < 200 || answer.status >= 300) throw toCodaError(request, answer);
    const parsed = v.safeParse(schema, answer.body);
    if (parsed.success) return parsed.output;
    const [issue] = parsed.issues;
    const place = v.getDotPath(issue) ?? 'its root';
    const happening = `the answer is not as documented: ${issue.message} at ${place}`;
    throw createCodaError('UNREADABLE', { request, happening });
  };

/** The API over a transport. It retries nothing but a row listing that timed out; patience is the transport's. */
export function createDocApi(transport: CodaTransport): DocApi {
  const call = createCall(transport);
  return {
    whoami: () => call(requests.whoami(), answers.ACCOUNT),
    listDocs: () => listAll(call, requests.listDocs(), answers.DOC),
    listTables: (docId) => listAll(call, requests.listTables(docId), answers.TABLE),
    listColumns: (docId, tableId) =>
      listAll(call, requests.listColumns({ docId, tableId }), answers.COLUMN),
    listRows: (docId, tableId, options = {}) => listRowPages(call, { docId, tableId }, options),
    getRow: (docId, tableId, rowId) =>
      call(requests.getRow({ docId, tableId }, rowId), answers.rowSchema('rich')),
    upsertRows: (docId, tableId, request) => {
      assert(request.rows.length > 0, 'an upsert without rows');
      return call(requests.upsertRows({ docId, tableId }, request), answers.QUEUED_ROWS);
    },
  };
}

/** The whole API over a transport, as {@link createDocApi}. */
export function createCodaApi(transport: CodaTransport): CodaApi {
  const call = createCall(transport);
  return {
    ...createDocApi(transport),
    getDoc: (docId) => call(requests.getDoc(docId), answers.DOC),
    getTable: (docId, tableId) => call(requests.getTable({ docId, tableId }), answers.TABLE),
    updateRow: (...[docId, tableId, rowId, cells]) =>
      call(requests.updateRow({ docId, tableId }, rowId, cells), answers.QUEUED),
    deleteRows: (docId, tableId, rowIds) =>
      call(requests.deleteRows({ docId, tableId }, rowIds), answers.QUEUED),
    mutationStatus: (requestId) =>
      call(requests.mutationStatus(requestId), answers.MUTATION_STATUS),
  };
}
