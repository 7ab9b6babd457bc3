import { describe, expect, it } from 'vitest';
import { parseContract } from '#shared/contracts/index.ts';
import {
  readWrittenCost,
  toCostStep,
  toTakenBackEntry,
  toWrittenEntry,
  type WrittenCost,
} from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';

const HOSTING: WrittenCost = {
  amount: '49.90',
  currency: 'EUR',
  category: 'Software',
  day: '2026-03-02',
  note: 'hosting',
};
/** Just past midnight in Berlin, where it is already the third. */
const NOW = toInstant(Date.UTC(2026, 2, 2, 23, 30));
const FACTS = {
  timeZone: 'Europe/Berlin',
  writtenAt: NOW,
  isKnownCurrency: (code: string) => code !== 'EUT',
};
const read = (written: Partial<WrittenCost>, facts: Partial<typeof FACTS> = {}) =>
  readWrittenCost({ ...HOSTING, ...written }, { ...FACTS, ...facts });

describe('readWrittenCost', () => {
  it('reads an amount to the millionth and its day', () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        amountMicros: 49_900_000n,
        currency: 'EUR',
        day: '2026-03-02',
        isTakenBack: false,
      },
    });
  });

  it('takes a minus for a cost that is taken back', () => {
    expect(read({ amount: '-49.9' })).toMatchObject({
      value: { amountMicros: 49_900_000n, isTakenBack: true },
    });
  });

  it.each([
    ['AMOUNT_INVALID', { amount: '5,00' }, '5,00'],
    ['AMOUNT_INVALID', { amount: '€5' }, '€5'],
    ['AMOUNT_INVALID', { amount: '0.00' }, '0.00'],
    ['AMOUNT_INVALID', { amount: '1e20' }, '1e20'],
    ['AMOUNT_INVALID', { amount: '1e3' }, '1e3'],
    ['CURRENCY_UNKNOWN', { currency: 'euro' }, 'euro'],
    ['CURRENCY_UNKNOWN', { currency: 'EUT' }, 'EUT'],
    ['DAY_INVALID', { day: '2026-02-30' }, '2026-02-30'],
    ['DAY_INVALID', { day: '1969-12-31' }, '1969-12-31'],
    ['DAY_INVALID', { day: '2100-01-01' }, '2100-01-01'],
    ['DAY_INVALID', { day: '2.3.2026' }, '2.3.2026'],
    ['DAY_AHEAD', { day: '2026-03-04' }, '2026-03-04'],
  ])('answers %s to %j', (code, written, received) => {
    expect(read(written)).toEqual({ ok: false, refusal: { code, received } });
  });

  it("takes the day it is where the owner lives, which is tomorrow's elsewhere", () => {
    expect(read({ day: '2026-03-03' }).ok).toBe(true);
    expect(read({ day: '2026-03-03' }, { timeZone: 'UTC' })).toMatchObject({
      refusal: { code: 'DAY_AHEAD' },
    });
  });
});

const entry = (written: Partial<WrittenCost> = {}) => {
  const cost = { ...HOSTING, ...written };
  const understood = readWrittenCost(cost, FACTS);
  if (!understood.ok) throw new Error('the cost was not understood');
  return toWrittenEntry(cost, understood.value, {
    entryId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    idempotencyKey: 'K1',
    projectId: 'i-acme',
    timeZone: 'Europe/Berlin',
    at: NOW,
    by: 'dana',
  });
};

describe('toWrittenEntry', () => {
  it('counts at the beginning of its day, is named by its note and kept as its contract has it', () => {
    const made = entry();
    expect(made).toMatchObject({
      occurredAt: '2026-03-01T23:00:00.000Z',
      day: '2026-03-02',
      recordedAt: NOW,
      resourceType: 'custom',
      resourceName: 'hosting',
      usageType: 'Software',
      amountMicros: 49_900_000n,
      source: 'reported',
    });
    const step = toCostStep(made, 'dana');
    expect(step).toMatchObject({ type: 'cost_recorded', facts: { priced: true } });
    expect(step.document).toMatchObject({ metadata: { day: '2026-03-02' } });
    expect(parseContract(step.document, 'cost_entry').ok).toBe(true);
  });

  it('knows a listed kind in any writing, and is named by its kind without a note', () => {
    expect(entry({ category: 'Compute Time', note: '' })).toMatchObject({
      resourceType: 'compute_time',
      resourceName: 'Compute Time',
    });
  });
});

describe('toTakenBackEntry', () => {
  it('is the exact opposite, at the same moment, and leaves the first one as it was', () => {
    const made = entry();
    const asked = { at: NOW, by: 'lee', entryId: '01ARZ3NDEKTSV4RRFFQ69G5FAW' };
    const back = toTakenBackEntry(made, { ...asked, idempotencyKey: 'K2' });
    expect(back).toEqual({
      ...made,
      entryId: asked.entryId,
      idempotencyKey: 'K2',
      entryType: 'reversal',
      quantity: '-1',
      amountMicros: -49_900_000n,
      reverses: made.entryId,
    });
    expect(parseContract(toCostStep(back, 'lee').document, 'cost_entry').ok).toBe(true);
  });
});
