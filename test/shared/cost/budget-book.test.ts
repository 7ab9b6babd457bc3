import { describe, expect, it } from 'vitest';
import * as cost from '#shared/cost/index.ts';
import { type Instant, isInstant, refuse } from '#shared/kernel/index.ts';

const instant = (text: string): Instant => {
  if (!isInstant(text)) throw new Error(text);
  return text;
};
const on = (day: string, time = '00:00:00.000') => instant(`${day}T${time}Z`);

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
describe('the budget book', () => {
  const book = (...given: Partial<cost.Budget>[]): cost.BudgetBook =>
    new Map(
      given.map((one) => {
        const opened = cost.openAccount(budget(one), start);
        return [opened.budget.budgetId, opened];
      }),
    );
  const ask = (amountMicros: bigint, budgetIds: readonly string[] = ['B1'], at = start) => ({
    at,
    budgetIds,
    amountMicros,
    currency: 'EUR',
  });
  const moneyIn = (after: cost.BudgetBook, budgetId = 'B1') => {
    const one = after.get(budgetId);
    return [one?.spentMicros, one?.heldMicros];
  };
  const reserved = (from: cost.BudgetBook, request: cost.ReserveRequest) => {
    const result = cost.reserve(from, request);
    if (!result.ok) throw new Error(result.refusal.code);
    return result.value;
  };

  it('holds an amount in all budgets or in none', () => {
    const both = book({}, { budgetId: 'B2', limitMicros: 500n });
    const change = reserved(both, ask(500n, ['B1', 'B2']));
    expect([moneyIn(change.book), moneyIn(change.book, 'B2')]).toEqual([
      [0n, 500n],
      [0n, 500n],
    ]);
    expect(moneyIn(both)).toEqual([0n, 0n]);
    expect(cost.reserve(both, ask(501n, ['B1', 'B2']))).toEqual(
      refuse({
        code: 'BUDGET_EXHAUSTED',
        budgetId: 'B2',
        neededMicros: 501n,
        availableMicros: 500n,
        currency: 'EUR',
      }),
    );
  });

  it('stops at the limit before the spend, and stops an unknown cost once nothing is left', () => {
    const full = reserved(book({}), ask(1000n)).book;
    const refusal = (neededMicros: bigint, availableMicros: bigint) =>
      refuse({
        code: 'BUDGET_EXHAUSTED',
        budgetId: 'B1',
        neededMicros,
        availableMicros,
        currency: 'EUR',
      });
    expect(cost.reserve(full, ask(1n))).toEqual(refusal(1n, 0n));
    expect(cost.reserve(full, ask(0n))).toEqual(refusal(0n, 0n));
    expect(cost.reserve(book({ limitMicros: 0n }), ask(0n))).toEqual(refusal(0n, 0n));
    expect(cost.reserve(book({}), ask(0n)).ok).toBe(true);
  });

  it.each(['warn', 'continue'] as const)(
    'lets more be held than there is where the mode is %s',
    (mode) => {
      expect(moneyIn(reserved(book({ mode }), ask(2000n)).book)).toEqual([0n, 2000n]);
    },
  );

  it('is not limited by a budget that is not in force, nor by none', () => {
    const later = book({ startsAt: on('2026-06-01') });
    expect(reserved(later, ask(9999n))).toEqual({ book: later, notices: [], untouched: ['B1'] });
    const ended = book({ endsAt: on('2026-03-02') });
    expect(reserved(ended, ask(9999n, ['B1'], on('2026-03-02'))).untouched).toEqual(['B1']);
    expect(reserved(later, ask(9999n, [])).untouched).toEqual([]);
  });

  it('refuses what it cannot judge', () => {
    expect(cost.reserve(book({}), ask(-1n))).toEqual(
      refuse({ code: 'AMOUNT_NEGATIVE', amountMicros: -1n }),
    );
    expect(cost.reserve(book({}), ask(1n, ['B9']))).toEqual(
      refuse({ code: 'BUDGET_UNKNOWN', budgetId: 'B9' }),
    );
    expect(cost.reserve(book({ currency: 'USD' }), ask(1n))).toEqual(
      refuse({ code: 'CURRENCY_MISMATCH', budgetId: 'B1', expected: 'USD', received: 'EUR' }),
    );
  });

  it('settles with the true cost, also a dearer one, and gives back what was not needed', () => {
    const held = reserved(book({}), ask(600n)).book;
    const request = { at: start, budgetIds: ['B1'], currency: 'EUR', heldMicros: 600n };
    expect(moneyIn(cost.spend(held, { ...request, costMicros: 200n }).book)).toEqual([200n, 0n]);
    const dear = cost.spend(held, { ...request, costMicros: 1200n });
    expect(moneyIn(dear.book)).toEqual([1200n, 0n]);
    expect(dear.notices.at(-1)).toEqual({
      budgetId: 'B1',
      type: 'budget_exceeded',
      overMicros: 200n,
      usedPercent: 120,
    });
    expect(moneyIn(cost.free(held, request).book)).toEqual([0n, 0n]);
    const { heldMicros: _held, ...unheld } = request;
    expect(moneyIn(cost.spend(held, { ...unheld, costMicros: 5n }).book)).toEqual([5n, 600n]);
  });

  it('reports each threshold once, and each state when it is come to', () => {
    const threshold = (thresholdPercent: number, usedPercent: number) =>
      ({
        budgetId: 'B1',
        type: 'budget_threshold_reached',
        thresholdPercent,
        usedPercent,
        pacePercent: null,
      }) as const;
    const spend = (from: cost.BudgetBook, costMicros: bigint) =>
      cost.spend(from, { at: start, budgetIds: ['B1', 'B1'], currency: 'EUR', costMicros });
    const half = spend(book({}), 500n);
    expect(half.notices).toEqual([threshold(50, 50)]);
    const back = spend(half.book, -400n);
    expect(back.notices).toEqual([]);
    const again = spend(back.book, 500n);
    expect(again.notices).toEqual([]);
    const full = spend(again.book, 400n);
    expect(full.notices).toEqual([
      threshold(80, 100),
      threshold(95, 100),
      threshold(100, 100),
      { budgetId: 'B1', type: 'budget_exhausted', usedMicros: 1000n, limitMicros: 1000n },
    ]);
    const over = spend(full.book, 1n);
    expect(over.notices).toEqual([
      { budgetId: 'B1', type: 'budget_exceeded', overMicros: 1n, usedPercent: 100.1 },
    ]);
    expect(spend(over.book, 1n).notices).toEqual([]);
    expect(moneyIn(over.book)).toEqual([1001n, 0n]);
  });

  it('counts no cost of another currency or of a period that is over, and frees what is held all the same', () => {
    const april = cost.spend(book({ period: 'month' }), {
      at: on('2026-04-01'),
      budgetIds: ['B1'],
      currency: 'EUR',
      costMicros: 5n,
    }).book;
    const late = { at: on('2026-03-15'), budgetIds: ['B1', 'B9'], currency: 'EUR', costMicros: 7n };
    expect(cost.spend(april, late)).toEqual({ book: april, notices: [], untouched: ['B1', 'B9'] });
    expect(cost.spend(april, { ...late, currency: 'USD' }).untouched).toEqual(['B1', 'B9']);
    expect(moneyIn(cost.spend(april, { ...late, heldMicros: 3n }).book)).toEqual([5n, -3n]);
    const dollars = { ...late, at: on('2026-04-02'), currency: 'USD', heldMicros: 3n };
    expect(cost.spend(april, dollars)).toEqual({
      book: april,
      notices: [],
      untouched: ['B1', 'B9'],
    });
  });
});
