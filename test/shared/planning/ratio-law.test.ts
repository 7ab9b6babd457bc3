import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { drawRatio } from '#shared/planning/ratio-law.ts';
import { toBuiltInLaw } from '#shared/variance/index.ts';

const drawPrior = (hours: number, chance: number, above = 0) =>
  drawRatio({ prior: toBuiltInLaw(hours * HOUR_MS), classes: [] }, chance, above);

describe('the built-in law', () => {
  // Written out from the table of facts; each size includes its upper edge.
  it.each([
    [0.5, 1.0, 1.0, 1.0, 1.5, 3.12],
    [0.6, 0.5, 1.0, 1.0, 1.5, 3.0],
    [1, 0.5, 1.0, 1.0, 1.5, 3.0],
    [1.1, 0.5, 0.75, 1.0, 1.5, 2.67],
    [2, 0.5, 0.75, 1.0, 1.5, 2.67],
    [4, 0.41, 0.75, 1.0, 1.45, 2.5],
    [8, 0.29, 0.59, 1.0, 1.5, 2.44],
    [16, 0.25, 0.5, 0.88, 1.34, 2.39],
    [40, 0.16, 0.41, 0.77, 1.32, 2.19],
    [40.1, 0.06, 0.21, 0.52, 1.09, 1.69],
    [4_000, 0.06, 0.21, 0.52, 1.09, 1.69],
  ])('has the known shares for %d hours', (hours, ...known) => {
    const drawn = [0.1, 0.25, 0.5, 0.75, 0.9].map((share) => drawPrior(hours, share));
    for (const [place, ratio] of known.entries()) expect(drawn[place]).toBeCloseTo(ratio, 12);
  });

  it('goes straight between them on the ln scale, and one and a half steps beyond', () => {
    expect(drawPrior(4, 0.625)).toBeCloseTo(Math.sqrt(1.0 * 1.45), 12);
    expect(drawPrior(4, 0)).toBeCloseTo(0.41 * (0.41 / 0.75) ** 1.5, 12);
    expect(drawPrior(4, 1 - 1e-12)).toBeCloseTo(2.5 * (2.5 / 1.45) ** 1.5, 9);
  });

  it('draws only from what lies above', () => {
    // Half of all ratios lie above 1; the middle of those is the three-quarter share.
    expect(drawPrior(4, 0.5, 1)).toBeCloseTo(1.45, 12);
    expect(drawPrior(4, 0, Math.sqrt(1.45))).toBeCloseTo(Math.sqrt(1.45), 12);
    const highest = 2.5 * (2.5 / 1.45) ** 1.5;
    expect(drawPrior(4, 0.5, highest - 0.01)).toBeGreaterThan(highest - 0.01);
    expect(drawPrior(4, 0.5, highest + 0.01)).toBeUndefined();
    // Half of the small tasks take just what was estimated, or less: what lies above begins at the middle.
    expect(drawPrior(0.5, 0.5, 1)).toBeCloseTo(1.5, 12);
  });
});

describe('drawRatio', () => {
  const history = Array.from({ length: 20 }, (_, index) => 10 + index);

  const draw = (chance: number, above: number, finished = history) =>
    drawRatio({ prior: toBuiltInLaw(4 * HOUR_MS), classes: [finished] }, chance, above);

  it('draws from twenty finished tasks half of the time', () => {
    expect(draw(0, 0)).toBe(10);
    expect(draw(0.4999, 0)).toBe(29);
    expect(draw(0.5, 0)).toBeCloseTo(0.41 * (0.41 / 0.75) ** 1.5, 12);
    expect(draw(0.75, 0)).toBeCloseTo(1, 12);
  });

  it('weighs what is left of each above a ratio', () => {
    // Of the law a half lies above 1, of the history all: 20 against 10.
    expect(draw(0.666, 1)).toBe(29);
    expect(draw(0.667, 1)).toBeCloseTo(1, 2);
    // Of the law a half lies above 1, and so does half of this history: ten against ten.
    const mixed = history.map((ratio, place) => (place < 10 ? 0.5 : ratio));
    expect(draw(0.499, 1, mixed)).toBe(29);
    expect(draw(0.501, 1, mixed)).toBeCloseTo(1, 2);
    // Nothing of the law lies above 19; half of the history does, and 19 itself does not.
    expect(draw(0, 19)).toBe(20);
    expect(draw(0.9999, 19)).toBe(29);
    expect(draw(0.5, 29)).toBeUndefined();
    expect(draw(0, 28)).toBe(29);
  });
});
