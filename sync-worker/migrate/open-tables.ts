import { MADE_TABLES, type MigrationTable } from '#shared/doc/index.ts';
import { assert } from '#shared/kernel/index.ts';
import {
  type LoadOptions,
  type LoadSession,
  type RowIdOf,
  TableLoad,
  type TargetDoc,
  type WantedRow,
} from '#worker/import/index.ts';
import type { MigrationReading } from './read-migration.ts';

/** Tables in the order in which their rows may point to one another. No table of a step points to another of it. */
export const STEPS: readonly (readonly MigrationTable[])[] = [
  ['service_blueprints', 'resource_templates', 'tasks'],
  ['workflows', 'offers'],
  ['process_templates'],
  ['projects'],
];

/** The column rows of a table are told apart by, if it has one. */
export function keyColumnOf({ binding }: MigrationReading, table: MigrationTable): string {
  const made: string | undefined = new Map(Object.entries(MADE_TABLES)).get(table);
  const column = binding.places.get(table)?.columns.get(made ?? 'external_id');
  return column?.isWritable === true ? column.columnId : '';
}

/** Opens a table to bring rows to it. */
export function openLoad(
  table: MigrationTable,
  rows: readonly WantedRow[],
  { reading, doc, options, rowIdOf }: MigrationSession,
): TableLoad {
  const place = reading.binding.places.get(table);
  assert(place !== undefined, `table \`${table}\` is there before it is written`);
  const { tableId, docName, columns } = place;
  const writable = [...columns].filter(([, { isWritable }]) => isWritable);
  const columnIds = new Map(writable.map(([name, { columnId }]) => [name, columnId]));
  const keyColumnId = keyColumnOf(reading, table);
  const bound = { name: table, tableId, docName, keyColumnId, columnIds, isKnownByName: false };
  const session: LoadSession = { target: doc, options, rowIdOf };
  return new TableLoad(bound, rows, session);
}

/** What the loads of one migration have in common. */
export interface MigrationSession {
  readonly reading: MigrationReading;
  readonly doc: TargetDoc;
  readonly options: LoadOptions;
  readonly rowIdOf: RowIdOf;
}
