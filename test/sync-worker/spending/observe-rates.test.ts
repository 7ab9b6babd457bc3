import { describe, expect, it } from 'vitest';
import type { PersonRow } from '#shared/doc/index.ts';
import { toInstant } from '#shared/kernel/index.ts';
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

describe('noteRates', () => {
  it('holds the first rate for all time before, and each change from when it was seen', () => {
    const first = noteRates(new Map(), [dana()], toInstant(10));
    expect(noteRates(first, [dana()], toInstant(20))).toEqual(first);
    const raised = noteRates(first, [dana({ costRate: plain('60') })], toInstant(30));
    const blank = noteRates(raised, [unpaid], toInstant(40));
    expect(toLabourRates(blank, 'EUR')).toEqual([
      {
        person: 'i-dana',
        currency: 'EUR',
        validFrom: toInstant(0),
        validTo: toInstant(30),
        costMicrosPerHour: 50_000_000n,
      },
      {
        person: 'i-dana',
        currency: 'EUR',
        validFrom: toInstant(30),
        validTo: toInstant(40),
        costMicrosPerHour: 60_000_000n,
      },
      { person: 'i-dana', currency: 'EUR', validFrom: toInstant(40) },
    ]);
  });

  it('begins with the first rate there is, and heeds no cell that cannot be read', () => {
    expect(noteRates(new Map(), [unpaid], toInstant(10)).size).toBe(0);
    const known = noteRates(new Map(), [dana()], toInstant(10));
    const broken = { ...unpaid, unreadable: ['cost_rate'] };
    expect(noteRates(known, [broken], toInstant(20))).toEqual(known);
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

  it('takes a negative rate for none', () => {
    expect(ratesOf({ costRate: plain('-1') })).not.toHaveProperty('costMicrosPerHour');
  });
});

describe('a tick', () => {
  it('records a rate once, and again when it changes', async () => {
    const { runTick, rowOf, doc, store } = await createSyncScene();
    const { rowId } = rowOf('people', 'name', 'Dana');
    await runTick();
    expect((await store.list('rate')).size).toBe(0);
    doc.person.editCell('people', rowId, { cost_rate: 50 });
    await runTick();
    expect(await runTick()).toMatchObject({ events: 0 });
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
