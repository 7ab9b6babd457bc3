import { describe, expect, it } from 'vitest';
import { walkForward } from '#shared/variance/backtest.ts';
import { toBacktestMetrics } from '#shared/variance/backtest-metrics.ts';
import { BACKTEST_MODELS } from '#shared/variance/backtest-models.ts';
import { createForecaster, describeForecast, type ForecastTask } from '#shared/variance/index.ts';
import { type Habits, makeHistory } from '../made-history.ts';

const teach = (tasks: number, task: ForecastTask, ratio: number) => {
  const forecaster = createForecaster();
  for (let n = 0; n < tasks; n += 1) forecaster.learn(task, task.estimateHours * ratio);
  return forecaster;
};
const design = { estimateHours: 4, workflow: 'Design' };

describe('createForecaster', () => {
  it('starts with the estimate and the range of the built-in table', () => {
    const { forecast } = createForecaster();
    const first = forecast({ estimateHours: 3 });
    expect(first).toMatchObject({ point: 3, from: 'built_in', n: 0, needed: 20 });
    // The table has 0.41, 1 and 2.5 for two to four hours.
    expect(first.p10 / 3).toBeCloseTo(0.41, 1);
    expect(first.p50 / 3).toBeCloseTo(1, 1);
    expect(first.p90 / 3).toBeCloseTo(2.5, 1);
  });

  it.each([
    [19, { point: 4, from: 'built_in', n: 19, needed: 1 }],
    [20, { from: 'workflow', n: 20, needed: 0 }],
  ])('after %i tasks of a workflow says %o', (tasks, expected) => {
    expect(teach(tasks, design, 2).forecast(design)).toMatchObject(expected);
  });

  it('corrects an estimate towards what tasks like it took', () => {
    const { point, p10, p90 } = teach(100, design, 2).forecast(design);
    expect(point).toBeCloseTo(8, 1);
    expect(p10).toBeGreaterThan(3);
    expect(p90).toBeLessThan(10);
  });

  it('goes by size where the workflow is new', () => {
    const { forecast } = teach(20, design, 2);
    const near = { estimateHours: 8, workflow: 'Audit' };
    expect(forecast(near)).toMatchObject({ from: 'size', n: 20, needed: 0 });
    expect(forecast({ ...near, estimateHours: 8.2 })).toMatchObject({ from: 'built_in', n: 0 });
  });

  it('takes no common lack of a workflow for a workflow', () => {
    const { forecast } = teach(30, { estimateHours: 1 }, 2);
    expect(forecast({ estimateHours: 40 })).toMatchObject({ from: 'built_in', n: 0, needed: 20 });
  });

  it('finds out which name matters', () => {
    const forecaster = createForecaster();
    for (let n = 0; n < 200; n += 1) {
      const isSlow = n % 2 === 0;
      const task = { estimateHours: 2, person: isSlow ? 'A' : 'B', project: `P${n % 5}` };
      forecaster.learn(task, isSlow ? 4 : 1);
    }
    const pointOf = (person: string) =>
      forecaster.forecast({ estimateHours: 2, person, project: 'P1' }).point;
    expect([pointOf('A'), pointOf('B')]).toEqual([4, 1]);
  });

  it('takes the recent for more like today once things have changed', () => {
    const forecaster = createForecaster();
    for (let n = 0; n < 400; n += 1) forecaster.learn({ estimateHours: 2 }, n < 300 ? 2 : 6);
    expect(forecaster.forecast({ estimateHours: 2 }).point).toBe(6);
  });

  it('draws the range a little wider than its cases, since the next may lie beyond them', () => {
    const forecaster = createForecaster();
    // With the 20 parts of the built-in table, 111 of 123 parts took less than ten times the estimate: 90.2 %.
    for (let n = 0; n < 103; n += 1) forecaster.learn(design, n % 8 === 7 ? 40 : 4);
    expect(forecaster.forecast(design).p90).toBeGreaterThan(30);
    expect(forecaster.forecast(design).p80).toBe(4);
  });

  it('says hours that people would write down', () => {
    const forecaster = createForecaster();
    for (let n = 0; n < 40; n += 1) forecaster.learn(design, 1 + (n % 12) / 4);
    const { p10, p50, p80, p90 } = forecaster.forecast(design);
    for (const hours of [p10, p50, p80, p90]) expect(hours % 0.25).toBe(0);
  });

  it('goes on from its state as if it had never stopped', () => {
    const rows = makeHistory({ tasks: 330, workflowSpread: 0.5 }, 2);
    const options = { memory: 150 };
    const whole = createForecaster(options);
    let parts = createForecaster(options);
    for (const [place, row] of rows.entries()) {
      whole.learn(row.task, row.actualHours);
      parts.learn(row.task, row.actualHours);
      if (place % 70 !== 0) continue;
      parts = createForecaster(options, JSON.parse(JSON.stringify(parts.toState())));
    }
    const asked = rows.slice(0, 50).map(({ task }) => task);
    expect(asked.map(parts.forecast)).toEqual(asked.map(whole.forecast));
    expect(parts.toState()).toEqual(whole.toState());
  });

  it('forgets what is older than its memory, names included', () => {
    const forecaster = createForecaster({ memory: 50 });
    for (let n = 0; n < 1_000; n += 1) {
      forecaster.learn({ estimateHours: 2, workflow: `W${n}` }, n < 900 ? 20 : 2);
    }
    const { names, cases } = forecaster.toState();
    expect(cases).toHaveLength(50 * 8);
    expect(names[0]?.length).toBeLessThanOrEqual(101);
    expect(forecaster.forecast({ estimateHours: 2 }).p90).toBeLessThan(10);
  });

  it('keeps the names of what it remembers when it forgets others', () => {
    const forecaster = createForecaster({ memory: 40 });
    for (let n = 0; n < 165; n += 1) {
      forecaster.learn({ estimateHours: 2, workflow: n % 2 === 0 ? 'Stays' : `W${n}` }, 2);
    }
    const of = (workflow: string) => forecaster.forecast({ estimateHours: 64, workflow });
    expect(of('Stays')).toMatchObject({ from: 'workflow', n: 20 });
    expect([of('W149'), of('W1')]).toMatchObject([{ n: 1 }, { n: 0 }]);
  });

  it('stops on hours that cannot be', () => {
    const { forecast, learn } = createForecaster();
    expect(() => forecast({ estimateHours: 0 })).toThrow('received `0`');
    expect(() => learn({ estimateHours: Number.NaN }, 1)).toThrow('received `NaN`');
    expect(() => learn({ estimateHours: 1 }, 0)).toThrow('received `0`');
  });
});

const BUSINESSES: readonly (readonly [string, Habits])[] = [
  ['nothing to learn', {}],
  ['people who err each in their own way', { personSpread: 0.6 }],
  ['workflows that differ', { workflowSpread: 0.5 }],
  ['estimates that get worse', { drift: 1.2 }],
  ['outliers', { hasOutliers: true, workflowSpread: 0.2 }],
  ['whole days only', { gridHours: 8, workflowSpread: 0.3 }],
];

describe.each(BUSINESSES)('in a business with %s', (_, habits) => {
  const rows = makeHistory(habits, 11);
  const [own, raw] = BACKTEST_MODELS.map(({ create }) =>
    toBacktestMetrics(walkForward(rows, create()).slice(rows.length / 5)),
  );

  it('loses next to nothing to the raw estimate and covers what comes', () => {
    expect((own?.maeLn ?? 9) - (raw?.maeLn ?? 0)).toBeLessThan(0.02);
    expect((own?.winklerLn ?? 9) / (raw?.winklerLn ?? 1)).toBeLessThan(1.05);
    expect(own?.coverage80).toBeGreaterThan(0.76);
  });
});

describe('describeForecast', () => {
  it('says the range, the number of tasks and their class', () => {
    const forecast = { p10: 2, p50: 3, p80: 5, p90: 6.4999, point: 3 } as const;
    expect(describeForecast({ ...forecast, from: 'workflow', n: 34, needed: 0 })).toBe(
      'typically between 2 and 6.5 h, from 34 finished tasks of this workflow',
    );
    expect(describeForecast({ ...forecast, from: 'built_in', n: 7, needed: 13 })).toContain(
      'from 7 of 20 finished tasks of its kind',
    );
  });
});
