import { HOUR_MS } from '#shared/kernel/index.ts';
import { createRandom, drawNormal } from '#shared/planning/random.ts';
import type { EstimatedWork } from '#shared/variance/reference-class.ts';

/** How far two ways to the same figure may lie apart. */
export const SAME = 1e-9;
/** What cancels to next to nothing is held to this, and not to what is left of it. */
const FLOOR = 1e-3;

/** How far a figure lies from another of the same, as a share of it; infinite where there is none. */
export const gapOf = (actual: number | null | undefined, expected: number): number =>
  typeof actual === 'number'
    ? Math.abs(actual - expected) / Math.max(FLOOR, Math.abs(expected))
    : Infinity;

/** Sizes of samples: all the small ones, then some as large as a year of work. */
const SIZES = [1, 2, 3, 4, 5, 7, 10, 19, 20, 21, 30, 32, 50, 99, 250, 1_000];

/** Normal numbers of many sizes; every other sample is rounded to tenths, so that most of its values come often. */
export const NUMBER_SAMPLES: readonly (readonly number[])[] = SIZES.flatMap((size, seed) => {
  const random = createRandom(seed);
  const draw = () => Array.from({ length: size }, () => drawNormal(random));
  return [draw(), draw().map((value) => Math.round(10 * value) / 10)];
});

const ESTIMATES = [0.25, 0.5, 1, 1, 2, 3, 4, 4, 8, 16, 40, 60];

/** Finished work of many sizes; every other sample is on a grid of half hours, with many exact hits. */
export const WORK_SAMPLES: readonly (readonly EstimatedWork[])[] = SIZES.flatMap((size, seed) => {
  const random = createRandom(100 + seed);
  const draw = (toHours: (hours: number) => number) =>
    Array.from({ length: size }, () => {
      const hours = ESTIMATES[Math.floor(random() * ESTIMATES.length)] ?? 1;
      const actual = toHours(hours * Math.exp(0.8 * drawNormal(random)));
      return { estimateMs: hours * HOUR_MS, actualMs: Math.max(1, Math.round(actual * HOUR_MS)) };
    });
  return [draw((hours) => hours), draw((hours) => Math.max(1, Math.round(2 * hours)) / 2)];
});
