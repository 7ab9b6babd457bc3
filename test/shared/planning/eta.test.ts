import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import type { RunState } from '#shared/lifecycle/index.ts';
import { drawFinishes } from '#shared/planning/eta-futures.ts';
import {
  type Chances,
  createRandom,
  drawNormal,
  estimateFinish,
  preparePlan,
  type Situation,
  type TaskStanding,
} from '#shared/planning/index.ts';
import { toSimulationStart } from '#shared/planning/schedule-start.ts';
import { after, capacitiesOf, later, planOf, situationOf, standing, task } from './plan-samples.ts';

const plan = planOf([task('a'), task('b', { dependsOn: after('a') })]);
/** So many finished tasks that took twice as long as estimated. */
const twice = (count: number): Chances['history'] =>
  new Map([['code', Array.from({ length: count }, () => 2)]]);
const eta = (chances: Partial<Chances> = {}, wishes: Partial<Situation> = {}) =>
  estimateFinish(preparePlan(plan), situationOf(wishes), {
    history: new Map(),
    seed: 1,
    ...chances,
  });

describe('estimateFinish', () => {
  it('is the same for the same seed and another for another', () => {
    expect(eta()).toEqual(eta());
    expect(eta({ seed: 2 })).not.toEqual(eta());
  });

  it('uses the built-in ratios alone below five finished tasks', () => {
    const few = eta({ history: twice(4) });
    expect(few).toEqual({ ...eta(), sampleSize: 4 });
    expect(few.etaState).toBe('insufficient');
    expect(eta({ history: twice(5) })).toMatchObject({ etaState: 'estimated', sampleSize: 5 });
  });

  it('lies where the history lies once that is long', () => {
    const told = eta({ history: twice(20_000), passes: 10 });
    expect(told).toEqual({
      etaState: 'estimated',
      sampleSize: 20_000,
      remaining: { p10Ms: 14_400_000, p50Ms: 14_400_000, p90Ms: 14_400_000 },
      etaP50At: later(240),
      etaP90At: later(240),
    });
    // Another kind's history tells nothing of this one.
    const other = new Map([['design', twice(9).get('code') ?? []]]);
    expect(eta({ history: other })).toEqual({ ...eta(), etaState: 'estimated', sampleSize: 9 });
  });

  it('spreads all tasks of a pass by one factor where that is asked for', () => {
    const spread = (commonSd: number) => {
      const told = eta({ history: twice(2_000), passes: 100, commonSd });
      return 'remaining' in told ? told.remaining.p90Ms / told.remaining.p10Ms : 0;
    };
    expect(spread(0)).toBe(1);
    // The 80 % band of ln is 2 · 1.28 deviations wide; 100 draws know it to a few tenths.
    expect(Math.log(spread(0.2)) / 0.2).toBeGreaterThan(2.1);
    expect(Math.log(spread(0.2)) / 0.2).toBeLessThan(3.1);
  });

  const of = (a: TaskStanding, b: TaskStanding, run: RunState = 'running') => ({
    standing: standing({ a, b }, { run }),
  });

  it('is done when all is over', () => {
    expect(eta({ history: twice(7) }, of({ state: 'completed' }, { state: 'canceled' }))).toEqual({
      etaState: 'done',
      sampleSize: 7,
    });
  });

  it.each([
    ['the run is paused', of({ state: 'pending' }, { state: 'pending' }, 'paused')],
    ['all that is open is stuck', of({ state: 'failed' }, { state: 'pending' })],
    ['nobody is there', { capacities: capacitiesOf({ workers: [] }) }],
  ])('is none when %s', (_, wishes) => {
    expect(eta({}, wishes)).toEqual({ etaState: 'none', sampleSize: 0 });
  });
});

describe('drawFinishes', () => {
  const finishes = (a: TaskStanding, b: TaskStanding, chances: Partial<Chances> = {}) =>
    drawFinishes(
      toSimulationStart(preparePlan(plan), situationOf({ standing: standing({ a, b }) })),
      {
        history: twice(2_000),
        seed: 1,
        passes: 20,
        ...chances,
      },
    );
  /** The middle one: of a hundred draws about one is from the built-in ratios. */
  const usual = (a: TaskStanding, b: TaskStanding) => finishes(a, b)[10];
  const done: TaskStanding = { state: 'completed' };

  it('draws 500 futures unless told otherwise, the shortest first', () => {
    const drawn = finishes({ state: 'pending' }, { state: 'pending' }, { history: new Map() });
    expect(drawn).toEqual([...drawn].sort((left, right) => left - right));
    expect(drawn).toHaveLength(20);
    const { length } = drawFinishes(toSimulationStart(preparePlan(plan), situationOf()), {
      history: new Map(),
      seed: 1,
    });
    expect(length).toBe(500);
  });

  it('counts what a running task has had, and a quarter more for one beyond all ratios', () => {
    const since = (minutes: number): TaskStanding => ({
      state: 'running',
      workerId: 'worker-0',
      startedAt: later(-minutes),
    });
    expect(usual(done, since(30))).toBe(90 * MINUTE_MS);
    expect(usual(done, since(-30))).toBe(120 * MINUTE_MS);
    expect(usual(done, since(6_000))).toBe(1_500 * MINUTE_MS);
    expect(usual(done, { state: 'running' })).toBe(120 * MINUTE_MS);
  });

  it('draws each of the finished tasks, and for a running task only those it has not passed', () => {
    const halves = Array.from({ length: 4_000 }, (_, place) => (place < 2_000 ? 1 : 3));
    const history = new Map([['code', halves]]);
    const lefts = (b: TaskStanding, passes: number) =>
      finishes(done, b, { history, passes }).map((ms) => ms / MINUTE_MS);
    const whole = lefts({ state: 'pending' }, 100);
    expect(whole.filter((left) => left === 60).length).toBeGreaterThan(30);
    expect(whole.filter((left) => left === 180).length).toBeGreaterThan(30);
    const begun = lefts({ state: 'running', workerId: 'worker-0', startedAt: later(-90) }, 60);
    expect(begun.filter((left) => left === 90).length).toBeGreaterThan(50);
  });

  it('lengthens what is drawn by the factor its pass is given', () => {
    const commonSd = 0.2;
    const [drawn] = finishes(done, { state: 'pending' }, { passes: 1, commonSd });
    const factor = Math.exp(commonSd * drawNormal(createRandom(1)));
    expect(drawn).toBe(Math.round(120 * MINUTE_MS * factor));
  });

  it('takes a task in validation to have no work left', () => {
    expect(usual({ state: 'validating' }, { state: 'pending' })).toBe(120 * MINUTE_MS);
  });

  it('is wider where the history is short, for it may have been luck', () => {
    const random = createRandom(4);
    const ratios = Array.from({ length: 400 }, () => Math.exp(2 * random() - 1));
    const tasks = Array.from({ length: 40 }, (_, index) =>
      task(`t${index}`, { dependsOn: index === 0 ? [] : after(`t${index - 1}`) }),
    );
    const start = toSimulationStart(preparePlan(planOf(tasks)), situationOf());
    const width = (history: readonly number[]) => {
      const drawn = drawFinishes(start, {
        history: new Map([['code', history]]),
        seed: 1,
        passes: 200,
      });
      return Math.log((drawn[180] ?? 0) / (drawn[20] ?? 1));
    };
    // The same values forty times over leave less to luck.
    const few = ratios.slice(0, 10);
    expect(width(few)).toBeGreaterThan(1.3 * width(Array.from({ length: 40 }, () => few).flat()));
  });
});
