import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import {
  accept,
  type Instant,
  isInstant,
  refuse,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';

const instant = (text: string): Instant => {
  if (!isInstant(text)) throw new Error(text);
  return text;
};
const on = (day: string, time = '00:00:00.000') => instant(`${day}T${time}Z`);
const before = (at: Instant) => toInstant(toEpochMs(at) - 1);

const start = on('2026-03-01');
describe('reservationDecider', () => {
  const { decide, evolve, initial } = cost.reservationDecider;
  const asked = (at = start) => ({ at, by: 'system' });
  const birth = {
    reservationId: 'V1',
    budgetIds: ['B1'],
    runId: 'R1',
    taskId: 'T1',
    amountMicros: 900n,
    currency: 'EUR',
    expiresAt: on('2026-03-02'),
  };
  const reserved = { at: start, type: 'budget_reserved', ...birth } as const;
  const settled = {
    at: start,
    type: 'reservation_settled',
    reservationId: 'V1',
    settledMicros: 1200n,
    heldMicros: 900n,
  } as const;
  const released = {
    at: start,
    type: 'reservation_released',
    reservationId: 'V1',
    amountMicros: 900n,
    isExpired: false,
  } as const;
  const expired = { ...released, at: on('2026-03-02'), isExpired: true };
  const after = (...events: cost.ReservationEvent[]) => events.reduce(evolve, initial);
  const HISTORY = {
    held: [reserved],
    settled: [reserved, settled],
    released: [reserved, released],
    expired: [reserved, expired],
  };
  const COMMAND: Record<cost.ReservationTrigger, cost.ReservationCommand> = {
    settle: { ...asked(), type: 'settle', costMicros: 1200n },
    release: { ...asked(), type: 'release' },
    expire: { ...asked(on('2026-03-02')), type: 'expire' },
  };
  const FIN = 'FINAL_STATE';
  // biome-ignore format: a matrix is read by its columns
  const MATRIX: Record<cost.ReservationState, Record<cost.ReservationTrigger, string>> = {
    held:     { settle: 'settled', release: 'released', expire: 'expired' },
    settled:  { settle: FIN,       release: FIN,        expire: FIN },
    released: { settle: FIN,       release: FIN,        expire: FIN },
    expired:  { settle: FIN,       release: FIN,        expire: FIN },
  };
  const cells = cost.RESERVATION_STATES.flatMap((from) =>
    cost.RESERVATION_TRIGGERS.map((trigger) => [from, trigger] as const),
  );

  it.each(cells)('from %s, %s leads where the matrix says', (from, trigger) => {
    const state = after(...HISTORY[from]);
    expect(state.state).toBe(from);
    const result = decide(COMMAND[trigger], state);
    const landed = result.ok ? result.value.reduce(evolve, state).state : result.refusal.code;
    expect(landed).toBe(MATRIX[from][trigger]);
    expect(cost.RESERVATION_TRANSITIONS[from][trigger] ?? FIN).toBe(MATRIX[from][trigger]);
  });

  it('names nothing and holds nothing before its birth', () => {
    expect(initial).toStrictEqual({
      state: 'none',
      version: 0,
      reservationId: '',
      budgetIds: [],
      runId: '',
      taskId: '',
      amountMicros: 0n,
      currency: '',
    });
  });

  it('tells of each move all that a budget needs', () => {
    const held = after(reserved);
    expect(decide({ ...asked(), type: 'create', ...birth }, initial)).toEqual(accept([reserved]));
    expect(decide(COMMAND.settle, held)).toEqual(accept([settled]));
    expect(decide(COMMAND.release, held)).toEqual(accept([released]));
    expect(decide(COMMAND.expire, held)).toEqual(accept([expired]));
    expect(held).toEqual({ ...birth, state: 'held', version: 1, lastAt: start });
    expect(after(reserved, settled)).toEqual({
      ...held,
      state: 'settled',
      version: 2,
      settledMicros: 1200n,
    });
  });

  it('refuses amounts below 0, a past expiry and an early one', () => {
    const create = { ...asked(), type: 'create', ...birth } as const;
    const negative = refuse({ code: 'AMOUNT_NEGATIVE', amountMicros: -1n });
    expect(decide({ ...create, amountMicros: -1n }, initial)).toEqual(negative);
    expect(decide({ ...create, amountMicros: 0n }, initial).ok).toBe(true);
    expect(decide({ ...create, expiresAt: start }, initial)).toEqual(
      refuse({ code: 'EXPIRY_PAST', expiresAt: start }),
    );
    const held = after(reserved);
    expect(decide({ ...asked(), type: 'settle', costMicros: -1n }, held)).toEqual(negative);
    expect(decide({ ...asked(), type: 'settle', costMicros: 0n }, held).ok).toBe(true);
    const early = { ...asked(before(on('2026-03-02'))), type: 'expire' } as const;
    expect(decide(early, held)).toEqual(
      refuse({ code: 'RESERVATION_RUNS', expiresAt: birth.expiresAt }),
    );
    expect(decide(COMMAND.release, initial)).toEqual(refuse({ code: 'ENTITY_UNKNOWN' }));
  });
});
