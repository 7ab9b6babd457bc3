import {
  ANCHOR_KEY,
  type CellConflict,
  planPush,
  type VisibleRow,
  type Write,
} from '#shared/ledger/index.ts';
import { type OutboxItem, type Store, sha256 } from '#worker/store/index.ts';
import { type FilledOutbox, fillOutbox, type Patience, type WantedTable } from './fill-outbox.ts';
import { type HeldRow, isHeld, readHeld, releaseRows, toContent } from './held-rows.ts';
import { type Books, readOutcomes } from './ledger-books.ts';
import { createIsPublished, toRunRows } from './publish-runs.ts';
import type { Pulled } from './pull.ts';
import type { RollUp } from './roll-up.ts';
import type { SyncTarget } from './sync-target.ts';

/** What the writes of a tick are planned from. */
export interface PlanFacts {
  readonly store: Store;
  readonly target: SyncTarget;
  readonly pulled: Pulled;
  /** Those that count: none of a copied table. */
  readonly ledgerRows: readonly VisibleRow[];
  readonly isCopied: boolean;
  readonly books: Books;
  readonly rolled: RollUp;
  /** How long a write may stay invisible. Units: ms. */
  readonly lagMs: number;
}

/** What the writes to the Ledger table are planned from. */
export interface LedgerFacts extends PlanFacts {
  /** Cells somebody typed over, that the table should tell of. */
  readonly conflicts: readonly CellConflict[];
}

/** Writes to the Ledger table that are due, and how many rows were sent that it does not show yet. */
export interface LedgerPlan {
  readonly due: readonly Write[];
  readonly later: number;
}

/**
 * The rows of every table but the Ledger that the doc does not show yet. Into a table that may have lost rows nothing
 * is written: what was missed would be made a second time.
 */
export async function planRows(
  facts: PlanFacts,
  patience: Omit<Patience, 'lagMs'>,
): Promise<FilledOutbox> {
  const { store, lagMs } = facts;
  const filled = await fillOutbox(store, toTables(facts), { ...patience, lagMs });
  const free = await withoutHeld(facts, filled.due, patience);
  const due = free.filter(({ table }) => !isPaused(facts, table));
  const { typedOver } = filled;
  return { due, later: filled.later + free.length - due.length, typedOver };
}

/** Leaves out rows the doc does not take as they are, and forgets those of them that nobody wants so any more. */
async function withoutHeld(
  { store }: PlanFacts,
  due: readonly OutboxItem[],
  { nowMs, under }: Omit<Patience, 'lagMs'>,
): Promise<readonly OutboxItem[]> {
  const held = await readHeld(store);
  const wanted = new Map((await store.listOutbox()).map(({ id, cells }) => [id, toContent(cells)]));
  const isOver = ({ id, table, content }: HeldRow): boolean =>
    table !== 'Ledger' && wanted.get(id) !== content;
  await releaseRows(store, [...held.values()].filter(isOver), under);
  return due.filter(({ id, cells }) => !isHeld(held, { id, content: toContent(cells) }, nowMs));
}

/** The rows of the Ledger table that it does not show yet: none where it is a copy, or may have lost rows. */
export async function planLedger(
  facts: LedgerFacts,
  { nowMs, under }: Omit<Patience, 'lagMs'>,
): Promise<LedgerPlan> {
  const { store, target, pulled, ledgerRows: rows, books, lagMs } = facts;
  if (facts.isCopied || isPaused(facts, 'Ledger')) return { due: [], later: 0 };
  const keys = rows.filter(({ kind, key }) => kind !== 'state' && key !== '').map(({ key }) => key);
  const outcomes = await readOutcomes(store, new Set(keys));
  const plan = {
    rows,
    desks: books.desks,
    outcomeOf: (key: string) => outcomes.get(key),
    isWaiting: (key: string) => books.inbox.has(key),
    isPublished: createIsPublished(pulled.doc),
    conflicts: facts.conflicts,
    anchor: { docId: target.docId, ...(await store.head()), epoch: 1 },
    sent: books.sent,
    nowMs,
    sha256,
  };
  const missing = planPush({ ...plan, visibleAfterMs: 0 });
  const held = await readHeld(store);
  const wanted = new Map(missing.map((write) => [write.id, toWriteContent(write)]));
  const isOver = ({ id, table, content }: HeldRow): boolean =>
    table === 'Ledger' && wanted.get(id) !== content;
  await releaseRows(store, [...held.values()].filter(isOver), under);
  const isFree = (write: Write): boolean =>
    !isHeld(held, { id: write.id, content: toWriteContent(write) }, nowMs);
  const due = planPush({ ...plan, visibleAfterMs: lagMs }).filter(isFree);
  const dueIds = new Set([ANCHOR_KEY, ...due.map(({ id }) => id)]);
  return { due, later: missing.filter((one) => isFree(one) && !dueIds.has(one.id)).length };
}

const toWriteContent = (write: Write): string =>
  write.kind === 'delete' ? '' : toContent(write.cells);

const isPaused = ({ pulled }: PlanFacts, name: string): boolean =>
  pulled.fuses.some(({ table }) => table === name);

function toTables({ pulled, books, rolled, target }: PlanFacts): readonly WantedTable[] {
  const runRows = toRunRows(books.runs.values(), { doc: pulled.doc });
  const table = (name: WantedTable['name'], keyColumn: string, rows: WantedTable['rows']) => ({
    name,
    keyColumn,
    rows,
    bound: target.binding.tables.get(name),
    raw: pulled.raw.get(name) ?? [],
  });
  return [
    table('workflows', 'external_id', rolled.workflows),
    table('tasks', 'external_id', rolled.tasks),
    table('execution_runs', 'run_id', runRows),
  ];
}
