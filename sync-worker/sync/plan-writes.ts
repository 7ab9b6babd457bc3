import { ANCHOR_KEY, planPush, type VisibleRow, type Write } from '#shared/ledger/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import { type FilledOutbox, fillOutbox, type Patience, type WantedTable } from './fill-outbox.ts';
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
  const { due, later } = await fillOutbox(store, toTables(facts), { ...patience, lagMs });
  const sent = due.filter(({ table }) => !isPaused(facts, table));
  return { due: sent, later: later + due.length - sent.length };
}

/** The rows of the Ledger table that it does not show yet: none where it is a copy, or may have lost rows. */
export async function planLedger(facts: PlanFacts, nowMs: number): Promise<LedgerPlan> {
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
    anchor: { docId: target.docId, ...(await store.head()), epoch: 1 },
    sent: books.sent,
    nowMs,
    sha256,
  };
  const due = planPush({ ...plan, visibleAfterMs: lagMs });
  const dueIds = new Set([ANCHOR_KEY, ...due.map(({ id }) => id)]);
  const missing = planPush({ ...plan, visibleAfterMs: 0 });
  return { due, later: missing.filter(({ id }) => !dueIds.has(id)).length };
}

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
