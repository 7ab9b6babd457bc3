import type { ApiRow, CodaApi } from '#shared/coda/index.ts';
import {
  type BindingSettings,
  createRowParser,
  type DocFinding,
  type DocSource,
  type FounderHqDoc,
  type FounderHqTable,
  parseLedgerRow,
  type ReadableTable,
  type RowByTable,
  readBinding,
} from '#shared/doc/index.ts';
import { DomainError } from '#shared/kernel/index.ts';
import type { VisibleRow } from '#shared/ledger/index.ts';

/** What a tick works on: a doc, and where its parts were found. */
export interface SyncTarget extends DocSource {
  /** The doc's own, whose days and months count. */
  readonly timeZone: string;
}

/** What one tick read: each table once, whole or not at all. */
export interface Pulled {
  readonly doc: FounderHqDoc;
  /** Rows as the API gave them, to see what a cell shows now. */
  readonly raw: ReadonlyMap<FounderHqTable, readonly ApiRow[]>;
  readonly ledgerRows: readonly VisibleRow[];
  readonly findings: readonly DocFinding[];
}

const PULLED: readonly ReadableTable[] = [
  'workflows',
  'process_templates',
  'projects',
  'people',
  'tasks',
  'deliverables',
  'execution_runs',
];
/** Rows a page: large docs time out on more. */
const PAGE_ROWS = 200;

/**
 * Finds the doc and its tables.
 * Errors: those of the API; `DOC_NOT_READY` with every problem and its fix when a table or column the worker needs is missing.
 */
export async function openTarget(
  api: CodaApi,
  docId: string,
  settings: BindingSettings = {},
): Promise<SyncTarget> {
  const binding = await readBinding(api, docId, { ...settings, tables: [...PULLED, 'Ledger'] });
  const { timezone = 'UTC' } = await api.getDoc(docId);
  return refuseUnready({ api, docId, binding, timeZone: timezone });
}

/** The target where its doc has all it must. Errors: `DOC_NOT_READY` as {@link openTarget}. */
export function refuseUnready<Target extends DocSource>(target: Target): Target {
  const problems = target.binding.findings.filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return target;
  const lines = problems.map(({ message, fix }) => `  ${message} ${fix}`).join('\n');
  throw new DomainError('DOC_NOT_READY', `The doc cannot be synced yet:\n${lines}`);
}

/** Reads every table a tick needs; `onPage` is awaited after each page. Errors: those of the API; a page that fails fails the whole, never a short list. */
export async function pull(
  target: SyncTarget,
  onPage: () => Promise<void> = async () => {},
): Promise<Pulled> {
  const raw = new Map<FounderHqTable, readonly ApiRow[]>();
  // One table after the other: the budget is the account's, and a person's button should find room in it.
  for (const table of [...PULLED, 'Ledger'] as const)
    raw.set(table, await readTable(target, table, onPage));
  const findings: DocFinding[] = [];
  const rowsOf = <Table extends ReadableTable>(table: Table): readonly RowByTable[Table][] => {
    if (!target.binding.tables.has(table)) return [];
    const parser = createRowParser(target.binding, table);
    const rows = (raw.get(table) ?? []).map(parser.parse);
    findings.push(...parser.findings());
    return rows;
  };
  const doc: FounderHqDoc = {
    docId: target.docId,
    serviceBlueprints: [],
    ventures: [],
    offers: [],
    engagements: [],
    workflows: rowsOf('workflows'),
    processTemplates: rowsOf('process_templates'),
    projects: rowsOf('projects'),
    people: rowsOf('people'),
    tasks: rowsOf('tasks'),
    sprints: [],
    executionRuns: rowsOf('execution_runs'),
    ...(target.binding.tables.has('deliverables') ? { deliverables: rowsOf('deliverables') } : {}),
  };
  const ledgerRows = (raw.get('Ledger') ?? []).map((row) => parseLedgerRow(target.binding, row));
  return { doc, raw, ledgerRows, findings };
}

async function readTable(
  { api, docId, binding }: SyncTarget,
  table: FounderHqTable,
  onPage: () => Promise<void>,
): Promise<readonly ApiRow[]> {
  const tableId = binding.tables.get(table)?.tableId;
  if (tableId === undefined) return [];
  const rows: ApiRow[] = [];
  const valueFormat = table === 'Ledger' ? 'simple' : 'rich';
  for await (const page of api.listRows(docId, tableId, { limit: PAGE_ROWS, valueFormat })) {
    rows.push(...page.rows);
    await onPage();
  }
  return rows;
}
