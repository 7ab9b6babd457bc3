import type { CodaApi } from '#shared/coda/index.ts';
import { type Binding, type BoundTable, type FindingCode, readBinding } from '#shared/doc/index.ts';
import { assert, DomainError } from '#shared/kernel/index.ts';
import { IMPORT_TABLES, type ImportTable } from './wanted-rows.ts';

/** A doc that is ready to take a history in. */
export interface ImportTarget {
  readonly api: CodaApi;
  readonly docId: string;
  /** The word of the doc's status list that means finished. */
  readonly doneStatus: string;
  readonly tables: { readonly [Table in ImportTable]: TargetTable };
}

/** A table that is ready to take rows in. */
export interface TargetTable {
  readonly tableId: string;
  /** What people call it. */
  readonly docName: string;
  readonly keyColumnId: string;
  /** Column ids by the core's names, of those columns a write reaches and means the right thing in. */
  readonly columnIds: ReadonlyMap<string, string>;
}

/** Columns without which an import cannot keep its promise: found again after a crash, and counted rightly. */
const NEEDED: { readonly [Table in ImportTable]: readonly [key: string, ...others: string[]] } = {
  workflows: ['external_id', 'name'],
  projects: ['external_id', 'name'],
  people: ['external_id', 'name'],
  tasks: ['external_id', 'name', 'project', 'status', 'estimated_hours'],
  execution_runs: ['run_id', 'task', 'workflow', 'started_at', 'actual_hours'],
};
const RENAMES: ReadonlySet<FindingCode> = new Set(['TABLE_RENAMED', 'COLUMN_RENAMED']);
/** Words for finished that a doc's status list may have, the first the usual one. */
const DONE_STATUSES = ['Done', 'Completed'] as const;

/**
 * Finds the tables and columns an import writes.
 * Errors: `DOC_NOT_READY`, naming everything that is missing or calculated at once; those of the API.
 */
export async function openImportTarget(api: CodaApi, docId: string): Promise<ImportTarget> {
  const doc = await api.getDoc(docId);
  const binding = await readBinding(api, docId, { tables: IMPORT_TABLES });
  const gaps = IMPORT_TABLES.flatMap((table) => findGaps(binding, table));
  if (gaps.length > 0) {
    const list = gaps.map((gap) => `\n  - ${gap}`).join('');
    throw new DomainError(
      'DOC_NOT_READY',
      `The doc \`${doc.name}\` cannot take the import in:${list}`,
    );
  }
  const toTarget = (table: ImportTable): TargetTable => toTargetTable(binding, table);
  return {
    api,
    docId,
    doneStatus: await findDoneStatus(api, docId, boundTable(binding, 'tasks')),
    tables: {
      workflows: toTarget('workflows'),
      projects: toTarget('projects'),
      people: toTarget('people'),
      tasks: toTarget('tasks'),
      execution_runs: toTarget('execution_runs'),
    },
  };
}

function findGaps(binding: Binding, table: ImportTable): readonly string[] {
  const bound = binding.tables.get(table);
  if (bound === undefined) return [findFault(binding, table) ?? `Table \`${table}\` is missing.`];
  return NEEDED[table].flatMap((column) => {
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

function toTargetTable(binding: Binding, table: ImportTable): TargetTable {
  const { tableId, docName, columns } = boundTable(binding, table);
  const columnIds = new Map<string, string>();
  for (const [name, column] of columns) {
    const isSound = column.isWritable && findFault(binding, table, name) === undefined;
    if (isSound) columnIds.set(name, column.columnId);
  }
  const keyColumnId = columnIds.get(NEEDED[table][0]);
  assert(keyColumnId !== undefined, `table \`${table}\` was bound without its key`);
  return { tableId, docName, keyColumnId, columnIds };
}

function boundTable(binding: Binding, table: ImportTable): BoundTable {
  const bound = binding.tables.get(table);
  assert(bound !== undefined, `table \`${table}\` is not bound`);
  return bound;
}

/** A status the list does not offer might not be taken, so the list's own word is used. */
async function findDoneStatus(api: CodaApi, docId: string, tasks: BoundTable): Promise<string> {
  const statusId = tasks.columns.get('status')?.columnId;
  const columns = await api.listColumns(docId, tasks.tableId);
  const options = columns.find((column) => column.id === statusId)?.format.options ?? [];
  return DONE_STATUSES.find((word) => options.includes(word)) ?? DONE_STATUSES[0];
}
