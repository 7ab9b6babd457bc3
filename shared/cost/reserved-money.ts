import { accept, type Result } from '#shared/kernel/index.ts';
import type { DocumentStep, StreamEvent } from '#shared/ledger/index.ts';
import type { Asked } from '#shared/lifecycle/index.ts';
import { type BudgetBook, free, type ReserveRefusal, reserve, spend } from './budget-book.ts';
import type { CostEntry } from './cost-entry.ts';
import { countedEntries } from './counted-entries.ts';
import { toBudgetEvent, toCostStep, toMoneyDocument } from './money-step.ts';
import {
  type Reservation,
  type ReservationBirth,
  type ReservationCommand,
  type ReservationEvent,
  type ReservationRefusal,
  reservationDecider,
} from './reservation.ts';

/** A reservation one command further on: the money moved in its budgets, and all that is to be stored of it in one transaction. */
export interface MoneyMoved {
  readonly book: BudgetBook;
  readonly reservation: Reservation;
  readonly documents: readonly DocumentStep[];
  readonly notices: readonly StreamEvent[];
}

/** Holds money before work starts, in all of its budgets or in none. Refusals: those of {@link reserve} and of the reservation's decider. */
export function placeReservation(
  book: BudgetBook,
  birth: ReservationBirth,
  asked: Asked,
): Result<MoneyMoved, ReserveRefusal | ReservationRefusal> {
  const moved = move({ ...asked, type: 'create', ...birth }, reservationDecider.initial);
  if (!moved.ok) return moved;
  const change = reserve(book, { ...birth, at: asked.at });
  if (!change.ok) return change;
  const { book: after, notices } = change.value;
  return accept({
    ...moved.value,
    book: after,
    notices: notices.map((notice) => toBudgetEvent(notice, asked)),
  });
}

/**
 * Ends a reservation by what the work really cost, in full: what was held is free again, and each cost line is stored with the
 * reservation it was for. An amount that a surer one beats, that is unpriced or in another currency is recorded and counts for nothing here.
 * Refusals: those of the reservation's decider.
 */
export function settleReservation(
  book: BudgetBook,
  before: Reservation,
  { entries, ...asked }: Asked & { readonly entries: readonly CostEntry[] },
): Result<MoneyMoved, ReservationRefusal> {
  const { reservationId, budgetIds, currency, amountMicros: heldMicros } = before;
  const costMicros = countedEntries(entries)
    .filter((entry) => entry.currency === currency)
    .reduce((sum, { amountMicros = 0n }) => sum + amountMicros, 0n);
  const moved = move({ ...asked, type: 'settle', costMicros }, before);
  if (!moved.ok) return moved;
  const change = spend(book, { at: asked.at, budgetIds, currency, costMicros, heldMicros });
  const lines = entries.map((entry) => toCostStep({ ...entry, reservationId }, asked.by));
  return accept({
    ...moved.value,
    book: change.book,
    documents: [...moved.value.documents, ...lines],
    notices: change.notices.map((notice) => toBudgetEvent(notice, asked)),
  });
}

/** Ends a reservation nothing was spent of: its work was given up, or its time is over. Refusals: those of the reservation's decider. */
export function releaseReservation(
  book: BudgetBook,
  before: Reservation,
  command: Extract<ReservationCommand, { readonly type: 'release' | 'expire' }>,
): Result<MoneyMoved, ReservationRefusal> {
  const moved = move(command, before);
  if (!moved.ok) return moved;
  const { budgetIds, currency, amountMicros: heldMicros } = before;
  const change = free(book, { at: command.at, budgetIds, currency, heldMicros });
  return accept({ ...moved.value, book: change.book, notices: [] });
}

/** The document rides in the stream of every budget, so that each of them tells its whole story; it is the same document. */
function move(
  command: ReservationCommand,
  before: Reservation,
): Result<Pick<MoneyMoved, 'reservation' | 'documents'>, ReservationRefusal> {
  const decided = reservationDecider.decide(command, before);
  if (!decided.ok) return decided;
  const reservation = decided.value.reduce(reservationDecider.evolve, before);
  const { version: _version, lastAt: _lastAt, ...told } = reservation;
  const { reservationId, runId, taskId, currency } = reservation;
  const document = toMoneyDocument({ schema: 'reservation.v1', ...told });
  const documents = decided.value.flatMap((event) => {
    const { type, at } = event;
    const facts = toMoneyDocument({ reservationId, currency, ...toFacts(event) });
    const step = { table: 'reservations', id: reservationId, document, at, by: command.by };
    return reservation.budgetIds.map((budgetId): DocumentStep => {
      const stream = `budget/${budgetId}`;
      return { ...step, type, stream, facts, scope: { runId, taskId } };
    });
  });
  return accept({ reservation, documents });
}

function toFacts(event: ReservationEvent): object {
  switch (event.type) {
    case 'budget_reserved':
      return { amountMicros: event.amountMicros };
    case 'reservation_released':
      return { amountMicros: event.amountMicros, isExpired: event.isExpired };
    case 'reservation_settled':
      return { settledMicros: event.settledMicros };
  }
}
