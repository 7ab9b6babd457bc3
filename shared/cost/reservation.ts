import {
  accept,
  type Decider,
  type Instant,
  type Result,
  refuse,
  type TransitionTable,
} from '#shared/kernel/index.ts';
import {
  type Asked,
  admit,
  type Entity,
  type Happened,
  type Unlawful,
} from '#shared/lifecycle/index.ts';

/** Where a reservation can stand; `none`, before its birth, is not one of them. */
export const RESERVATION_STATES = ['held', 'settled', 'released', 'expired'] as const;
/** What can move a reservation; each is the type of a command. Its birth, `create`, is not one of them. */
export const RESERVATION_TRIGGERS = ['settle', 'release', 'expire'] as const;
/** One of {@link RESERVATION_STATES}. */
export type ReservationState = (typeof RESERVATION_STATES)[number];
/** One of {@link RESERVATION_TRIGGERS}. */
export type ReservationTrigger = (typeof RESERVATION_TRIGGERS)[number];

/** What may follow what. */
export const RESERVATION_TRANSITIONS: TransitionTable<ReservationState, ReservationTrigger> = {
  held: { settle: 'settled', release: 'released', expire: 'expired' },
  settled: {},
  released: {},
  expired: {},
};

/** What a reservation is born with. */
export interface ReservationBirth {
  readonly reservationId: string;
  /** Every budget of the work's chain; the amount is held in all of them. */
  readonly budgetIds: readonly string[];
  readonly runId: string;
  readonly taskId: string;
  /** Range: 0 and up. */
  readonly amountMicros: bigint;
  readonly currency: string;
  /** The end of the attempt's time and of its lease: by then its worker has settled or is gone. */
  readonly expiresAt: Instant;
}

/** What may be asked of a reservation. That its budgets have the money is asked of the budget book first. */
export type ReservationCommand = Asked &
  (
    | ({ readonly type: 'create' } & ReservationBirth)
    | { readonly type: 'settle'; readonly costMicros: bigint }
    | { readonly type: 'release' }
    | { readonly type: 'expire' }
  );

/** What has happened to a reservation, with all that a budget needs to move the money. */
export type ReservationEvent = Happened &
  (
    | ({ readonly type: 'budget_reserved' } & ReservationBirth)
    | {
        readonly type: 'reservation_settled';
        readonly reservationId: string;
        /** The true cost, in full. */
        readonly settledMicros: bigint;
        /** What is no longer held. */
        readonly heldMicros: bigint;
      }
    | {
        readonly type: 'reservation_released';
        readonly reservationId: string;
        /** What is no longer held. */
        readonly amountMicros: bigint;
        readonly isExpired: boolean;
      }
  );

/** Why a reservation says no. */
export type ReservationRefusal =
  | Unlawful<ReservationState, ReservationTrigger>
  | { readonly code: 'AMOUNT_NEGATIVE'; readonly amountMicros: bigint }
  | { readonly code: 'EXPIRY_PAST' | 'RESERVATION_RUNS'; readonly expiresAt: Instant };

/** Money set aside before work starts, so that no two runs can spend the same budget; it holds money only while `held`. */
export interface Reservation extends Entity<ReservationState>, Omit<ReservationBirth, 'expiresAt'> {
  readonly expiresAt?: Instant;
  readonly settledMicros?: bigint;
}

/** One reservation, from the hold to one of three ends. A dearer result settles in full: it has been spent. */
export const reservationDecider: Decider<
  ReservationCommand,
  Reservation,
  ReservationEvent,
  ReservationRefusal
> = {
  initial: {
    state: 'none',
    version: 0,
    reservationId: '',
    budgetIds: [],
    runId: '',
    taskId: '',
    amountMicros: 0n,
    currency: '',
  },
  decide,
  evolve,
};

function decide(
  command: ReservationCommand,
  reservation: Reservation,
): Result<readonly ReservationEvent[], ReservationRefusal> {
  const stamp = admit(RESERVATION_TRANSITIONS, command, reservation);
  if (!stamp.ok) return stamp;
  const { reservationId, amountMicros, expiresAt } = reservation;
  const happened = stamp.value;
  switch (command.type) {
    case 'create':
      return decideBirth(command, happened);
    case 'settle': {
      const { costMicros: settledMicros } = command;
      if (settledMicros < 0n)
        return refuse({ code: 'AMOUNT_NEGATIVE', amountMicros: settledMicros });
      const facts = { reservationId, settledMicros, heldMicros: amountMicros };
      return accept([{ ...happened, type: 'reservation_settled', ...facts }]);
    }
    case 'release':
    case 'expire': {
      const isExpired = command.type === 'expire';
      if (isExpired && expiresAt !== undefined && happened.at < expiresAt) {
        return refuse({ code: 'RESERVATION_RUNS', expiresAt });
      }
      const facts = { reservationId, amountMicros, isExpired };
      return accept([{ ...happened, type: 'reservation_released', ...facts }]);
    }
  }
}

function decideBirth(
  command: Extract<ReservationCommand, { type: 'create' }>,
  happened: Happened,
): Result<readonly ReservationEvent[], ReservationRefusal> {
  const { reservationId, budgetIds, runId, taskId, amountMicros, currency, expiresAt } = command;
  if (amountMicros < 0n) return refuse({ code: 'AMOUNT_NEGATIVE', amountMicros });
  if (expiresAt <= happened.at) return refuse({ code: 'EXPIRY_PAST', expiresAt });
  const birth = { reservationId, budgetIds, runId, taskId, amountMicros, currency, expiresAt };
  return accept([{ ...happened, type: 'budget_reserved', ...birth }]);
}

function evolve(reservation: Reservation, event: ReservationEvent): Reservation {
  const next = { ...reservation, version: reservation.version + 1, lastAt: event.at };
  switch (event.type) {
    case 'budget_reserved': {
      const { reservationId, budgetIds, runId, taskId, amountMicros, currency, expiresAt } = event;
      const birth = { reservationId, budgetIds, runId, taskId, amountMicros, currency, expiresAt };
      return { ...next, ...birth, state: 'held' };
    }
    case 'reservation_settled':
      return { ...next, state: 'settled', settledMicros: event.settledMicros };
    case 'reservation_released':
      return { ...next, state: event.isExpired ? 'expired' : 'released' };
  }
}
