import * as oracle from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { addDays, HOUR_MS } from '#shared/kernel/index.ts';
import {
  createRandom,
  drawNormal,
  forecastFinish,
  toRatioHistory,
} from '#shared/planning/index.ts';
import { drawRatio } from '#shared/planning/ratio-law.ts';
import { toBuiltInLaw } from '#shared/variance/index.ts';
import { builtInShare } from '../variance/built-in-share.ts';
import { gapOf, SAME, WORK_SAMPLES } from '../variance/random-samples.ts';

/** Classes of many sizes, every third one empty, with many ratios twice. */
const CLASSES = WORK_SAMPLES.map((works, place) =>
  place % 3 === 0
    ? []
    : works
        .map(({ estimateMs, actualMs }) => actualMs / estimateMs)
        .sort((left, right) => left - right),
);

/** A draw as its description says it: the ratio where it is one of a class, else its place in the built-in law. */
function drawAsSaid(classes: readonly (readonly number[])[], chance: number, above: number) {
  const open = classes.map((ratios) => ratios.filter((ratio) => ratio > above));
  // What is left to a class: 20 of n + 20 parts of each one before it.
  const left = (index: number) =>
    oracle.product([1, ...classes.slice(0, index).map((ratios) => 20 / (ratios.length + 20))]);
  const each = classes.map((ratios, index) => left(index) / (ratios.length + 20));
  const below = above === 0 ? 0 : builtInShare(4, Math.log(above));
  const shares = open.map((ratios, index) => ratios.length * (each[index] ?? 0));
  let rest = chance * (oracle.sum(shares) + left(classes.length) * (1 - below));
  for (const [index, ratios] of open.entries()) {
    const share = shares[index] ?? 0;
    if (rest < share) return { ratio: ratios[Math.floor(rest / (each[index] ?? 1))] };
    rest -= share;
  }
  return { inLaw: below + rest / left(classes.length) };
}

describe('drawRatio', () => {
  it('draws from classes and law by their shares', () => {
    const prior = toBuiltInLaw(4 * HOUR_MS);
    const random = createRandom(5);
    const seen = { ratio: 0, inLaw: 0 };
    for (let round = 0; round < 3_000; round += 1) {
      const first = Math.floor(random() * CLASSES.length);
      const classes = [0, 1, 2].map((next) => CLASSES[(first + next) % CLASSES.length] ?? []);
      const [chance, above] = [random(), round % 2 === 0 ? 0 : 2 * random()];
      const drawn = drawRatio({ classes, prior }, chance, above) ?? Number.NaN;
      const { ratio, inLaw } = drawAsSaid(classes, chance, above);
      seen[ratio === undefined ? 'inLaw' : 'ratio'] += 1;
      const [told, expected = Number.NaN] =
        ratio === undefined ? [builtInShare(4, Math.log(drawn)), inLaw] : [drawn, ratio];
      expect(gapOf(told, expected)).toBeLessThan(SAME);
    }
    expect(Math.min(seen.ratio, seen.inLaw)).toBeGreaterThan(300);
  });
});

describe('drawNormal', () => {
  it('has a radius and an angle, as the law of two normal numbers has', () => {
    const random = createRandom(3);
    for (let round = 0; round < 500; round += 1) {
      const [chance, turn] = [random(), random()];
      const at = (quarters: number) => {
        const uniform = [chance, (turn + quarters / 4) % 1];
        return drawNormal(() => uniform.shift() ?? Number.NaN);
      };
      // The squares of two such numbers sum to less than s with a chance of 1 − exp(−s ÷ 2).
      const squares = at(0) ** 2 + at(3) ** 2;
      expect(gapOf(1 - Math.exp(-squares / 2), chance)).toBeLessThan(SAME);
      expect(gapOf(at(2), -at(0))).toBeLessThan(SAME);
    }
  });
});

describe('forecastFinish', () => {
  it('names the first day by which each share of the futures has ended', () => {
    const finished = WORK_SAMPLES.flat().map((work) => ({ ...work, group: 'audit' }));
    const day = [8, 8, 8, 8, 8, 8, 8].map((hours) => hours * HOUR_MS);
    const leaves = Array.from({ length: 12 }, (_, index) => ({
      taskId: `t${index}`,
      personId: 'dana',
      group: 'audit',
      estimateMs: (1 + index) * HOUR_MS,
      spentMs: 0,
      dependsOn: [],
    }));
    for (let seed = 0; seed < 10; seed += 1) {
      const ask = (targetDate: string) =>
        forecastFinish({
          leaves,
          people: [{ personId: 'dana', weekMs: day, daysOff: [] }],
          limits: [],
          history: toRatioHistory(finished),
          usualMs: new Map(),
          from: '2026-03-02',
          targetDate,
          seed,
          draws: 120,
        });
      const { p50, p80, p95 } = ask('2026-03-02');
      for (const [date, share] of [
        [p50, 0.5],
        [p80, 0.8],
        [p95, 0.95],
      ] as const) {
        expect(ask(date ?? '').onTimeShare).toBeGreaterThanOrEqual(share);
        expect(ask(addDays(date ?? '', -1)).onTimeShare).toBeLessThan(share);
      }
    }
  });
});
