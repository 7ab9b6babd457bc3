import { describe, expect, it } from 'vitest';
import { type Budget, openAccount, toBudgetLine, toComparedPercent } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';

const day = (date: number) => toInstant(Date.UTC(2026, 3, date));
const BUDGET: Budget = {
  budgetId: 'b',
  scope: { level: 'project', id: 'acme' },
  currency: 'EUR',
  limitMicros: 1_000n,
  thresholdsPercent: [50, 80, 95, 100],
  mode: 'halt',
  period: 'month',
  timeZone: 'UTC',
  startsAt: day(1),
};
const FACTS = {
  origin: 'ledger',
  scope: { level: 'project', id: 'acme' },
  name: 'Acme',
  counted: 1,
  uncounted: 0,
  at: day(16),
} as const;
const lineOf = (spentMicros: bigint, heldMicros = 0n, change: Partial<Budget> = {}) => {
  const account = openAccount({ ...BUDGET, ...change }, day(16));
  return toBudgetLine({ ...account, spentMicros, heldMicros }, FACTS);
};

describe('toBudgetLine', () => {
  it.each([
    [499n, 0n, 'ok', null, false],
    [400n, 100n, 'warning', 50, false],
    [900n, 99n, 'warning', 95, false],
    [1_000n, 0n, 'exhausted', 100, true],
    [1_000n, 1n, 'exceeded', 100, true],
  ])('tells of %d spent and %d held: %s', (spent, held, state, threshold, isStopped) => {
    const line = lineOf(spent, held);
    expect([line.state, line.thresholdPercent, line.isStopped]).toEqual([
      state,
      threshold,
      isStopped,
    ]);
  });

  it('stops nothing that only warns, and everything of a limit of 0 that halts', () => {
    expect(lineOf(2_000n, 0n, { mode: 'warn' }).isStopped).toBe(false);
    expect(lineOf(0n, 0n, { limitMicros: 0n })).toMatchObject({
      isStopped: true,
      usedPercent: null,
      thresholdPercent: null,
    });
  });

  it('has the pace of its stretch, and none where nobody knows one', () => {
    expect(lineOf(750n).burn).toMatchObject({ pace: 1.5, runsOutAt: day(21) });
    const account = { ...openAccount(BUDGET, day(16)), spentMicros: 750n };
    const timeless = toBudgetLine(account, { ...FACTS, isTimeless: true });
    expect(timeless.burn).toMatchObject({ pace: null, runsOutAt: null });
    expect(timeless).not.toHaveProperty('span');
  });
});

describe('toComparedPercent', () => {
  const percentOf = (spentMicros: bigint, limitMicros = 10_000_000n) =>
    toComparedPercent({ spentMicros, limitMicros, heldMicros: 0n });

  it('is exact to four decimals, and beyond them on the right side of each', () => {
    expect(percentOf(10_000_000n)).toBe(100);
    expect(percentOf(10_000_001n)).toBeGreaterThan(100);
    expect(percentOf(9_999_999n)).toBeLessThan(100);
    expect(percentOf(9_999_999n)).toBeGreaterThan(99.9999);
    expect(percentOf(-1n)).toBeLessThan(0);
    expect(percentOf(5n, 0n)).toBeNull();
  });
});
