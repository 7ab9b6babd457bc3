import { RECORD_TABLES_SQL } from './record-tables-sql.ts';

const NAMES = [...RECORD_TABLES_SQL.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = '']) => name);
const APPEND_ONLY = [
  'run_configs',
  'costs',
  'price_books',
  'routing_decisions',
  'schedule_entries',
  'progress_snapshots',
  'validations',
  'tool_results',
];

const toGuards = (table: string): string => `
CREATE TRIGGER ${table}_stay BEFORE DELETE ON ${table}
BEGIN SELECT RAISE(ABORT, 'a document of ${table} stays'); END;`;
const toSeals = (table: string): string => `
CREATE TRIGGER ${table}_are_kept BEFORE UPDATE ON ${table}
BEGIN SELECT RAISE(ABORT, 'a document of ${table} is never changed'); END;`;

/** What keeps contract documents from being deleted, and those of an append-only table from being changed, as of step 2. */
export const RECORD_GUARDS_SQL: string = `${NAMES.map(toGuards).join('')}${APPEND_ONLY.map(toSeals).join('')}
CREATE TRIGGER diff_is_kept BEFORE UPDATE ON patch_ledger
WHEN NEW.body ->> '$.diffHash' IS NOT OLD.body ->> '$.diffHash'
BEGIN SELECT RAISE(ABORT, 'the diff of a patch is never changed'); END;
`;
