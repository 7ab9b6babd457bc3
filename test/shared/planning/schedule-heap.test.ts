import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeap } from '#shared/planning/schedule-heap.ts';

describe('createHeap', () => {
  it('always gives up the first of what is in it', () => {
    // A number is pushed; nothing is a pop.
    const moves = fc.array(fc.option(fc.integer({ min: 0, max: 20 })));
    const law = fc.property(moves, (script) => {
      const heap = createHeap<number>((left, right) => left - right);
      const model: number[] = [];
      const given: unknown[] = [];
      const due: unknown[] = [];
      for (const move of script) {
        if (move === null) {
          given.push(heap.pop());
          due.push(model.shift());
        } else {
          heap.push(move);
          model.push(move);
          model.sort((left, right) => left - right);
        }
        expect([heap.size(), heap.peek()]).toEqual([model.length, model[0]]);
      }
      expect(given).toEqual(due);
    });
    fc.assert(law, { seed: 9, numRuns: 300 });
  });

  it('moves an item by halves, not by steps', () => {
    let comparisons = 0;
    const heap = createHeap<number>((left, right) => {
      comparisons += 1;
      return left - right;
    });
    const count = 4_096;
    for (let item = count; item > 0; item -= 1) heap.push(item);
    for (let item = 1; item <= count; item += 1) expect(heap.pop()).toBe(item);
    expect(heap.pop()).toBeUndefined();
    expect(comparisons).toBeLessThan(3 * count * 12);
  });
});
