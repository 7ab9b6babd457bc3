import { type Cells, type StoredRow, toCellKey } from './cell.ts';

/** The rows of one table at one moment, findable by id, by order of creation and by the values of some columns. */
export interface RowSet {
  get(rowId: string): StoredRow | undefined;
  put(row: StoredRow): void;
  remove(rowId: string): void;
  /** All rows, oldest first. */
  list(): readonly StoredRow[];
  /** The rows whose cells of these columns have this key (see {@link toRowKey}), oldest first. */
  find(columnIds: readonly string[], key: string): readonly StoredRow[];
}

/** The key of a row by some of its columns. */
export const toRowKey = (cells: Cells, columnIds: readonly string[]): string =>
  JSON.stringify(columnIds.map((columnId) => toCellKey(cells[columnId])));

interface Index {
  readonly columnIds: readonly string[];
  readonly rowIds: Map<string, Set<string>>;
}

/** An empty row set. Indexes are built at the first question for their columns and kept from then on. */
export function createRowSet(): RowSet {
  const rows = new Map<string, StoredRow>();
  const indexes = new Map<string, Index>();
  let ordered: readonly StoredRow[] | undefined;

  const indexFor = (columnIds: readonly string[]): Index => {
    const name = columnIds.join();
    const known = indexes.get(name);
    if (known !== undefined) return known;
    const index: Index = { columnIds, rowIds: new Map() };
    for (const row of rows.values()) enter(index, row);
    indexes.set(name, index);
    return index;
  };

  const remove = (rowId: string): void => {
    const row = rows.get(rowId);
    if (row === undefined) return;
    for (const index of indexes.values()) {
      index.rowIds.get(toRowKey(row.cells, index.columnIds))?.delete(rowId);
    }
    rows.delete(rowId);
    ordered = undefined;
  };

  return {
    get: (rowId) => rows.get(rowId),
    put(row) {
      remove(row.rowId);
      rows.set(row.rowId, row);
      ordered = undefined;
      for (const index of indexes.values()) enter(index, row);
    },
    remove,
    list() {
      ordered ??= [...rows.values()].sort(byAge);
      return ordered;
    },
    find: (columnIds, key) =>
      [...(indexFor(columnIds).rowIds.get(key) ?? [])]
        .flatMap((rowId) => rows.get(rowId) ?? [])
        .sort(byAge),
  };
}

const byAge = (left: StoredRow, right: StoredRow): number => left.ordinal - right.ordinal;

function enter(index: Index, row: StoredRow): void {
  const key = toRowKey(row.cells, index.columnIds);
  const rowIds = index.rowIds.get(key) ?? new Set();
  index.rowIds.set(key, rowIds.add(row.rowId));
}
