import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { type Lineage, type Session, type Task, varianceByGroup } from '#shared/variance/index.ts';

const AUDIT: Lineage = { kind: 'resolved', id: 'audit' };
const task = (taskId: string, hours: number, details: Partial<Task> = {}): Task => ({
  taskId,
  name: taskId,
  isFinished: true,
  ...(hours === 0 ? {} : { baselineMs: hours * HOUR_MS }),
  ...details,
});
let nth = 0;
const run = (
  taskId: string | undefined,
  hours: number,
  details: Partial<Session> = {},
): Session => ({
  runId: `R${(nth += 1)}`,
  ...(taskId === undefined ? {} : { taskId }),
  groups: { workflow: AUDIT },
  netMs: hours * HOUR_MS,
  workedDate: '2026-03-02',
  standing: 'counted',
  ...details,
});
const only = (tasks: readonly Task[], sessions: readonly Session[]) => {
  const groups = varianceByGroup(tasks, sessions);
  expect(groups).toHaveLength(1);
  return groups[0] as (typeof groups)[number];
};
const IDS = ['T1', 'T2', 'T3', 'T4', 'T5'];
const HOURS = [3, 4, 5, 6, 5];

describe('varianceByGroup, by the vectors', () => {
  it('calls five tasks of 4 h done in 3, 4, 5, 6 and 5 h typically +25 % and in total +15 %', () => {
    const tasks = IDS.map((id) => task(id, 4));
    const group = only(
      tasks,
      IDS.map((id, index) => run(id, HOURS[index] ?? 0)),
    );
    expect(group).toMatchObject({ nTasks: 5, nRuns: 5, typical: 0.25, suggestion: null });
    expect(group.total).toBeCloseTo(0.15, 12);
    expect(group.drift).toMatchObject({ state: 'insufficient', n: 5, needed: 27 });
  });

  it('sums the same five runs when they are of one task: 23 h, +475 %', () => {
    const group = only(
      [task('T1', 4)],
      HOURS.map((hours) => run('T1', hours)),
    );
    expect(group).toMatchObject({
      nTasks: 1,
      nRuns: 5,
      actualMs: 23 * HOUR_MS,
      typical: 4.75,
      total: 4.75,
    });
    expect(group.looks).toBeCloseTo(0.15, 12);
  });

  it('leaves a parent estimate out and counts the parent runs: 10 h against 9.5 h, −5 %', () => {
    const tasks = [task('P', 10), task('A', 4, { parentId: 'P' }), task('B', 6, { parentId: 'P' })];
    const group = only(tasks, [run('A', 5), run('B', 4), run('P', 0.5)]);
    expect(group).toMatchObject({ nTasks: 2, estimateMs: 10 * HOUR_MS, actualMs: 9.5 * HOUR_MS });
    expect(group.total).toBeCloseTo(-0.05, 12);
  });

  it('shows 12 h against 8 h as +50 %', () => {
    expect(only([task('T1', 8)], [run('T1', 12)]).total).toBe(0.5);
  });
});

describe('varianceByGroup, what counts', () => {
  it('lets a parent estimate speak for children that have none', () => {
    const tasks = [task('P', 10), task('A', 0, { parentId: 'P' }), task('B', 0, { parentId: 'A' })];
    const group = only(tasks, [run('P', 1), run('A', 5), run('B', 9)]);
    expect(group).toMatchObject({
      nTasks: 1,
      total: 0.5,
      taskIds: ['P'],
      excluded: { no_estimate: 0 },
    });
  });

  it('waits with such a parent until all below it is finished', () => {
    const tasks = [task('P', 10), task('A', 0, { parentId: 'P', isFinished: false })];
    const group = only(tasks, [run('A', 5)]);
    expect(group).toMatchObject({ nTasks: 0, total: null, unestimatedMs: 5 * HOUR_MS });
  });

  it('does not wait for a part that was dropped, and counts what was done on it', () => {
    const part = task('A', 0, { parentId: 'P', isFinished: false });
    const below = { ...part, taskId: 'B', parentId: 'A' };
    const dropped = { ...part, isDropped: true };
    const runs = [run('P', 3), run('A', 2)];
    expect(only([task('P', 4), dropped, below], runs)).toMatchObject({ nTasks: 1, total: 0.25 });
    // Nobody finished the parent itself, so that its parts are gone does not make it so.
    const open = task('P', 4, { isFinished: false });
    expect(only([open, dropped, below], runs).nTasks).toBe(0);
    expect(only([{ ...open, isDropped: true }, part], runs).nTasks).toBe(0);
  });

  it('keeps the own runs of a parent out while it is unfinished or its leaves are elsewhere', () => {
    const child = task('A', 4, { parentId: 'P' });
    const runs = [run('A', 5), run('P', 2)];
    expect(only([task('P', 4, { isFinished: false }), child], runs).actualMs).toBe(5 * HOUR_MS);
    const elsewhere = run('P', 2, { groups: { workflow: { kind: 'resolved', id: 'sales' } } });
    const groups = varianceByGroup([task('P', 4), child], [run('A', 5), elsewhere]);
    const sales = groups.find((group) => group.group === 'sales');
    expect(sales).toMatchObject({
      actualMs: 0,
      allNetMs: 2 * HOUR_MS,
      excluded: { no_estimate: 0, estimates_below: 1 },
    });
  });

  it('counts nothing of a run that is open, suspect or invalid, and keeps the task of a suspect out', () => {
    const tasks = [task('T1', 4), task('T2', 4)];
    const runs = [
      run('T1', 3),
      run('T1', 99, { standing: 'open' }),
      run('T1', 99, { standing: 'invalid' }),
      run('T2', 4),
      run('T2', 30, { standing: 'suspect' }),
    ];
    const group = only(tasks, runs);
    expect(group).toMatchObject({
      nTasks: 1,
      nRuns: 1,
      actualMs: 3 * HOUR_MS,
      allNetMs: 7 * HOUR_MS,
    });
    expect(group.excluded).toEqual({
      no_estimate: 0,
      estimates_below: 0,
      late_estimate: 0,
      no_time: 0,
      unconfirmed: 1,
      conflict: 0,
    });
  });

  it('gives each finished task outside the sample its reason, and an unfinished one none', () => {
    const tasks = [task('T1', 0), task('T2', 4), task('T3', 4, { isFinished: false })];
    const group = only(tasks, [run('T1', 2), run('T2', 0), run('T3', 3)]);
    expect(group.excluded).toEqual({
      no_estimate: 1,
      estimates_below: 0,
      late_estimate: 0,
      no_time: 1,
      unconfirmed: 0,
      conflict: 0,
    });
    expect(group.unestimatedMs).toBe(5 * HOUR_MS);
  });

  it('tells effort in the sample from effort outside it', () => {
    const group = only([task('T1', 4), task('T2', 0)], [run('T1', 3), run('T2', 2)]);
    expect(group).toMatchObject({ allNetMs: 5 * HOUR_MS, unestimatedMs: 2 * HOUR_MS });
  });

  it('has no row for tasks that are neither begun nor finished', () => {
    expect(
      varianceByGroup([task('T1', 4, { isFinished: false, groups: { workflow: AUDIT } })], []),
    ).toEqual([]);
  });

  it('counts unestimated leaves one by one, and a parent on which nobody worked not at all', () => {
    const below = ['A', 'B'].map((id) =>
      task(id, 0, { parentId: 'P', groups: { workflow: AUDIT } }),
    );
    const group = only([task('P', 0, { groups: { workflow: AUDIT } }), ...below], [run('A', 1)]);
    expect(group.excluded.no_estimate).toBe(2);
  });

  it('shows what the mean of the runs would say, and nothing where there is no sample', () => {
    const tasks = [task('T1', 4), task('T2', 6), task('T3', 0)];
    const group = only(tasks, [
      run('T1', 3),
      run('T1', 3),
      run('T2', 4),
      run('T2', 4),
      run('T3', 9),
    ]);
    // Runs of 3.5 h on average against estimates of 5 h, while the sums are 14 h against 10 h.
    expect(group.looks).toBeCloseTo(-0.3, 12);
    expect(group.total).toBeCloseTo(0.4, 12);
    expect(only([task('T3', 0)], [run('T3', 9)])).toMatchObject({ looks: null, typical: null });
  });

  it('places a finished task without runs by its own lineage', () => {
    const groups = varianceByGroup(
      [task('T1', 4, { groups: { workflow: AUDIT } }), task('T2', 4)],
      [],
    );
    expect(groups.map(({ group, excluded }) => [group, excluded.no_time])).toEqual([
      ['audit', 1],
      ['unresolved', 1],
    ]);
  });

  it('lets the runs of a task, where they have an answer, outrank its own lineage', () => {
    const other = task('T1', 4, { groups: { workflow: { kind: 'resolved', id: 'sales' } } });
    expect(only([other], [run('T1', 4)]).group).toBe('audit');
  });
});

describe('varianceByGroup, where work stands', () => {
  it('puts a task whose runs disagree into conflict with all its runs, and into no sample', () => {
    const sales: Lineage = { kind: 'resolved', id: 'sales' };
    const runs = [
      run('T1', 1),
      run('T1', 2, { groups: { workflow: sales } }),
      run('T2', 3, { groups: { workflow: sales } }),
    ];
    const groups = varianceByGroup([task('T1', 4), task('T2', 4)], runs);
    expect(
      groups.map(({ group, nTasks, allNetMs }) => [group, nTasks, allNetMs / HOUR_MS]),
    ).toEqual([
      ['sales', 1, 3],
      ['conflict', 0, 3],
    ]);
    expect(groups[1]?.excluded.conflict).toBe(1);
  });

  it('lets a run without an answer follow the other runs of its task', () => {
    const group = only(
      [task('T1', 4)],
      [run('T1', 1), run('T1', 2, { groups: { workflow: { kind: 'unresolved' } } })],
    );
    expect(group).toMatchObject({ group: 'audit', actualMs: 3 * HOUR_MS });
  });

  it('keeps runs without a known task in their own group, outside every sample', () => {
    const group = only([], [run(undefined, 2), run('gone', 1)]);
    expect(group).toMatchObject({ group: 'audit', nTasks: 0, allNetMs: 3 * HOUR_MS });
  });

  it('never mixes a workflow called "conflict" with the bucket of that name', () => {
    const runs = [
      run(undefined, 1, { groups: { workflow: { kind: 'resolved', id: 'conflict' } } }),
      run(undefined, 2, { groups: { workflow: { kind: 'conflict' } } }),
    ];
    const groups = varianceByGroup([], runs);
    expect(groups.map(({ bucket, allNetMs }) => [bucket, allNetMs / HOUR_MS])).toEqual([
      ['resolved', 1],
      ['conflict', 2],
    ]);
  });

  it('lists the largest difference in hours first, then ids, then the buckets', () => {
    const at = (id: string, hours: number) =>
      run(`T-${id}`, hours, { groups: { workflow: { kind: 'resolved', id } } });
    const tasks = ['a', 'b', 'c', 'd', 'z'].map((id) => task(`T-${id}`, 4));
    const runs = [
      run('T-z', 90, { groups: { workflow: { kind: 'unresolved' } } }),
      run(undefined, 1, { groups: { workflow: { kind: 'conflict' } } }),
      at('d', 5),
      at('b', 3),
      at('a', 4),
      at('c', 9),
    ];
    const order = varianceByGroup(tasks, runs).map(({ group }) => group);
    expect(order).toEqual(['c', 'b', 'd', 'a', 'conflict', 'unresolved']);
  });
});

const bin = (n: number, hours: number, ratio: number, prefix = 'T') => {
  const ids = Array.from({ length: n }, (_, index) => `${prefix}${index}`);
  return {
    tasks: ids.map((id) => task(id, hours)),
    runs: ids.map((id) => run(id, hours * ratio)),
  };
};

/** The P90 of one sales task among n own tasks of its size. */
const rangeAmong = (n: number) => {
  const own = bin(n - 1, 4, 2, 'own');
  const one = run('one', 8, { groups: { workflow: { kind: 'resolved', id: 'sales' } } });
  const groups = varianceByGroup([...own.tasks, task('one', 4)], [...own.runs, one]);
  return groups.find((group) => group.group === 'sales')?.p90;
};

describe('varianceByGroup, the range', () => {
  it('is the built-in range exactly where nothing is known', () => {
    const { p10, p50, p90 } = only([], [run(undefined, 1)]);
    expect([p10, p50, p90]).toEqual([expect.closeTo(0.3, 12), 1, expect.closeTo(2.5, 12)]);
  });

  it('weighs 20 tasks half and half with the built-in range of their size', () => {
    const { tasks, runs } = bin(20, 4, 2);
    const group = only(tasks, runs);
    // √(own · prior): own is 2 throughout, the prior of 2–4 h is .41, 1.00, 2.50.
    expect(group.p10).toBeCloseTo(Math.sqrt(2 * 0.41), 12);
    expect(group.p50).toBeCloseTo(Math.sqrt(2 * 1), 12);
    expect(group.p90).toBeCloseTo(Math.sqrt(2 * 2.5), 12);
    expect(group.suggestion).toEqual({ ratio: group.p50, low: group.p10, high: group.p90, n: 20 });
  });

  it('interpolates between the two tasks nearest to a quantile, on the ln scale', () => {
    const tasks = IDS.map((id) => task(id, 4));
    const { p10, p90 } = only(
      tasks,
      IDS.map((id, index) => run(id, HOURS[index] ?? 0)),
    );
    // Ratios .75, 1, 1.25, 1.25, 1.5; P10 at position 0.4 and P90 at 3.6; w = 5 ÷ 25.
    expect(p10).toBeCloseTo((0.75 ** 0.6 * 1 ** 0.4) ** 0.2 * 0.41 ** 0.8, 12);
    expect(p90).toBeCloseTo((1.25 ** 0.4 * 1.5 ** 0.6) ** 0.2 * 2.5 ** 0.8, 12);
  });

  it('takes all own tasks together for a workflow without any, from 30 on', () => {
    const { tasks, runs } = bin(30, 4, 2);
    const stray = run(undefined, 1, { groups: { workflow: { kind: 'resolved', id: 'sales' } } });
    const groups = varianceByGroup(tasks, [...runs, stray]);
    expect(groups.find((group) => group.group === 'sales')?.p10).toBeCloseTo(2, 12);
  });

  it('includes the upper edge in a size', () => {
    const edges = [0.5, 1, 2, 4, 8, 16, 40, 41].map(
      (hours) => only([task('T1', hours)], [run('T1', hours)]).p90,
    );
    // w = 1/21 and an own ratio of 1 leave the prior to the power 20/21.
    const priors = [3.12, 3, 2.67, 2.5, 2.44, 2.39, 2.19, 1.69];
    expect(edges).toEqual(priors.map((prior) => expect.closeTo(prior ** (20 / 21), 12)));
  });

  it('takes the mean of the priors of its tasks, on the ln scale', () => {
    const { p90 } = only([task('T1', 4), task('T2', 41)], [run('T1', 4), run('T2', 41)]);
    expect(p90).toBeCloseTo(Math.sqrt(2.5 * 1.69) ** (20 / 22), 12);
  });

  it('prefers own tasks of the size from 30 on, whichever workflow they are of', () => {
    expect(rangeAmong(29)).toBeCloseTo(2 ** (1 / 21) * 2.5 ** (20 / 21), 12);
    expect(rangeAmong(30)).toBeCloseTo(2, 12);
  });
});
