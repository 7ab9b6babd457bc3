import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBelow, countUpTo, sortAscending, sumOf } from '#shared/kernel/index.ts';

const numbers = fc.array(fc.integer({ min: -9, max: 9 }));

describe('sumOf', () => {
  it('adds in the order of the list, and is 0 for none', () => {
    expect(sumOf([])).toBe(0);
    expect(sumOf([0.1, 0.2, 0.3])).toBe(0.1 + 0.2 + 0.3);
  });
});

describe('sortAscending', () => {
  it('orders by size, not by spelling, and leaves the list as it was', () => {
    const list = [10, 9, -1, 100];
    expect(sortAscending(list)).toEqual([-1, 9, 10, 100]);
    expect(list).toEqual([10, 9, -1, 100]);
  });
});

describe('countBelow and countUpTo', () => {
  it('count what a walk through the list counts', () => {
    const law = fc.property(numbers, fc.integer({ min: -10, max: 10 }), (list, value) => {
      const sorted = sortAscending(list);
      expect(countBelow(sorted, value)).toBe(list.filter((number) => number < value).length);
      expect(countUpTo(sorted, value)).toBe(list.filter((number) => number <= value).length);
    });
    fc.assert(law);
  });

  it('look at the logarithm of the list', () => {
    let looks = 0;
    const watched = new Proxy(
      Array.from({ length: 100_000 }, (_, place) => place),
      {
        get: (list, key) => {
          if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
          return Reflect.get(list, key);
        },
      },
    );
    expect(countUpTo(watched, 77_777)).toBe(77_778);
    expect(looks).toBeLessThanOrEqual(17);
  });
});
