import type { ApiRow } from '#shared/coda/index.ts';
import {
  createRowParser,
  type DocFinding,
  type FounderHqDoc,
  type FounderHqTable,
  parseLedgerRow,
  type ReadableTable,
  type RowByTable,
  readBinding,
  toBindingSettings,
} from '#shared/doc/index.ts';
import type { Sent, VisibleRow } from '#shared/ledger/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { type BlownFuse, keepFuse, readFuses } from './fuse.ts';
import { refuseLoss, toShape } from './known-shape.ts';
import { readSentRows } from './ledger-books.ts';
import { lookAtTable, type TableLook } from './look-at-table.ts';
import { keepSeen, readSeen } from './seen-rows.ts';
import { LOOKED_AT, type SyncTarget } from './sync-target.ts';

/** What a look at a doc goes by. */
export interface PeekOptions {
  readonly store: Store;
  readonly target: SyncTarget;
  readonly nowMs: number;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
  /** Whether a person has looked at the rows that blown fuses name and means them to be gone. @default false */
  readonly isAccepted?: boolean;
  /** Awaited after each page. */
  readonly onPage?: () => Promise<void>;
}

/** How a doc is read. */
export interface PullOptions extends PeekOptions {
  /** What the look is kept under, asked for when all is read. */
  readonly under: () => Promise<LeaseMark>;
}

/** What one tick read: each table once, whole or not at all. */
export interface Pulled {
  readonly doc: FounderHqDoc;
  /** Rows as the API gave them, to see what a cell shows now. */
  readonly raw: ReadonlyMap<FounderHqTable, readonly ApiRow[]>;
  readonly ledgerRows: readonly VisibleRow[];
  readonly findings: readonly DocFinding[];
  /** Tables that lost more rows at once than may be believed; their missing rows are still among those above. */
  readonly fuses: readonly BlownFuse[];
}

/** Reads every table a tick needs and remembers what it saw. Errors: those of the API and of {@link lookAtTable}; `SHAPE_CHANGED`. */
export async function pull(options: PullOptions): Promise<Pulled> {
  const looks = await lookAtTables(options);
  const { store, target, under } = options;
  const news = looks.filter(({ isNews }) => isNews);
  if (news.length > 0) await refuseShapeLoss(target);
  const lease = await under();
  if (news.length > 0) await keepLooks(store, news, lease);
  return toPulled(target, looks);
}

/** Reads what {@link pull} reads and remembers nothing. Errors: as {@link pull}. */
export async function peek(options: PeekOptions): Promise<Pulled> {
  return toPulled(options.target, await lookAtTables(options));
}

async function lookAtTables(options: PeekOptions): Promise<readonly TableLook[]> {
  const { store, target, nowMs, lagMs, isAccepted = false, onPage = async () => {} } = options;
  const fuses = await readFuses(store);
  const deletedIds = toDeletedIds(await readSentRows(store));
  const looks: TableLook[] = [];
  // One table after the other: the budget is the account's, and a person's button should find room in it.
  for (const table of LOOKED_AT) {
    const bound = target.binding.tables.get(table);
    if (bound === undefined) continue;
    const seen = await readSeen(store, table);
    const fuse = fuses.get(table);
    const facts = { seen, fuse, deletedIds, isAccepted, nowMs, lagMs, onPage };
    looks.push(await lookAtTable(target, bound, facts));
  }
  return looks;
}

/** What was read is worth nothing if a column went while it was: its cells look blank. Errors: `SHAPE_CHANGED`. */
export async function refuseShapeLoss({ api, docId, binding }: SyncTarget): Promise<void> {
  const settings = { ...toBindingSettings(binding), tables: LOOKED_AT };
  refuseLoss(toShape(binding), await readBinding(api, docId, settings));
}

const toDeletedIds = (sent: ReadonlyMap<string, Sent>): ReadonlySet<string> =>
  new Set([...sent.keys()].flatMap((id) => (id.startsWith('delete/') ? [id.slice(7)] : [])));

async function keepLooks(
  store: Store,
  looks: readonly TableLook[],
  under: LeaseMark,
): Promise<void> {
  await store.transaction(
    async (transaction) => {
      for (const look of looks) {
        await keepSeen(transaction, look);
        await keepFuse(transaction, look.table, look.fuse);
      }
    },
    { under },
  );
}

function toPulled({ docId, binding }: SyncTarget, looks: readonly TableLook[]): Pulled {
  const raw = new Map(looks.map(({ table, rows }) => [table, rows]));
  const findings: DocFinding[] = [];
  const rowsOf = <Table extends ReadableTable>(table: Table): readonly RowByTable[Table][] => {
    if (!binding.tables.has(table)) return [];
    const parser = createRowParser(binding, table);
    const rows = (raw.get(table) ?? []).map(parser.parse);
    findings.push(...parser.findings());
    return rows;
  };
  const doc: FounderHqDoc = {
    docId,
    serviceBlueprints: [],
    ventures: [],
    offers: [],
    engagements: rowsOf('engagements'),
    workflows: rowsOf('workflows'),
    processTemplates: rowsOf('process_templates'),
    projects: rowsOf('projects'),
    people: rowsOf('people'),
    tasks: rowsOf('tasks'),
    sprints: [],
    executionRuns: rowsOf('execution_runs'),
    ...(binding.tables.has('deliverables') ? { deliverables: rowsOf('deliverables') } : {}),
  };
  const ledgerRows = (raw.get('Ledger') ?? []).map((row) => parseLedgerRow(binding, row));
  const fuses = looks.flatMap(({ fuse }) => fuse ?? []);
  return { doc, raw, ledgerRows, findings, fuses };
}
