import type { Instant } from '#shared/kernel/index.ts';
import { type JsonObject, type NewEvent, readDocument } from '#shared/ledger/index.ts';
import { type Budget, type BudgetLevel, openAccount, rollAccount } from './budget.ts';
import { type BudgetBook, budgetsOver, spend } from './budget-book.ts';
import type { CostEntry } from './cost-entry.ts';
import { RESERVATION_STATES, type ReservationState } from './reservation.ts';
import { standingEntries } from './roll-up.ts';
import type { Span } from './zoned-period.ts';

/** A reservation that came to a new state, as the stream of one of its budgets tells it. */
export interface BudgetMove {
  readonly at: Instant;
  readonly budgetId: string;
  readonly reservationId: string;
  readonly state: ReservationState;
  readonly currency: string;
  /** What is held, or was until now. */
  readonly amountMicros: bigint;
}

/** What budgets are filled from. */
export interface BudgetRecords {
  readonly budgets: readonly Budget[];
  readonly moves: readonly BudgetMove[];
  /** Every cost line of the ledger. */
  readonly entries: readonly CostEntry[];
}

/** Budgets as their records have filled them. */
export interface RebuiltBudgets {
  readonly book: BudgetBook;
  /** Cost lines in the running period of each budget, by its id. */
  readonly lines: ReadonlyMap<string, LineCounts>;
}

/** How many cost lines a sum is made of, and how many are in none, unpriced or in another currency. */
export interface LineCounts {
  readonly counted: number;
  readonly uncounted: number;
}

/** The moves in the stream of a budget; an event that carries no reservation is passed over. */
export const readBudgetMoves = (
  budgetId: string,
  stream: readonly Pick<NewEvent, 'at' | 'payload'>[],
): readonly BudgetMove[] =>
  stream.flatMap(({ at, payload }): readonly BudgetMove[] => {
    const { table, id: reservationId, document } = readDocument(payload) ?? {};
    if (table !== 'reservations' || reservationId === undefined) return [];
    const state = RESERVATION_STATES.find((one) => one === document?.['state']);
    const { currency, amountMicros } = document ?? NO_DOCUMENT;
    if (state === undefined || typeof currency !== 'string') return [];
    const isAmount = typeof amountMicros === 'string' && /^\d+$/.test(amountMicros);
    const held = isAmount ? BigInt(amountMicros) : 0n;
    return [{ at, budgetId, reservationId, state, currency, amountMicros: held }];
  });

const NO_DOCUMENT: JsonObject = {};

/**
 * The budgets as everything recorded up to a moment has filled them: the same book that stood before the process ended. What a
 * reservation was made for counts in its budgets when it settled; any other cost line in every budget over its work, in the period it is of.
 */
export function rebuildBudgets(records: BudgetRecords, at: Instant): RebuiltBudgets {
  const { budgets } = records;
  const placed = placeEntries(records).filter((one) => one.at <= at);
  const postings = [...records.moves.filter((move) => move.at <= at).map(toHold), ...placed].sort(
    (one, other) => Number(one.at > other.at) - Number(one.at < other.at),
  );
  const empty: BudgetBook = new Map(
    budgets.map((budget) => [budget.budgetId, openAccount(budget, budget.startsAt)]),
  );
  const filled = postings.reduce((book, posting) => spend(book, posting).book, empty);
  const book = new Map([...filled].map(([id, account]) => [id, rollAccount(account, at)]));
  return { book, lines: countLines(book, placed) };
}

type Posting = Required<Parameters<typeof spend>[1]>;

/** Money goes into hold by spending none and freeing less than nothing. */
function toHold({ at, budgetId, state, currency, amountMicros }: BudgetMove): Posting {
  const heldMicros = state === 'held' ? -amountMicros : amountMicros;
  return { at, budgetIds: [budgetId], currency, costMicros: 0n, heldMicros };
}

interface PlacedEntry extends Posting {
  readonly isPriced: boolean;
  /** Whether it was taken back, or takes another back: then it leaves nothing to be counted. */
  readonly isTakenBack: boolean;
}

function placeEntries({ budgets, moves, entries }: BudgetRecords): readonly PlacedEntry[] {
  const settled = new Map<string, { readonly at: Instant; readonly budgetIds: string[] }>();
  for (const { reservationId, budgetId, state, at } of moves) {
    if (state !== 'settled') continue;
    const known = settled.get(reservationId);
    if (known === undefined) settled.set(reservationId, { at, budgetIds: [budgetId] });
    else known.budgetIds.push(budgetId);
  }
  const reversed = new Set(entries.map(({ reverses }) => reverses));
  return standingEntries(entries).map((entry) => {
    const {
      entryId,
      reverses,
      occurredAt,
      amountMicros,
      currency = '',
      reservationId = '',
    } = entry;
    const own = { at: occurredAt, budgetIds: listBudgets(entry, budgets) };
    return {
      ...(settled.get(reservationId) ?? own),
      currency,
      costMicros: amountMicros ?? 0n,
      heldMicros: 0n,
      isPriced: amountMicros !== undefined,
      isTakenBack: reverses !== undefined || reversed.has(entryId),
    };
  });
}

const listBudgets = (entry: CostEntry, budgets: readonly Budget[]): readonly string[] =>
  budgetsOver(budgets, toWork(entry)).map(({ budgetId }) => budgetId);

function toWork(entry: CostEntry): Partial<Record<BudgetLevel, string>> {
  const { projectId: project, phaseId, workstreamId, runId, taskId, workerId } = entry;
  return {
    project,
    tool: entry.resourceName,
    ...(phaseId === undefined ? {} : { phase: phaseId }),
    ...(workstreamId === undefined ? {} : { workstream: workstreamId }),
    ...(runId === undefined ? {} : { run: runId }),
    ...(taskId === undefined ? {} : { task: taskId }),
    ...(workerId === undefined ? {} : { worker: workerId }),
  };
}

function countLines(
  book: BudgetBook,
  placed: readonly PlacedEntry[],
): ReadonlyMap<string, LineCounts> {
  const lines = new Map<string, LineCounts>();
  for (const { at, budgetIds, currency, isPriced, isTakenBack } of placed) {
    if (isTakenBack) continue;
    for (const budgetId of budgetIds) {
      const account = book.get(budgetId);
      if (account === undefined || !isWithin(account.span, at)) continue;
      const isCounted = isPriced && currency === account.budget.currency;
      const { counted, uncounted } = lines.get(budgetId) ?? NO_LINES;
      lines.set(
        budgetId,
        isCounted ? { counted: counted + 1, uncounted } : { counted, uncounted: uncounted + 1 },
      );
    }
  }
  return lines;
}

/** What a budget nobody spent of is made of. */
export const NO_LINES: LineCounts = { counted: 0, uncounted: 0 };

const isWithin = ({ startAt, endAt }: Span, at: Instant): boolean =>
  startAt <= at && (endAt === undefined || at < endAt);
