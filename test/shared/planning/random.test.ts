import { describe, expect, it } from 'vitest';
import { createRandom, drawNormal, drawRandom, toRandomState } from '#shared/planning/random.ts';

const FROM_SEED_1 = [0.5464560757391155, 0.45955629041418433];

describe('drawRandom', () => {
  it('draws the same numbers from the same seed', () => {
    const first = drawRandom(toRandomState(1));
    const second = drawRandom(first.next);
    expect([first.value, second.value]).toEqual(FROM_SEED_1);
    expect(drawRandom(toRandomState(2)).value).not.toBe(first.value);
  });

  it('takes seeds that are equal modulo 2^32 for one', () => {
    expect(toRandomState(2 ** 32 + 5)).toBe(toRandomState(5));
    expect(toRandomState(0)).toBe(0);
    expect(toRandomState(1)).toBe(2_654_435_761);
  });
});

describe('createRandom', () => {
  it('draws what the pure form draws', () => {
    const random = createRandom(1);
    expect([random(), random()]).toEqual(FROM_SEED_1);
  });

  it('spreads evenly over [0, 1)', () => {
    const random = createRandom(42);
    const counts = [0, 0, 0, 0];
    for (let round = 0; round < 8_000; round += 1) {
      const value = random();
      const quarter = Math.floor(value * 4);
      counts[quarter] = (counts[quarter] ?? Number.NaN) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(120);
  });
});

describe('drawNormal', () => {
  it('has mean 0 and standard deviation 1', () => {
    const random = createRandom(7);
    const draws = Array.from({ length: 8_000 }, () => drawNormal(random));
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(variance) - 1)).toBeLessThan(0.03);
  });

  it('turns two uniform numbers into a known one', () => {
    const uniform = [1 - Math.exp(-2), 0.5];
    expect(drawNormal(() => uniform.shift() ?? 0)).toBeCloseTo(-2, 12);
  });
});
