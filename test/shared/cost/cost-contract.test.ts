import { describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import * as cost from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';

const id = (place: number) => `01JD000000000000000000000${place}`;
const start = toInstant(0);
/** A document as it comes back from the core's own form. */
const throughCore = (document: object) =>
  cost.microsToText(cost.microsFromText(cost.microsToText(document)));

describe('what the core holds of money', () => {
  it('is, as text, a cost entry, its reversal, a reservation, a budget and a price book', () => {
    const entry: cost.CostEntry = {
      entryId: id(1),
      entryType: 'charge',
      idempotencyKey: 'k1',
      projectId: 'acme',
      resourceType: 'api_call',
      resourceName: 'acme/large',
      usageType: 'input',
      quantity: '1000',
      unit: 'token',
      amountMicros: 2n ** 60n,
      currency: 'USD',
      source: 'measured',
      occurredAt: start,
      recordedAt: start,
    };
    const line = cost.costDecider.evolve(cost.costDecider.initial, {
      type: 'cost_recorded',
      at: start,
      entry,
    });
    const ask = { at: start, by: 'dana', entryId: id(2), idempotencyKey: 'k2' };
    const reversed = cost.costDecider.decide({ ...ask, type: 'reverse' }, line);
    const reversal = reversed.ok ? reversed.value[0]?.entry : undefined;
    for (const one of [entry, reversal]) {
      const read = parseContract(throughCore({ schema: 'cost_entry.v1', ...one }), 'cost_entry');
      expect(read).toEqual({ ok: true, value: throughCore({ schema: 'cost_entry.v1', ...one }) });
    }
    const budget: cost.Budget = {
      budgetId: id(3),
      scope: { level: 'project', id: 'acme' },
      currency: 'USD',
      limitMicros: 5n,
      thresholdsPercent: cost.DEFAULT_THRESHOLDS_PERCENT,
      mode: 'halt',
      period: 'month',
      timeZone: 'Europe/Berlin',
      startsAt: start,
    };
    expect(parseContract(throughCore({ schema: 'budget.v1', ...budget }), 'budget').ok).toBe(true);
    const reservation = {
      schema: 'reservation.v1',
      reservationId: id(4),
      budgetIds: [id(3)],
      runId: id(5),
      taskId: id(6),
      amountMicros: 5n,
      currency: 'USD',
      state: 'held',
      expiresAt: start,
    };
    expect(parseContract(throughCore(reservation), 'reservation').ok).toBe(true);
    const file = { 'acme/large': { input_cost_per_token_above_200k_tokens: 1e-7 } };
    const imported = cost.importModelPrices(file, { validFrom: start });
    const entries = imported.ok ? imported.value.prices : [];
    const book = { schema: 'price_book.v1', priceBookVersion: 'v1', entries };
    expect(parseContract(throughCore(book), 'price_book').ok).toBe(true);
  });

  it('names its states as the contract does', () => {
    const { RESERVATION_STATES } = cost;
    const states = RESERVATION_STATES.map((state) => {
      const settled = state === 'settled' ? { settledMicros: '1' } : {};
      const document = {
        schema: 'reservation.v1',
        reservationId: id(4),
        budgetIds: [],
        runId: id(5),
        taskId: id(6),
        amountMicros: '5',
        currency: 'USD',
        state,
        expiresAt: start,
        ...settled,
      };
      return parseContract(document, 'reservation').ok;
    });
    expect(states).toEqual([true, true, true, true]);
  });
});
