import { describe, expect, it } from 'vitest';
import { findCycles } from '#shared/planning/plan-cycles.ts';
import { toPlanGraph } from '#shared/planning/plan-graph.ts';
import { after, planOf, stream, task } from './plan-samples.ts';

const cyclesOf = (...tasks: readonly ReturnType<typeof task>[]) =>
  findCycles(toPlanGraph(planOf(tasks)));

describe('findCycles', () => {
  it('finds none where there is none', () => {
    expect(cyclesOf(task('a'), task('b', { dependsOn: after('a') }))).toEqual([]);
  });

  it('shows a cycle in the order of the work, from its smallest id', () => {
    const cycle = cyclesOf(
      task('b', { dependsOn: after('a') }),
      task('c', { dependsOn: after('b') }),
      task('a', { dependsOn: after('c') }),
      task('d', { dependsOn: after('c') }),
    );
    expect(cycle).toEqual([['a', 'b', 'c']]);
  });

  it('shows a task that waits for itself', () => {
    expect(cyclesOf(task('a', { dependsOn: after('a') }), task('b'))).toEqual([['a']]);
  });

  it('shows a true cycle wherever in the knot it begins', () => {
    const waits = { a: ['b', 'd'], b: ['a'], c: ['b'], d: ['c'] } as const;
    const tasks = Object.entries(waits).map(([id, ids]) => task(id, { dependsOn: after(...ids) }));
    for (const _ of tasks) {
      tasks.push(...tasks.splice(0, 1));
      for (const some of [tasks, [...tasks].reverse()])
        expect(cyclesOf(...some)).toEqual([['a', 'b']]);
    }
  });

  it('shows each of two knots, though one hangs on the other', () => {
    const cycles = cyclesOf(
      task('a', { dependsOn: after('b') }),
      task('b', { dependsOn: after('a') }),
      task('c', { dependsOn: after('b', 'd') }),
      task('d', { dependsOn: after('c') }),
    );
    expect(new Set(cycles.map((cycle) => cycle.join(' ')))).toEqual(new Set(['a b', 'c d']));
    expect(cycles).toHaveLength(2);
  });

  it('shows a cycle that goes through a workstream and names it once', () => {
    const tasks = [
      task('a', { workstreamId: 'one' }),
      task('b', { workstreamId: 'two', dependsOn: after('a') }),
    ];
    const workstreams = [
      stream('one', { dependsOn: [{ fromId: 'two', kind: 'workstream', condition: 'success' }] }),
      stream('two'),
    ];
    const cycles = findCycles(toPlanGraph(planOf(tasks, { workstreams })));
    expect(cycles).toEqual([['a', 'b', 'two', 'one']]);
  });
});
