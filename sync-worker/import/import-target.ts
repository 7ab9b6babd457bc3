import type { CodaApi } from '#shared/coda/index.ts';
import { openTargetTables, type TableNeeds, type TargetTable } from './target-tables.ts';
import { IMPORT_TABLES, type ImportTable } from './wanted-rows.ts';

/** A doc that is ready to take a history in. */
export interface ImportTarget {
  readonly api: CodaApi;
  readonly docId: string;
  /** The word of the doc's status list that means finished. */
  readonly doneStatus: string;
  readonly tableOf: (table: ImportTable) => TargetTable;
}

/**
 * Columns without which an import cannot keep its promise: found again after a crash, and counted rightly. The name of a task or a run
 * is no identity; that of a workflow, a project or a person is how people know it.
 */
const NEEDS: TableNeeds<ImportTable> = {
  workflows: { columns: ['external_id', 'name'], isKnownByName: true },
  projects: { columns: ['external_id', 'name'], isKnownByName: true },
  people: { columns: ['external_id', 'name'], isKnownByName: true },
  tasks: {
    columns: ['external_id', 'name', 'project', 'status', 'estimated_hours'],
    isKnownByName: false,
  },
  execution_runs: {
    columns: ['run_id', 'task', 'workflow', 'started_at', 'actual_hours'],
    isKnownByName: false,
  },
};
/** Words for finished that a doc's status list may have, the first the usual one. */
const DONE_STATUSES = ['Done', 'Completed'] as const;

/**
 * Finds the tables and columns an import writes.
 * Errors: `DOC_NOT_READY`, naming everything that is missing or calculated at once; those of the API.
 */
export async function openImportTarget(api: CodaApi, docId: string): Promise<ImportTarget> {
  const asked = { tables: IMPORT_TABLES, what: 'the import' };
  const tables = await openTargetTables({ api, docId }, NEEDS, asked);
  // A status the list does not offer might not be taken, so the list's own word is used.
  const status = await tables.pickOption('tasks', 'status', DONE_STATUSES);
  return { api, docId, doneStatus: status ?? DONE_STATUSES[0], tableOf: tables.of };
}
