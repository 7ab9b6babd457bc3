import { HOUR_MS } from '#shared/kernel/index.ts';
import type { BacktestModel, Learner, PointAndRange } from './backtest.ts';
import { BUILT_IN_RATIOS, sizeOf } from './built-in-ratios.ts';
import { createForecaster } from './forecast/forecaster.ts';
import type { ForecastTask } from './forecast/model.ts';
import { createGrowingSample, type GrowingSample } from './growing-sample.ts';
import { toOwnWeight } from './small-samples.ts';

/** A group's own mean or median is taken from so many tasks on, its own range from a few more. */
const POINT_FROM = 3;
const RANGE_FROM = 5;
/** Evidence-based scheduling looks back so far, and needs so many to look at. */
const EVIDENCE_LIMIT = 200;
const EVIDENCE_FROM = 6;

/** The forecaster and what it is measured against, the simplest rule second. */
export const BACKTEST_MODELS: readonly BacktestModel[] = [
  { name: 'founder-hq', create: createFounderHq },
  { name: 'raw', create: () => createRatioModel({ keyOf: () => '', toLn: toRawLn }) },
  {
    name: 'evidence-based',
    create: () => createRatioModel({ keyOf: personOf, toLn: toEvidenceLn, limit: EVIDENCE_LIMIT }),
  },
  { name: 'workflow-mean-actual', create: createMeanActual },
  {
    name: 'workflow-median',
    create: () => createRatioModel({ keyOf: workflowOf, toLn: toWorkflowLn }),
  },
  {
    name: 'workflow-mean-shrunk',
    create: () => createRatioModel({ keyOf: workflowOf, toLn: toShrunkLn(meanOf) }),
  },
  {
    name: 'workflow-median-shrunk',
    create: () => createRatioModel({ keyOf: workflowOf, toLn: toShrunkLn(medianOf) }),
  },
];

interface LnForecast {
  readonly low: number;
  readonly point: number;
  readonly high: number;
}

interface RatioRule {
  /** Which group a task belongs to. */
  readonly keyOf: (task: ForecastTask) => string;
  /** ln ratios from those of the group and from all, neither empty. */
  readonly toLn: (own: GrowingSample, all: GrowingSample) => LnForecast;
  /** How many of a group are remembered. @default all */
  readonly limit?: number;
}

const workflowOf = (task: ForecastTask): string => task.workflow ?? '';
const personOf = (task: ForecastTask): string => task.person ?? '';
const meanOf = (sample: GrowingSample): number => sample.mean();
const medianOf = (sample: GrowingSample): number => sample.quantile(0.5);

function createFounderHq(): Learner {
  const { forecast, learn } = createForecaster();
  return {
    learn,
    forecast: (task) => {
      const { point, p10, p90 } = forecast(task);
      return { point, low: p10, high: p90 };
    },
  };
}

/** Multiplies the estimate by what a rule makes of earlier ratios. */
function createRatioModel({ keyOf, toLn, limit }: RatioRule): Learner {
  const groups = new Map<string, GrowingSample>();
  const all = createGrowingSample();
  return {
    learn: (task, actualHours) => {
      const lnRatio = Math.log(actualHours / task.estimateHours);
      groupAt(groups, keyOf(task), limit).add(lnRatio);
      all.add(lnRatio);
    },
    forecast: (task) => {
      if (all.count() === 0) return toUntaught(task);
      const { low, point, high } = toLn(groupAt(groups, keyOf(task), limit), all);
      const toHours = (ln: number): number => task.estimateHours * Math.exp(ln);
      return { low: toHours(low), point: toHours(point), high: toHours(high) };
    },
  };
}

/** Knows nothing of estimates: every task of a workflow takes what they took on average. */
function createMeanActual(): Learner {
  const groups = new Map<string, GrowingSample>();
  const all = createGrowingSample();
  return {
    learn: (task, actualHours) => {
      groupAt(groups, workflowOf(task)).add(actualHours);
      all.add(actualHours);
    },
    forecast: (task) => {
      if (all.count() === 0) return toUntaught(task);
      const own = groupAt(groups, workflowOf(task));
      const range = own.count() >= RANGE_FROM ? own : all;
      const point = own.count() >= POINT_FROM ? own : all;
      return { low: range.quantile(0.1), point: point.mean(), high: range.quantile(0.9) };
    },
  };
}

function toUntaught({ estimateHours }: ForecastTask): PointAndRange {
  const { bySize, all } = BUILT_IN_RATIOS;
  const { p10, p90 } = bySize[sizeOf(estimateHours * HOUR_MS)] ?? all;
  return { low: estimateHours * p10, point: estimateHours, high: estimateHours * p90 };
}

const toLnRange = (sample: GrowingSample): Omit<LnForecast, 'point'> => ({
  low: sample.quantile(0.1),
  high: sample.quantile(0.9),
});

const toRawLn = (_: GrowingSample, all: GrowingSample): LnForecast => ({
  ...toLnRange(all),
  point: 0,
});

function toEvidenceLn(own: GrowingSample, all: GrowingSample): LnForecast {
  const sample = own.count() >= EVIDENCE_FROM ? own : all;
  return { ...toLnRange(sample), point: medianOf(sample) };
}

const toWorkflowLn = (own: GrowingSample, all: GrowingSample): LnForecast => ({
  ...toLnRange(own.count() >= RANGE_FROM ? own : all),
  point: medianOf(own.count() >= POINT_FROM ? own : all),
});

const toShrunkLn =
  (middleOf: (sample: GrowingSample) => number) =>
  (own: GrowingSample, all: GrowingSample): LnForecast => {
    const weight = toOwnWeight(own.count());
    const shrink = (of: (sample: GrowingSample) => number): number =>
      weight === 0 ? of(all) : weight * of(own) + (1 - weight) * of(all);
    return {
      low: shrink((sample) => sample.quantile(0.1)),
      point: shrink(middleOf),
      high: shrink((sample) => sample.quantile(0.9)),
    };
  };

function groupAt(groups: Map<string, GrowingSample>, key: string, limit?: number): GrowingSample {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = createGrowingSample(limit);
  groups.set(key, group);
  return group;
}
