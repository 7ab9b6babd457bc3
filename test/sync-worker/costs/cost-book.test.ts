import { describe, expect, it } from 'vitest';
import { type CostLeaf, timeDimensions } from '#shared/cost/index.ts';
import { type Instant, toInstant } from '#shared/kernel/index.ts';
import { type CostBook, findAdjustments } from '#worker/costs/index.ts';

const at = (month: number, day: number) => toInstant(Date.UTC(2026, month - 1, day));
const leaf: CostLeaf = {
  leafId: 'run/1',
  name: 'Dana',
  dimensions: timeDimensions('2026-04-10'),
  effortMs: 1,
};
const closed = (month: string, closedAt: Instant, leaves: readonly CostLeaf[]) => ({
  month,
  closedAt,
  leaves,
  timeZone: 'UTC',
  currency: 'USD',
  head: { position: 1, hash: '' },
  names: {},
});
const book: CostBook = {
  leaves: [{ ...leaf, effortMs: 2 }],
  names: new Map(),
  closed: {
    months: new Map([
      ['2026-04', closed('2026-04', at(5, 4), [leaf])],
      ['2026-05', closed('2026-05', at(6, 2), [])],
    ]),
    adjustments: [],
  },
};
const placeOf = async (origin: { readonly at?: Instant; readonly reason?: string }) => {
  const facts = { now: at(7, 3), timeZone: 'UTC', originOf: async () => origin };
  const [found] = await findAdjustments(book, facts);
  return [found?.month, found?.recordedAt, found?.reason];
};

describe('findAdjustments', () => {
  it('places a correction in the month its change was recorded in, with the reason given for it', async () => {
    expect(await placeOf({ at: at(6, 20), reason: 'the client disputed it' })).toEqual([
      '2026-06',
      at(6, 20),
      'the client disputed it',
    ]);
  });

  it.each([
    ['that month is closed too', { at: at(5, 20) }],
    ['it is older than the closing', { at: at(4, 20) }],
    ['it lies ahead', { at: at(8, 1) }],
    ['nobody knows when', {}],
  ])('places it in the current month where %s', async (_why, origin) => {
    expect((await placeOf(origin)).slice(0, 2)).toEqual(['2026-07', at(7, 3)]);
  });
});
