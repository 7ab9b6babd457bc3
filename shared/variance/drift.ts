import { type Day, sortAscending } from '#shared/kernel/index.ts';
import { type CusumAlarm, type DriftSide, findCusumAlarms } from './drift-cusum.ts';
import { type DriftHistory, toDriftHistory } from './drift-history.ts';
import { toLevel } from './drift-level.ts';
import type { Drift, FinishedTask, SlowChange } from './drift-model.ts';
import { smallestSeenFactor, toTasksForFactors } from './drift-power.ts';
import { findStrongestSplit, type Split } from './drift-scan.ts';
import { quantile } from './quantile.ts';

const MIN_BEFORE = 20;
const MIN_AFTER = 12;
const MIN_TASKS = MIN_BEFORE + MIN_AFTER;
/** What |z| has to exceed at 32 tasks. Stable histories of a continuous law do so in 6 of 100 cases until they have 80. */
const FIRST_THRESHOLD = 3;
/** A shift within a fifth is no drift, however certain. */
const MIN_FACTOR = 1.2;
/** Typical and total contradict each other where both are further from the estimate than this, on opposite sides. */
const CONFLICT_BEYOND = 0.2;
/** Spread of ln ratio assumed until the group has shown its own. Source: SiP (arXiv 1901.01621). */
const USUAL_SPREAD = 0.8;

/** A change found at a cut. */
interface Shift {
  readonly side: DriftSide;
  readonly factor: number;
}

const NOTHING_FOUND = {
  needed: 0,
  z: null,
  threshold: null,
  windowTaskIds: [],
  sinceDate: null,
  factor: null,
  conflict: null,
  slowChange: null,
  smallestFactor: null,
  tasksForFactors: [],
} as const;

/**
 * What |z| has to exceed after n tasks: √(9 + 2·ln(n ÷ 32)), which is 3.0 at 32, 3.3 at 80 and 4.0 at 1,000.
 * The chance of so large a z falls as 1/n, so every doubling of a history may raise the same few false
 * alarms although it is judged after every task; a fixed threshold would raise one in every long history.
 * Range: n from 32. Source: spending of a false-alarm chance over looks, Lan and DeMets, "Discrete
 * sequential boundaries for clinical trials" (1983); the 9 from simulated stable histories of normal noise, which stand for
 * any continuous law, since only ranks enter.
 */
export const driftThreshold = (n: number): number =>
  Math.sqrt(FIRST_THRESHOLD ** 2 + 2 * Math.log(n / MIN_TASKS));

/**
 * The drift of a group from all its finished tasks, in any order, in one call; what was completed up to the last
 * confirmed new baseline does not count.
 * Cost: n·log n.
 */
export const driftOf = (tasks: readonly FinishedTask[], rebaselineDates: readonly Day[]): Drift =>
  toDrift(toDriftHistory(tasks, rebaselineDates));

/**
 * What a history says now.
 * Every cut with 20 tasks or more before and 12 or more after is tested by rank (Mann–Whitney) on
 * ln(actual ÷ estimate), and the strongest decides: a drift where |z| exceeds {@link driftThreshold} and the
 * clipped means differ by more than ln 1.2. Unlike a window of fixed length this finds a change wherever it
 * began, and shows it until a new baseline is confirmed.
 * Small samples: `insufficient` below 32 tasks.
 */
export function toDrift(history: DriftHistory): Drift {
  const split = findStrongestSplit(history.scan, { before: MIN_BEFORE, after: MIN_AFTER });
  return split === undefined ? toInsufficient(history) : toJudged(history, split);
}

function toInsufficient({ scan: { values } }: DriftHistory): Drift {
  const n = values.length;
  const sigma = n < MIN_BEFORE ? USUAL_SPREAD : toLevel(values).spread;
  return {
    ...NOTHING_FOUND,
    state: 'insufficient',
    n,
    needed: MIN_TASKS - n,
    tasksForFactors: toTasksForFactors(sigma),
  };
}

function toJudged(history: DriftHistory, split: Split): Drift {
  const { values } = history.scan;
  const threshold = driftThreshold(values.length);
  const shift = Math.abs(split.z) > threshold ? findShift(values, split) : undefined;
  const alarms = findCusumAlarms(values);
  const conflict = findConflict(history, shift, alarms);
  const judged = { ...NOTHING_FOUND, n: values.length, z: split.z, threshold, conflict };
  const window = shift === undefined ? {} : toWindow(history, split, shift);
  if (conflict !== null) return { ...judged, ...window, state: 'conflict' };
  if (shift !== undefined) return { ...judged, ...window, state: `drifting_${shift.side}` };
  return { ...judged, ...toStable(history, threshold, alarms) };
}

/** The lasting shift at a cut, unless it is too small to matter. */
function findShift(values: readonly number[], { before }: Split): Shift | undefined {
  const shift = toLevel(values.slice(before)).mean - toLevel(values.slice(0, before)).mean;
  if (Math.abs(shift) <= Math.log(MIN_FACTOR)) return undefined;
  return { side: shift > 0 ? 'over' : 'under', factor: Math.exp(shift) };
}

function toWindow(
  { tasks }: DriftHistory,
  { before }: Split,
  { factor }: Shift,
): Pick<Drift, 'factor' | 'sinceDate' | 'windowTaskIds'> {
  const window = tasks.slice(before);
  const sinceDate = window[0]?.completedDate ?? null;
  return { factor, sinceDate, windowTaskIds: window.map((task) => task.taskId) };
}

function findConflict(
  { tasks }: DriftHistory,
  shift: Shift | undefined,
  alarms: readonly CusumAlarm[],
): Drift['conflict'] {
  if (shift !== undefined && alarms.some(({ side }) => side !== shift.side)) {
    return 'window_and_sums';
  }
  return isTypicalAgainstTotal(tasks) ? 'typical_and_total' : null;
}

/** Whether one task usually goes over while all together go under, or the other way round, both by more than a fifth. */
function isTypicalAgainstTotal(tasks: readonly FinishedTask[]): boolean {
  const estimateMs = tasks.reduce((sum, task) => sum + task.estimateMs, 0);
  const actualMs = tasks.reduce((sum, task) => sum + task.actualMs, 0);
  const total = (actualMs - estimateMs) / estimateMs;
  // Most groups are near their total, and need no median.
  if (Math.abs(total) <= CONFLICT_BEYOND) return false;
  const ratios = sortAscending(tasks.map((task) => task.actualMs / task.estimateMs));
  const typical = quantile(ratios, 0.5) - 1;
  return Math.abs(typical) > CONFLICT_BEYOND && typical * total < 0;
}

function toStable(
  { tasks, scan: { values } }: DriftHistory,
  threshold: number,
  alarms: readonly CusumAlarm[],
): Pick<Drift, 'state' | 'slowChange' | 'smallestFactor' | 'tasksForFactors'> {
  const sigma = toLevel(values).spread;
  const after = Math.max(MIN_AFTER, Math.min(values.length >> 1, values.length - MIN_BEFORE));
  const cut = { before: values.length - after, after };
  return {
    state: 'stable',
    slowChange: toSlowChange(tasks, alarms),
    smallestFactor: Math.max(MIN_FACTOR, smallestSeenFactor(threshold, sigma, cut)),
    tasksForFactors: toTasksForFactors(sigma),
  };
}

/** What the alarm that began last suspects: where both sides stand, the other is about to fade. */
function toSlowChange(
  tasks: readonly FinishedTask[],
  alarms: readonly CusumAlarm[],
): SlowChange | null {
  const changes = alarms.flatMap(({ side, from }) =>
    tasks.slice(from, from + 1).map((task) => ({ side, sinceDate: task.completedDate })),
  );
  return changes.at(-1) ?? null;
}
