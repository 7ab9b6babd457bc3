import { describe, expect, it } from 'vitest';
import { toAnalogy } from '#shared/variance/forecast/analogy.ts';
import { type Cases, createCaseStore } from '#shared/variance/forecast/case-store.ts';
import { createForecaster } from '#shared/variance/index.ts';
import { makeHistory } from '../made-history.ts';

// Cost is counted, not timed: `npm run bench -- forecast-in-vm` measures the time.

/** Columns that count how often a number is read from them. */
function countReads(cases: Cases): { readonly cases: Cases; readonly reads: () => number } {
  let reads = 0;
  const watch = (column: Int32Array): Int32Array =>
    new Proxy(column, {
      get: (numbers, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) reads += 1;
        return Reflect.get(numbers, key);
      },
    });
  const watched = {
    count: cases.count,
    names: cases.names.map(watch),
    lnEstimates: watch(cases.lnEstimates),
    ratioBins: watch(cases.ratioBins),
  };
  return { cases: watched, reads: () => reads };
}

describe('a forecast', () => {
  it.each([
    [100, 100],
    [400, 400],
    [3_000, 400],
  ])('after %i tasks reads each of the %i remembered nine times', (learned, remembered) => {
    const rows = makeHistory({ tasks: learned, workflowSpread: 0.3 }, 4);
    const forecaster = createForecaster({ memory: 400 });
    forecaster.learnAll(rows);
    const state = forecaster.toState();
    const store = createCaseStore(400, state);
    const { cases, reads } = countReads(store.cases());
    const [asked] = makeHistory({ tasks: 1 }, 5);
    toAnalogy(cases, state.likeness, store.read(asked?.task ?? { estimateHours: 1 }));
    // Six names, the estimate once for the ring and once for the slope, and the ratio.
    expect(reads()).toBe(9 * remembered);
  });
});

/** How many remembered tasks are looked at, over all times that likeness is measured while so many are learned. */
function countMeasured(outcomes: number, memory: number): number {
  const forecaster = createForecaster({ memory });
  let { likeness } = forecaster.toState();
  let measured = 0;
  for (const [place, { task, actualHours }] of makeHistory({ tasks: outcomes }, 6).entries()) {
    forecaster.learn(task, actualHours);
    const now = forecaster.toState().likeness;
    if (now !== likeness) measured += Math.min(memory, place + 1);
    likeness = now;
  }
  return measured;
}

describe('a new outcome', () => {
  it('costs the same taken over many, however much was learned', () => {
    const [some, twice, four] = [500, 1_000, 2_000].map((outcomes) => countMeasured(outcomes, 400));
    // Measured anew each time a twentieth of what is remembered has come: about twenty looks an outcome.
    expect((some ?? Infinity) / 500).toBeLessThanOrEqual(20);
    expect((twice ?? Infinity) / 1_000).toBeLessThanOrEqual(20);
    expect((four ?? Infinity) / 2_000).toBeLessThanOrEqual(20);
  });

  it('costs the same where nothing is ever forgotten', () => {
    const [some, twice] = [1_000, 2_000].map((outcomes) => countMeasured(outcomes, 4_000));
    expect((some ?? Infinity) / 1_000).toBeLessThanOrEqual(21);
    expect((twice ?? Infinity) / 2_000).toBeLessThanOrEqual(21);
  });
});

describe('learnAll', () => {
  it.each([0, 1, 19, 20, 21, 150, 399, 400, 401, 1_000])(
    'leaves the state that %i outcomes leave one by one',
    (outcomes) => {
      const options = { memory: 400 };
      const rows = makeHistory({ tasks: outcomes, personSpread: 0.4, drift: 0.3 }, 8);
      const [at, once] = [createForecaster(options), createForecaster(options)];
      for (const { task, actualHours } of rows) at.learn(task, actualHours);
      once.learnAll(rows.slice(0, 137));
      once.learnAll(rows.slice(137));
      expect(once.toState()).toEqual(at.toState());
    },
  );
});
