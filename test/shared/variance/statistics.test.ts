import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { formatDay, HOUR_MS, sortAscending } from '#shared/kernel/index.ts';
import { createRandom } from '#shared/planning/random.ts';
import { BUILT_IN_RATIOS, sizeOf } from '#shared/variance/built-in-ratios.ts';
import { createGrowingSample } from '#shared/variance/growing-sample.ts';
import {
  type EarningRule,
  earnedValue,
  type Figure,
  type PlannedLeaf,
  quantile,
  type Task,
  varianceByGroup,
} from '#shared/variance/index.ts';
import { toPriorClasses } from '#shared/variance/prior-classes.ts';
import {
  type EstimatedWork,
  toLnRange,
  toPrior,
  toReferenceClasses,
} from '#shared/variance/reference-class.ts';
import { toSampleVariance } from '#shared/variance/sample-variance.ts';
import { gapOf, NUMBER_SAMPLES, SAME, WORK_SAMPLES } from './random-samples.ts';

// Here and in the files beside it each statistic is held to 1e-9 against another implementation: `simple-statistics` where
// it has one, else the formula written out a second way. The table in decision 0003 says which.

const SHARES = [0, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.8, 0.9, 0.95, 1];
const KEYS = ['p10', 'p50', 'p90'] as const;
type Key = (typeof KEYS)[number];
const SHARE_OF: Readonly<Record<Key, number>> = { p10: 0.1, p50: 0.5, p90: 0.9 };

const ratiosOf = (works: readonly EstimatedWork[]) =>
  works.map(({ estimateMs, actualMs }) => actualMs / estimateMs);
const lnRatiosOf = (works: readonly EstimatedWork[]) =>
  works.map(({ estimateMs, actualMs }) => Math.log(actualMs) - Math.log(estimateMs));

describe('quantiles', () => {
  it('are those of the library, at every share', () => {
    for (const sample of NUMBER_SAMPLES) {
      const sorted = sortAscending(sample);
      for (const share of SHARES)
        expect(gapOf(quantile(sorted, share), oracle.quantile([...sample], share))).toBeLessThan(
          SAME,
        );
      expect(gapOf(quantile(sorted, 0.5), oracle.median([...sample]))).toBeLessThan(SAME);
    }
  });

  it('of ln ratios are those of the library', () => {
    for (const works of WORK_SAMPLES) {
      const range = toLnRange(lnRatiosOf(works));
      for (const key of KEYS)
        expect(gapOf(range[key], oracle.quantile(lnRatiosOf(works), SHARE_OF[key]))).toBeLessThan(
          SAME,
        );
    }
  });

  it('and means hold for a sample that grows and forgets', () => {
    for (const [limit, sample] of NUMBER_SAMPLES.entries()) {
      const growing = createGrowingSample(limit + 1);
      for (const [place, value] of sample.entries()) {
        growing.add(value);
        if (place % 7 !== 0) continue;
        const kept = sample.slice(Math.max(0, place - limit), place + 1);
        expect(gapOf(growing.mean(), oracle.mean(kept))).toBeLessThan(SAME);
        for (const share of SHARES)
          expect(gapOf(growing.quantile(share), oracle.quantile(kept, share))).toBeLessThan(SAME);
      }
    }
  });
});

/** What the definitions expect of a task: own quantiles from 30 tasks of its size on, else the table. */
function rangeOf(all: readonly EstimatedWork[], { estimateMs }: EstimatedWork, key: Key): number {
  const size = sizeOf(estimateMs);
  const own = lnRatiosOf(all.filter((work) => sizeOf(work.estimateMs) === size));
  const builtIn = BUILT_IN_RATIOS.bySize[size] ?? BUILT_IN_RATIOS.all;
  return own.length < 30 ? Math.log(builtIn[key]) : oracle.quantile(own, SHARE_OF[key]);
}

const meanRange = (all: readonly EstimatedWork[], sample: readonly EstimatedWork[], key: Key) =>
  oracle.mean(sample.map((work) => rangeOf(all, work, key)));

describe('typical, total and the shrunk range', () => {
  const all = WORK_SAMPLES.flat();
  const classes = toReferenceClasses(all);

  it('pull a sample to the mean of the range of each task', () => {
    for (const sample of WORK_SAMPLES) {
      for (const business of [sample, all]) {
        const prior = toPrior(toReferenceClasses(business), sample);
        for (const key of KEYS)
          expect(gapOf(prior[key], meanRange(business, sample, key))).toBeLessThan(SAME);
      }
    }
  });

  it('take all sizes together for a sample without a task', () => {
    for (const sample of WORK_SAMPLES) {
      const builtIn = BUILT_IN_RATIOS.all;
      for (const key of KEYS) {
        const own = oracle.quantile(lnRatiosOf(sample), SHARE_OF[key]);
        const expected = sample.length < 30 ? Math.log(builtIn[key]) : own;
        expect(gapOf(toPrior(toReferenceClasses(sample), [])[key], expected)).toBeLessThan(SAME);
      }
    }
  });

  it('weigh the classes of a prior by the tasks of the sample', () => {
    for (const sample of WORK_SAMPLES) {
      const parts = toPriorClasses(all, sample);
      const weights = parts.map(({ nSample }) => nSample);
      for (const key of KEYS) {
        const lns = parts.map((part) => Math.log(part[key]));
        expect(
          gapOf(toPrior(classes, sample)[key], oracle.weightedMean(lns, weights)),
        ).toBeLessThan(SAME);
      }
    }
  });

  it('weigh own quantiles by n of n + 20 parts', () => {
    for (const sample of WORK_SAMPLES) {
      const told = toSampleVariance(sample, classes);
      for (const key of KEYS) {
        // A geometric mean of n own quantiles and 20 of the prior.
        const own = oracle.quantile(lnRatiosOf(sample), SHARE_OF[key]);
        const parts = [own, meanRange(all, sample, key)];
        expect(
          gapOf(told[key], Math.exp(oracle.weightedMean(parts, [sample.length, 20]))),
        ).toBeLessThan(SAME);
      }
      expect(gapOf(told.typical, oracle.median(ratiosOf(sample)) - 1)).toBeLessThan(SAME);
    }
  });

  it('hold for a group as for the sample it is made of', () => {
    for (const sample of WORK_SAMPLES) {
      const [group] = varianceByGroup(...toGroup(sample));
      const estimates = sample.map((work) => work.estimateMs);
      const actuals = sample.map((work) => work.actualMs);
      expect(gapOf(group?.total, oracle.sum(actuals) / oracle.sum(estimates) - 1)).toBeLessThan(
        SAME,
      );
      expect(gapOf(group?.typical, oracle.median(ratiosOf(sample)) - 1)).toBeLessThan(SAME);
      // Every task has two runs, one of a quarter.
      expect(
        gapOf(group?.looks, oracle.mean(actuals) / 2 / oracle.mean(estimates) - 1),
      ).toBeLessThan(SAME);
    }
  });
});

function toGroup(sample: readonly EstimatedWork[]): Parameters<typeof varianceByGroup> {
  const groups = { workflow: { kind: 'resolved', id: 'audit' } } as const;
  const tasks = sample.map(
    ({ estimateMs }, place): Task => ({
      taskId: `t${place}`,
      name: '',
      baselineMs: estimateMs,
      isFinished: true,
      completedDate: '2026-03-02',
    }),
  );
  const sessions = sample.flatMap(({ actualMs }, place) => {
    const firstMs = Math.floor(actualMs / 4);
    return [firstMs, actualMs - firstMs].map((netMs, run) => ({
      runId: `r${place}-${run}`,
      taskId: `t${place}`,
      groups,
      netMs,
      standing: 'counted' as const,
    }));
  });
  return [tasks, sessions];
}

/** A quotient of whole numbers to twelve places, without floating point until the end. */
const divide = (part: bigint, whole: bigint): number => Number((part * 10n ** 12n) / whole) / 1e12;

function makePlan(seed: number): readonly PlannedLeaf[] {
  const random = createRandom(seed);
  return Array.from({ length: 1 + (seed % 40) }, () => {
    const isFinished = random() < 0.4;
    return {
      ...(random() < 0.9 ? { baselineMs: 2 * Math.ceil(random() * 40 * HOUR_MS) } : {}),
      ...(random() < 0.9 ? { dueDate: formatDay(20_000 + Math.floor(random() * 60)) } : {}),
      isFinished,
      isStarted: isFinished || random() < 0.5,
      actualMs: random() < 0.7 ? Math.ceil(random() * 50 * HOUR_MS) : 0,
    };
  });
}

describe('earned value', () => {
  const DATE = formatDay(20_030);
  const sum = (leaves: readonly PlannedLeaf[], of: (leaf: PlannedLeaf) => number): bigint =>
    leaves.reduce((total, leaf) => total + BigInt(of(leaf)), 0n);
  /** A figure that cannot be told is none, and says why. */
  const expectFigure = (figure: Figure, isKnown: boolean, part: bigint, whole: bigint): void => {
    if (isKnown) expect(gapOf(figure.value, divide(part, whole))).toBeLessThan(SAME);
    else expect(figure).toEqual({ value: null, reason: expect.any(String) });
  };

  it.each<EarningRule>(['0/100', '50/50'])('by %s is what whole numbers say', (rule) => {
    for (let seed = 0; seed < 300; seed += 1) {
      const leaves = makePlan(seed);
      const told = earnedValue(leaves, DATE, rule);
      const plan = leaves.filter(({ baselineMs = 0 }) => baselineMs > 0);
      const bac = sum(plan, ({ baselineMs = 0 }) => baselineMs);
      const pv = sum(plan, ({ baselineMs = 0, dueDate = '9' }) =>
        dueDate <= DATE ? baselineMs : 0,
      );
      const half = (leaf: PlannedLeaf) => (rule === '50/50' && leaf.isStarted ? 1 : 0);
      // Baselines are even, so that half of one is whole.
      const ev = sum(
        plan,
        (leaf) => ((leaf.isFinished ? 2 : half(leaf)) * (leaf.baselineMs ?? 0)) / 2,
      );
      const ac = sum(leaves, ({ actualMs }) => actualMs);
      expect(gapOf(told.costVarianceMs, Number(ev - ac))).toBeLessThan(SAME);
      expect(gapOf(told.scheduleVarianceMs, Number(ev - pv))).toBeLessThan(SAME);
      const { atCostIndex, asPlanned, atBothIndices } = told.estimateAtCompletion;
      const hasPlan = bac > 0n;
      const hasIndex = hasPlan && ac > 0n && ev > 0n;
      const [part, whole] = hasIndex ? [bac * ac, ev] : [ac + bac - ev, 1n];
      expectFigure(told.costIndex, ac > 0n, ev, ac);
      expectFigure(told.scheduleIndex, pv > 0n, ev, pv);
      expectFigure(atCostIndex, hasIndex, bac * ac, ev);
      expectFigure(asPlanned, hasPlan, ac + bac - ev, 1n);
      expectFigure(
        atBothIndices,
        hasIndex && pv > 0n,
        ac * ev * ev + (bac - ev) * ac * pv,
        ev * ev,
      );
      expectFigure(told.estimateToComplete, hasPlan, part - ac * whole, whole);
      expectFigure(told.varianceAtCompletion, hasPlan, bac * whole - part, whole);
      expectFigure(told.toCompleteIndex, ev < bac && ac < bac, bac - ev, bac - ac);
    }
  });
});
