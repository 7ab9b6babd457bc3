import type { StoredRow } from './cell.ts';
import type { DocCore } from './doc-core.ts';
import { type DocColumn, type DocTable, displayColumnOf, isView } from './doc-schema.ts';
import {
  type LinkTarget,
  type ReadContext,
  readCell,
  toText,
  type ValueFormat,
} from './read-cell.ts';
import type { RowSet } from './row-set.ts';

/** The doc and the address under which its objects are named. */
export interface ApiView {
  readonly core: DocCore;
  /** The API's own address. */
  readonly baseUrl: string;
  /** The address of the host, for what a person would open in a browser. */
  readonly origin: string;
  /** The rows of a base table: as reads see them, or as they are. */
  rowsOf(tableId: string): RowSet;
}

/** The doc as it is named below an address. */
export const toApiView = (
  core: DocCore,
  baseUrl: string,
  sees: 'snapshot' | 'live' = 'snapshot',
): ApiView => ({
  core,
  baseUrl,
  origin: new URL(baseUrl).origin,
  rowsOf: (tableId) =>
    sees === 'live' ? core.memory().liveOf(tableId) : core.memory().snapshotOf(tableId),
});

/** How the values of a row are shown. */
export interface RowForm {
  readonly valueFormat: ValueFormat;
  readonly useColumnNames: boolean;
  readonly visibleOnly: boolean;
}

const WORKSPACE_ID = 'ws-local';
const FOLDER_ID = 'fl-local';

/** The address of a doc in the API. */
export const toDocUrl = ({ core, baseUrl }: ApiView): string =>
  `${baseUrl}/docs/${core.identity().docId}`;

/** The address of a doc in a browser. */
const toBrowserUrl = ({ core, origin }: ApiView): string =>
  `${origin}/d/_d${core.identity().docId}`;

const toTableUrl = (view: ApiView, table: Pick<DocTable, 'id'>): string =>
  `${toDocUrl(view)}/tables/${table.id}`;

/** The workspace that every local doc is in. */
export const toWorkspace = ({ origin }: ApiView): unknown => ({
  id: WORKSPACE_ID,
  type: 'workspace',
  browserLink: `${origin}/workspaces/${WORKSPACE_ID}`,
  name: 'This computer',
});

/** A doc. */
export function toDocObject(view: ApiView): unknown {
  const { core, origin } = view;
  const identity = core.identity();
  const [owner] = identity.people;
  const memory = core.memory();
  const bases = memory.tables.filter((table) => !isView(table));
  const rowCount = bases.reduce((sum, { id }) => sum + view.rowsOf(id).list().length, 0);
  const createdAt = toIso(identity.createdAtMs);
  return {
    id: identity.docId,
    type: 'doc',
    href: toDocUrl(view),
    browserLink: toBrowserUrl(view),
    name: identity.name,
    owner: owner?.email ?? 'nobody@example.com',
    ownerName: owner?.name ?? 'Nobody',
    docSize: {
      totalRowCount: rowCount,
      tableAndViewCount: memory.tables.length,
      pageCount: 1,
      overApiSizeLimit: false,
    },
    createdAt,
    updatedAt: toUpdatedAt(core, bases),
    folder: {
      id: FOLDER_ID,
      type: 'folder',
      browserLink: `${origin}/folders/${FOLDER_ID}`,
      name: 'Local docs',
    },
    workspace: toWorkspace(view),
    workspaceId: WORKSPACE_ID,
    folderId: FOLDER_ID,
  };
}

/** A table as lists and relations name it. */
export const toTableReference = (view: ApiView, table: DocTable): Record<string, unknown> => ({
  id: table.id,
  type: 'table',
  tableType: isView(table) ? 'view' : 'table',
  href: toTableUrl(view, table),
  browserLink: `${toBrowserUrl(view)}#${encodeURIComponent(table.name)}`,
  name: table.name,
  parent: toPage(view),
});

/** A table as it is asked for by itself. */
export function toTableObject(view: ApiView, table: DocTable): unknown {
  const memory = view.core.memory();
  const display = displayColumnOf(table);
  const createdAt = toIso(view.core.identity().createdAtMs);
  const base = memory.tables.find(({ id }) => id === table.baseId);
  return {
    ...toTableReference(view, table),
    ...(isView(table) && base !== undefined ? { parentTable: toTableReference(view, base) } : {}),
    displayColumn: {
      id: display.id,
      type: 'column',
      href: `${toTableUrl(view, table)}/columns/${display.id}`,
    },
    rowCount: listVisible(view, table).length,
    sorts: [],
    layout: 'default',
    createdAt,
    updatedAt: toUpdatedAt(view.core, base === undefined ? [] : [base]),
  };
}

/** A column. */
export function toColumnObject(
  view: ApiView,
  table: DocTable,
  column: DocColumn,
): Record<string, unknown> {
  return {
    id: column.id,
    type: 'column',
    href: `${toTableUrl(view, table)}/columns/${column.id}`,
    name: column.name,
    ...(column.isDisplay ? { display: true } : {}),
    ...(column.isCalculated ? { calculated: true, formula: '' } : {}),
    format: toFormat(view, column),
  };
}

function toFormat(view: ApiView, column: DocColumn): unknown {
  const { type, isArray } = column;
  switch (type) {
    case 'lookup': {
      const { tables } = view.core.memory();
      const target = tables.find(({ id }) => id === column.lookupTableId);
      const table = target === undefined ? {} : toTableReference(view, target);
      return { type, isArray, table };
    }
    case 'select':
      return { type, isArray, options: column.options.map((name) => ({ name })) };
    case 'currency':
      return { type, isArray, currencyCode: column.currencyCode, precision: 2, format: 'currency' };
    case 'checkbox':
      return { type, isArray, displayType: 'check' };
    case 'scale':
      return { type, isArray, maximum: 5, icon: 'star' };
    case 'imageReference':
      return { type, isArray, width: 100, height: 100, style: 'auto' };
    case 'text':
    case 'number':
    case 'percent':
    case 'date':
    case 'dateTime':
    case 'time':
    case 'duration':
    case 'email':
    case 'link':
    case 'person':
    case 'slider':
    case 'button':
      return { type, isArray };
  }
}

/** A row in the form that was asked for. */
export function toRowObject(
  view: ApiView,
  { table, row }: { readonly table: DocTable; readonly row: StoredRow },
  form: RowForm,
): Record<string, unknown> {
  const context = { ...toReadContext(view), format: form.valueFormat };
  const values: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (form.visibleOnly && column.isHidden) continue;
    const value = readCell(row.cells[column.id], column, context);
    if (value !== undefined) values[form.useColumnNames ? column.name : column.id] = value;
  }
  return {
    id: row.rowId,
    type: 'row',
    href: `${toTableUrl(view, table)}/rows/${row.rowId}`,
    name: nameOf(row, table, context),
    index: row.ordinal,
    browserLink: `${toBrowserUrl(view)}#_${table.id}/_${row.rowId}`,
    createdAt: toIso(row.createdAtMs),
    updatedAt: toIso(row.updatedAtMs),
    values,
  };
}

/** The rows of a table or view, oldest first. */
export function listVisible(view: ApiView, table: DocTable): readonly StoredRow[] {
  const rows = view.rowsOf(table.baseId).list();
  const { filter } = table;
  const column = tableOf(view, table.baseId)?.columns.find(({ id }) => id === filter?.columnId);
  if (filter === undefined || column === undefined) return rows;
  const context = toReadContext(view);
  return rows.filter((row) => toText(row.cells[column.id], column, context) === filter.text);
}

/** What a row of this table is called. */
export const nameOf = (row: StoredRow, table: DocTable, context: ReadContext): string => {
  const display = displayColumnOf(table);
  return toText(row.cells[display.id], display, context);
};

/** What is needed to show values. */
export function toReadContext(view: ApiView): ReadContext {
  const { core } = view;
  const targets = new Map<string, LinkTarget | undefined>();
  const context: ReadContext = {
    behaviour: core.behaviour,
    zone: core.identity().zone,
    linkTarget(tableId, rowId) {
      if (!targets.has(rowId)) {
        const table = tableOf(view, tableId);
        const row = view.rowsOf(tableId).get(rowId);
        const url = `${toBrowserUrl(view)}#_${tableId}/_${rowId}`;
        // Entered before it is named: two rows that are named by each other end here.
        targets.set(rowId, undefined);
        if (table !== undefined && row !== undefined) {
          const name = nameOf(row, table, context);
          targets.set(rowId, { name, url, tableUrl: toTableUrl(view, table) });
        }
      }
      return targets.get(rowId);
    },
  };
  return context;
}

const tableOf = ({ core }: ApiView, tableId: string): DocTable | undefined =>
  core.memory().tables.find(({ id }) => id === tableId);

const toPage = (view: ApiView): unknown => ({
  id: 'canvas-local',
  type: 'page',
  browserLink: toBrowserUrl(view),
  href: `${toDocUrl(view)}/pages/canvas-local`,
  name: 'Founder HQ',
});

/** When the doc, or these tables of it, last changed. */
function toUpdatedAt(core: DocCore, tables: readonly DocTable[]): string {
  const { createdAtMs, shapedAtMs = createdAtMs } = core.identity();
  const { docUpdatedBy } = core.behaviour;
  if (docUpdatedBy === 'shape') return toIso(shapedAtMs);
  const sees = docUpdatedBy === 'live rows' ? 'live' : 'snapshot';
  return toIso(
    Math.max(shapedAtMs, ...tables.map(({ id }) => core.memory().changedAtMs(id, sees))),
  );
}

const toIso = (epochMs: number): string => new Date(epochMs).toISOString();
