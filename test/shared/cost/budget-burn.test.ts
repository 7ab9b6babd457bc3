import { describe, expect, it } from 'vitest';
import { type BurnFacts, burnOf } from '#shared/cost/index.ts';
import { toInstant } from '#shared/kernel/index.ts';

const day = (number: number) => toInstant(Date.UTC(2026, 5, number));
/** June: 30 days. */
const span = { startAt: day(1), endAt: toInstant(Date.UTC(2026, 6, 1)) };
const burn = (given: Partial<BurnFacts>) =>
  burnOf({ budget: 100n, used: 40n, span, at: day(16), ...given });

describe('burnOf', () => {
  it('tells what is left, how fast it goes and until when it lasts', () => {
    // Half of June has used four tenths: the whole lasts 37.5 days.
    expect(burn({})).toEqual({
      state: 'ok',
      used: 40n,
      left: 60n,
      usedShare: 0.4,
      pace: 0.8,
      runsOutAt: '2026-07-08T12:00:00.000Z',
    });
    expect(burn({ used: 80n })).toMatchObject({
      pace: 1.6,
      runsOutAt: '2026-06-19T18:00:00.000Z',
    });
  });

  it('is over only above the budget, and never cuts what is left at 0', () => {
    expect(burn({ used: 100n })).toMatchObject({ state: 'fully_used', left: 0n, usedShare: 1 });
    expect(burn({ used: 101n })).toMatchObject({ state: 'over', left: -1n, usedShare: 1.01 });
    const nearly = burn({ budget: 10_000_000n, used: 9_999_999n });
    expect([nearly.state, nearly.usedShare]).toEqual(['ok', 0.999999]);
  });

  it('knows a budget of 0 from none, and divides by neither', () => {
    const nothing = { usedShare: null, pace: null, runsOutAt: null };
    expect(burn({ budget: 0n })).toEqual({ state: 'no_budget', used: 40n, left: -40n, ...nothing });
    const { budget: _, ...blank } = { budget: 1n, used: 40n, span, at: day(16) };
    expect(burnOf(blank)).toEqual({ state: 'not_budgeted', used: 40n, left: null, ...nothing });
  });

  it('has no pace before anything has elapsed, nor without an end, and that of the whole after it', () => {
    for (const at of [day(1), toInstant(Date.UTC(2026, 4, 1))]) {
      expect(burn({ at })).toMatchObject({ usedShare: 0.4, pace: null, runsOutAt: null });
    }
    expect(burn({ span: { startAt: day(1) } })).toMatchObject({ pace: null, runsOutAt: null });
    expect(burn({ at: toInstant(Date.UTC(2026, 8, 1)) })).toMatchObject({ pace: 0.4 });
  });

  it('never runs out where nothing is used or no date goes so far', () => {
    expect(burn({ used: 0n })).toMatchObject({ usedShare: 0, pace: 0, runsOutAt: null });
    expect(burn({ used: -5n })).toMatchObject({ left: 105n, runsOutAt: null });
    expect(burn({ budget: 10n ** 12n, used: 1n }).runsOutAt).toBeNull();
  });
});
