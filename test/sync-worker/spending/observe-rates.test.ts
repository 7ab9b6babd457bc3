import { describe, expect, it } from 'vitest';
import type { PersonRow } from '#shared/doc/index.ts';
import { DAY_MS, toInstant } from '#shared/kernel/index.ts';
import { noteRates, toLabourRates } from '#worker/spending/index.ts';
import { createSyncScene } from '../sync/sync-scene.ts';

const usd = (amount: string) => ({ amount, currency: 'USD' });
const plain = (amount: string) => ({ amount, currency: '' });
const dana = (given: Partial<PersonRow> = {}): PersonRow => ({
  rowId: 'i-dana',
  name: 'Dana',
  costRate: plain('50'),
  ...given,
});
const { costRate: _, ...unpaid } = dana();

const day = (days: number) => toInstant(days * DAY_MS);
/** What one person's cells said, each with the day it was seen on, as rates to price with. */
const follow = (...cells: readonly (readonly [number, Partial<PersonRow>])[]) => {
  const seen = cells.reduce(
    (rates, [days, given]) => noteRates(rates, [{ ...unpaid, ...given }], day(days)),
    new Map() as ReturnType<typeof noteRates>,
  );
  return toLabourRates(seen, 'EUR').map(({ person, currency, ...rate }) => {
    expect([person, currency]).toEqual(['i-dana', 'EUR']);
    return rate;
  });
};

describe('noteRates', () => {
  it('holds the first rate for all time before, and each change from when it was seen', () => {
    const first = noteRates(new Map(), [dana()], day(10));
    expect(noteRates(first, [dana()], day(20))).toEqual(first);
    const sixty = { costRate: plain('60') };
    expect(follow([10, { costRate: plain('50') }], [30, sixty], [40, {}])).toEqual([
      { validFrom: day(0), validTo: day(30), costMicrosPerHour: 50_000_000n },
      { validFrom: day(30), validTo: day(40), costMicrosPerHour: 60_000_000n },
      { validFrom: day(40) },
    ]);
  });

  it('begins with the first rate there is, and heeds no cell that cannot be read', () => {
    expect(noteRates(new Map(), [unpaid], day(10)).size).toBe(0);
    const known = noteRates(new Map(), [dana()], day(10));
    const broken = { ...unpaid, unreadable: ['cost_rate'] };
    expect(noteRates(known, [broken], day(20))).toEqual(known);
  });

  it('takes a rate that stood for less than a day for a slip, and what follows it for what it should have said', () => {
    const [slip, right] = [{ costRate: plain('4550') }, { costRate: plain('45.5') }];
    const forAll = { validFrom: day(0), costMicrosPerHour: 45_500_000n };
    expect(follow([10, slip], [10.99, right])).toEqual([forAll]);
    expect(follow([10, slip], [10.2, {}])).toEqual([]);
    expect(follow([10, slip], [10.2, {}], [30, right])).toEqual([forAll]);
    expect(follow([10, slip], [11, right])).toMatchObject([
      { validTo: day(11), costMicrosPerHour: 4_550_000_000n },
      { validFrom: day(11), costMicrosPerHour: 45_500_000n },
    ]);
  });

  it('lets a raise that was mistyped begin when it was first seen, and one that was taken back never begin', () => {
    const [old, slip, raised] = ['45', '600', '60'].map((text) => ({ costRate: plain(text) }));
    expect(follow([1, old ?? {}], [30, slip ?? {}], [30.5, raised ?? {}])).toEqual([
      { validFrom: day(0), validTo: day(30), costMicrosPerHour: 45_000_000n },
      { validFrom: day(30), costMicrosPerHour: 60_000_000n },
    ]);
    expect(follow([1, old ?? {}], [30, slip ?? {}], [30.5, old ?? {}])).toEqual([
      { validFrom: day(0), costMicrosPerHour: 45_000_000n },
    ]);
  });
});

describe('toLabourRates', () => {
  const ratesOf = (given: Partial<PersonRow>) =>
    toLabourRates(noteRates(new Map(), [dana(given)], toInstant(10)), 'EUR')[0];

  it("takes a cell's own currency, and no bill in another than the cost", () => {
    expect(ratesOf({ costRate: usd('1'), billableRate: usd('2') })).toMatchObject({
      currency: 'USD',
      costMicrosPerHour: 1_000_000n,
      billableMicrosPerHour: 2_000_000n,
    });
    const mixed = ratesOf({ costRate: usd('1'), billableRate: plain('2') });
    expect(mixed).toMatchObject({ currency: 'USD', costMicrosPerHour: 1_000_000n });
    expect(mixed).not.toHaveProperty('billableMicrosPerHour');
  });

  it('holds each of the two rates for all time before it was first known, whichever was typed first', () => {
    const both = { costRate: plain('60'), billableRate: plain('120') };
    const amounts = { costMicrosPerHour: 60_000_000n, billableMicrosPerHour: 120_000_000n };
    for (const first of [{ costRate: both.costRate }, { billableRate: both.billableRate }]) {
      expect(follow([1, first], [9, both])).toEqual([
        { ...amounts, validFrom: day(0), validTo: day(9) },
        { ...amounts, validFrom: day(9) },
      ]);
    }
    expect(follow([1, { costRate: both.costRate }], [9, {}], [20, both])).toMatchObject([
      amounts,
      { validFrom: day(9), billableMicrosPerHour: 120_000_000n },
      amounts,
    ]);
    const other = { ...both, billableRate: usd('120') };
    const [before] = follow([1, { costRate: both.costRate }], [9, other]);
    expect(before).not.toHaveProperty('billableMicrosPerHour');
  });

  it('takes a negative rate for none', () => {
    expect(ratesOf({ costRate: plain('-1') })).not.toHaveProperty('costMicrosPerHour');
  });
});

describe('a tick', () => {
  it('records a rate once, and again when it changes', async () => {
    const { runTick, rowOf, doc, store, wait } = await createSyncScene();
    const { rowId } = rowOf('people', 'name', 'Dana');
    await runTick();
    expect((await store.list('rate')).size).toBe(0);
    doc.person.editCell('people', rowId, { cost_rate: 50 });
    await runTick();
    expect(await runTick()).toMatchObject({ events: 0 });
    await wait(DAY_MS);
    doc.person.editCell('people', rowId, { cost_rate: 60 });
    await runTick();
    const [person] = (await store.list('rate')).keys();
    const events = await store.readStream(`rate/${person}`);
    expect(events.map(({ type, payload }) => [type, payload])).toMatchObject([
      ['rate_observed', { costRate: { amount: '50' } }],
      ['rate_observed', { costRate: { amount: '60' } }],
    ]);
  });
});
