import type { Ms } from '#shared/kernel/index.ts';
import { drawNormal } from './random.ts';
import { drawRatio, type RatioLaw } from './ratio-law.ts';

/** A task with an estimate, what was spent on it so far, and how such tasks end. */
export interface OpenWork {
  /** Units: ms. Range: above 0. */
  readonly estimateMs: Ms;
  /** Units: ms. */
  readonly spentMs: Ms;
  readonly law: RatioLaw;
}

/** What all tasks of one future share. */
export interface Future {
  /** The factor by which everything goes better or worse together. */
  readonly common: number;
  /** Range: [0, 1). */
  readonly random: () => number;
}

const OVERRUN_FACTOR = 1.25;
const ONE_PERSON_SD = 0.1;
const SEVERAL_PEOPLE_SD = 0.2;

/**
 * What is left of a task in one future; only ratios above what was already spent can still come, and where none can, a
 * quarter more of what was spent is assumed. Units: whole ms. Range: 1 and up.
 * Source: evidence-based scheduling (J. Spolsky, 2007).
 */
export function drawWork({ estimateMs, spentMs, law }: OpenWork, future: Future): Ms {
  const scaleMs = estimateMs * future.common;
  const ratio = drawRatio(law, future.random(), spentMs / scaleMs);
  const totalMs = ratio === undefined ? spentMs * OVERRUN_FACTOR : scaleMs * ratio;
  return Math.max(1, Math.round(totalMs - spentMs));
}

/** Whether more was spent on a task than any known ratio allows for, in a future that is neither better nor worse than usual. */
export const isBeyondRatios = ({ estimateMs, spentMs, law }: OpenWork): boolean =>
  drawRatio(law, 0, spentMs / estimateMs) === undefined;

/** What is left of each of a set of tasks in one future. Units: whole ms. `commonSd`: the standard deviation of the ln of their common factor. */
export function drawFuture(
  works: readonly OpenWork[],
  commonSd: number,
  random: () => number,
): readonly Ms[] {
  const future = { common: Math.exp(commonSd * drawNormal(random)), random };
  return works.map((work) => drawWork(work, future));
}

/**
 * How far the tasks of so many people go better or worse together: the standard deviation of a common ln factor. Drawn
 * independently, the errors of many tasks would cancel out and the range of their sum would be too narrow.
 */
export const toCommonSd = (people: number): number =>
  people > 1 ? SEVERAL_PEOPLE_SD : ONE_PERSON_SD;
