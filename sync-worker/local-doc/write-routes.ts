import { accept, refuse } from '#shared/kernel/index.ts';
import type { StoredRow } from './cell.ts';
import { type DocColumn, type DocTable, findNamed, isView } from './doc-schema.ts';
import { readDelete, readUpdate, readUpsert } from './read-write-request.ts';
import type { ApiResult } from './request.ts';
import { type Call, notFound, onRow, onTable, type Route } from './route.ts';

const ROWS = '/docs/:doc/tables/:table/rows';
const ROW = `${ROWS}/:row`;

/** The calls that change rows. Each change is in the queue, durably, before it is answered 202. */
export const WRITE_ROUTES: readonly Route[] = [
  { method: 'POST', path: ROWS, bucket: () => 'content', answer: onTable(answerUpsert) },
  { method: 'PUT', path: ROW, bucket: () => 'content', answer: onTable(answerUpdate) },
  {
    method: 'DELETE',
    path: ROW,
    bucket: ({ deleteBucket }) => deleteBucket,
    answer: onRow((call, { table, row }) => answerDelete(call, table, row)),
  },
  {
    method: 'DELETE',
    path: ROWS,
    bucket: ({ deleteBucket }) => deleteBucket,
    answer: onTable(answerDeleteMany),
  },
  {
    method: 'POST',
    path: `${ROW}/buttons/:column`,
    bucket: ({ buttonBucket }) => buttonBucket,
    answer: onRow(answerPush),
  },
];

const accepted = (body: unknown): ApiResult => accept({ status: 202, body });

const isParsed = ({ request }: Call): boolean => request.query['disableParsing'] !== 'true';

function answerUpsert(call: Call, table: DocTable): ApiResult {
  const { core } = call.view;
  if (isView(table) && core.behaviour.isViewRefused) {
    return refuse({ status: 400, message: 'Rows can only be inserted into base tables.' });
  }
  const upsert = readUpsert(call.body, table, core.behaviour);
  if (!upsert.ok) return upsert;
  const { keyColumnIds, rows } = upsert.value;
  const addedRowIds: string[] = [];
  const { requestId } = core.accept((rowIdAt) => {
    const named = rows.map((cells, place) => ({ rowId: rowIdAt(place), cells }));
    addedRowIds.push(...named.map(({ rowId }) => rowId));
    return {
      kind: 'upsert',
      tableId: table.baseId,
      keyColumnIds: [...keyColumnIds],
      rows: named,
      isParsed: isParsed(call),
    };
  });
  const isReported = keyColumnIds.length === 0 || core.behaviour.isKeyedUpsertReported;
  return accepted({ requestId, ...(isReported ? { addedRowIds } : {}) });
}

/** Where a missing row is not refused, its id is taken as it stands and the change finds nothing. */
function answerUpdate(call: Call, table: DocTable): ApiResult {
  return call.view.core.behaviour.missingRow === 'accepted'
    ? acceptUpdate(call, table, call.params['row'] ?? '')
    : onRow((_, { row }) => acceptUpdate(call, table, row.rowId))(call);
}

function acceptUpdate(call: Call, table: DocTable, rowId: string): ApiResult {
  const { core } = call.view;
  const update = readUpdate(call.body, table, core.behaviour);
  if (!update.ok) return update;
  const { requestId } = core.accept(() => ({
    kind: 'update',
    tableId: table.baseId,
    rowId,
    cells: update.value,
    isParsed: isParsed(call),
  }));
  return accepted({ requestId, id: rowId });
}

function answerDelete({ view }: Call, table: DocTable, { rowId }: StoredRow): ApiResult {
  const { requestId } = view.core.accept(() => ({
    kind: 'delete',
    tableId: table.baseId,
    rowIds: [rowId],
  }));
  return accepted({ requestId, id: rowId });
}

function answerDeleteMany({ view, body }: Call, table: DocTable): ApiResult {
  const rowIds = readDelete(body);
  if (!rowIds.ok) return rowIds;
  const { requestId } = view.core.accept(() => ({
    kind: 'delete',
    tableId: table.baseId,
    rowIds: [...rowIds.value],
  }));
  return accepted({ requestId, rowIds: rowIds.value });
}

function answerPush(
  { view, params }: Call,
  { table, row }: { readonly table: DocTable; readonly row: StoredRow },
): ApiResult {
  const column: DocColumn | undefined = findNamed(table.columns, params['column'] ?? '');
  if (column === undefined) return notFound('column');
  if (column.type !== 'button') {
    return refuse({ status: 400, message: 'The column is not a button.' });
  }
  const { requestId } = view.core.accept(() => ({
    kind: 'push',
    tableId: table.baseId,
    rowId: row.rowId,
    columnId: column.id,
  }));
  return accepted({ requestId, rowId: row.rowId, columnId: column.id });
}
