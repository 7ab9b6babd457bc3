import type { ColumnInfo, TableInfo } from '#shared/coda/index.ts';
import { judgeColumn, judgeTable, judgeTargets } from './binding-health.ts';
import type { Binding, BoundColumn, BoundTable } from './bound-table.ts';
import type { ColumnSpec, TableSpec } from './column.ts';
import type { DocFinding } from './doc-finding.ts';
import { FOUNDER_HQ_TABLES, type FounderHqTable } from './founder-hq-tables.ts';
import { isKnownAs, matchNames, type NameMatch } from './name-match.ts';

/** What is known beforehand: ids by the core's names. A remembered binding, or what a founder chose at set-up. */
export interface BindingSettings {
  readonly tableIds?: { readonly [Name in FounderHqTable]?: string };
  readonly columnIds?: { readonly [Name in FounderHqTable]?: Readonly<Record<string, string>> };
  /** Which tables to look for. @default all of FOUNDER_HQ_TABLES */
  readonly tables?: readonly FounderHqTable[];
}

/** The tables a binding is about to look at: the next thing to ask the doc for is their columns. */
export function matchTables(
  tables: readonly TableInfo[],
  settings: BindingSettings = {},
): ReadonlyMap<TableSpec<FounderHqTable>, NameMatch<TableInfo>> {
  // A view shows the rows of its table again and refuses upserts.
  const bases = tables.filter(({ isView }) => !isView);
  const known = new Map<string, string>(
    specsOf(settings).flatMap(({ name, gridId }) => {
      const id = settings.tableIds?.[name] ?? gridId;
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
  return matchNames(specsOf(settings), bases, ({ name }) => known.get(name));
}

/**
 * Finds the core's tables and columns in a doc: by id, else by exact name, else by alias; the order the doc lists
 * them in plays no part. It never fails; what is missing, renamed, of another type, calculated or ambiguous is found.
 * `columnsByTable` is keyed by the doc's table ids.
 */
export function bindTables(
  tables: readonly TableInfo[],
  columnsByTable: ReadonlyMap<string, readonly ColumnInfo[]>,
  settings: BindingSettings = {},
): Binding {
  const bound = new Map<FounderHqTable, BoundTable>();
  const findings: DocFinding[] = [];
  const formats = new Map<string, ColumnInfo>();
  const views = tables.filter(({ isView }) => isView);
  for (const [spec, match] of matchTables(tables, settings)) {
    findings.push(...judgeTable(spec, match, views));
    if (match.kind !== 'found') continue;
    const columns = columnsByTable.get(match.found.id) ?? [];
    const result = bindColumns(spec, columns, settings.columnIds?.[spec.name] ?? {});
    findings.push(...result.findings);
    for (const column of columns) formats.set(`${match.found.id} ${column.id}`, column);
    bound.set(spec.name, {
      tableId: match.found.id,
      spec,
      docName: match.found.name,
      columns: result.columns,
    });
  }
  const tableIds = new Map(tables.map((table) => [table.id, table] as const));
  return { tables: bound, findings: [...findings, ...judgeTargets({ bound, formats, tableIds })] };
}

/** The id of a column, or undefined where the doc has no such table or column. */
export function columnIdOf(
  binding: Binding,
  table: FounderHqTable,
  column: string,
): string | undefined {
  return binding.tables.get(table)?.columns.get(column)?.columnId;
}

/** What to remember of a binding, so that the next one holds through any rename. */
export function toBindingSettings(binding: Binding): BindingSettings {
  const tables = [...binding.tables.values()];
  return {
    tableIds: Object.fromEntries(tables.map(({ spec, tableId }) => [spec.name, tableId])),
    columnIds: Object.fromEntries(
      tables.map(({ spec, columns }) => [
        spec.name,
        Object.fromEntries([...columns].map(([name, { columnId }]) => [name, columnId])),
      ]),
    ),
  };
}

function specsOf({ tables }: BindingSettings): readonly TableSpec<FounderHqTable>[] {
  if (tables === undefined) return FOUNDER_HQ_TABLES;
  return FOUNDER_HQ_TABLES.filter(({ name }) => tables.includes(name));
}

function bindColumns(
  table: TableSpec,
  columns: readonly ColumnInfo[],
  columnIds: Readonly<Record<string, string>>,
): { columns: ReadonlyMap<string, BoundColumn>; findings: readonly DocFinding[] } {
  const matches = matchNames(table.columns, columns, ({ name }) => columnIds[name]);
  const taken = new Set(
    [...matches.values()].flatMap((match) => (match.kind === 'found' ? [match.found.id] : [])),
  );
  const display = columns.find(({ id, isDisplay }) => isDisplay && !taken.has(id));
  const bound = new Map<string, BoundColumn>();
  const findings: DocFinding[] = [];
  for (const [spec, found] of matches) {
    const match = withDisplay(spec, withNamesake(spec, found, columns), display);
    findings.push(...judgeColumn(table, spec, match));
    if (match.kind !== 'found') continue;
    const { id, name, isCalculated, format } = match.found;
    const isWritable = !isCalculated;
    bound.set(spec.name, {
      columnId: id,
      spec,
      docName: name,
      format: format.type,
      isWritable,
    });
  }
  return { columns: bound, findings };
}

/** A column that was known by its id and lost its name to another: which of the two is meant, only a person can say. */
function withNamesake(
  spec: ColumnSpec,
  match: NameMatch<ColumnInfo>,
  columns: readonly ColumnInfo[],
): NameMatch<ColumnInfo> {
  if (match.kind !== 'found' || match.by !== 'id' || isKnownAs(spec, match.found.name))
    return match;
  const namesake = columns.find(({ id, name }) => id !== match.found.id && name === spec.name);
  return namesake === undefined
    ? match
    : { kind: 'ambiguous', candidates: [match.found, namesake] };
}

/** A row's name is its display column, whatever people call it; a key is not, for nothing else may be written there. */
function withDisplay(
  spec: ColumnSpec,
  match: NameMatch<ColumnInfo>,
  display: ColumnInfo | undefined,
): NameMatch<ColumnInfo> {
  if (match.kind !== 'missing' || display === undefined) return match;
  if (spec.isDisplay === undefined || spec.isKey !== undefined) return match;
  return { kind: 'found', found: display, by: 'alias' };
}
