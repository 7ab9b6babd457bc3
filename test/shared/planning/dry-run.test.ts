import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { dryRun, type Plan, type Situation } from '#shared/planning/index.ts';
import {
  after,
  capacitiesOf,
  planOf,
  situationOf,
  standing,
  task,
  workers,
} from './plan-samples.ts';

const run = (plan: Plan, wishes: Partial<Situation> = {}) =>
  dryRun(plan, situationOf(wishes), { history: new Map(), seed: 1, passes: 20 });
const minutes = (count: number) => count * MINUTE_MS;
const cost = (neededMicros: bigint) => [{ budgetId: 'purse', neededMicros }];

describe('dryRun', () => {
  const plan = planOf([
    task('a', { estimateMs: minutes(10), budgetDemands: cost(3n) }),
    task('b', { estimateMs: minutes(20), dependsOn: after('a'), budgetDemands: cost(4n) }),
    task('c', { estimateMs: minutes(5), priority: 'high' }),
    task('d', { estimateMs: minutes(5), priority: 'low', budgetDemands: cost(0n) }),
  ]);

  it('tells levels, batches, parallelism and what held whom', () => {
    const { check, remaining, ...rest } = run(plan, {
      capacities: capacitiesOf({ workers: workers(2) }),
    });
    expect(rest).toEqual({
      levels: [['a', 'c', 'd'], ['b']],
      batches: [
        { startMs: 0, taskIds: ['a', 'c'] },
        { startMs: minutes(5), taskIds: ['d'] },
        { startMs: minutes(10), taskIds: ['b'] },
      ],
      parallelism: [
        { fromMs: 0, running: 2 },
        { fromMs: minutes(5), running: 2 },
        { fromMs: minutes(10), running: 1 },
        { fromMs: minutes(30), running: 0 },
      ],
      bottlenecks: [
        { constraint: 'dependency', heldMs: minutes(10) },
        { constraint: 'worker', heldMs: minutes(5) },
      ],
      unplaced: [],
      finishMs: minutes(30),
      costs: [{ budgetId: 'purse', neededMicros: 7n }],
      unpricedTasks: 1,
    });
    expect(check.criticalPath).toEqual(['a', 'b']);
    expect(remaining?.p10Ms).toBeLessThan(remaining?.p50Ms ?? 0);
    expect(remaining?.p50Ms).toBeLessThan(remaining?.p90Ms ?? 0);
  });

  it('names the worst bottleneck first', () => {
    const wide = planOf([task('a'), task('b'), task('c', { dependsOn: after('b') })]);
    const { bottlenecks } = run(wide, { capacities: capacitiesOf({ workers: workers(1) }) });
    const held = bottlenecks.map(({ heldMs }) => heldMs);
    expect(held).toEqual([...held].sort((left, right) => right - left));
    expect(held).toEqual([minutes(120), minutes(60)]);
  });

  it('names what would never start, but not what is over', () => {
    const { unplaced, costs, remaining } = run(plan, {
      capacities: capacitiesOf({ workers: [] }),
      standing: standing({ a: { state: 'completed' } }),
    });
    expect(unplaced).toEqual(['b', 'c', 'd']);
    expect([costs, remaining]).toEqual([[], undefined]);
  });

  it('is the same for the same input', () => {
    expect(run(plan)).toEqual(run(plan));
  });
});
