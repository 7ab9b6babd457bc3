import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import { type TargetDoc, type TargetTable, toHeaderKey } from '#worker/import/index.ts';

/** The tables a review is put into, where the doc has them. */
const OBSERVER_TABLES = ['daily_thread', 'template_performance'] as const;
/** One of {@link OBSERVER_TABLES}. */
export type ObserverTable = (typeof OBSERVER_TABLES)[number];

/** What a review fills, and the column without which it would fill nothing. */
const COLUMNS: {
  readonly [Table in ObserverTable]: {
    readonly gridId: string;
    readonly needed: string;
    readonly others: readonly string[];
  };
} = {
  daily_thread: { gridId: 'grid-33magJT7Om', needed: 'metrics', others: ['date'] },
  template_performance: {
    gridId: 'grid-LMZfkAk4AE',
    needed: 'n',
    others: [
      'template',
      'window',
      'typical_variance_pct',
      'total_variance_pct',
      'range_low',
      'range_high',
      'variance_state',
      'since',
    ],
  },
};
/** Its row is found again by it, and by nothing else. */
const KEY = 'external_id';

/** A table that is there, with the formats of its columns. */
export interface FoundTable extends TargetTable {
  readonly name: ObserverTable;
  /** Types of the columns by their names. */
  readonly formats: ReadonlyMap<string, string>;
}

/**
 * The tables of a doc that a review is put into; one the doc does not have is left out.
 * Errors: `DOC_NOT_READY` where it has none of them, or one lacks a column it cannot do without; those of the API.
 */
export async function findObserverTables({
  api,
  docId,
}: TargetDoc): Promise<ReadonlyMap<ObserverTable, FoundTable>> {
  const bases = (await api.listTables(docId)).filter(({ isView }) => !isView);
  const found = new Map<ObserverTable, FoundTable>();
  const gaps: string[] = [];
  for (const name of OBSERVER_TABLES) {
    const table = findTable(name, bases);
    if (table === undefined) continue;
    const { columnIds, formats } = toColumns(name, await api.listColumns(docId, table.id));
    const keyColumnId = columnIds.get(KEY);
    gaps.push(
      ...[KEY, COLUMNS[name].needed]
        .filter((column) => !columnIds.has(column))
        .map((column) => `\`${table.name}.${column}\``),
    );
    if (keyColumnId === undefined) continue;
    const { id: tableId, name: docName } = table;
    found.set(name, {
      name,
      tableId,
      docName,
      keyColumnId,
      columnIds,
      formats,
      isKnownByName: false,
    });
  }
  if (gaps.length > 0) {
    const text = `A review is put into rows that are found again, and needs columns that can be written: add ${gaps.join(', ')}, as text or number without a formula.`;
    throw new DomainError('DOC_NOT_READY', text);
  }
  if (found.size > 0) return found;
  const text = `The doc has no table ${OBSERVER_TABLES.map((name) => `\`${name}\``).join(' or ')} to put a review into: add one, with the columns the guide names.`;
  throw new DomainError('DOC_NOT_READY', text);
}

function findTable(name: ObserverTable, tables: readonly TableInfo[]): TableInfo | undefined {
  const { gridId } = COLUMNS[name];
  const called = tables.filter((table) => toHeaderKey(table.name) === toHeaderKey(name));
  return tables.find(({ id }) => id === gridId) ?? (called.length === 1 ? called[0] : undefined);
}

/** What a formula fills takes no writes. */
function toColumns(name: ObserverTable, columns: readonly ColumnInfo[]) {
  const { needed, others } = COLUMNS[name];
  const columnIds = new Map<string, string>();
  const formats = new Map<string, string>();
  for (const wanted of [KEY, needed, ...others]) {
    const column = columns.find((one) => toHeaderKey(one.name) === toHeaderKey(wanted));
    if (column === undefined || column.isCalculated) continue;
    columnIds.set(wanted, column.id);
    formats.set(wanted, column.format.type);
  }
  return { columnIds, formats };
}
