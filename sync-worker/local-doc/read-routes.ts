import { accept, refuse } from '#shared/kernel/index.ts';
import {
  toColumnObject,
  toDocObject,
  toDocUrl,
  toRowObject,
  toTableObject,
  toTableReference,
  toWorkspace,
} from './api-objects.ts';
import { isScoped } from './api-token.ts';
import type { StoredRow } from './cell.ts';
import { STATUS_KEPT_MS } from './doc-core.ts';
import { type DocTable, isView } from './doc-schema.ts';
import { parseLimit, parseToken, toToken } from './page.ts';
import { VALUE_FORMATS } from './read-cell.ts';
import type { ApiResult } from './request.ts';
import { type Call, notFound, onColumn, onRow, onTable, type Route } from './route.ts';
import { listRows } from './row-listing.ts';

const ok = (body: unknown): ApiResult => accept({ status: 200, body });
const read = (path: string, answer: Route['answer']): Route => ({
  method: 'GET',
  path,
  bucket: () => 'read',
  answer,
});

/** The calls that read. */
export const READ_ROUTES: readonly Route[] = [
  read('/whoami', answerWhoami),
  {
    ...read('/docs', (call) => {
      const url = `${call.view.baseUrl}/docs`;
      return answerList(call, [toDocObject(call.view)], url);
    }),
    bucket: () => 'docs',
  },
  read('/docs/:doc', ({ view }) => ok(toDocObject(view))),
  read('/docs/:doc/tables', answerTables),
  read(
    '/docs/:doc/tables/:table',
    onTable(({ view }, table) => ok(toTableObject(view, table))),
  ),
  read('/docs/:doc/tables/:table/columns', onTable(answerColumns)),
  read(
    '/docs/:doc/tables/:table/columns/:column',
    onColumn(({ view }, { table, column }) => {
      const parent = toTableReference(view, table);
      return ok({ ...toColumnObject(view, table, column), parent });
    }),
  ),
  read(
    '/docs/:doc/tables/:table/rows',
    onTable(({ view, request }, table) => {
      const page = listRows(view, table, request.query);
      return page.ok ? ok(page.value) : page;
    }),
  ),
  read('/docs/:doc/tables/:table/rows/:row', onRow(answerRow)),
  {
    ...read('/mutationStatus/:requestId', answerStatus),
    bucket: ({ statusBucket }) => statusBucket,
  },
];

function answerWhoami({ view, grant }: Call): ApiResult {
  const [owner] = view.core.identity().people;
  return ok({
    name: owner?.name ?? 'Nobody',
    loginId: owner?.email ?? 'nobody@example.com',
    type: 'user',
    scoped: isScoped(grant),
    tokenName: 'Local doc',
    href: `${view.baseUrl}/whoami`,
    workspace: toWorkspace(view),
  });
}

function answerTables(call: Call): ApiResult {
  const { view, request } = call;
  const types = (request.query['tableTypes'] ?? 'table,view').split(',');
  const tables = view.core
    .memory()
    .tables.filter((table) => types.includes(isView(table) ? 'view' : 'table'))
    .map((table) => toTableReference(view, table));
  return answerList(call, tables, `${toDocUrl(view)}/tables`);
}

function answerColumns(call: Call, table: DocTable): ApiResult {
  const { view, request } = call;
  const isVisibleOnly = request.query['visibleOnly'] === 'true';
  const columns = table.columns
    .filter(({ isHidden }) => !(isVisibleOnly && isHidden))
    .map((column) => toColumnObject(view, table, column));
  return answerList(call, columns, `${toDocUrl(view)}/tables/${table.id}/columns`);
}

function answerRow(
  { view, request }: Call,
  { table, row }: { readonly table: DocTable; readonly row: StoredRow },
): ApiResult {
  const asked = request.query['valueFormat'] ?? 'simple';
  const valueFormat = VALUE_FORMATS.find((format) => format === asked);
  if (valueFormat === undefined) {
    return refuse({ status: 400, message: 'Unknown `valueFormat`.' });
  }
  const useColumnNames = request.query['useColumnNames'] === 'true';
  const form = { valueFormat, useColumnNames, visibleOnly: false };
  const shown = toRowObject(view, { table, row }, form);
  return ok({ ...shown, parent: toTableReference(view, table) });
}

function answerStatus({ view, params }: Call): ApiResult {
  const { core } = view;
  const mutation = core.memory().mutationOf(params['requestId'] ?? '');
  const nowMs = core.now();
  const isKnown =
    mutation !== undefined &&
    nowMs >= mutation.knownAtMs &&
    nowMs - mutation.acceptedAtMs < STATUS_KEPT_MS;
  if (!isKnown) return notFound('request');
  const completed = mutation.change === undefined && mutation.fate === 'applied';
  const { warning } = core.behaviour;
  if (!completed || warning === 'absent') return ok({ completed });
  const text = 'Initial data is still loading; some values may be missing.';
  return ok({ completed, warning: warning === 'null' ? null : text });
}

/** A page of a short list; its token holds the place and the limit. */
function answerList({ view, request }: Call, items: readonly unknown[], href: string): ApiResult {
  const { behaviour } = view.core;
  const { pageToken, limit = String(behaviour.pageDefault) } = request.query;
  const [start, size] = pageToken === undefined ? [0, parseLimit(limit)] : readPlace(pageToken);
  if (start === undefined) return refuse({ status: 400, message: 'Invalid page token.' });
  if (size === undefined) {
    return refuse({ status: 400, message: '`limit` must be a positive integer.' });
  }
  const end = start + Math.min(size, behaviour.listPageMax);
  const page = { items: items.slice(start, end), href };
  if (end >= items.length) return ok(page);
  const nextPageToken = toToken([end, end - start]);
  return ok({ ...page, nextPageToken, nextPageLink: `${href}?pageToken=${nextPageToken}` });
}

function readPlace(token: string): readonly [number | undefined, number | undefined] {
  const place = parseToken(token);
  if (!Array.isArray(place)) return [undefined, undefined];
  const [start, size] = place.map((part) => parseLimit(String(part)));
  return [start, size];
}
