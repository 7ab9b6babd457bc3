import type { CodaApi } from '#shared/coda/index.ts';
import {
  type Binding,
  type BoundTable,
  type FindingCode,
  type FounderHqTable,
  readBinding,
} from '#shared/doc/index.ts';
import { assert, DomainError } from '#shared/kernel/index.ts';
import type { LoadTable } from './wanted-rows.ts';

/** The doc rows are loaded into. */
export interface TargetDoc {
  readonly api: CodaApi;
  readonly docId: string;
}

/** A table that is ready to take rows in. */
export interface TargetTable {
  readonly name: LoadTable;
  readonly tableId: string;
  /** What people call it. */
  readonly docName: string;
  /** "" where it has none, so that rows are known by their ids alone. */
  readonly keyColumnId: string;
  /** Column ids by the core's names, of those columns a write reaches and means the right thing in. */
  readonly columnIds: ReadonlyMap<string, string>;
  /** Whether a row of the wanted name stands for it, though it has no key. */
  readonly isKnownByName: boolean;
}

/** A table of the core rows can be loaded into. */
type NeededTable = LoadTable & FounderHqTable;

/** What a table must have to be loaded into, so that its rows are found again after a crash: its key column first. */
export interface TableNeed {
  readonly columns: readonly [key: string, ...others: string[]];
  readonly isKnownByName: boolean;
}

/** The needs of some tables. */
export type TableNeeds<Table extends NeededTable> = { readonly [Name in Table]: TableNeed };

/** The tables that were asked for. */
export interface TargetTables<Table extends NeededTable> {
  readonly of: (table: Table) => TargetTable;
  /** The first of some words that a select list offers. An open list offers the first; a list without any of them none. */
  readonly pickOption: (
    table: Table,
    column: string,
    words: readonly [string, ...string[]],
  ) => Promise<string | undefined>;
}

const RENAMES: ReadonlySet<FindingCode> = new Set(['TABLE_RENAMED', 'COLUMN_RENAMED']);

/**
 * Finds the tables and columns rows are loaded into. Shape: `what` names what is loaded, such as `the import`.
 * Errors: `DOC_NOT_READY`, naming everything that is missing or calculated at once; those of the API.
 */
export async function openTargetTables<Table extends NeededTable>(
  { api, docId }: TargetDoc,
  needs: TableNeeds<Table>,
  { tables, what }: { readonly tables: readonly Table[]; readonly what: string },
): Promise<TargetTables<Table>> {
  const doc = await api.getDoc(docId);
  const binding = await readBinding(api, docId, { tables });
  const gaps = tables.flatMap((table) => findGaps(binding, table, needs[table]));
  if (gaps.length > 0) {
    const list = gaps.map((gap) => `\n  - ${gap}`).join('');
    throw new DomainError(
      'DOC_NOT_READY',
      `The doc \`${doc.name}\` cannot take ${what} in:${list}`,
    );
  }
  return {
    of: (table) => toTargetTable(binding, table, needs[table]),
    pickOption: async (table, column, words) => {
      const { tableId, columns: bound } = boundTable(binding, table);
      const columns = await api.listColumns(docId, tableId);
      const found = columns.find(({ id }) => id === bound.get(column)?.columnId);
      const options = found?.format.options ?? [];
      return options.length === 0 ? words[0] : words.find((word) => options.includes(word));
    },
  };
}

function findGaps(binding: Binding, table: NeededTable, { columns }: TableNeed): readonly string[] {
  const bound = binding.tables.get(table);
  if (bound === undefined) return [findFault(binding, table) ?? `Table \`${table}\` is missing.`];
  return columns.flatMap((column) => {
    const where = `Column \`${bound.docName}.${column}\``;
    const found = bound.columns.get(column);
    const fault = findFault(binding, table, column);
    if (fault !== undefined) return [fault];
    if (found === undefined) return [`${where} is missing. Add a column of that name.`];
    return found.isWritable ? [] : [`${where} is computed. Clear the formula to have it filled.`];
  });
}

/** What keeps a table or column from being written rightly; a mere rename does not. */
function findFault(binding: Binding, table: string, column?: string): string | undefined {
  const fault = binding.findings.find(
    (finding) => finding.table === table && finding.column === column && !RENAMES.has(finding.code),
  );
  return fault === undefined ? undefined : `${fault.message} ${fault.fix}`;
}

function toTargetTable(
  binding: Binding,
  name: NeededTable,
  { columns: [key], isKnownByName }: TableNeed,
): TargetTable {
  const { tableId, docName, columns } = boundTable(binding, name);
  const columnIds = new Map<string, string>();
  for (const [column, { columnId, isWritable }] of columns) {
    const isSound = isWritable && findFault(binding, name, column) === undefined;
    if (isSound) columnIds.set(column, columnId);
  }
  const keyColumnId = columnIds.get(key);
  assert(keyColumnId !== undefined, `table \`${name}\` was bound without its key`);
  return { name, tableId, docName, keyColumnId, columnIds, isKnownByName };
}

function boundTable(binding: Binding, table: NeededTable): BoundTable {
  const bound = binding.tables.get(table);
  assert(bound !== undefined, `table \`${table}\` is not bound`);
  return bound;
}
