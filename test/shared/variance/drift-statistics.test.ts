import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { createRandom, drawNormal } from '#shared/planning/random.ts';
import { findCusumAlarms } from '#shared/variance/drift-cusum.ts';
import { toLevel } from '#shared/variance/drift-level.ts';
import { smallestSeenFactor, tasksPerSide } from '#shared/variance/drift-power.ts';
import { EMPTY_SCAN, extendScan, scoreSplit, toRankScan } from '#shared/variance/drift-scan.ts';
import { driftThreshold } from '#shared/variance/index.ts';
import { gapOf, NUMBER_SAMPLES, SAME } from './random-samples.ts';

const within = (value: number, limit: number): number => oracle.median([-limit, value, limit]);

describe('toLevel', () => {
  it('has the median, mean and spread of the library, outliers held in', () => {
    // Threefold, so that many values lie beyond the two that are let through.
    for (const sample of NUMBER_SAMPLES.map((each) => each.map((value) => 3 * value))) {
      const median = oracle.median(sample);
      const held = sample.map((value) => median + within(value - median, 2));
      const { mean, spread, ...level } = toLevel(sample);
      expect(gapOf(level.median, median)).toBeLessThan(SAME);
      expect(gapOf(mean, oracle.mean(held))).toBeLessThan(SAME);
      const expected = held.length === 1 ? 0 : oracle.sampleStandardDeviation(held);
      expect(gapOf(spread, expected)).toBeLessThan(SAME);
    }
  });
});

/** The mean rank of each value: those below it, and half of those like it. */
const toMeanRanks = (values: readonly number[]): readonly number[] =>
  values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });

describe('Mann–Whitney at every cut', () => {
  // Ranks are counted pair by pair here, which long samples would make slow.
  const samples = NUMBER_SAMPLES.filter(({ length }) => length > 1 && length <= 99);

  it('has the rank sum of the library, and the spread of the ranks for its own', () => {
    for (const sample of samples) {
      const scan = toRankScan(sample);
      const grown = sample.reduce(extendScan, EMPTY_SCAN);
      const ranks = toMeanRanks(sample);
      for (let before = 1; before < sample.length; before += 1) {
        const after = sample.length - before;
        const rankSum = oracle.wilcoxonRankSum(sample.slice(before), sample.slice(0, before));
        const wins = rankSum - (after * (after + 1)) / 2;
        expect(gapOf(scan.wins[before - 1], wins)).toBeLessThan(SAME);
        // The sum of some of N ranks drawn without return: no word of ties, yet the same variance.
        const variance = ((before * after) / sample.length) * oracle.sampleVariance([...ranks]);
        const z = variance === 0 ? 0 : (wins - (before * after) / 2) / Math.sqrt(variance);
        expect(gapOf(scoreSplit(scan, before), z)).toBeLessThan(SAME);
        expect(gapOf(scoreSplit(grown, before), z)).toBeLessThan(SAME);
      }
    }
  });

  it('asks for as much more of z as keeps n times the height of the normal curve', () => {
    const height = (n: number): number => n * Math.exp(-(driftThreshold(n) ** 2) / 2);
    for (const n of [32, 33, 80, 1_000, 50_000]) {
      expect(gapOf(height(n), 32 * Math.exp(-4.5))).toBeLessThan(SAME);
    }
  });
});

interface Alarm {
  readonly side: 'over' | 'under';
  readonly from: number;
}

/**
 * Page's sum as the largest sum of any stretch that ends with the last task; the alarm dates from where that begins, the
 * latest of several. Written out without a running sum.
 */
function findAlarm(values: readonly number[], side: Alarm['side']): readonly Alarm[] {
  const level = values.slice(0, 20);
  const median = oracle.median(level);
  const held = level.map((value) => within(value - median, 2));
  const spread = Math.max(0.25, oracle.sampleStandardDeviation(held));
  const sign = side === 'over' ? 1 : -1;
  const gains = values.map((value) => sign * within((value - median) / spread, 2.5) - 0.5);
  let best = { height: 0, from: values.length };
  for (let from = values.length - 1; from >= 20; from -= 1) {
    const height = oracle.sum(gains.slice(from));
    if (height > best.height) best = { height, from };
  }
  return best.height > 8 ? [{ side, from: best.from }] : [];
}

describe('CUSUM', () => {
  it('alarms where the largest sum of a stretch at the end passes 8', () => {
    let alarmed = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const random = createRandom(seed);
      const shift = (seed % 5) - 2;
      const values = Array.from({ length: 20 + (seed % 90) }, (_, place) =>
        place < 20 ? drawNormal(random) : drawNormal(random) + 0.6 * shift,
      );
      const expected = (['over', 'under'] as const).flatMap((side) => findAlarm(values, side));
      expected.sort((left, right) => left.from - right.from);
      expect(findCusumAlarms(values)).toEqual(expected);
      alarmed += expected.length;
    }
    expect(alarmed).toBeGreaterThan(100);
  });
});

// scipy.stats.norm.ppf of scipy 1.17.1 at 0.975 and 0.8.
const [AT_975, AT_80] = [1.959963984540054, 0.8416212335729143];

describe('power', () => {
  it('comes from the quantiles of the normal law, rounded as the definitions round them', () => {
    for (const [factor, sigma] of [
      [1.3, 0.8],
      [1.5, 0.6],
      [2, 1.1],
      [0.5, 0.4],
    ] as const) {
      const rounded = Number((AT_975 + AT_80).toFixed(1));
      const exact = (2 * (rounded * sigma) ** 2) / Math.log(factor) ** 2;
      expect(tasksPerSide(factor, sigma)).toBe(Math.round(exact));
      // So many tasks find the change in four of five cases; the library's table has four digits.
      const shift = Math.abs(Math.log(factor)) / (sigma * Math.sqrt(2 / exact));
      expect(oracle.cumulativeStdNormalProbability(shift - AT_975)).toBeCloseTo(0.8, 2);
      const told = smallestSeenFactor(3.2, sigma, { before: 30, after: 12 });
      const standardError = Math.sqrt(sigma ** 2 / 30 + sigma ** 2 / 12);
      const seen = Math.exp((3.2 + Number(AT_80.toFixed(2))) * standardError);
      expect(gapOf(told, seen)).toBeLessThan(SAME);
    }
  });
});
