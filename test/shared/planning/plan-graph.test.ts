import { describe, expect, it } from 'vitest';
import type { Plan } from '#shared/planning/index.ts';
import { toPlanGraph } from '#shared/planning/plan-graph.ts';
import { after, planOf, stream, task } from './plan-samples.ts';

/** The ids in the order of the work, each once; a plan without cycles shows them all. */
const orderOf = (plan: Plan) => {
  const graph = toPlanGraph(plan);
  return graph.order.filter((node) => node < graph.taskCount).map((node) => graph.ids[node]);
};

const comesBefore = (plan: Plan, first: string, second: string): boolean => {
  const graph = toPlanGraph(plan);
  const goal = graph.ids.indexOf(second);
  const seen = new Set<number>();
  const walk = (node: number): boolean => {
    if (node === goal) return true;
    if (seen.has(node)) return false;
    seen.add(node);
    return (graph.successors[node] ?? []).some(walk);
  };
  return walk(graph.ids.indexOf(first));
};

describe('toPlanGraph', () => {
  it('orders tasks after all they wait for', () => {
    const plan = planOf([
      task('c', { dependsOn: after('b') }),
      task('b', { dependsOn: after('a') }),
      task('a'),
    ]);
    expect(orderOf(plan)).toEqual(['a', 'b', 'c']);
  });

  it('reads tasks that wait for files and capabilities as tasks that wait for tasks', () => {
    const plan = planOf([
      task('a'),
      task('b', { dependsOn: [{ fromId: 'a', kind: 'file', condition: 'finished' }] }),
      task('c', { dependsOn: [{ fromId: 'b', kind: 'capability', condition: 'always' }] }),
    ]);
    expect(comesBefore(plan, 'a', 'c')).toBe(true);
    expect(toPlanGraph(plan).missing).toEqual([]);
  });

  it('names what is waited for and missing, but no gate', () => {
    const plan = planOf(
      [
        task('a', {
          dependsOn: [
            { fromId: 'ghost', kind: 'task', condition: 'success' },
            { fromId: 'review', kind: 'gate', condition: 'success' },
            { fromId: 'a', kind: 'workstream', condition: 'success' },
          ],
        }),
      ],
      {
        workstreams: [
          stream('stream', {
            dependsOn: [{ fromId: 'design', kind: 'phase', condition: 'success' }],
          }),
        ],
      },
    );
    expect(toPlanGraph(plan).missing).toEqual([
      { waitingId: 'a', missingId: 'ghost', kind: 'task' },
      { waitingId: 'a', missingId: 'a', kind: 'workstream' },
      { waitingId: 'stream', missingId: 'design', kind: 'phase' },
    ]);
  });

  it('puts all tasks of a workstream before what waits for it', () => {
    const plan = planOf([task('a', { workstreamId: 'one' }), task('b', { workstreamId: 'two' })], {
      workstreams: [
        stream('one'),
        stream('two', {
          dependsOn: [{ fromId: 'one', kind: 'workstream', condition: 'success' }],
        }),
      ],
    });
    expect(comesBefore(plan, 'a', 'b')).toBe(true);
    expect(comesBefore(plan, 'b', 'a')).toBe(false);
  });

  it('puts a phase before the next, even across one without work', () => {
    const plan = planOf([task('a', { workstreamId: 'one' }), task('b', { workstreamId: 'two' })], {
      phaseIds: ['design', 'wait', 'build'],
      workstreams: [stream('one', { phaseId: 'design' }), stream('two', { phaseId: 'build' })],
    });
    expect(comesBefore(plan, 'a', 'b')).toBe(true);
    expect(comesBefore(plan, 'b', 'a')).toBe(false);
  });

  it('lets a task wait for a phase by name, and for a workstream without tasks', () => {
    const plan = planOf(
      [
        task('a', { workstreamId: 'one' }),
        task('b', {
          workstreamId: 'two',
          dependsOn: [
            { fromId: 'empty', kind: 'workstream', condition: 'success' },
            { fromId: 'design', kind: 'phase', condition: 'success' },
          ],
        }),
      ],
      {
        phaseIds: ['design', 'build'],
        workstreams: [
          stream('one', { phaseId: 'design' }),
          stream('empty', { phaseId: 'design' }),
          stream('two'),
        ],
      },
    );
    expect(orderOf(plan)).toEqual(['a', 'b']);
    expect(comesBefore(plan, 'empty', 'b')).toBe(true);
  });

  it('puts a repair before a workstream that waits for what it repairs', () => {
    const plan = planOf(
      [
        task('broken', { workstreamId: 'one' }),
        task('repair', { workstreamId: 'one', fixes: 'broken' }),
        task('next', { workstreamId: 'two' }),
      ],
      { workstreams: [stream('one'), stream('two', { dependsOn: after('broken') })] },
    );
    expect(comesBefore(plan, 'repair', 'next')).toBe(true);
  });

  it('lets a workstream end without a repair that another one makes', () => {
    const plan = planOf(
      [
        task('broken', { workstreamId: 'one' }),
        task('repair', { workstreamId: 'two', fixes: 'broken' }),
      ],
      {
        workstreams: [
          stream('one'),
          stream('two', {
            dependsOn: [{ fromId: 'one', kind: 'workstream', condition: 'finished' }],
          }),
        ],
      },
    );
    expect(orderOf(plan)).toEqual(['broken', 'repair']);
  });

  it('puts a repair between what it repairs and what waits for that', () => {
    const plan = planOf([
      task('broken'),
      task('next', { dependsOn: after('broken') }),
      task('repair', { fixes: 'broken' }),
      task('second-repair', { fixes: 'broken', dependsOn: after('broken') }),
    ]);
    expect(orderOf(plan)).toEqual(['broken', 'repair', 'second-repair', 'next']);
    expect(comesBefore(plan, 'repair', 'next')).toBe(true);
    expect(comesBefore(plan, 'second-repair', 'next')).toBe(true);
    expect(comesBefore(plan, 'repair', 'second-repair')).toBe(false);
    const alone = planOf([task('repair', { fixes: 'broken' }), task('broken')]);
    expect(orderOf(alone)).toEqual(['broken', 'repair']);
    expect(toPlanGraph(planOf([task('a', { fixes: 'ghost' })])).order).toHaveLength(4);
  });
});
