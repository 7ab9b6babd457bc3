import { describe, expect, it } from 'vitest';
import { itemAt } from '#shared/planning/item-at.ts';

describe('itemAt', () => {
  it('gives what is there, be it nothing much', () => {
    expect(itemAt(['a', ''], 1)).toBe('');
    expect(itemAt(Float64Array.of(Number.NaN), 0)).toBeNaN();
  });

  it.each([-1, 2, 0.5])('takes the place %d of two for a bug', (place) => {
    expect(() => itemAt([1, 2], place)).toThrow('Bug: expected an item at a place of the plan');
  });
});
