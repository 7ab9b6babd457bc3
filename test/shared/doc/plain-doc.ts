import type { ApiRow, CellValue, CodaApi, ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import { FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';

/** A doc that is exactly as the specs say: table `grid-tasks`, column `c-tasks-status`. */
export const PLAIN_TABLES: readonly TableInfo[] = FOUNDER_HQ_TABLES.map(({ name }) => ({
  id: `grid-${name}`,
  name,
  isView: false,
}));

/** The columns of {@link PLAIN_TABLES}, by table id. */
export const PLAIN_COLUMNS: ReadonlyMap<string, readonly ColumnInfo[]> = new Map(
  FOUNDER_HQ_TABLES.map((table) => [
    `grid-${table.name}`,
    table.columns.map((column) => ({
      id: `c-${table.name}-${column.name}`,
      name: column.name,
      isDisplay: column.isDisplay === true,
      isCalculated: column.isCalculated === true,
      format: {
        type: column.type,
        isArray: false,
        ...(column.lookupTable === undefined ? {} : { tableId: `grid-${column.lookupTable}` }),
      },
    })),
  ]),
);

/** A row of a plain doc, its cells by column name. */
export function plainRow(
  table: string,
  id: string,
  cells: Readonly<Record<string, CellValue>>,
): ApiRow {
  const values = Object.entries(cells).map(([name, cell]) => [`c-${table}-${name}`, cell]);
  return {
    id,
    name: `row ${id}`,
    createdAt: '',
    updatedAt: '',
    values: Object.fromEntries(values),
  };
}

/** A Coda API over a plain doc with these rows, and what was asked of it. Pages hold two rows. */
export function createPlainApi(rows: Readonly<Record<string, readonly ApiRow[]>>) {
  const asked: string[] = [];
  const api = {
    listTables: async (docId: string) => {
      asked.push(`tables of ${docId}`);
      return PLAIN_TABLES;
    },
    listColumns: async (_docId: string, tableId: string) => {
      asked.push(`columns of ${tableId}`);
      return PLAIN_COLUMNS.get(tableId) ?? [];
    },
    async *listRows(_docId: string, tableId: string, options: unknown) {
      asked.push(`rows of ${tableId} ${JSON.stringify(options)}`);
      const all = rows[tableId.replace('grid-', '')] ?? [];
      for (let at = 0; at < all.length; at += 2) yield { rows: all.slice(at, at + 2) };
    },
  };
  return { api: api as unknown as CodaApi, asked };
}
