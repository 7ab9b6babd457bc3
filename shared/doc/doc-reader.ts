import type { ApiRow, CodaApi, ColumnInfo, DocApi } from '#shared/coda/index.ts';
import { assert } from '#shared/kernel/index.ts';
import { type BindingSettings, bindTables, matchTables } from './binding.ts';
import type { Binding } from './bound-table.ts';
import type { DocFinding } from './doc-finding.ts';
import type { FounderHqTable } from './founder-hq-tables.ts';
import type { FounderHqDoc, LedgerTableRow } from './model.ts';
import {
  createRowParser,
  parseLedgerRow,
  READABLE_TABLES,
  type ReadableTable,
  type RowByTable,
} from './row-parser.ts';

/** A doc to read from, and where its tables are. */
export interface DocSource<Api extends DocApi = CodaApi> {
  readonly api: Api;
  readonly docId: string;
  readonly binding: Binding;
}

/** A doc as it was read, and what was odd about its cells. */
export interface DocReading {
  readonly doc: FounderHqDoc;
  readonly findings: readonly DocFinding[];
}

/** Rows a page: large docs time out on more, and the API may give fewer without saying so. */
const PAGE_ROWS = 200;

/**
 * Looks at a doc's tables and columns and binds them: one list of tables, and one list of columns for each table found.
 * Errors: the `DomainError`s of the Coda API.
 */
export async function readBinding(
  api: DocApi,
  docId: string,
  settings: BindingSettings = {},
): Promise<Binding> {
  const tables = await api.listTables(docId);
  const tableIds = [...matchTables(tables, settings).values()].flatMap((match) =>
    match.kind === 'found' ? [match.found.id] : [],
  );
  const columns = await Promise.all(
    tableIds.map(
      async (tableId): Promise<[string, readonly ColumnInfo[]]> => [
        tableId,
        await api.listColumns(docId, tableId),
      ],
    ),
  );
  return bindTables(tables, new Map(columns), settings);
}

/**
 * The typed rows of the tables asked for; a table the doc does not have is empty. All tables are asked for at once and
 * the transport decides how many are under way. Errors: the `DomainError`s of the Coda API; a page that fails fails all.
 */
export async function readFounderHq(
  source: DocSource<DocApi>,
  tables: readonly ReadableTable[] = READABLE_TABLES,
): Promise<DocReading> {
  const findings = new Map<ReadableTable, readonly DocFinding[]>();
  const rowsOf = async <Table extends ReadableTable>(
    table: Table,
  ): Promise<readonly RowByTable[Table][]> => {
    if (!tables.includes(table) || !source.binding.tables.has(table)) return [];
    const parser = createRowParser(source.binding, table);
    const rows = await readRows(source, table, parser.parse);
    findings.set(table, parser.findings());
    return rows;
  };
  const rows = await Promise.all([
    rowsOf('service_blueprints'),
    rowsOf('ventures'),
    rowsOf('offers'),
    rowsOf('engagements'),
    rowsOf('workflows'),
    rowsOf('process_templates'),
    rowsOf('projects'),
    rowsOf('people'),
    rowsOf('tasks'),
    rowsOf('sprints'),
    rowsOf('execution_runs'),
    rowsOf('deliverables'),
    rowsOf('finance_snapshot'),
  ]);
  const doc: FounderHqDoc = {
    docId: source.docId,
    serviceBlueprints: rows[0],
    ventures: rows[1],
    offers: rows[2],
    engagements: rows[3],
    workflows: rows[4],
    processTemplates: rows[5],
    projects: rows[6],
    people: rows[7],
    tasks: rows[8],
    sprints: rows[9],
    executionRuns: rows[10],
    ...(source.binding.tables.has('deliverables') && tables.includes('deliverables')
      ? { deliverables: rows[11] }
      : {}),
    ...(tables.includes('finance_snapshot') ? { finance: rows[12] } : {}),
  };
  // In the order of the tables, not of the answers, so that the same doc reads the same twice.
  return { doc, findings: READABLE_TABLES.flatMap((table) => findings.get(table) ?? []) };
}

/**
 * Every row of the Ledger table, word for word; none where the doc has no such table.
 * Errors: the `DomainError`s of the Coda API.
 */
export async function readLedgerRows(
  source: DocSource<DocApi>,
): Promise<readonly LedgerTableRow[]> {
  if (!source.binding.tables.has('Ledger')) return [];
  return readRows(source, 'Ledger', (row) => parseLedgerRow(source.binding, row));
}

async function readRows<Row>(
  { api, docId, binding }: DocSource<DocApi>,
  table: FounderHqTable,
  parse: (row: ApiRow) => Row,
): Promise<readonly Row[]> {
  const tableId = binding.tables.get(table)?.tableId;
  assert(tableId !== undefined, `table \`${table}\` is not bound`);
  // The Ledger's texts are machine-made: `rich` would wrap them in Markdown.
  const valueFormat = table === 'Ledger' ? 'simple' : 'rich';
  const rows: Row[] = [];
  for await (const page of api.listRows(docId, tableId, { limit: PAGE_ROWS, valueFormat })) {
    for (const row of page.rows) rows.push(parse(row));
  }
  return rows;
}
