import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import {
  createRandom,
  drawFuture,
  drawWork,
  type FinishedWork,
  toCommonSd,
  toRatioHistory,
  toRatioLaw,
} from '#shared/planning/index.ts';
import { toBuiltInLaw } from '#shared/variance/index.ts';

/** So many finished tasks of an estimate that took so many times as long. */
const done = (group: string, hours: number, ...ratios: readonly number[]): FinishedWork[] =>
  ratios.map((ratio) => ({
    group,
    estimateMs: hours * HOUR_MS,
    actualMs: hours * ratio * HOUR_MS,
  }));
const times = (count: number, ratio: number) => Array.from({ length: count }, () => ratio);
const lawOf = (finished: readonly FinishedWork[], hours = 8) =>
  toRatioLaw(toRatioHistory(finished), 'audit', hours * HOUR_MS);

describe('toRatioLaw', () => {
  it('asks tasks of the group and size, then of the group and the next sizes, then of the size', () => {
    const finished = [
      ...done('audit', 8, 3, 1, 2),
      ...done('audit', 4, 0.5),
      ...done('audit', 16, 0.25, 4),
      ...done('audit', 2, 9),
      ...done('audit', 40, 9),
      ...done('sales', 5, ...times(27, 5)),
    ];
    expect(lawOf(finished)).toEqual({
      classes: [
        [1, 2, 3],
        [0.25, 0.5, 4],
        [1, 2, 3, ...times(27, 5)],
      ],
      prior: toBuiltInLaw(8 * HOUR_MS),
    });
  });

  it('asks no size of which fewer than thirty are known, and nothing of a group nobody knows', () => {
    expect(lawOf(done('sales', 8, ...times(29, 5))).classes).toEqual([[], [], []]);
    expect(lawOf(done('sales', 8, ...times(30, 5))).classes).toEqual([[], [], times(30, 5)]);
  });

  it('says the same for tasks in any order', () => {
    const finished = [...done('audit', 8, 3, 1, 2), ...done('sales', 8, ...times(30, 5))];
    expect(lawOf([...finished].reverse())).toEqual(lawOf(finished));
  });
});

describe('drawWork', () => {
  const draw = (finished: readonly FinishedWork[], chance: number, spentHours = 0) => {
    const work = {
      estimateMs: 8 * HOUR_MS,
      spentMs: spentHours * HOUR_MS,
      law: lawOf(finished),
    };
    return drawWork(work, { common: 1, random: () => chance });
  };

  it('gives each class n of n + 20 parts of what those before it leave', () => {
    const finished = [
      ...done('audit', 8, ...times(20, 1)),
      ...done('audit', 16, ...times(20, 2)),
      ...done('sales', 8, ...times(20, 3)),
    ];
    const hours = (chance: number) => draw(finished, chance) / HOUR_MS;
    expect([0.499, 0.501, 0.749, 0.751].map(hours)).toEqual([8, 16, 16, 8]);
    // Of the size there are forty, so 40 of 60 parts of the last quarter, half of them as estimated.
    expect([0.832, 0.834, 0.916].map(hours)).toEqual([8, 24, 24]);
    // The rest is the built-in law, from its lower tail on.
    expect(hours(0.917)).toBeCloseTo(8 * 0.29 * (0.29 / 0.59) ** 1.5, 1);
  });

  it('draws only what can still come', () => {
    const finished = [...done('audit', 8, 0.5, 1, 2), ...done('sales', 8, ...times(30, 3))];
    expect(draw(finished, 0, 8)).toBe(8 * HOUR_MS);
    expect(draw(finished, 0.5, 8)).toBe(16 * HOUR_MS);
    expect(draw(finished, 0.5, 48)).toBe(12 * HOUR_MS);
  });

  it('scales what is to come by the common factor, and what was spent is spent', () => {
    const work = { estimateMs: 8 * HOUR_MS, spentMs: 2 * HOUR_MS, law: lawOf(done('audit', 8, 1)) };
    const drawn = drawWork(work, { common: 1.5, random: () => 0 });
    expect(drawn).toBe(10 * HOUR_MS);
  });
});

describe('drawFuture', () => {
  const works = [2, 4, 8].map((hours) => ({
    estimateMs: hours * HOUR_MS,
    spentMs: 0,
    law: lawOf(done('audit', hours, ...times(10_000, 1)), hours),
  }));

  it('lets all tasks of a future share one factor', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const [two, four, eight] = drawFuture(works, 0.3, createRandom(seed));
      const factor = (two ?? 0) / (2 * HOUR_MS);
      expect(factor).not.toBe(1);
      expect((four ?? 0) / (4 * HOUR_MS)).toBeCloseTo(factor, 6);
      expect((eight ?? 0) / (8 * HOUR_MS)).toBeCloseTo(factor, 6);
    }
  });

  it('has none without a spread', () => {
    const [two] = drawFuture(works, 0, createRandom(1));
    expect(two).toBe(2 * HOUR_MS);
  });
});

describe('toCommonSd', () => {
  it('is wider for several people than for one', () => {
    expect([1, 2, 9].map(toCommonSd)).toEqual([0.1, 0.2, 0.2]);
  });
});
