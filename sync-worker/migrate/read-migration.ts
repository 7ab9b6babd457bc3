import type { ApiRow, CodaApi, ColumnInfo } from '#shared/coda/index.ts';
import {
  bindMigration,
  type MigrationBinding,
  type MigrationDoc,
  type MigrationRow,
  type MigrationRows,
  type MigrationTable,
  matchMigrationTables,
} from '#shared/doc/index.ts';
import type { TargetDoc } from '#worker/import/index.ts';

/** A doc as one reading found it. */
export interface MigrationReading {
  readonly doc: MigrationDoc;
  readonly binding: MigrationBinding;
  /** The rows as the API gave them, by row id. */
  readonly raw: ReadonlyMap<MigrationTable, ReadonlyMap<string, ApiRow>>;
  /** Ids of the columns a person can fill, whether the migration knows them or not. */
  readonly typed: ReadonlyMap<MigrationTable, readonly string[]>;
}

/** Reads every row of the tables a migration looks at. Errors: those of the API. */
export async function readMigration({ api, docId }: TargetDoc): Promise<MigrationReading> {
  const tables = await api.listTables(docId);
  const found = [...matchMigrationTables(tables).values()].flatMap((match) =>
    match.kind === 'found' ? [match.found.id] : [],
  );
  const columns = new Map<string, readonly ColumnInfo[]>();
  for (const tableId of found) columns.set(tableId, await api.listColumns(docId, tableId));
  const binding = bindMigration(tables, columns);
  const doc = new Map<MigrationTable, MigrationRows>();
  const raw = new Map<MigrationTable, ReadonlyMap<string, ApiRow>>();
  const typed = new Map<MigrationTable, readonly string[]>();
  for (const [table, place] of binding.places) {
    const rows = await listAll(api, docId, place.tableId);
    raw.set(table, new Map(rows.map((row) => [row.id, row])));
    doc.set(table, {
      columns: new Set(place.columns.keys()),
      rows: rows.map((row) => toRow(row, place.columns)),
    });
    const all = columns.get(place.tableId) ?? [];
    typed.set(
      table,
      all.filter(({ isCalculated }) => !isCalculated).map(({ id }) => id),
    );
  }
  return { doc, binding, raw, typed };
}

async function listAll(api: CodaApi, docId: string, tableId: string): Promise<readonly ApiRow[]> {
  const rows: ApiRow[] = [];
  for await (const page of api.listRows(docId, tableId)) rows.push(...page.rows);
  return rows;
}

function toRow(
  { id: rowId, name, values }: ApiRow,
  columns: ReadonlyMap<string, { readonly columnId: string }>,
): MigrationRow {
  const cells = [...columns].flatMap(([column, { columnId }]) => {
    const cell = values[columnId];
    return cell === undefined ? [] : [[column, cell] as const];
  });
  return { rowId, name, cells: new Map(cells) };
}
