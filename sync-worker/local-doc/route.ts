import { refuse } from '#shared/kernel/index.ts';
import { type ApiView, nameOf, toReadContext } from './api-objects.ts';
import type { TokenGrant } from './api-token.ts';
import type { Behaviour, Bucket } from './behaviour.ts';
import type { StoredRow } from './cell.ts';
import { type DocColumn, type DocTable, findNamed } from './doc-schema.ts';
import type { ApiRequest, ApiResult } from './request.ts';

/** A call that may be made. */
export interface Call {
  readonly view: ApiView;
  readonly request: ApiRequest;
  readonly grant: TokenGrant;
  /** The named parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body. */
  readonly body: unknown;
}

/** One call of the API: its path, what it counts against, and what it answers. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `:doc`, `:table`, `:column`, `:row` and `:requestId` stand for one part each. */
  readonly path: string;
  readonly bucket: (behaviour: Behaviour) => Bucket;
  readonly answer: (call: Call) => ApiResult;
}

/** The table that a call's path names, by id or name. */
export const findTable = ({ view, params }: Call): DocTable | undefined =>
  findNamed(view.core.memory().tables, params['table'] ?? '');

/** The answer of a route on a table; 404 where the path names none. */
export const onTable =
  (answer: (call: Call, table: DocTable) => ApiResult): Route['answer'] =>
  (call) => {
    const table = findTable(call);
    return table === undefined ? notFound('table') : answer(call, table);
  };

/** The answer of a route on a column; 404 where the path names none. */
export const onColumn = (
  answer: (
    call: Call,
    found: { readonly table: DocTable; readonly column: DocColumn },
  ) => ApiResult,
): Route['answer'] =>
  onTable((call, table) => {
    const column = findNamed(table.columns, call.params['column'] ?? '');
    return column === undefined ? notFound('column') : answer(call, { table, column });
  });

/** The answer of a route on a row that reads see, by id or name; 404 where the path names none. */
export const onRow = (
  answer: (call: Call, found: { readonly table: DocTable; readonly row: StoredRow }) => ApiResult,
): Route['answer'] =>
  onTable((call, table) => {
    const row = findRow(call, table);
    return row === undefined ? notFound('row') : answer(call, { table, row });
  });

function findRow({ view, params }: Call, table: DocTable): StoredRow | undefined {
  const idOrName = params['row'] ?? '';
  const rows = view.rowsOf(table.baseId);
  const byId = rows.get(idOrName);
  if (byId !== undefined || idOrName.startsWith('i-')) return byId;
  const context = toReadContext(view);
  return rows.list().find((row) => nameOf(row, table, context) === idOrName);
}

/** The answer where a path names nothing that reads see. */
export const notFound = (what: string): ApiResult =>
  refuse({ status: 404, message: `Could not find the ${what}.` });
