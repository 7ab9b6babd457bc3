import { assert } from '#shared/kernel/index.ts';
import { MEASURED_FROM } from '../small-samples.ts';
import { type Analogy, countAlike, toAnalogy } from './analogy.ts';
import { toBuiltInShares } from './built-in-shares.ts';
import { createCaseStore } from './case-store.ts';
import { measureLikeness, UNMEASURED_LIKENESS } from './likeness.ts';
import { BIN_COUNT, lnOfBin } from './ln-grid.ts';
import { type Forecast, type ForecasterState, type ForecastTask, TRAITS } from './model.ts';
import { countOnGrids, findRecordingGrid, NO_GRID_COUNTS, snapToGrid } from './recording-grid.ts';

/** Forecasts tasks from finished ones. */
export interface Forecaster {
  /** How long a task may take. Cost: well under a millisecond, however much was learned. */
  readonly forecast: (task: ForecastTask) => Forecast;
  /**
   * Takes in a finished task. Only to be told what is known: an open task has no actual. Units: hours, above zero.
   * Cost: constant, taken over many.
   */
  readonly learn: (task: ForecastTask, actualHours: number) => void;
  /** Takes in many, in the order in which they became known: the same as one by one, and quicker. */
  readonly learnAll: (outcomes: readonly Outcome[]) => void;
  /** All it remembers, to be kept and handed to another forecaster. */
  readonly toState: () => ForecasterState;
}

/** A finished task, and what came of it. */
export interface Outcome {
  readonly task: ForecastTask;
  /** Units: hours. Range: above 0. */
  readonly actualHours: number;
}

/** How much a forecaster remembers. */
export interface ForecasterOptions {
  /** Finished tasks remembered; older ones are forgotten. Twice or half as many change little. @default 4000 */
  readonly memory?: number;
}

const DEFAULT_MEMORY = 4000;
/** Likeness is measured anew when a twentieth of what is remembered has come since, and at least so many outcomes. */
const REMEASURE_SHARE = 0.05;
const LEAST_UNMEASURED = 20;
/**
 * From n cases the next one lies beyond the share p of them with a chance of p·(n + 1)/n at most, so ranges are taken
 * a little outside their nominal share. Source: conformal prediction (Vovk, Gammerman and Shafer, 2005).
 */
const OUTWARD = 2;
const [LEAST_SHARE, MOST_SHARE] = [0.005, 0.995];

/** The state of a forecaster that has learned nothing. */
export const EMPTY_FORECASTER: ForecasterState = {
  version: 1,
  names: TRAITS.map(() => []),
  cases: [],
  unmeasured: 0,
  likeness: UNMEASURED_LIKENESS,
  grid: NO_GRID_COUNTS,
};

/**
 * A forecaster that goes on from a state. It works from the first task on, with the built-in table, and lets finished
 * tasks speak as they come in, the more the more they are like the task asked for.
 * It never corrects a human estimate from fewer than 20 finished tasks: until the workflow or the size of the task has
 * so many, `point` is the estimate and only the range is its own.
 * Same state and task, same forecast, to the last bit.
 */
export function createForecaster(
  options: ForecasterOptions = {},
  state: ForecasterState = EMPTY_FORECASTER,
): Forecaster {
  const { memory = DEFAULT_MEMORY } = options;
  const store = createCaseStore(memory, state);
  let { likeness, unmeasured, grid } = state;
  const learnAll = (outcomes: readonly Outcome[]): void => {
    // What is measured twice is known by the second time alone, so only the last of the times that are due is measured.
    let lastDue = -1;
    let { count } = store.cases();
    for (const [place, { task, actualHours }] of outcomes.entries()) {
      assertHours(task.estimateHours, actualHours);
      unmeasured += 1;
      count = Math.min(memory, count + 1);
      if (unmeasured < Math.max(LEAST_UNMEASURED, REMEASURE_SHARE * count)) continue;
      lastDue = place;
      unmeasured = 0;
    }
    for (const [place, { task, actualHours }] of outcomes.entries()) {
      store.add(task, actualHours);
      grid = countOnGrids(grid, actualHours);
      if (place === lastDue) likeness = measureLikeness(store.cases());
    }
  };
  return {
    forecast: (task) => {
      assertHours(task.estimateHours);
      const cases = store.cases();
      const asked = store.read(task);
      const ratios = toRatios(task, toAnalogy(cases, likeness, asked));
      const recordingGrid = findRecordingGrid(grid);
      const hours = ratios.map((ratio) => snapToGrid(task.estimateHours * ratio, recordingGrid));
      return toForecast(task, hours, countAlike(cases, asked));
    },
    learn: (task, actualHours) => {
      learnAll([{ task, actualHours }]);
    },
    learnAll,
    toState: () => ({ version: 1, ...store.toFlat(), unmeasured, likeness, grid }),
  };
}

function assertHours(...hours: readonly number[]): void {
  for (const each of hours) assert(each > 0, `expected hours above zero, received \`${each}\``);
}

function toForecast(
  task: ForecastTask,
  [p10 = 0, p50 = 0, p80 = 0, p90 = 0]: readonly number[],
  { sameWorkflow, sameSize }: ReturnType<typeof countAlike>,
): Forecast {
  const range = { p10, p50, p80, p90 };
  if (sameWorkflow >= MEASURED_FROM) {
    return { ...range, point: p50, from: 'workflow', n: sameWorkflow, needed: 0 };
  }
  if (sameSize >= MEASURED_FROM) {
    return { ...range, point: p50, from: 'size', n: sameSize, needed: 0 };
  }
  const n = Math.max(sameWorkflow, sameSize);
  return { ...range, point: task.estimateHours, from: 'built_in', n, needed: MEASURED_FROM - n };
}

const LEVELS = [0.1, 0.5, 0.8, 0.9];

/** The ratios at P10, P50, P80 and P90, rising. */
function toRatios(task: ForecastTask, analogy: Analogy): readonly number[] {
  const { shares, priorShare, effectiveCount } = analogy;
  const builtIn = toBuiltInShares(task.estimateHours);
  const levels = LEVELS.map((level) => {
    const moved = 0.5 + (level - 0.5) * (1 + OUTWARD / effectiveCount);
    return Math.max(LEAST_SHARE, Math.min(MOST_SHARE, moved)) - 1e-12;
  });
  const ratios: number[] = [];
  let own = 0;
  for (let bin = 0; bin < BIN_COUNT && ratios.length < levels.length; bin += 1) {
    own += shares[bin] ?? 0;
    const share = own + priorShare * (builtIn[bin] ?? 1);
    while (share >= (levels[ratios.length] ?? Infinity)) ratios.push(Math.exp(lnOfBin(bin)));
  }
  return ratios;
}
