import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '#shared/kernel/index.ts';
import { toEfforts, toPlanPaths } from '#shared/planning/critical-path.ts';
import { toPlanGraph } from '#shared/planning/plan-graph.ts';
import { countDependents, findUnordered } from '#shared/planning/plan-reach.ts';
import { after, planOf, stream, task } from './plan-samples.ts';

const minutes = (count: number) => count * MINUTE_MS;

describe('toEfforts', () => {
  it('puts the median of the estimates where there is none', () => {
    const { estimateMs: _, ...unknown } = task('d');
    const tasks = [90, 10, 20].map((each) => task(`t${each}`, { estimateMs: minutes(each) }));
    expect(toEfforts(planOf([...tasks, unknown]))).toEqual([90, 10, 20, 20].map(minutes));
    expect(toEfforts(planOf([unknown]))).toEqual([minutes(30)]);
    const odd = [1, 2].map((estimateMs) => task(`o${estimateMs}`, { estimateMs }));
    expect(toEfforts(planOf([...odd, unknown]))).toEqual([1, 2, 2]);
  });
});

describe('toPlanPaths', () => {
  const plan = planOf([
    task('start', { estimateMs: minutes(10) }),
    task('short', { estimateMs: minutes(5), dependsOn: after('start') }),
    task('long', { estimateMs: minutes(30), dependsOn: after('start') }),
    task('end', { estimateMs: minutes(1), dependsOn: after('short', 'long') }),
    task('aside', { estimateMs: minutes(40) }),
  ]);
  const paths = () => toPlanPaths(toPlanGraph(plan), toEfforts(plan));

  it('measures the longest way to the end, own effort included', () => {
    expect(paths().toEndMs.slice(0, 5)).toEqual([41, 6, 31, 1, 40].map(minutes));
    expect(paths().longestMs).toBe(minutes(41));
  });

  it('walks one longest way', () => {
    expect(paths().criticalTasks).toEqual([0, 2, 3]);
  });

  it('begins the longest way where it begins, not where the plan does', () => {
    const two = planOf(
      [
        task('a', { workstreamId: 'one', estimateMs: 1 }),
        task('b', { workstreamId: 'two', estimateMs: 2 }),
      ],
      { workstreams: [stream('one'), stream('two')] },
    );
    expect(toPlanPaths(toPlanGraph(two), [1, 2]).criticalTasks).toEqual([1]);
  });

  it('counts the tasks above a task and no points without work', () => {
    expect(paths().levels.slice(0, 5)).toEqual([0, 1, 1, 2, 0]);
  });

  it('is empty for an empty plan', () => {
    const empty = planOf([], { workstreams: [] });
    const { longestMs, criticalTasks } = toPlanPaths(toPlanGraph(empty), []);
    expect([longestMs, criticalTasks]).toEqual([0, []]);
  });
});

/** Each task waits for at most three before it; beyond 1,024 tasks the count takes several passes. */
const anyWaits = fc.array(
  fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 3 }),
  {
    maxLength: 12,
  },
);
const toTasks = (waits: readonly (readonly number[])[], pad: number) => {
  const idle = Array.from({ length: pad }, (_, index) => task(`idle-${index}`));
  const own = waits.map((places, index) => {
    const ids = places.map((place) => `t${Math.floor(place * index)}`);
    return task(`t${index}`, { dependsOn: index === 0 ? [] : after(...new Set(ids)) });
  });
  const half = Math.floor(own.length / 2);
  return [...own.slice(0, half), ...idle, ...own.slice(half)];
};

function countNaively(tasks: readonly ReturnType<typeof task>[]): readonly number[] {
  return tasks.map(({ taskId }) => {
    const found = new Set([taskId]);
    let before = 0;
    while (before < found.size) {
      before = found.size;
      for (const each of tasks) {
        if (each.dependsOn.some(({ fromId }) => found.has(fromId))) found.add(each.taskId);
      }
    }
    return found.size - 1;
  });
}

describe('countDependents', () => {
  it('counts as a naive closure does', () => {
    const law = fc.property(anyWaits, (waits) => {
      const tasks = toTasks(waits, 0);
      expect(countDependents(toPlanGraph(planOf(tasks)))).toEqual(countNaively(tasks));
    });
    fc.assert(law, { seed: 5, numRuns: 200 });
  });

  it('counts tasks alone, not the workstream that opens after one', () => {
    const plan = planOf([task('a', { workstreamId: 'two' }), task('b', { workstreamId: 'one' })], {
      workstreams: [stream('one', { dependsOn: after('a') }), stream('two')],
    });
    expect(countDependents(toPlanGraph(plan))).toEqual([1, 0]);
  });

  it.each([31, 32, 33, 1_023, 1_024, 1_025, 2_049])('counts a chain of %i exactly', (length) => {
    const tasks = Array.from({ length }, (_, index) =>
      task(`t${index}`, { dependsOn: index === 0 ? [] : after(`t${index - 1}`) }),
    );
    const counts = countDependents(toPlanGraph(planOf(tasks)));
    expect(counts).toEqual(tasks.map((_, index) => length - 1 - index));
  });
});

describe('findUnordered', () => {
  it('keeps the pairs that nothing orders, across passes too', () => {
    const waits = [[], [0], [0], [0.99]];
    const graph = toPlanGraph(planOf(toTasks(waits, 1_100)));
    const at = (id: string) => graph.ids.indexOf(id);
    const pairs = [
      [at('t0'), at('t3')],
      [at('t3'), at('t2')],
      [at('t1'), at('t2')],
      [at('idle-0'), at('t3')],
    ] as const;
    expect(findUnordered(graph, pairs)).toEqual([pairs[2], pairs[3]]);
    expect(findUnordered(graph, [])).toEqual([]);
  });
});
