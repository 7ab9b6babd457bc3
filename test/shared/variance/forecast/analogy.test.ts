import { describe, expect, it } from 'vitest';
import { toAnalogy } from '#shared/variance/forecast/analogy.ts';
import { createCaseStore } from '#shared/variance/forecast/case-store.ts';
import { measureLikeness, UNMEASURED_LIKENESS } from '#shared/variance/forecast/likeness.ts';
import { HIT_BIN, lnOfBin, toBin } from '#shared/variance/forecast/ln-grid.ts';
import type { ForecastTask } from '#shared/variance/forecast/model.ts';

type Outcome = readonly [task: ForecastTask, actualHours: number];
function storeOf(outcomes: readonly Outcome[]) {
  const store = createCaseStore(1_000, { names: [], cases: [] });
  for (const [task, actualHours] of outcomes) store.add(task, actualHours);
  return store;
}
const repeat = (outcome: Outcome, times: number): readonly Outcome[] =>
  Array.from({ length: times }, () => outcome);
const shareAt = (shares: Float64Array, ratio: number) => shares[toBin(Math.log(ratio))];

describe('toAnalogy', () => {
  it('gives likes n of n + 20 parts, what lies beyond them as much of the rest, and the table what is left', () => {
    const near = { estimateHours: 2, workflow: 'A' };
    const far = { estimateHours: 2, workflow: 'B' };
    const store = storeOf([...repeat([near, 4], 30), ...repeat([far, 1], 20)]);
    const { shares, priorShare, effectiveCount } = toAnalogy(
      store.cases(),
      UNMEASURED_LIKENESS,
      store.read(near),
    );
    expect(shareAt(shares, 2)).toBeCloseTo(0.6, 12);
    expect(shareAt(shares, 0.5)).toBeCloseTo(0.4 * 0.5, 12);
    expect(priorShare).toBeCloseTo(0.2, 12);
    expect(1 / effectiveCount).toBeCloseTo(0.6 ** 2 / 30 + 0.2 ** 2 / 20, 12);
  });

  it('leaves all to the table where there is no case', () => {
    const store = storeOf([]);
    const asked = store.read({ estimateHours: 2 });
    const { priorShare, effectiveCount } = toAnalogy(store.cases(), UNMEASURED_LIKENESS, asked);
    expect([priorShare, effectiveCount]).toEqual([1, Infinity]);
  });

  it('moves a case of another size by the slope of its side and lets a hit be a hit', () => {
    const likeness = { ...UNMEASURED_LIKENESS, slopes: [0.5, 0.25] as const };
    const small = { estimateHours: 1 };
    const store = storeOf([
      [small, 0.5],
      [small, 1],
      [small, 2],
    ]);
    const asked = store.read({ estimateHours: Math.exp(1) });
    const { shares } = toAnalogy(store.cases(), likeness, asked);
    const moved = [...shares.entries()].flatMap(([bin, share]) => (share > 0 ? [bin] : []));
    expect(moved).toEqual([toBin(Math.log(0.5)) - 50, HIT_BIN, toBin(Math.log(2)) - 25]);
  });
});

describe('measureLikeness', () => {
  it('finds the name that tells cases apart, and little in the others', () => {
    const outcomes = Array.from({ length: 120 }, (_, n): Outcome => {
      const task = { estimateHours: 2, person: `P${n % 2}`, project: `J${n % 5}` };
      return [task, n % 2 === 0 ? 4 : 1];
    });
    const [workflow, person = 0, , , project] = measureLikeness(
      storeOf(outcomes).cases(),
    ).relevances;
    // All of the ratios, and nothing of their distances from the mean, which are the same.
    expect(person).toBeCloseTo(1.01, 2);
    expect([workflow, project]).toEqual([0.01, 0.01]);
  });

  it('finds a name whose cases are merely wilder', () => {
    const outcomes = Array.from({ length: 120 }, (_, n): Outcome => {
      const wild = n % 4 < 2;
      const actual = 2 * Math.exp((wild ? 1 : 0.1) * (n % 2 === 0 ? 1 : -1));
      return [{ estimateHours: 2, person: wild ? 'A' : 'B' }, actual];
    });
    const [, person] = measureLikeness(storeOf(outcomes).cases()).relevances;
    expect(person).toBeGreaterThan(0.9);
  });

  it('finds in age what has changed since', () => {
    const outcomes = Array.from(
      { length: 160 },
      (_, n): Outcome => [{ estimateHours: 2 }, n < 80 ? 2 : 4],
    );
    const { relevances, ageStep } = measureLikeness(storeOf(outcomes).cases());
    expect(relevances.at(-1)).toBeGreaterThan(0.9);
    expect(ageStep).toBe(20);
  });

  it('finds slopes where each size has its own outer quantiles', () => {
    // A spread of ten cases around a middle that falls by 0.6 for each e-fold of the estimate.
    const outcomes = Array.from({ length: 600 }, (_, n): Outcome => {
      const lnEstimate = (n % 6) - 2;
      const lnRatio = -0.6 * lnEstimate + (Math.floor(n / 6) % 10) / 10;
      return [{ estimateHours: Math.exp(lnEstimate) }, Math.exp(lnEstimate + lnRatio)];
    });
    const [below, above] = measureLikeness(storeOf(outcomes).cases()).slopes;
    // Six hundred cases with a variance of 2.9 against a ridge of 50.
    const believed = (0.6 * 600 * 2.9167) / (600 * 2.9167 + 50);
    expect(below).toBeCloseTo(believed, 2);
    expect(above).toBeCloseTo(believed, 2);
  });
});

describe('the ln grid', () => {
  it('is 1 % wide around a hit and ends at its edges', () => {
    expect([toBin(0), toBin(0.014), toBin(-0.016)]).toEqual([HIT_BIN, HIT_BIN + 1, HIT_BIN - 2]);
    expect([toBin(-9), toBin(9)]).toEqual([0, 2 * HIT_BIN]);
    expect(lnOfBin(HIT_BIN + 70)).toBeCloseTo(0.7, 12);
  });
});
