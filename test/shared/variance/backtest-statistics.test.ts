import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { createRandom, drawNormal } from '#shared/planning/random.ts';
import { walkForward } from '#shared/variance/backtest.ts';
import { type ScoredForecast, toBacktestMetrics } from '#shared/variance/backtest-metrics.ts';
import {
  BACKTEST_MODELS,
  type BacktestRow,
  createForecaster,
  type PointAndRange,
  toCalibration,
} from '#shared/variance/index.ts';
import { makeHistory, sceneOf } from './made-history.ts';
import { gapOf, SAME } from './random-samples.ts';

function makeForecasts(seed: number): readonly ScoredForecast[] {
  const random = createRandom(seed);
  // Every other set lies on quarters of an hour, where many outcomes end exactly on a bound.
  const snap = (hours: number) => (seed % 2 === 0 ? hours : Math.max(1, Math.round(4 * hours)) / 4);
  return Array.from({ length: 1 + (seed % 60) }, () => {
    const point = snap(Math.exp(drawNormal(random)));
    const [low, high] = [snap(point * (0.3 + 0.6 * random())), snap(point * (1 + random()))];
    return { actualHours: snap(point * Math.exp(0.7 * drawNormal(random))), point, low, high };
  });
}

/** What a quantile costs: its share of each step the outcome lies above it, the rest of each step below. */
const quantileLoss = (share: number, quantile: number, outcome: number): number =>
  outcome >= quantile ? share * (outcome - quantile) : (1 - share) * (quantile - outcome);

describe('toBacktestMetrics', () => {
  it('has the means and medians of the library', () => {
    for (let seed = 0; seed < 120; seed += 1) {
      const forecasts = makeForecasts(seed);
      const told = toBacktestMetrics(forecasts);
      const mean = (of: (forecast: ScoredForecast) => number) => oracle.mean(forecasts.map(of));
      const errors = forecasts.map(({ actualHours, point }) =>
        oracle.relativeError(point, actualHours),
      );
      const widths = forecasts.map(({ low, high }) => high / low);
      const expected = {
        n: forecasts.length,
        maeLn: mean(({ actualHours, point }) => Math.abs(Math.log(actualHours) - Math.log(point))),
        biasLn:
          mean(({ actualHours }) => Math.log(actualHours)) - mean(({ point }) => Math.log(point)),
        mdmre: oracle.median(errors),
        pred25: mean(({ actualHours, point }) =>
          4 * Math.abs(actualHours - point) <= actualHours ? 1 : 0,
        ),
        maeHours: mean(
          ({ actualHours, point }) => Math.max(actualHours, point) - Math.min(actualHours, point),
        ),
        coverage80: mean(({ actualHours, low, high }) =>
          oracle.median([low, actualHours, high]) === actualHours ? 1 : 0,
        ),
        // The interval score of 80 % is ten times what its two quantiles cost.
        winklerLn: mean(
          ({ actualHours, low, high }) =>
            10 * quantileLoss(0.1, Math.log(low), Math.log(actualHours)) +
            10 * quantileLoss(0.9, Math.log(high), Math.log(actualHours)),
        ),
        hiLo: Math.exp(oracle.median(widths.map(Math.log))),
      };
      for (const [key, value] of Object.entries(expected)) {
        expect(gapOf(new Map(Object.entries(told)).get(key), value)).toBeLessThan(SAME);
      }
      expect(Object.keys(told).sort()).toEqual(Object.keys(expected).sort());
    }
  });
});

describe('toCalibration', () => {
  it('has the shares of the outcomes before a quantile and not after it', () => {
    for (const habits of [{}, { gridHours: 0.5 }]) {
      const rows = makeHistory({ tasks: 200, ...habits }, 5);
      const scored = walkForward(rows, createForecaster()).slice(40);
      const points = toCalibration(sceneOf(rows, 40));
      for (const [place, key] of (['p10', 'p50', 'p80', 'p90'] as const).entries()) {
        const share = (isCounted: (gap: number) => boolean) =>
          oracle.mean(scored.map((each) => (isCounted(each.actualHours - each[key]) ? 1 : 0)));
        expect(
          gapOf(
            points[place]?.below,
            share((gap) => gap < -1e-6),
          ),
        ).toBeLessThan(SAME);
        expect(gapOf(points[place]?.upTo, 1 - share((gap) => gap > 1e-6))).toBeLessThan(SAME);
      }
    }
  });
});

/** What is known of a row on the day it is forecast: those that ended on a day before, the latest last. */
const knownTo = (rows: readonly BacktestRow[], row: BacktestRow): readonly BacktestRow[] =>
  rows
    .filter(({ knownDay }) => knownDay < row.estimatedDay)
    .sort((left, right) => left.knownDay - right.knownDay);

const lnRatiosOf = (rows: readonly BacktestRow[]): number[] =>
  rows.map(({ task, actualHours }) => Math.log(actualHours / task.estimateHours));
const at = (values: number[], share: number): number => oracle.quantile(values, share);

interface Evidence {
  /** ln ratios of the group of the row and of all. */
  readonly own: number[];
  readonly all: number[];
}
type Rule = (evidence: Evidence) => readonly [low: number, point: number, high: number];

const toRangeOf = (values: number[], point: number) =>
  [at(values, 0.1), point, at(values, 0.9)] as const;
const shrink =
  (middle: (values: number[]) => number): Rule =>
  ({ own, all }) => {
    const parts = [own.length, 20];
    const mix = (of: (values: number[]) => number) =>
      own.length === 0 ? of(all) : oracle.weightedMean([of(own), of(all)], parts);
    return [mix((values) => at(values, 0.1)), mix(middle), mix((values) => at(values, 0.9))];
  };

/** The rules by their names, each as its description says it. */
const RULES: Readonly<Record<string, readonly [group: 'person' | 'workflow', rule: Rule]>> = {
  raw: ['person', ({ all }) => toRangeOf(all, 0)],
  'evidence-based': [
    'person',
    ({ own, all }) => {
      const sample = own.length >= 6 ? own.slice(-200) : all;
      return toRangeOf(sample, oracle.median(sample));
    },
  ],
  'workflow-median': [
    'workflow',
    ({ own, all }) =>
      toRangeOf(own.length >= 5 ? own : all, oracle.median(own.length >= 3 ? own : all)),
  ],
  'workflow-mean-shrunk': ['workflow', shrink((values) => oracle.mean(values))],
  'workflow-median-shrunk': ['workflow', shrink((values) => oracle.median(values))],
};

function ruleForecast(rows: readonly BacktestRow[], row: BacktestRow, name: string): PointAndRange {
  const [group, rule] = RULES[name] ?? ['person', () => [0, 0, 0]];
  const known = knownTo(rows, row);
  const own = lnRatiosOf(known.filter(({ task }) => task[group] === row.task[group]));
  const [low, point, high] = rule({ own, all: lnRatiosOf(known) }).map(
    (ln) => row.task.estimateHours * Math.exp(ln),
  );
  return { low: low ?? Number.NaN, point: point ?? Number.NaN, high: high ?? Number.NaN };
}

/** The seed of such a planner: the mean of what tasks of the workflow took, whatever their estimate. */
function meanActual(rows: readonly BacktestRow[], row: BacktestRow): PointAndRange {
  const known = knownTo(rows, row);
  const own = known.filter(({ task }) => task.workflow === row.task.workflow);
  const hours = (of: readonly BacktestRow[]) => of.map(({ actualHours }) => actualHours);
  const range = hours(own.length >= 5 ? own : known);
  const point = oracle.mean(hours(own.length >= 3 ? own : known));
  return { low: at(range, 0.1), point, high: at(range, 0.9) };
}

describe('the rules that the forecaster is measured against', () => {
  const rows = makeHistory({ tasks: 800, workflowSpread: 0.4, gridHours: 0.25 }, 3);
  const first = rows.findIndex((row) => knownTo(rows, row).length > 0);

  it.each(BACKTEST_MODELS.slice(1).map(({ name, create }) => ({ name, create })))(
    'are forecast from what was known and nothing else: $name',
    ({ name, create }) => {
      const told = walkForward(rows, create());
      for (const [place, row] of rows.entries()) {
        if (place < first) continue;
        const expected =
          name === 'workflow-mean-actual' ? meanActual(rows, row) : ruleForecast(rows, row, name);
        for (const key of ['low', 'point', 'high'] as const) {
          expect(gapOf(told[place]?.[key], expected[key])).toBeLessThan(SAME);
        }
      }
    },
  );
});
