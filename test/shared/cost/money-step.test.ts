import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type CostEntry,
  costDecider,
  DEFAULT_THRESHOLDS_PERCENT,
  openAccount,
  reserve,
  spend,
  toBudgetEvent,
  toBudgetStep,
  toCostStep,
  toPriceBookStep,
  toReserveRefusalEvent,
} from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
import { expectLawful } from '../ledger/record/told.ts';
import { asked, idOf } from '../ledger/record/work-scene.ts';

const dana = 'dana@example.com';
const entry: CostEntry = {
  entryId: idOf('entry'),
  entryType: 'charge',
  idempotencyKey: 'entry',
  projectId: 'acme-site',
  runId: idOf('R'),
  workstreamId: idOf('W'),
  taskId: idOf('T'),
  resourceType: 'tool_usage',
  resourceName: 'editor',
  usageType: 'output',
  quantity: '100',
  unit: 'token',
  amountMicros: 2n ** 60n,
  currency: 'EUR',
  source: 'measured',
  occurredAt: asked(2).at,
  recordedAt: asked(3).at,
};
const budget: Budget = {
  budgetId: idOf('budget'),
  scope: { level: 'project', id: 'acme-site' },
  currency: 'EUR',
  limitMicros: 1_000n,
  thresholdsPercent: DEFAULT_THRESHOLDS_PERCENT,
  mode: 'halt',
  period: 'none',
  timeZone: 'UTC',
  startsAt: asked(0).at,
};
const money = { at: asked(1).at, budgetIds: [budget.budgetId], currency: 'EUR' };
const bookOf = (one: Budget) => new Map([[one.budgetId, openAccount(one, asked(0).at)]]);

describe('toCostStep', () => {
  it('keeps the line whole, tells its amount as text, and says which work it belongs to', () => {
    const step = toCostStep(entry, dana);
    expect(expectLawful([step])).toEqual([['ledger/costs', 'cost_recorded']]);
    const amountMicros = '1152921504606846976';
    expect(step).toEqual({
      table: 'costs',
      id: idOf('entry'),
      document: { schema: 'cost_entry.v1', ...entry, amountMicros },
      at: asked(3).at,
      by: dana,
      type: 'cost_recorded',
      facts: {
        entryId: idOf('entry'),
        resourceType: 'tool_usage',
        amountMicros,
        currency: 'EUR',
        priced: true,
      },
      scope: { runId: idOf('R'), workstreamId: idOf('W'), taskId: idOf('T') },
    });
  });

  it('says of a line without a price that it has none', () => {
    const { amountMicros: _amount, currency: _currency, ...unpriced } = entry;
    const step = toCostStep({ ...unpriced, phaseId: 'build' }, dana);
    expect(expectLawful([step])).toEqual([['ledger/costs', 'cost_recorded']]);
    const facts = { entryId: idOf('entry'), resourceType: 'tool_usage', priced: false };
    expect(step.facts).toEqual(facts);
    expect(step.scope).toMatchObject({ phaseId: 'build' });
  });

  it('tells of a reversal which line it takes back', () => {
    const line = costDecider.evolve(costDecider.initial, {
      at: asked(3).at,
      type: 'cost_recorded',
      entry,
    });
    const back = { entryId: idOf('back'), idempotencyKey: 'back' };
    const reversed = costDecider.decide({ ...asked(4), type: 'reverse', ...back }, line);
    if (!reversed.ok) throw new Error(reversed.refusal.code);
    const steps = reversed.value.map((event) => toCostStep(event.entry, dana));
    expect(expectLawful(steps)).toEqual([['ledger/costs', 'cost_reversed']]);
    expect(steps[0]).toMatchObject({
      id: idOf('back'),
      at: asked(4).at,
      facts: { entryId: idOf('back'), reverses: idOf('entry'), amountMicros: `-${2n ** 60n}` },
    });
  });
});

describe('a budget and a price book', () => {
  it('are kept as documents with amounts as text', () => {
    const price = {
      priceId: 'editor-output',
      resourceName: 'editor',
      usageType: 'output',
      unit: 'token',
      priceMicros: 15_000_000n,
      perQuantity: 1_000_000,
      currency: 'EUR',
      validFrom: toInstant(0),
    };
    const steps = [
      toBudgetStep(budget, asked(1, dana)),
      toPriceBookStep({ priceBookVersion: '2026-03', entries: [price] }, asked(1, dana)),
    ];
    expect(expectLawful(steps).map(([, type]) => type)).toEqual(Array(2).fill('document_recorded'));
    expect(steps).toMatchObject([
      {
        table: 'budgets',
        id: idOf('budget'),
        document: { limitMicros: '1000' },
        ...asked(1, dana),
      },
      { table: 'price_books', id: '2026-03', document: { entries: [{ priceMicros: '15000000' }] } },
    ]);
  });
});

describe('what a budget tells', () => {
  const tell = (one: Budget, costMicros: bigint) =>
    spend(bookOf(one), { ...money, costMicros }).notices.map((notice) =>
      toBudgetEvent(notice, asked(1)),
    );

  it('is a threshold it came to, and that it is exhausted or exceeded', () => {
    const few = { ...budget, thresholdsPercent: [50] };
    const stream = `budget/${budget.budgetId}`;
    const exhausted = tell(few, 1_000n);
    expect(expectLawful([], exhausted)).toEqual([
      [stream, 'budget_threshold_reached'],
      [stream, 'budget_exhausted'],
    ]);
    expect(exhausted.map(({ event }) => event)).toEqual([
      {
        type: 'budget_threshold_reached',
        at: asked(1).at,
        actor: 'system',
        payload: { thresholdPercent: 50, usedPercent: 100, pacePercent: null },
      },
      {
        type: 'budget_exhausted',
        at: asked(1).at,
        actor: 'system',
        payload: { usedMicros: '1000', limitMicros: '1000' },
      },
    ]);
    const exceeded = tell({ ...budget, thresholdsPercent: [] }, 1_001n);
    expect(expectLawful([], exceeded)).toEqual([[stream, 'budget_exceeded']]);
    expect(exceeded[0]?.event.payload).toEqual({ overMicros: '1', usedPercent: 100.1 });
  });

  it('is lawful also where a limit of 0 leaves no percent to tell', () => {
    const told = tell({ ...budget, limitMicros: 0n }, 5n);
    expect(expectLawful([], told).map(([, type]) => type)).toEqual([
      ...Array(4).fill('budget_threshold_reached'),
      'budget_exceeded',
    ]);
  });

  it('is what it lacked where it gave nothing', () => {
    const refused = reserve(bookOf(budget), { ...money, amountMicros: 1_001n });
    const isExhausted = !refused.ok && refused.refusal.code === 'BUDGET_EXHAUSTED';
    if (!isExhausted) throw new Error('expected the budget to refuse');
    const told = toReserveRefusalEvent(refused.refusal, asked(1));
    expect(expectLawful([], [told])).toEqual([
      [`budget/${budget.budgetId}`, 'reservation_refused'],
    ]);
    const facts = { neededMicros: '1001', availableMicros: '1000', currency: 'EUR' };
    expect(told.event.payload).toEqual(facts);
  });
});
