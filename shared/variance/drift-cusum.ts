import { clip, toLevel } from './drift-level.ts';

/** Which way a group has moved: `over` takes longer against its estimates than it did, `under` less long. */
export type DriftSide = 'over' | 'under';

/** A cumulative sum that stands above its limit. */
export interface CusumAlarm {
  readonly side: DriftSide;
  /** Index of the task with which the sum last rose from zero: where the change may have begun. */
  readonly from: number;
}

/** A stretch shorter than this sets no level, and nothing is summed. */
const LEVEL_TASKS = 20;
/** A group whose first tasks all went alike is not held to that for ever. */
const MIN_SPREAD = 0.25;
const STEP_LIMIT = 2.5;
const ALLOWANCE = 0.5;
const ALARM_ABOVE = 8;

/**
 * The alarms that stand after the last of the values: at most one for each side, the one that began last at the end.
 * S = max(0, S + u − ½) for over and the same with −u for under, u = (y − centre) ÷ s clipped to ±2.5; centre and s are
 * the median and the clipped standard deviation (at least ¼) of the first 20; alarm above 8.
 * It sees slow change that no window shows, and on long histories is wrong more often than a test: a
 * level set by 20 tasks is itself off by a quarter of their spread.
 * Source: Page, "Continuous inspection schemes" (1954).
 */
export function findCusumAlarms(values: readonly number[]): readonly CusumAlarm[] {
  if (values.length < LEVEL_TASKS) return [];
  const { median, spread } = toLevel(values.slice(0, LEVEL_TASKS));
  const steps = values
    .slice(LEVEL_TASKS)
    .map((value) => clip((value - median) / Math.max(MIN_SPREAD, spread), STEP_LIMIT));
  const alarms = [
    { side: 'over' as const, ...sumUp(steps) },
    { side: 'under' as const, ...sumUp(steps.map((step) => -step)) },
  ];
  return alarms
    .filter(({ height }) => height > ALARM_ABOVE)
    .map(({ side, from }) => ({ side, from }))
    .sort((left, right) => left.from - right.from);
}

function sumUp(steps: readonly number[]): { readonly height: number; readonly from: number } {
  let height = 0;
  let from = LEVEL_TASKS;
  for (const [index, step] of steps.entries()) {
    height = Math.max(0, height + step - ALLOWANCE);
    if (height === 0) from = LEVEL_TASKS + index + 1;
  }
  return { height, from };
}
