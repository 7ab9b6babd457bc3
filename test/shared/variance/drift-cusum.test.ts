import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCusumAlarms } from '#shared/variance/drift-cusum.ts';
import { toLevel } from '#shared/variance/drift-level.ts';
import { repeat } from './drift-samples.ts';

describe('toLevel', () => {
  it('holds outliers to 2 around the median, for mean and spread', () => {
    expect(toLevel([0, 0, 0, 50])).toEqual({ median: 0, mean: 0.5, spread: 1 });
    expect(toLevel([1, 1, 1, -50])).toEqual({ median: 1, mean: 0.5, spread: 1 });
  });

  it('has no spread for a single value', () => {
    expect(toLevel([0.3])).toEqual({ median: 0.3, mean: 0.3, spread: 0 });
  });
});

describe('findCusumAlarms', () => {
  it('says nothing before there are twenty to set a level', () => {
    expect(findCusumAlarms([])).toEqual([]);
    expect(findCusumAlarms(repeat(5, 19))).toEqual([]);
    expect(findCusumAlarms([...repeat(0, 10), ...repeat(5, 10)])).toEqual([]);
  });

  it('alarms once the sum has passed 8: two a task for a large change, so with the fifth', () => {
    expect(findCusumAlarms([...repeat(0, 20), ...repeat(3, 4)])).toEqual([]);
    expect(findCusumAlarms([...repeat(0, 20), ...repeat(3, 5)])).toEqual([
      { side: 'over', from: 20 },
    ]);
    expect(findCusumAlarms([...repeat(0, 20), ...repeat(-3, 5)])).toEqual([
      { side: 'under', from: 20 },
    ]);
  });

  it('measures by a quarter where the first tasks went more alike', () => {
    // A step of .2 is .8 of a quarter, and .3 a task above the allowance.
    expect(findCusumAlarms([...repeat(0, 20), ...repeat(0.2, 26)])).toEqual([]);
    expect(findCusumAlarms([...repeat(0, 20), ...repeat(0.2, 27)])).toHaveLength(1);
  });

  it('measures by the spread of the first twenty where it is larger', () => {
    const level = [...repeat(-1, 10), ...repeat(1, 10)];
    // Their spread is 1.026, so a step of 1 adds .475.
    expect(findCusumAlarms([...level, ...repeat(1, 16)])).toEqual([]);
    expect(findCusumAlarms([...level, ...repeat(1, 17)])).toEqual([{ side: 'over', from: 20 }]);
  });

  it('dates the alarm by the task with which the sum last rose from zero', () => {
    const values = [...repeat(0, 20), 1, ...repeat(0, 30), ...repeat(1, 5)];
    expect(findCusumAlarms(values)).toEqual([{ side: 'over', from: 51 }]);
  });

  it('tells of both sides where both stand, the one that began last at the end', () => {
    const values = [...repeat(0, 20), ...repeat(1, 40), ...repeat(-1, 10)];
    const alarms = [
      { side: 'over', from: 20 },
      { side: 'under', from: 60 },
    ];
    expect(findCusumAlarms(values)).toEqual(alarms);
    expect(findCusumAlarms(values.map((value) => -value))).toEqual([
      { side: 'under', from: 20 },
      { side: 'over', from: 60 },
    ]);
  });

  it('falls silent again when the level has come back for long enough', () => {
    const values = [...repeat(0, 20), ...repeat(3, 5), ...repeat(0, 4)];
    expect(findCusumAlarms(values)).toEqual([]);
  });

  it('answers for mirrored values with the other side', () => {
    const ratios = fc.array(fc.integer({ min: -12, max: 16 }), { minLength: 20, maxLength: 80 });
    const law = fc.property(ratios, (quarters) => {
      const values = quarters.map((quarter) => quarter / 4);
      const mirrored = findCusumAlarms(values.map((value) => -value));
      const sides = { over: 'under', under: 'over' } as const;
      expect(mirrored.map(({ side, from }) => ({ side: sides[side], from }))).toEqual(
        findCusumAlarms(values),
      );
    });
    fc.assert(law);
  });
});
