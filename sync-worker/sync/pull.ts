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
import { assert, DomainError, isDomainError } from '#shared/kernel/index.ts';
import type { Sent, VisibleRow } from '#shared/ledger/index.ts';
import type { LeaseMark, Store } from '#worker/store/index.ts';
import { type BlownFuse, keepFuse, readFuses } from './fuse.ts';
import { refuseLoss, toShape } from './known-shape.ts';
import { readSentRows } from './ledger-books.ts';
import { isFresh, lookAtTable, type TableLook } from './look-at-table.ts';
import { keepSeen, readMark, readSeen } from './seen-rows.ts';
import { isStill, readStillness, type StillTick, youngestOf } from './stillness.ts';
import { LOOKED_AT, type SyncTarget } from './sync-target.ts';
import { isSameTold, keepTold } from './told-shape.ts';

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
export interface Looked {
  readonly doc: FounderHqDoc;
  /** Rows as the API gave them, to see what a cell shows now. */
  readonly raw: ReadonlyMap<FounderHqTable, readonly ApiRow[]>;
  readonly ledgerRows: readonly VisibleRow[];
  readonly findings: readonly DocFinding[];
  /** Tables that lost more rows at once than may be believed; their missing rows are still among those above. */
  readonly fuses: readonly BlownFuse[];
}

/** What a tick goes on with. */
export interface Pulled extends Looked {
  /** The target, asked anew where anything in the doc had changed. */
  readonly target: SyncTarget;
  /** The doc's word for when it last changed, and the youngest change of all rows where all tables were looked at. */
  readonly still: Pick<StillTick, 'updatedAt' | 'youngestMs'>;
}

/**
 * Reads every table a tick needs and remembers what it saw. Where the doc says that nothing changed since that was last done, only the
 * Ledger table is read, and everything else is as it was. Errors: those of the API and of {@link lookAtTable}; `DOC_TOO_LARGE`, `SHAPE_CHANGED`.
 */
export async function pull(options: PullOptions): Promise<Pulled> {
  const { target, under } = options;
  const { updatedAt, isOverApiSizeLimit } = await target.api.getDoc(target.docId);
  if (isOverApiSizeLimit) throw tooLarge(target);
  const recalled = (await isAllStill(options, updatedAt)) ? await recallTables(options) : undefined;
  if (recalled === undefined || recalled.some(({ isNews }) => isNews))
    return await pullWhole(options, updatedAt);
  await under();
  return { ...toLooked(target, recalled), target, still: { updatedAt, youngestMs: undefined } };
}

async function pullWhole(options: PullOptions, updatedAt: string | undefined): Promise<Pulled> {
  const { store, under } = options;
  const looks = await lookAtAll(options);
  const news = looks?.filter(({ isNews }) => isNews) ?? [];
  const target = await askAnew(options, { looks, hasNews: news.length > 0, updatedAt });
  if (looks === undefined || !isSameTold(target.told, options.target.told))
    return await pullWhole({ ...options, target }, updatedAt);
  const lease = await under();
  if (news.length > 0) await keepLooks(store, news, lease);
  await keepTold(store, target.told, lease);
  const youngestMs = Math.max(...looks.map(({ rows }) => youngestOf(rows)));
  return { ...toLooked(target, looks), target, still: { updatedAt, youngestMs } };
}

/** The target as the doc tells of it now, where anything speaks for its being another. Errors: `SHAPE_CHANGED`. */
async function askAnew(
  { target, nowMs }: PullOptions,
  look: {
    /** Nothing where the doc refused what was asked of a target that was recalled. */
    readonly looks: readonly TableLook[] | undefined;
    readonly hasNews: boolean;
    readonly updatedAt: string | undefined;
  },
): Promise<SyncTarget> {
  const { looks, hasNews, updatedAt } = look;
  const { reopen } = target;
  if (reopen === undefined) {
    if (hasNews) await refuseShapeLoss(target);
    return target;
  }
  const isDue = looks?.some(({ mark }) => mark.wholeAtMs === nowMs) ?? true;
  if (!isDue && !hasNews && target.told.updatedAt === updatedAt) return target;
  const fresh = await reopen();
  refuseLoss(toShape(target.binding), fresh.binding);
  return fresh;
}

/** Nothing where a target that was recalled is not what the doc has now. */
async function lookAtAll(options: PullOptions): Promise<readonly TableLook[] | undefined> {
  try {
    return await lookAtTables(options);
  } catch (error) {
    const isRefused =
      isDomainError(error) && (error.code === 'NOT_FOUND' || error.code === 'BAD_REQUEST');
    if (isRefused && options.target.reopen !== undefined) return undefined;
    throw error;
  }
}

/** Whether the doc's own word, and all that was kept of it, say that only the Ledger table has to be read. */
async function isAllStill(
  { store, target, nowMs, isAccepted = false }: PullOptions,
  updatedAt: string | undefined,
): Promise<boolean> {
  const kept = await readStillness(store);
  if (isAccepted || target.told.updatedAt !== updatedAt) return false;
  if (!isStill(kept, updatedAt) || (await readFuses(store)).size > 0) return false;
  for (const table of LOOKED_AT) {
    const bound = target.binding.tables.get(table);
    const mark = bound === undefined ? undefined : await readMark(store, table);
    if (bound !== undefined && !isFresh(bound, mark, nowMs)) return false;
  }
  return true;
}

/** Every table as it was, but for the Ledger table, which is listed. */
async function recallTables(options: PeekOptions): Promise<readonly TableLook[]> {
  const looks: TableLook[] = [];
  for (const table of LOOKED_AT) {
    if (table === 'Ledger' || !options.target.binding.tables.has(table)) continue;
    const { rows, mark } = await readSeen(options.store, table);
    assert(mark !== undefined, `\`${table}\` was looked at before it is recalled`);
    const none = { changed: [], goneIds: [], fuse: undefined, isNews: false };
    looks.push({ table, rows: [...rows.values()], mark, ...none });
  }
  return [...looks, ...(await lookAtTables(options, ['Ledger']))];
}

/** Reads what {@link pull} reads and remembers nothing. Errors: as {@link pull}. */
export async function peek(options: PeekOptions): Promise<Looked> {
  return toLooked(options.target, await lookAtTables(options));
}

async function lookAtTables(
  options: PeekOptions,
  tables: readonly FounderHqTable[] = LOOKED_AT,
): Promise<readonly TableLook[]> {
  const { store, target, nowMs, lagMs, isAccepted = false, onPage = async () => {} } = options;
  const fuses = await readFuses(store);
  const deletedIds = toDeletedIds(await readSentRows(store));
  const looks: TableLook[] = [];
  // One table after the other: the budget is the account's, and a person's button should find room in it.
  for (const table of tables) {
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

function toLooked({ docId, binding }: SyncTarget, looks: readonly TableLook[]): Looked {
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

const tooLarge = ({ docId }: SyncTarget): DomainError =>
  new DomainError(
    'DOC_TOO_LARGE',
    `Doc \`${docId}\` has grown beyond what the API serves; nothing was read and nothing was written: archive rows or move tables into another doc.`,
  );
