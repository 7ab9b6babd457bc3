import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import { judgeColumn, judgeTable } from '../binding-health.ts';
import type { TableSpec } from '../column.ts';
import type { DocFinding } from '../doc-finding.ts';
import { matchNames, type NameMatch } from '../name-match.ts';
import { MIGRATION_TABLES, type MigrationTable } from './migration-tables.ts';

/** A column as a migration deals with it. */
export interface MigrationColumn {
  readonly columnId: string;
  /** Whether a write reaches it. */
  readonly isWritable: boolean;
}

/** A table as a migration deals with it. */
export interface MigrationPlace {
  readonly tableId: string;
  /** What people call it. */
  readonly docName: string;
  /** By the core's name of the column. */
  readonly columns: ReadonlyMap<string, MigrationColumn>;
}

/** Where a migration finds its tables, and what leaves it in doubt. */
export interface MigrationBinding {
  readonly places: ReadonlyMap<MigrationTable, MigrationPlace>;
  /** Tables or columns of which the doc has several that could be meant: nothing is written until they are told apart. */
  readonly doubts: readonly DocFinding[];
}

/** The doc's tables a migration looks at: the next thing to ask for is their columns. */
export const matchMigrationTables = (
  tables: readonly TableInfo[],
): ReadonlyMap<TableSpec<MigrationTable>, NameMatch<TableInfo>> => {
  const gridIds = new Map(MIGRATION_TABLES.map(({ name, gridId }) => [name as string, gridId]));
  const bases = tables.filter(({ isView }) => !isView);
  return matchNames(MIGRATION_TABLES, bases, ({ name }) => gridIds.get(name));
};

/** Finds a migration's tables and columns. Shape: `columnsByTable` is keyed by the doc's table ids. */
export function bindMigration(
  tables: readonly TableInfo[],
  columnsByTable: ReadonlyMap<string, readonly ColumnInfo[]>,
): MigrationBinding {
  const matches = matchMigrationTables(tables);
  const places = new Map<MigrationTable, MigrationPlace>();
  const doubts: DocFinding[] = [];
  const templatesId = findId(matches, 'db_templates');
  for (const [spec, match] of matches) {
    if (match.kind === 'ambiguous') doubts.push(...judgeTable(spec, match, []));
    if (match.kind !== 'found') continue;
    const { id, name } = match.found;
    const bound = bindColumns(spec, columnsByTable.get(id) ?? [], templatesId);
    doubts.push(...bound.doubts);
    places.set(spec.name, { tableId: id, docName: name, columns: bound.columns });
  }
  return { places, doubts };
}

function bindColumns(
  spec: TableSpec<MigrationTable>,
  columns: readonly ColumnInfo[],
  templatesId: string | undefined,
): { columns: ReadonlyMap<string, MigrationColumn>; doubts: readonly DocFinding[] } {
  // A relation to the old templates is the old one, whatever it is called.
  const isOld = ({ format }: ColumnInfo): boolean =>
    templatesId !== undefined && format.tableId === templatesId;
  const old = spec.columns.filter(({ lookupTable }) => lookupTable === 'db_templates');
  const current = spec.columns.filter((column) => !old.includes(column));
  const matches = matchNames(
    current,
    columns.filter((column) => !isOld(column)),
    () => undefined,
  );
  const bound = new Map<string, MigrationColumn>();
  const doubts: DocFinding[] = [];
  for (const [column, match] of matches) {
    const display = match.kind === 'missing' && column.isDisplay === true;
    const found = display ? columns.find(({ isDisplay }) => isDisplay) : foundOf(match);
    if (match.kind === 'ambiguous') doubts.push(...judgeColumn(spec, column, match));
    if (found !== undefined) bound.set(column.name, toColumn(found));
  }
  const oldColumn = columns.find(isOld);
  for (const { name } of old) if (oldColumn !== undefined) bound.set(name, toColumn(oldColumn));
  return { columns: bound, doubts };
}

const foundOf = <Found>(match: NameMatch<Found>): Found | undefined =>
  match.kind === 'found' ? match.found : undefined;

const toColumn = ({ id, isCalculated }: ColumnInfo): MigrationColumn => ({
  columnId: id,
  isWritable: !isCalculated,
});

function findId(
  matches: ReadonlyMap<TableSpec<MigrationTable>, NameMatch<TableInfo>>,
  table: MigrationTable,
): string | undefined {
  const [, match] = [...matches].find(([{ name }]) => name === table) ?? [];
  return match === undefined ? undefined : foundOf(match)?.id;
}
