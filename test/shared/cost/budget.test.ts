import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { type Instant, isInstant, toEpochMs, toInstant } from '#shared/kernel/index.ts';

const instant = (text: string): Instant => {
  if (!isInstant(text)) throw new Error(text);
  return text;
};
const on = (day: string, time = '00:00:00.000') => instant(`${day}T${time}Z`);
const before = (at: Instant) => toInstant(toEpochMs(at) - 1);

const budget = (given: Partial<cost.Budget> = {}): cost.Budget => ({
  budgetId: 'B1',
  scope: { level: 'project', id: 'acme' },
  currency: 'EUR',
  limitMicros: 1000n,
  thresholdsPercent: cost.DEFAULT_THRESHOLDS_PERCENT,
  mode: 'halt',
  period: 'none',
  timeZone: 'UTC',
  startsAt: on('2026-03-01'),
  ...given,
});
const start = on('2026-03-01');
const account = (given: Partial<cost.Budget> = {}, spentMicros = 0n, heldMicros = 0n) => ({
  ...cost.openAccount(budget(given), start),
  spentMicros,
  heldMicros,
});

describe('periodAround', () => {
  it.each<[Exclude<cost.BudgetPeriod, 'none'>, string, Instant, string, string]>([
    ['day', 'UTC', on('2026-03-05', '23:59:59.999'), '2026-03-05T00:00', '2026-03-06T00:00'],
    ['week', 'UTC', on('2026-03-01'), '2026-02-23T00:00', '2026-03-02T00:00'],
    ['month', 'UTC', on('2026-01-31'), '2026-01-01T00:00', '2026-02-01T00:00'],
    ['month', 'UTC', on('2026-02-28'), '2026-02-01T00:00', '2026-03-01T00:00'],
    ['month', 'UTC', on('2026-12-31'), '2026-12-01T00:00', '2027-01-01T00:00'],
    [
      'day',
      'Europe/Berlin',
      on('2026-03-29', '12:00:00.000'),
      '2026-03-28T23:00',
      '2026-03-29T22:00',
    ],
    [
      'day',
      'Europe/Berlin',
      on('2026-10-25', '12:00:00.000'),
      '2026-10-24T22:00',
      '2026-10-25T23:00',
    ],
    [
      'month',
      'America/New_York',
      on('2026-04-01', '03:59:59.999'),
      '2026-03-01T05:00',
      '2026-04-01T04:00',
    ],
    [
      'day',
      'Asia/Kathmandu',
      on('2026-03-05', '18:15:00.000'),
      '2026-03-05T18:15',
      '2026-03-06T18:15',
    ],
    ['day', 'Pacific/Kiritimati', on('2026-03-05'), '2026-03-04T10:00', '2026-03-05T10:00'],
    [
      'day',
      'Africa/Cairo',
      on('2026-04-24', '12:00:00.000'),
      '2026-04-23T22:00',
      '2026-04-24T21:00',
    ],
  ])('%s in %s around %s', (period, zone, at, startAt, endAt) => {
    expect(cost.periodAround(period, zone, at)).toEqual({
      startAt: `${startAt}:00.000Z`,
      endAt: `${endAt}:00.000Z`,
    });
  });
});

describe('openAccount and rollAccount', () => {
  it('opens with nothing spent, and without an end where there is none', () => {
    expect(cost.openAccount(budget(), start)).toStrictEqual({
      budget: budget(),
      span: { startAt: start },
      spentMicros: 0n,
      heldMicros: 0n,
      reached: [],
    });
  });

  it('spans the life of a budget without a period', () => {
    expect(account().span).toEqual({ startAt: start });
    const endsAt = on('2026-04-01');
    expect(account({ endsAt }).span).toEqual({ startAt: start, endAt: endsAt });
  });

  it('cuts the first and the last period to the life of the budget', () => {
    const given = {
      period: 'month',
      startsAt: on('2026-03-10'),
      endsAt: on('2026-04-20'),
    } as const;
    const spanAt = (at: Instant) => cost.openAccount(budget(given), at).span;
    const march = { startAt: on('2026-03-10'), endAt: on('2026-04-01') };
    expect(spanAt(on('2026-03-15'))).toEqual(march);
    expect(spanAt(on('2026-01-15'))).toEqual(march);
    expect(spanAt(on('2026-04-01'))).toEqual({
      startAt: on('2026-04-01'),
      endAt: on('2026-04-20'),
    });
  });

  it('starts afresh with the period, and what is held goes along', () => {
    const march = { ...account({ period: 'month' }, 900n, 50n), reached: [50, 80] };
    expect(cost.rollAccount(march, before(on('2026-04-01')))).toBe(march);
    expect(cost.rollAccount(march, on('2026-04-01'))).toEqual({
      budget: march.budget,
      span: { startAt: on('2026-04-01'), endAt: on('2026-05-01') },
      spentMicros: 0n,
      heldMicros: 50n,
      reached: [],
    });
  });

  it('stays as it was after the end of the budget', () => {
    const ended = account({ endsAt: on('2026-03-05') }, 900n);
    expect(cost.rollAccount(ended, on('2026-03-05'))).toBe(ended);
    expect(cost.rollAccount(account(), on('2036-03-05'))).toEqual(account());
  });

  it('is in force from its start until before its end', () => {
    const given = budget({ endsAt: on('2026-03-05') });
    const days = [before(start), start, before(on('2026-03-05')), on('2026-03-05')];
    expect(days.map((at) => cost.isInForce(given, at))).toEqual([false, true, true, false]);
    expect(cost.isInForce(budget(), on('2096-01-01'))).toBe(true);
  });
});

describe('standingOf', () => {
  it.each<[bigint, bigint, cost.BudgetState, number]>([
    [0n, 0n, 'ok', 0],
    [499n, 0n, 'ok', 49.9],
    [499n, 1n, 'warning', 50],
    [999n, 0n, 'warning', 99.9],
    [900n, 100n, 'exhausted', 100],
    [1000n, 1n, 'exceeded', 100.1],
  ])('%s spent and %s held is %s', (spent, held, state, usedPercent) => {
    expect(cost.standingOf(account({}, spent, held), start)).toEqual({
      state,
      usedMicros: spent + held,
      availableMicros: 1000n - spent - held,
      usedPercent,
      pacePercent: null,
    });
  });

  it('reads nothing below the limit as 100', () => {
    const vast = account({ limitMicros: 10n ** 15n }, 10n ** 15n - 1n);
    expect(cost.standingOf(vast, start)).toMatchObject({ usedPercent: 99.9999, state: 'warning' });
    expect(cost.standingOf(account({ thresholdsPercent: [] }, 999n), start).state).toBe('ok');
    const odd = (spent: bigint) =>
      cost.standingOf(account({ thresholdsPercent: [99.95], limitMicros: 10_000n }, spent), start)
        .state;
    expect([odd(9994n), odd(9995n)]).toEqual(['ok', 'warning']);
  });

  it('has no percent of a limit of 0, which is used up before anything is spent', () => {
    const none = { limitMicros: 0n };
    for (const period of ['none', 'month'] as const) {
      expect(cost.standingOf(account({ ...none, period }), on('2026-03-16'))).toMatchObject({
        state: 'exhausted',
        usedPercent: null,
        pacePercent: null,
      });
    }
    expect(cost.standingOf(account(none, 1n), start)).toMatchObject({
      state: 'exceeded',
      availableMicros: -1n,
    });
  });

  it('holds the used share against the share of the period that is over', () => {
    const month = account({ period: 'month', startsAt: on('2026-04-01') }, 500n);
    const april = { ...month, span: { startAt: on('2026-04-01'), endAt: on('2026-05-01') } };
    const paceAt = (at: Instant) => cost.standingOf(april, at).pacePercent;
    expect(paceAt(on('2026-04-16'))).toBe(100);
    expect(paceAt(on('2026-04-11'))).toBe(150);
    expect(paceAt(on('2026-05-01'))).toBe(50);
    expect(paceAt(on('2026-06-01'))).toBe(50);
    expect(paceAt(on('2026-04-01'))).toBeNull();
    expect(paceAt(on('2026-03-01'))).toBeNull();
    expect(paceAt(toInstant(toEpochMs(on('2026-04-01')) + 1))).toBe(50 * 30 * 86_400_000);
  });
});

describe('newThresholds', () => {
  it('names each that was come to and not told, lowest first', () => {
    const at = (spent: bigint, reached: number[] = []) =>
      cost.newThresholds({
        ...account({ thresholdsPercent: [95, 50, 50, 100, 80] }, spent),
        reached,
      });
    expect([at(499n), at(500n), at(799n), at(800n), at(1000n)]).toEqual([
      [],
      [50],
      [50],
      [50, 80],
      [50, 80, 95, 100],
    ]);
    expect(at(950n, [50, 80])).toEqual([95]);
  });

  it('tells all of a limit of 0 once something is spent and none before', () => {
    expect(cost.newThresholds(account({ limitMicros: 0n }))).toEqual([]);
    expect(cost.newThresholds(account({ limitMicros: 0n }, 0n, 1n))).toEqual([50, 80, 95, 100]);
  });
});

describe('budgetsOver', () => {
  it('are those of the work and the global ones, widest first', () => {
    const of = (budgetId: string, level: cost.BudgetLevel, id: string) =>
      budget({ budgetId, scope: { level, id } });
    const all = [
      of('t', 'task', 'T1'),
      of('p', 'project', 'acme'),
      of('o', 'project', 'other'),
      of('g', 'global', 'x'),
      of('u', 'tool', 'T1'),
    ];
    const ids = cost.budgetsOver(all, { project: 'acme', task: 'T1' }).map((one) => one.budgetId);
    expect(ids).toEqual(['g', 'p', 't']);
  });
});
