import type { MigrationBinding } from './bind-migration.ts';
import { type MigrationDoc, rowsOf } from './migration-doc.ts';
import type { MigrationChange } from './migration-plan.ts';
import { MADE_TABLES, MIGRATION_TABLES, type MigrationTable } from './migration-tables.ts';

type Want = readonly [table: MigrationTable, column: string];

/**
 * What the doc still lacks for its migration, a sentence each with what to do: tables and columns, which no program can make in Coda, and those
 * of which it is not clear which is meant. Shape: empty where all can be written.
 */
export function findNeeds(
  { places, doubts }: MigrationBinding,
  doc: MigrationDoc,
  changes: readonly MigrationChange[],
): readonly string[] {
  const missing = new Set<string>();
  for (const [table, column] of [...toWants(doc), ...changes.flatMap(toWanted)]) {
    const place = places.get(table);
    const found = place?.columns.get(column);
    if (place === undefined) missing.add(tellTable(table));
    else if (found === undefined) missing.add(tellColumn(table, column, place.docName));
    else if (!found.isWritable)
      missing.add(`Clear the formula of \`${place.docName}.${column}\`, which is to be filled.`);
  }
  return [...doubts.map(({ message, fix }) => `${message} ${fix}`), ...missing];
}

/** What the steps rest on, though nothing is planned while it is missing. */
function toWants(doc: MigrationDoc): readonly Want[] {
  const wants: Want[] = [];
  if (rowsOf(doc, 'db_templates').length > 0) wants.push(['process_templates', 'workflow']);
  if (doc.get('tasks')?.columns.has('sprint') === true)
    wants.push(['tasks', 'scheduled_start_date']);
  if (doc.get('projects')?.columns.has('old_template') === true)
    wants.push(['projects', 'process_template']);
  if (rowsOf(doc, 'offers').length > 0)
    wants.push(['offers', 'service_blueprint'], ['workflows', 'service_blueprint']);
  return wants;
}

const toWanted = (change: MigrationChange): readonly Want[] =>
  change.kind === 'cell'
    ? [[change.table, change.column]]
    : [
        [change.table, 'name'],
        [change.table, MADE_TABLES[change.table]],
      ];

function tellTable(table: MigrationTable): string {
  const spec = MIGRATION_TABLES.find(({ name }) => name === table);
  const columns = (spec?.columns ?? []).filter(({ owner }) => owner === 'doc');
  const list = columns.map(({ name, type }) => `${name} (${type})`).join(', ');
  return `Make a table named \`${table}\` with the columns ${list}.`;
}

function tellColumn(table: MigrationTable, column: string, docName: string): string {
  const spec = MIGRATION_TABLES.find(({ name }) => name === table);
  const found = spec?.columns.find(({ name }) => name === column);
  const to = found?.lookupTable === undefined ? '' : ` to \`${found.lookupTable}\``;
  const type = found?.type === 'lookup' ? `relation${to}` : (found?.type ?? 'text');
  return `Add a column \`${column}\` (${type}) to \`${docName}\`.`;
}
