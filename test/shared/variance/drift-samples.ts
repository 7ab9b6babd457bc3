import { formatDay, HOUR_MS } from '#shared/kernel/index.ts';
import type { FinishedTask } from '#shared/variance/drift-model.ts';

const FIRST_DAY = 20_000;

/** The day the nth task of a sample is completed, from 0. */
export const dayOf = (nth: number): string => formatDay(FIRST_DAY + nth);

/** The id of the nth task of a sample, from 0. */
export const idOf = (nth: number): string => `T${String(nth).padStart(3, '0')}`;

/** Tasks of 100 h done at these ratios, one a day. */
export const tasksAt = (ratios: readonly number[]): FinishedTask[] =>
  ratios.map((ratio, nth) => ({
    taskId: idOf(nth),
    completedDate: dayOf(nth),
    estimateMs: 100 * HOUR_MS,
    actualMs: Math.round(100 * HOUR_MS * ratio),
  }));

/** So many ratios around a level, in a steady change of five. */
export const around = (level: number, count: number): number[] =>
  Array.from({ length: count }, (_, nth) => level * ([1, 0.8, 1.25, 0.9, 1.1][nth % 5] ?? 1));

/** The same ratio so many times. */
export const repeat = (ratio: number, count: number): number[] =>
  Array.from({ length: count }, () => ratio);
