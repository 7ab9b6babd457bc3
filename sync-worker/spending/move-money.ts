import {
  type BudgetBook,
  type MoneyMoved,
  type ReservationRefusal,
  type ReserveRefusal,
  rebuildBudgets,
  releaseReservation,
} from '#shared/cost/index.ts';
import {
  accept,
  assert,
  DomainError,
  type Instant,
  type Result,
  toInstant,
} from '#shared/kernel/index.ts';
import { type NewEvent, type StreamEvent, toDocumentEvent } from '#shared/ledger/index.ts';
import {
  isRecordTable,
  type LeaseMark,
  type Store,
  type StoreTransaction,
} from '#worker/store/index.ts';
import { readBudgetSheets } from './budget-sheets.ts';
import { listHeldReservations } from './read-reservation.ts';

/** Money to be set aside, spent or freed, in one transaction or not at all. */
export interface MoneyMove {
  /** One intention: the same key again moves nothing. */
  readonly key: string;
  readonly at: Instant;
  /** Decides on the budgets as they now stand. Asked anew where another writer was quicker. */
  readonly decide: (book: BudgetBook) => Result<MoneyMoved, MoneyRefusal>;
  readonly under?: LeaseMark;
}

/** Why no money moved. */
export type MoneyRefusal = ReserveRefusal | ReservationRefusal;

/** Times a move is tried, the first included. */
const ATTEMPTS_MAX = 4;
const EXPIRER = 'system';

/**
 * Moves money. The budgets are filled anew from the ledger each time, so that a process that was killed finds them as it left them; and
 * two processes never give away the same money, since each write names the version of every budget it has seen.
 * Refusals: those of the decision. Errors: those of the store; `BUDGET_BUSY` where others were quicker each time.
 */
export async function moveMoney(
  store: Store,
  move: MoneyMove,
): Promise<Result<'moved' | 'exists', MoneyRefusal>> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    if ((await store.findByKey(move.key)) !== undefined) return accept('exists');
    const versions = await readVersions(store);
    const { book } = rebuildBudgets(await readBudgetSheets(store), move.at);
    const moved = move.decide(book);
    if (!moved.ok) return moved;
    const kind = await write(store, move, { moved: moved.value, versions });
    if (kind !== 'conflict') return accept(kind);
  }
  const text = `Other processes moved money of the same budgets ${ATTEMPTS_MAX} times: try again.`;
  throw new DomainError('BUDGET_BUSY', text, { retryable: true });
}

/** Frees what is held by reservations whose time is over, since by then their worker has settled or is gone. Returns how many. */
export async function expireReservations(
  store: Store,
  { nowMs, under }: { readonly nowMs: number; readonly under: LeaseMark },
): Promise<number> {
  const at = toInstant(nowMs);
  let expired = 0;
  for (const held of await listHeldReservations(store)) {
    if (held.expiresAt === undefined || at < held.expiresAt) continue;
    const key = `expire/${held.reservationId}`;
    const moved = await moveMoney(store, {
      key,
      at,
      under,
      decide: (book) => releaseReservation(book, held, { type: 'expire', at, by: EXPIRER }),
    });
    assert(moved.ok, `the reservation ${held.reservationId} did not expire`);
    expired += 1;
  }
  return expired;
}

type Versions = ReadonlyMap<string, number>;

/** Read before the budgets are, so that whatever comes in between is a conflict. */
async function readVersions(store: Pick<Store, 'listRecords' | 'readStream'>): Promise<Versions> {
  const versions = new Map<string, number>();
  for (const { id } of await store.listRecords('budgets')) {
    const stream = `budget/${id}`;
    versions.set(stream, (await store.readStream(stream)).at(-1)?.version ?? 0);
  }
  return versions;
}

class Overtaken extends Error {}

async function write(
  store: Store,
  { key, under }: MoneyMove,
  plan: { readonly moved: MoneyMoved; readonly versions: Versions },
): Promise<'moved' | 'exists' | 'conflict'> {
  try {
    return await store.transaction(
      (transaction) => append(transaction, key, plan),
      under === undefined ? {} : { under },
    );
  } catch (error) {
    if (error instanceof Overtaken) return 'conflict';
    throw error;
  }
}

async function append(
  transaction: StoreTransaction,
  key: string,
  { moved, versions }: { readonly moved: MoneyMoved; readonly versions: Versions },
): Promise<'moved' | 'exists'> {
  const { documents, notices } = moved;
  const streams = groupByStream([...documents.map(toDocumentEvent), ...notices]);
  for (const [index, [stream, events]] of [...streams].entries()) {
    const result = await transaction.append(stream, events, {
      expectedVersion: versions.get(stream) ?? 'any',
      ...(index === 0 ? { idempotencyKey: key } : {}),
    });
    if (result.kind === 'exists') return 'exists';
    // The whole step is undone by what is thrown in it.
    if (result.kind !== 'appended') throw new Overtaken(key);
  }
  for (const { table, id, document } of documents) {
    assert(isRecordTable(table), `expected a table of documents, received \`${table}\``);
    await transaction.putRecords(table, [{ id, document }]);
  }
  return 'moved';
}

function groupByStream(told: readonly StreamEvent[]): ReadonlyMap<string, readonly NewEvent[]> {
  const streams = new Map<string, NewEvent[]>();
  for (const { stream, event } of told) {
    const known = streams.get(stream);
    if (known === undefined) streams.set(stream, [event]);
    else known.push(event);
  }
  return streams;
}
