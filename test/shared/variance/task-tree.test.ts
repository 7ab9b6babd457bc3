import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { inspectTasks, type Session, type Task, varianceByGroup } from '#shared/variance/index.ts';

const task = (taskId: string, parentId?: string, hours = 0): Task => ({
  taskId,
  name: taskId,
  isFinished: true,
  ...(parentId === undefined ? {} : { parentId }),
  ...(hours === 0 ? {} : { baselineMs: hours * HOUR_MS }),
});
const workOnEach = (tasks: readonly Task[]): readonly Session[] =>
  tasks.map(({ taskId }) => ({
    runId: taskId,
    taskId,
    groups: { workflow: { kind: 'resolved', id: 'W1' } },
    netMs: HOUR_MS,
    standing: 'counted',
  }));

describe('inspectTasks', () => {
  it('finds nothing in a sound tree', () => {
    expect(inspectTasks([task('P', undefined, 3), task('A', 'P', 1), task('B', 'P', 2)])).toEqual(
      [],
    );
  });

  it('names every task of a loop, and none that only hangs from it', () => {
    const tasks = [task('A', 'B'), task('B', 'C'), task('C', 'A'), task('D', 'A'), task('E', 'E')];
    const found = inspectTasks(tasks).map(({ code, taskId }) => `${code} ${taskId}`);
    expect(found).toEqual(['cycle A', 'cycle B', 'cycle C', 'cycle E']);
  });

  it('names an orphan and the parent it misses', () => {
    expect(inspectTasks([task('A', 'gone')])).toEqual([
      { code: 'orphan', taskId: 'A', parentId: 'gone' },
    ]);
  });

  it('compares nothing where the parent has no estimate', () => {
    expect(inspectTasks([task('P'), task('A', 'P', 4)])).toEqual([]);
  });

  it('gives what a parent estimates beyond the estimates that count below it', () => {
    const tasks = [
      task('P', undefined, 10),
      task('A', 'P', 7),
      task('B', 'A', 4),
      task('C', 'A', 2),
    ];
    expect(inspectTasks(tasks)).toEqual([
      { code: 'estimate_mismatch', taskId: 'A', differenceMs: HOUR_MS },
      { code: 'estimate_mismatch', taskId: 'P', differenceMs: 4 * HOUR_MS },
    ]);
  });
});

describe('late estimates', () => {
  const late = (taskId: string, parentId: string | undefined, hours: number): Task => ({
    ...task(taskId, parentId, hours),
    isEstimateLate: true,
  });
  const groupOf = (tasks: readonly Task[]) => varianceByGroup(tasks, workOnEach(tasks))[0];

  it('silence no estimate above them that was there before work began', () => {
    const tasks = [task('P', undefined, 10), task('A', 'P'), late('B', 'A', 2), late('C', 'P', 9)];
    expect(groupOf(tasks)).toMatchObject({
      taskIds: ['P'],
      estimateMs: 10 * HOUR_MS,
      actualMs: 4 * HOUR_MS,
      excluded: { late_estimate: 0 },
    });
    expect(inspectTasks(tasks)).toEqual([]);
    // What is above compares with the one that speaks for them.
    expect(inspectTasks([...tasks.slice(1), task('P', 'R', 10), task('R', undefined, 12)])).toEqual(
      [{ code: 'estimate_mismatch', taskId: 'R', differenceMs: 2 * HOUR_MS }],
    );
  });

  it('stand for themselves beside one that was, and under a parent that came late too', () => {
    const beside = [task('P', undefined, 10), late('A', 'P', 2), task('B', 'P', 4)];
    expect(groupOf(beside)).toMatchObject({ taskIds: ['B'], excluded: { late_estimate: 1 } });
    const under = [late('P', undefined, 10), late('A', 'P', 2), late('B', 'P', 4)];
    expect(groupOf(under)).toMatchObject({ nTasks: 0, excluded: { late_estimate: 2 } });
    expect(groupOf([late('P', undefined, 10), task('A', 'P')])).toMatchObject({
      nTasks: 0,
      excluded: { late_estimate: 1, no_estimate: 0 },
    });
  });
});

describe('varianceByGroup of an odd tree', () => {
  it('counts members of a loop and orphans once', () => {
    const tasks = [task('A', 'B', 2), task('B', 'A', 2), task('C', 'A', 3), task('D', 'gone', 4)];
    const [group] = varianceByGroup(tasks, workOnEach(tasks));
    // A is C's parent, so its own estimate gives way to C's.
    expect(group).toMatchObject({ estimateMs: 9 * HOUR_MS, actualMs: 4 * HOUR_MS, nTasks: 3 });
  });

  it('survives a chain of 20,000 tasks', () => {
    const tasks = Array.from({ length: 20_000 }, (_, depth) =>
      task(`T${depth}`, depth === 0 ? undefined : `T${depth - 1}`, depth === 19_999 ? 1 : 0),
    );
    const [group] = varianceByGroup(tasks, workOnEach(tasks));
    expect(group).toMatchObject({ nTasks: 1, nRuns: 20_000, estimateMs: HOUR_MS });
  });
});
