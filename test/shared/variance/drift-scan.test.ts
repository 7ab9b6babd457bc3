import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_SCAN,
  extendScan,
  findStrongestSplit,
  scoreSplit,
  toRankScan,
} from '#shared/variance/drift-scan.ts';

/** U by its definition: the pairs that the later value wins, an equal pair counted half. */
function countWins(before: readonly number[], after: readonly number[]): number {
  const wonBy = (late: number, early: number): number =>
    late > early ? 1 : late < early ? 0 : 0.5;
  return after.reduce(
    (sum, late) => sum + before.reduce((wins, early) => wins + wonBy(late, early), 0),
    0,
  );
}

/** Every way to take so many of the values as the earlier ones, with the rest as the later. */
function* divide(values: readonly number[], early: number): Generator<[number[], number[]]> {
  const [first, ...rest] = values;
  if (first === undefined) yield [[], []];
  else {
    if (early > 0) for (const [a, b] of divide(rest, early - 1)) yield [[first, ...a], b];
    if (rest.length >= early) for (const [a, b] of divide(rest, early)) yield [a, [first, ...b]];
  }
}

/** z by brute force: U against its mean and variance over all ways to divide the values. */
function scoreByPermutation(values: readonly number[], before: number): number {
  const all = [...divide(values, before)].map(([early, late]) => countWins(early, late));
  const mean = all.reduce((sum, wins) => sum + wins, 0) / all.length;
  const variance = all.reduce((sum, wins) => sum + (wins - mean) ** 2, 0) / all.length;
  const wins = countWins(values.slice(0, before), values.slice(before));
  return variance === 0 ? 0 : (wins - mean) / Math.sqrt(variance);
}

/** Few different values, so that most samples have heavy ties. */
const values = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 60 });

describe('scoreSplit', () => {
  // Recorded from scipy.stats.mannwhitneyu (1.17.1), asymptotic and without correction for continuity.
  it.each([
    [[1.1, 2.2, 3.3, 4.4, 5.5], [0.5, 1.5, 2.5, 6.5], 8, -0.48989794855663565],
    [[0, 0, 1, 1, 1, 2, 3], [0, 0, 0, 1, 2, 2], 17.5, -0.525126247446817],
    [[5, 6, 7, 8], [1, 2, 3, 4, 4], 0, -2.4597601850723634],
  ])('of %j and then %j has U %f and z %f', (before, after, wins, z) => {
    const scan = toRankScan([...before, ...after]);
    expect(scan.wins[before.length - 1]).toBe(wins);
    expect(scoreSplit(scan, before.length)).toBeCloseTo(z, 9);
  });

  it('is what all ways to divide the same values say, ties and all', () => {
    const few = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 2, maxLength: 11 });
    const law = fc.property(few, fc.nat(), (sample, pick) => {
      const before = 1 + (pick % (sample.length - 1));
      const z = scoreSplit(toRankScan(sample), before);
      expect(z).toBeCloseTo(scoreByPermutation(sample, before), 9);
    });
    fc.assert(law);
  });

  it('is zero where all values are equal', () => {
    expect(scoreSplit(toRankScan([2, 2, 2, 2, 2]), 2)).toBe(0);
  });
});

describe('a scan', () => {
  it('counts at every cut what a count of the pairs says', () => {
    const law = fc.property(values, (sample) => {
      const { wins } = toRankScan(sample);
      for (const [index] of sample.entries()) {
        const [before, after] = [sample.slice(0, index + 1), sample.slice(index + 1)];
        expect(wins[index]).toBe(countWins(before, after));
      }
    });
    fc.assert(law);
  });

  it('is the same to the bit whether built at once or task by task', () => {
    const law = fc.property(values, (sample) => {
      expect(sample.reduce(extendScan, EMPTY_SCAN)).toEqual(toRankScan(sample));
    });
    fc.assert(law);
  });
});

describe('findStrongestSplit', () => {
  const least = { before: 3, after: 2 };

  it('finds the largest |z| of the cuts with enough on both sides', () => {
    const law = fc.property(values, (sample) => {
      const scan = toRankScan(sample);
      const cuts = sample
        .map((_, before) => before)
        .filter((before) => before >= least.before && sample.length - before >= least.after);
      const scores = cuts.map((before) => Math.abs(scoreSplit(scan, before)));
      // Of no cuts at all the largest is minus infinity.
      const found = Math.abs(findStrongestSplit(scan, least)?.z ?? Number.POSITIVE_INFINITY);
      expect(cuts.length === 0 ? -found : found).toBe(Math.max(...scores));
    });
    fc.assert(law);
  });

  it('finds the cut where the level changes, and its side', () => {
    const scan = toRankScan([1, 2, 1, 2, 9, 8, 9, 8, 9]);
    expect(findStrongestSplit(scan, least)?.before).toBe(4);
    expect(findStrongestSplit(scan, least)?.z).toBeGreaterThan(2);
    const fallen = toRankScan([1, 2, 1, 2, -9, -8, -9, -8, -9]);
    expect(findStrongestSplit(fallen, least)?.z).toBeLessThan(-2);
  });

  it('takes the latest of equal cuts', () => {
    expect(findStrongestSplit(toRankScan(Array(9).fill(1)), least)).toEqual({ before: 7, z: 0 });
  });

  it('keeps to cuts with enough on each side', () => {
    const late = toRankScan([1, 2, 3, 1, 2, 3, 1, 9]);
    expect(findStrongestSplit(late, { before: 3, after: 3 })?.before).toBeLessThanOrEqual(5);
    const early = toRankScan([9, 1, 2, 3, 1, 2, 3, 1]);
    expect(findStrongestSplit(early, { before: 3, after: 3 })?.before).toBeGreaterThanOrEqual(3);
    expect(findStrongestSplit(toRankScan([1, 2, 3, 4]), least)).toBeUndefined();
    expect(findStrongestSplit(toRankScan([1, 2, 3, 4, 5]), least)?.before).toBe(3);
  });
});
