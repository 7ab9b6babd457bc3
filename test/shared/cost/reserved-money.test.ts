import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type CostEntry,
  type MoneyMoved,
  openAccount,
  placeReservation,
  type Reservation,
  releaseReservation,
  settleReservation,
} from '#shared/cost/index.ts';
import { refuse } from '#shared/kernel/index.ts';
import { expectLawful } from '../ledger/record/told.ts';
import { asked, idOf } from '../ledger/record/work-scene.ts';

const budgetOf = (name: string, limitMicros: bigint): Budget => ({
  budgetId: idOf(name),
  scope: { level: 'global', id: 'all' },
  currency: 'EUR',
  limitMicros,
  thresholdsPercent: [50],
  mode: 'halt',
  period: 'none',
  timeZone: 'UTC',
  startsAt: asked(0).at,
});
const BOOK = new Map(
  [budgetOf('run', 1_000n), budgetOf('project', 5_000n)].map((one) => [
    one.budgetId,
    openAccount(one, asked(0).at),
  ]),
);
const birth = {
  reservationId: idOf('money'),
  budgetIds: [idOf('run'), idOf('project')],
  runId: idOf('R'),
  taskId: idOf('T'),
  amountMicros: 600n,
  currency: 'EUR',
  expiresAt: asked(30).at,
};
const scope = { runId: idOf('R'), taskId: idOf('T') };
const RUN = `budget/${idOf('run')}`;
const PROJECT = `budget/${idOf('project')}`;

function hold(amountMicros = birth.amountMicros): MoneyMoved {
  const placed = placeReservation(BOOK, { ...birth, amountMicros }, asked(1));
  if (!placed.ok) throw new Error(placed.refusal.code);
  return placed.value;
}

const line = (name: string, change: Partial<CostEntry> = {}): CostEntry => ({
  entryId: idOf(name),
  entryType: 'charge',
  idempotencyKey: name,
  projectId: 'acme-site',
  resourceType: 'tool_usage',
  resourceName: 'editor',
  usageType: 'output',
  quantity: '1',
  unit: 'token',
  amountMicros: 100n,
  currency: 'EUR',
  source: 'measured',
  occurredAt: asked(4).at,
  recordedAt: asked(5).at,
  ...change,
});
const moneyIn = ({ book }: Pick<MoneyMoved, 'book'>) =>
  [...book.values()].map(({ spentMicros, heldMicros }) => [spentMicros, heldMicros]);
const HELD: Reservation = hold().reservation;

describe('placeReservation', () => {
  it('holds the money in every budget and tells each of them', () => {
    const placed = hold();
    expect(moneyIn(placed)).toEqual([
      [0n, 600n],
      [0n, 600n],
    ]);
    const { documents, notices, reservation } = placed;
    expect(expectLawful(documents, notices)).toEqual([
      [RUN, 'budget_reserved'],
      [PROJECT, 'budget_reserved'],
      [RUN, 'budget_threshold_reached'],
    ]);
    expect(reservation.state).toBe('held');
    expect(documents[0]).toEqual({
      table: 'reservations',
      id: idOf('money'),
      document: { schema: 'reservation.v1', ...birth, amountMicros: '600', state: 'held' },
      ...asked(1),
      type: 'budget_reserved',
      stream: RUN,
      facts: { reservationId: idOf('money'), amountMicros: '600', currency: 'EUR' },
      scope,
    });
    expect(documents[1]?.document).toEqual(documents[0]?.document);
    expect(notices[0]?.event).toMatchObject({ at: asked(1).at, actor: 'system' });
  });

  it('refuses what a budget has not, and what is no reservation, and moves nothing', () => {
    expect(placeReservation(BOOK, { ...birth, amountMicros: 1_001n }, asked(1))).toMatchObject({
      refusal: { code: 'BUDGET_EXHAUSTED', budgetId: idOf('run') },
    });
    const { expiresAt } = birth;
    const late = placeReservation(BOOK, birth, asked(30));
    expect(late).toEqual(refuse({ code: 'EXPIRY_PAST', expiresAt }));
    expect(moneyIn({ book: BOOK })).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
  });
});

describe('settleReservation', () => {
  const settle = (...entries: readonly CostEntry[]) => {
    const settled = settleReservation(hold().book, HELD, { ...asked(5), entries });
    if (!settled.ok) throw new Error(settled.refusal.code);
    return settled.value;
  };

  it('frees what was held, counts what was spent, and keeps each line with its reservation', () => {
    const settled = settle(line('input'), line('output', { amountMicros: 1_100n }));
    expect(moneyIn(settled)).toEqual([
      [1_200n, 0n],
      [1_200n, 0n],
    ]);
    const { documents, notices, reservation } = settled;
    expect(reservation).toMatchObject({ state: 'settled', settledMicros: 1_200n });
    expect(expectLawful(documents, notices)).toEqual([
      [RUN, 'reservation_settled'],
      [PROJECT, 'reservation_settled'],
      ['ledger/costs', 'cost_recorded'],
      ['ledger/costs', 'cost_recorded'],
      [RUN, 'budget_exceeded'],
    ]);
    expect(documents[0]).toMatchObject({
      document: { state: 'settled', settledMicros: '1200', amountMicros: '600' },
      ...asked(5),
      facts: { reservationId: idOf('money'), settledMicros: '1200', currency: 'EUR' },
      scope,
    });
    expect(documents[3]?.document).toMatchObject({
      entryId: idOf('output'),
      amountMicros: '1100',
      reservationId: idOf('money'),
    });
    expect(notices[0]?.event.at).toBe(asked(5).at);
  });

  it('records what is unpriced or in another currency, and counts it for nothing here', () => {
    const { amountMicros: _amount, currency: _currency, ...unpriced } = line('unpriced');
    const settled = settle(line('dollars', { currency: 'USD' }), unpriced, line('euros'));
    expect(moneyIn(settled)).toEqual([
      [100n, 0n],
      [100n, 0n],
    ]);
    expect(settled.documents.map(({ id }) => id).slice(2)).toEqual(
      ['dollars', 'unpriced', 'euros'].map(idOf),
    );
    expect(settled.documents[3]?.facts).toMatchObject({ priced: false });
  });

  it('counts what the seller reported, and not beside it what was measured of the same use', () => {
    const use = { stepAttemptId: idOf('S'), resourceType: 'api_call' } as const;
    const reported = line('reported', { ...use, source: 'reported', amountMicros: 90n });
    const settled = settle(line('measured', use), reported);
    expect(settled.reservation.settledMicros).toBe(90n);
    expect(settled.documents.map(({ id }) => id).slice(2)).toEqual(
      ['measured', 'reported'].map(idOf),
    );
  });

  it('refuses a second end, whatever it is', () => {
    const { book, reservation } = settle(line('input'));
    const refusal = { code: 'FINAL_STATE', from: 'settled' } as const;
    expect(settleReservation(book, reservation, { ...asked(6), entries: [] })).toEqual(
      refuse(refusal),
    );
    const release = { ...asked(6), type: 'release' } as const;
    expect(releaseReservation(book, reservation, release)).toEqual(refuse(refusal));
  });
});

describe('releaseReservation', () => {
  it.each([
    ['release', 6, 'released'],
    ['expire', 30, 'expired'],
  ] as const)('frees what was held on %s and spends nothing', (type, minute, state) => {
    const released = releaseReservation(hold().book, HELD, { ...asked(minute), type });
    if (!released.ok) throw new Error(released.refusal.code);
    expect(moneyIn(released.value)).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
    const { documents, notices, reservation } = released.value;
    expect(reservation.state).toBe(state);
    expect(documents[0]?.facts).toMatchObject({ isExpired: type === 'expire' });
    expect(expectLawful(documents, notices)).toEqual([
      [RUN, 'reservation_released'],
      [PROJECT, 'reservation_released'],
    ]);
    expect(documents[0]).toMatchObject({
      document: { state, amountMicros: '600' },
      ...asked(minute),
      facts: { reservationId: idOf('money'), amountMicros: '600', currency: 'EUR' },
    });
  });

  it('does not expire what still runs', () => {
    const expire = { ...asked(29), type: 'expire' } as const;
    expect(releaseReservation(hold().book, HELD, expire)).toMatchObject({
      refusal: { code: 'RESERVATION_RUNS' },
    });
  });
});
