import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { createRandom, drawNormal } from '#shared/planning/random.ts';
import { createCaseStore } from '#shared/variance/forecast/case-store.ts';
import { toExplainedShare } from '#shared/variance/forecast/explained-share.ts';
import { measureLikeness } from '#shared/variance/forecast/likeness.ts';
import {
  type BacktestRow,
  createForecaster,
  type ForecasterState,
  type ForecastTask,
} from '#shared/variance/index.ts';
import { builtInShare } from '../built-in-share.ts';
import { makeHistory } from '../made-history.ts';
import { gapOf, SAME } from '../random-samples.ts';

const groupBy = <Value>(values: readonly Value[], of: (place: number) => unknown): Value[][] => {
  const groups = new Map<unknown, Value[]>();
  for (const [place, value] of values.entries()) {
    groups.set(of(place), [...(groups.get(of(place)) ?? []), value]);
  }
  return [...groups.values()];
};

/** Adjusted R² of a one-way layout from the library's variances: what is left within the groups against what there was. */
function explainedShare(values: readonly number[], of: (place: number) => unknown): number {
  const groups = groupBy(values, of);
  const freedom = values.length - groups.length;
  if (groups.length < 2 || freedom < 2) return 0;
  const within = oracle.sum(groups.map((group) => oracle.sumNthPowerDeviations(group, 2)));
  return Math.max(0, 1 - within / freedom / oracle.sampleVariance([...values]));
}

describe('toExplainedShare', () => {
  it('is the adjusted R² of the library’s variances', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = createRandom(seed);
      const groups = Array.from({ length: 3 + (seed % 60) }, () =>
        Math.floor(random() * (2 + (seed % 7))),
      );
      const values = groups.map((group) => (seed % 3) * group + drawNormal(random));
      const expected = explainedShare(values, (place) => groups[place]);
      expect(gapOf(toExplainedShare(values, groups), expected)).toBeLessThan(SAME);
    }
  });
});

/** ln estimates and ln ratios as they are kept: in whole hundredths. */
const toKept = (rows: readonly BacktestRow[]) =>
  rows.map(({ task, actualHours }) => ({
    ln: Math.round(Math.log(task.estimateHours) / 0.01),
    lnRatio: Math.round(Math.log(actualHours / task.estimateHours) / 0.01),
  }));

describe('measureLikeness', () => {
  const rows = makeHistory({ tasks: 600, personSpread: 0.4, workflowSpread: 0.3, drift: 0.4 }, 9);
  const store = createCaseStore(1_000, { names: [], cases: [] });
  for (const { task, actualHours } of rows) store.add(task, actualHours);
  const { relevances, slopes, ageStep } = measureLikeness(store.cases());
  const kept = toKept(rows).map(({ ln, lnRatio }) => ({ ln: ln / 100, lnRatio: lnRatio / 100 }));
  const sizeAt = (place: number) => Math.round((kept[place]?.ln ?? 0) / (Math.LN2 / 2));

  it('adds what a name, a size and an age explain of ratios and of their distances', () => {
    const cut = kept.map(({ lnRatio }) => oracle.median([-2, lnRatio, 2]));
    const distances = cut.map((value) => Math.abs(value - oracle.mean(cut)));
    const relevance = (of: (place: number) => unknown) =>
      explainedShare(cut, of) + explainedShare(distances, of);
    const expected = [
      0.01 + relevance((place) => rows[place]?.task.workflow),
      0.01 + relevance((place) => rows[place]?.task.person),
      // Category, subcategory, project and priority, which no task has.
      0.01,
      0.01,
      0.01,
      0.01,
      0.01 + relevance(sizeAt),
      relevance((place) => Math.floor((rows.length - 1 - place) / 75)),
    ];
    expect(ageStep).toBe(75);
    for (const [place, value] of expected.entries()) {
      expect(gapOf(relevances[place], value)).toBeLessThan(SAME);
    }
    expect(relevances).toHaveLength(expected.length);
  });

  it('has the slopes of the library’s weighted line, drawn back by a ridge of 50', () => {
    const classes = groupBy(kept, sizeAt).filter(({ length }) => length >= 5);
    const weights = classes.map(({ length }) => length);
    const lns = classes.map((members) => oracle.mean(members.map(({ ln }) => ln)));
    for (const [place, share] of [0.1, 0.9].entries()) {
      const outer = classes.map((members) =>
        oracle.quantile(
          members.map(({ lnRatio }) => lnRatio),
          share,
        ),
      );
      const points = lns.map((ln, index) => [ln, outer[index] ?? Number.NaN] as const);
      const { m } = oracle.weightedLinearRegression(points, weights);
      const squares = oracle.weightedVariance(lns, weights) * oracle.sum(weights);
      expect(gapOf(slopes[place], (-m * squares) / (squares + 50))).toBeLessThan(SAME);
    }
  });
});

/** How much each case weighs for a task: rings of cases as unlike, each leaving 20 parts to those beyond. */
function weigh(
  rows: readonly BacktestRow[],
  asked: ForecastTask,
  state: ForecasterState,
): readonly number[] {
  const { relevances, ageStep } = state.likeness;
  const [workflow = 0, person = 0] = relevances;
  const [size = 0, age = 0] = relevances.slice(-2);
  const greatest = oracle.sum(relevances.slice(0, -2)) + 3 * (size + age);
  const rings = toKept(rows).map(({ ln }, place) => {
    const task = rows[place]?.task;
    const doublings =
      Math.abs(ln - Math.round(Math.log(asked.estimateHours) / 0.01)) / 100 / Math.LN2;
    const cost =
      (task?.workflow === asked.workflow ? 0 : workflow) +
      (task?.person === asked.person ? 0 : person) +
      size * Math.min(3, doublings) +
      age * Math.min(3, (rows.length - 1 - place) / ageStep);
    return Math.round((12 * cost) / greatest);
  });
  const sizeOfRing = (ring: number) => rings.filter((other) => other === ring).length;
  return rings.map((ring) => {
    const inner = [...new Set(rings)].filter((other) => other < ring);
    const left = oracle.product([1, ...inner.map((other) => 20 / (sizeOfRing(other) + 20))]);
    return left / (sizeOfRing(ring) + 20);
  });
}

/** The hours at P10, P50, P80 and P90 as weighted quantiles of cases and the built-in law, unsnapped. */
function forecastAsWeighted(
  rows: readonly BacktestRow[],
  asked: ForecastTask,
  state: ForecasterState,
): readonly number[] {
  const weights = weigh(rows, asked, state);
  const [below, above] = state.likeness.slopes;
  const askedLn = Math.round(Math.log(asked.estimateHours) / 0.01);
  const moved = toKept(rows).map(({ ln, lnRatio }) => {
    const slope = lnRatio === 0 ? 0 : lnRatio < 0 ? below : above;
    return oracle.median([-500, lnRatio + Math.round(slope * (ln - askedLn)), 500]);
  });
  const grid = Array.from({ length: 1_001 }, (_, place) => place - 500);
  const upTo = (step: number) =>
    step >= 500 ? 1 : builtInShare(asked.estimateHours, (step + 0.5) / 100);
  const prior = 1 - oracle.sum([...weights]);
  const priorWeights = grid.map(
    (step) => prior * (upTo(step) - (step === -500 ? 0 : upTo(step - 1))),
  );
  const effective = 1 / oracle.sum(weights.map((weight) => weight ** 2));
  const levels = [0.1, 0.5, 0.8, 0.9].map((level) =>
    oracle.median([0.005, 0.5 + (level - 0.5) * (1 + 2 / effective), 0.995]),
  );
  // A share that is reached but for rounding is reached.
  return oracle
    .weightedQuantile(
      [...moved, ...grid],
      [...weights, ...priorWeights],
      levels.map((level) => level - 1e-12),
    )
    .map((step) => asked.estimateHours * Math.exp(step / 100));
}

describe('createForecaster', () => {
  it.each([3, 20, 77, 300])(
    'forecasts weighted quantiles of what %i tasks took and the table',
    (count) => {
      const rows = makeHistory(
        { tasks: count, personSpread: 0.5, workflowSpread: 0.3, drift: 0.5 },
        count,
      );
      const forecaster = createForecaster();
      for (const { task, actualHours } of rows) forecaster.learn(task, actualHours);
      const state = forecaster.toState();
      for (const asked of makeHistory({ tasks: 60 }, 1).map(({ task }) => task)) {
        const told = forecaster.forecast(asked);
        const [p10 = 0, p50 = 0, p80 = 0, p90 = 0] = forecastAsWeighted(rows, asked, state);
        expect(gapOf(told.p10, p10)).toBeLessThan(SAME);
        expect(gapOf(told.p50, p50)).toBeLessThan(SAME);
        expect(gapOf(told.p80, p80)).toBeLessThan(SAME);
        expect(gapOf(told.p90, p90)).toBeLessThan(SAME);
      }
    },
  );
});
