import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driftOf, driftThreshold, toDrift } from '#shared/variance/drift.ts';
import { addFinishedTask, EMPTY_HISTORY } from '#shared/variance/drift-history.ts';
import type { DriftState, FinishedTask } from '#shared/variance/drift-model.ts';
import { around, dayOf, idOf, repeat, tasksAt } from './drift-samples.ts';

const drift = (...ratios: number[][]) => driftOf(tasksAt(ratios.flat()), []);

describe('driftThreshold', () => {
  it('is 3 at 32 tasks and grows with the logarithm of the history', () => {
    expect(driftThreshold(32)).toBe(3);
    expect(driftThreshold(32 * Math.E)).toBeCloseTo(Math.sqrt(11), 12);
    expect(driftThreshold(1000)).toBeCloseTo(3.99, 2);
  });
});

describe('driftOf, while there is too little', () => {
  it('says how many tasks are missing, and plans by the usual spread until twenty show their own', () => {
    const first = drift(around(1, 19));
    expect(first).toMatchObject({ state: 'insufficient', n: 19, needed: 13, z: null });
    expect(first.tasksForFactors.map((one) => one.tasksPerSide)).toEqual([146, 61, 21, 8]);
    expect(drift(around(1, 20)).tasksForFactors[0]?.tasksPerSide).toBeLessThan(146);
  });

  it('judges from the 32nd task on', () => {
    const doubled = [around(1, 20), around(2, 11)];
    expect(drift(...doubled)).toMatchObject({ state: 'insufficient', n: 31, needed: 1 });
    expect(drift(...doubled, [2])).toMatchObject({ state: 'drifting_over', n: 32, needed: 0 });
    expect(drift()).toMatchObject({ state: 'insufficient', n: 0, needed: 32 });
  });
});

describe('driftOf, where a group has moved', () => {
  it('names the tasks, since when, by how much and how surely', () => {
    const found = drift(around(1, 25), around(2, 15));
    expect(found).toMatchObject({
      state: 'drifting_over',
      sinceDate: dayOf(25),
      windowTaskIds: Array.from({ length: 15 }, (_, nth) => idOf(25 + nth)),
      conflict: null,
      smallestFactor: null,
      tasksForFactors: [],
    });
    expect(found.factor).toBeCloseTo(2, 6);
    expect(found.z).toBeGreaterThan(found.threshold ?? Number.POSITIVE_INFINITY);
  });

  it('asks for more than three standard deviations at 32 tasks, and no less', () => {
    const before = Array.from({ length: 20 }, (_, nth) => Math.exp(0.1 * nth));
    // Each of the last twelve lies above 16 or 17 of the first twenty; z is (U − 120) ÷ √660.
    const last = (above17: number): number[] =>
      Array.from({ length: 12 }, (_, nth) => Math.exp((nth < above17 ? 1.65 : 1.55) + nth / 1000));
    const below = drift(before, last(5));
    expect(below.state).toBe('stable');
    expect(below.z).toBeCloseTo(77 / Math.sqrt(660), 9);
    const above = drift(before, last(6));
    expect(above.state).toBe('drifting_over');
    expect(above.z).toBeCloseTo(78 / Math.sqrt(660), 9);
  });

  it('calls the other direction under', () => {
    const found = drift(around(1, 25), around(0.5, 15));
    expect(found).toMatchObject({ state: 'drifting_under', sinceDate: dayOf(25) });
    expect(found.factor).toBeCloseTo(0.5, 6);
    expect(found.z).toBeLessThan(0);
  });

  it('goes on showing a change long after it began', () => {
    const found = drift(around(1, 25), around(2, 200));
    expect(found).toMatchObject({ state: 'drifting_over', sinceDate: dayOf(25) });
  });

  it('begins anew the day after the last confirmed baseline', () => {
    const tasks = tasksAt([...around(1, 25), ...around(2, 40)]);
    expect(driftOf(tasks, [dayOf(24)])).toMatchObject({ state: 'stable', n: 40 });
    expect(driftOf(tasks, [dayOf(24), dayOf(40), dayOf(3)])).toMatchObject({ n: 24, needed: 8 });
    expect(driftOf(tasks, [dayOf(3)])).toMatchObject({ state: 'drifting_over', n: 61 });
  });

  it('lets a shift within a fifth be, however certain', () => {
    const small = drift(repeat(1, 30), repeat(1.19, 30));
    expect(Math.abs(small.z ?? 0)).toBeGreaterThan(7);
    expect(small).toMatchObject({ state: 'stable', windowTaskIds: [], sinceDate: null });
    expect(drift(repeat(1, 30), repeat(1.21, 30)).state).toBe('drifting_over');
    expect(drift(repeat(1.21, 30), repeat(1, 30)).state).toBe('drifting_under');
  });
});

describe('driftOf, where nothing has moved', () => {
  it('says the smallest change it would have seen, and what smaller ones ask for', () => {
    const forty = drift(around(1, 40));
    const hundred = drift(around(1, 100));
    expect(forty).toMatchObject({ state: 'stable', slowChange: null, factor: null });
    expect(forty.tasksForFactors).toHaveLength(4);
    expect(forty.smallestFactor).toBeGreaterThan(hundred.smallestFactor ?? 0);
    expect(hundred.smallestFactor).toBeGreaterThanOrEqual(1.2);
    expect(drift(repeat(1, 100)).smallestFactor).toBe(1.2);
  });

  it('cuts where a change would show best: in the middle, with 20 before and 12 after', () => {
    const wide = (count: number): number[] =>
      Array.from({ length: count }, (_, nth) => (nth % 2 === 0 ? 0.4 : 2.5));
    const seenAt = (n: number, cut: number): number => {
      const sigma = Math.log(2.5) * Math.sqrt(n / (n - 1));
      const error = sigma * Math.sqrt(1 / cut + 1 / (n - cut));
      return Math.exp((driftThreshold(n) + 0.84) * error);
    };
    expect(drift(wide(32)).smallestFactor).toBeCloseTo(seenAt(32, 12), 9);
    expect(drift(wide(36)).smallestFactor).toBeCloseTo(seenAt(36, 16), 9);
    expect(drift(wide(60)).smallestFactor).toBeCloseTo(seenAt(60, 30), 9);
  });

  it('notes a slow change that the sums alone suspect, with its side and beginning', () => {
    expect(drift(repeat(1, 20), repeat(1.18, 60))).toMatchObject({
      state: 'stable',
      slowChange: { side: 'over', sinceDate: dayOf(20) },
    });
    expect(drift(repeat(1.18, 20), repeat(1, 60)).slowChange?.side).toBe('under');
    expect(drift(repeat(1, 80)).slowChange).toBeNull();
  });
});

describe('driftOf, where measures contradict each other', () => {
  it('calls it a conflict when the sums alarm on the other side, and still names the window', () => {
    const found = drift(repeat(1, 20), repeat(0.2, 40), repeat(1, 20));
    expect(found).toMatchObject({
      state: 'conflict',
      conflict: 'window_and_sums',
      sinceDate: dayOf(60),
      slowChange: null,
    });
    expect(found.factor).toBeGreaterThan(1.2);
  });

  it('calls it a conflict when the typical task goes under and the total over, both beyond a fifth', () => {
    const mostUnder = (share: number) =>
      Array.from({ length: 40 }, (_, nth) => (nth % 4 === 0 ? 5 : share));
    expect(drift(mostUnder(0.75))).toMatchObject({
      state: 'conflict',
      conflict: 'typical_and_total',
      factor: null,
      windowTaskIds: [],
    });
    expect(drift(mostUnder(0.85)).state).toBe('stable');
    expect(drift(mostUnder(1.5)).state).toBe('stable');
    const totalNear = Array.from({ length: 40 }, (_, nth) => (nth % 4 === 0 ? 2.5 : 0.75));
    expect(drift(totalNear).state).toBe('stable');
  });
});

describe('a history', () => {
  it('is ordered by day, and by id only within a day', () => {
    const tasks = tasksAt([...around(1, 20), ...around(2, 12)]);
    const renamed = tasks.map((task, nth) => ({ ...task, taskId: idOf(99 - nth) }));
    const found = driftOf(renamed, []);
    expect(found.windowTaskIds[0]).toBe(idOf(79));
    const oneDay = renamed.map((task) => ({ ...task, completedDate: dayOf(0) }));
    expect(driftOf(oneDay, []).state).toBe('drifting_under');
  });

  it('refuses, as a bug, a task out of its order or without an estimate or a time', () => {
    const [first, second] = tasksAt([1, 1]);
    if (first === undefined || second === undefined) throw new Error('no sample');
    const history = addFinishedTask(EMPTY_HISTORY, second);
    expect(() => addFinishedTask(history, first)).toThrow('expected a task after `T001`');
    expect(() => addFinishedTask(history, second)).toThrow('received `T001`');
    expect(() => driftOf([{ ...first, actualMs: 0 }], [])).toThrow('above zero for `T000`');
    expect(() => driftOf([{ ...first, estimateMs: 0 }], [])).toThrow('above zero for `T000`');
  });
});

describe('driftOf, by its laws', () => {
  /** Tasks in half-hour steps with many equal ratios, several on one day, some with a shift. */
  const anyTasks: fc.Arbitrary<FinishedTask[]> = fc
    .record({
      hours: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 })), {
        minLength: 25,
        maxLength: 90,
      }),
      shiftAt: fc.integer({ min: 15, max: 60 }),
      factor: fc.constantFrom(1, 1, 2, 3, 4),
      perDay: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ hours, shiftAt, factor, perDay }) =>
      hours.map(([estimate, actual], nth) => ({
        taskId: idOf(nth),
        completedDate: dayOf(Math.floor(nth / perDay)),
        estimateMs: estimate * 1_800_000,
        actualMs: actual * 1_800_000 * (nth < shiftAt ? 1 : factor),
      })),
    );

  it('changes nothing with the order of its input', () => {
    const law = fc.property(
      anyTasks.chain((tasks) =>
        fc.tuple(
          fc.constant(tasks),
          fc.shuffledSubarray(tasks, { minLength: tasks.length, maxLength: tasks.length }),
        ),
      ),
      ([tasks, shuffled]) => {
        expect(driftOf(shuffled, [])).toEqual(driftOf(tasks, []));
      },
    );
    fc.assert(law);
  });

  it('says after every task what one call over the same tasks says', () => {
    const law = fc.property(anyTasks, (tasks) => {
      let history = EMPTY_HISTORY;
      for (const [nth, task] of tasks.entries()) {
        history = addFinishedTask(history, task);
        expect(toDrift(history)).toEqual(driftOf(tasks.slice(0, nth + 1), []));
      }
    });
    fc.assert(law, { numRuns: 15 });
  });

  it('finds the same when every task takes three times as long', () => {
    const law = fc.property(anyTasks, (tasks) => {
      const once = driftOf(tasks, []);
      const thrice = driftOf(
        tasks.map((task) => ({ ...task, actualMs: 3 * task.actualMs })),
        [],
      );
      expect(thrice).toMatchObject({ z: once.z, windowTaskIds: once.windowTaskIds });
      expect(thrice.factor ?? 0).toBeCloseTo(once.factor ?? 0, 9);
      // The typical task and the total are held to the estimate itself, so they alone may judge otherwise.
      if (once.conflict === 'typical_and_total' || thrice.conflict === 'typical_and_total') return;
      expect([thrice.state, thrice.slowChange]).toEqual([once.state, once.slowChange]);
    });
    fc.assert(law);
  });

  it('finds the mirror image when estimate and actual change places', () => {
    const mirror: Record<DriftState, DriftState> = {
      insufficient: 'insufficient',
      stable: 'stable',
      drifting_over: 'drifting_under',
      drifting_under: 'drifting_over',
      conflict: 'conflict',
    };
    const law = fc.property(anyTasks, (tasks) => {
      const once = driftOf(tasks, []);
      const swapped = driftOf(
        tasks.map((task) => ({
          ...task,
          estimateMs: task.actualMs,
          actualMs: task.estimateMs,
        })),
        [],
      );
      expect(swapped.z ?? 0).toBeCloseTo(-(once.z ?? 0), 12);
      expect(swapped.windowTaskIds).toEqual(once.windowTaskIds);
      expect((swapped.factor ?? 1) * (once.factor ?? 1)).toBeCloseTo(1, 9);
      // A fifth over and a fifth under are not each other's mirror image.
      if (once.conflict === 'typical_and_total' || swapped.conflict === 'typical_and_total') return;
      expect(swapped.state).toBe(mirror[once.state]);
    });
    fc.assert(law);
  });
});
