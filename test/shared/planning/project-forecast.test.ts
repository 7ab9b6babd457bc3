import { describe, expect, it } from 'vitest';
import { HOUR_MS, type Instant, toInstant } from '#shared/kernel/index.ts';
import {
  type ForecastFacts,
  type ForecastRequest,
  forecastProjects,
  type TaskPlan,
} from '#shared/planning/index.ts';
import type { Groups, Session, Task } from '#shared/variance/index.ts';

/** A Monday. */
const DATE = '2026-03-02';
const at = (text: string): Instant => toInstant(Date.parse(`${text}Z`));
const resolved = (id: string) => ({ kind: 'resolved', id }) as const;
const inAcme: Groups = { project: resolved('acme'), workflow: resolved('audit') };
const task = (taskId: string, hours: number, facts: Partial<Task> = {}): Task => ({
  taskId,
  name: taskId,
  isFinished: false,
  groups: inAcme,
  ...(hours === 0 ? {} : { baselineMs: hours * HOUR_MS }),
  ...facts,
});
const run = (taskId: string | undefined, hours: number, facts: Partial<Session> = {}): Session => ({
  runId: `${taskId} ${hours}`,
  taskId,
  groups: taskId === undefined ? { project: resolved('acme') } : {},
  netMs: hours * HOUR_MS,
  standing: 'counted',
  ...facts,
});
type Told = Partial<TaskPlan> & { readonly id: string };
const work = (
  tasks: readonly Task[],
  plans: readonly Told[] = [],
  sessions: readonly Session[] = [],
): ForecastFacts => ({
  tasks,
  sessions,
  plans: new Map(plans.map(({ id, ...plan }) => [id, { dependsOn: [], ...plan }])),
  limits: [],
  onlyPersonId: 'dana',
  // Thirty tasks of each size that went as estimated, so that dates can be counted by hand.
  moreFinished: [1, 2, 4, 8, 16, 40].flatMap((hours) =>
    Array.from({ length: 2_000 }, () => ({
      group: 'audit',
      estimateMs: hours * HOUR_MS,
      actualMs: hours * HOUR_MS,
    })),
  ),
});
const DAY = [8, 8, 8, 8, 8, 0, 0].map((hours) => hours * HOUR_MS);
const ask = (facts: ForecastFacts, request: Partial<ForecastRequest> = {}) =>
  forecastProjects(facts, {
    date: DATE,
    seed: 1,
    draws: 40,
    commonSd: 0,
    capacityOf: () => ({ weekMs: DAY, daysOff: [] }),
    ...request,
  });
const only = (...args: Parameters<typeof ask>) => {
  const [project] = ask(...args).projects;
  if (project === undefined) throw new Error('no project');
  return project;
};

describe('forecastProjects, the dates', () => {
  it('are of what is open, with what was spent taken off, at the estimate as it stands now', () => {
    const tasks = [task('done', 8, { isFinished: true }), task('a', 16), task('b', 4)];
    const plans = [{ id: 'b', estimateMs: 8 * HOUR_MS }];
    const { finish, openTasks, finishedTasks } = only(
      work(tasks, plans, [run('done', 8), run('a', 8)]),
    );
    expect([openTasks, finishedTasks]).toEqual([2, 1]);
    expect(finish).toMatchObject({
      p50: '2026-03-03',
      reason: null,
      simulated: 2,
      estimateMs: 24 * HOUR_MS,
      personIds: ['dana'],
    });
  });

  it('come later for what is scheduled later, whatever project it is of', () => {
    const elsewhere = { groups: { ...inAcme, project: resolved('beta') } };
    const tasks = [task('a', 8), task('b', 8, elsewhere), task('c', 8)];
    const plans = [
      { id: 'a', scheduledDate: '2026-03-09' },
      { id: 'b', scheduledDate: '2026-03-02' },
    ];
    const dates = ask(work(tasks, plans)).projects.map(({ projectId, finish }) => [
      projectId,
      finish.p50,
    ]);
    // b first, then a; c has no day and comes last.
    expect(dates).toEqual([
      ['acme', '2026-03-04'],
      ['beta', '2026-03-02'],
    ]);
  });

  it('come in the order tasks are listed in, parts of a parent too', () => {
    const elsewhere = { groups: { ...inAcme, project: resolved('beta') } };
    const tasks = [task('x', 8, { parentId: 'p' }), task('y', 8, elsewhere), task('p', 0)];
    const dates = ask(work(tasks)).projects.map(({ finish }) => finish.p50);
    expect(dates).toEqual(['2026-03-02', '2026-03-03']);
  });

  it('wait for every part of a parent, and of what a parent waits for each part waits', () => {
    const tasks = [
      task('later', 0),
      task('x', 8, { parentId: 'later' }),
      task('first', 0),
      task('y', 8, { parentId: 'first' }),
      task('z', 8, { parentId: 'first' }),
    ];
    const plans = [
      { id: 'later', dependsOn: ['first'], personId: 'sam' },
      { id: 'y', personId: 'alex' },
      { id: 'z', personId: 'kim' },
    ];
    const { finish } = only(work(tasks, plans));
    expect(finish).toMatchObject({ p50: '2026-03-03', personIds: ['alex', 'kim', 'sam'] });
    // A parent that waits for one of its own parts keeps that part free.
    const own = only(work(tasks, [{ id: 'first', dependsOn: ['y'] }]));
    expect(own.finish).toMatchObject({ simulated: 3, cycleTaskIds: [] });
    const itself = only(work([task('a', 8)], [{ id: 'a', dependsOn: ['a'] }]));
    expect(itself.finish).toMatchObject({ reason: 'nothing to simulate', cycleTaskIds: ['a'] });
  });

  it('take a subtree under one estimate for one task, with the plan of whichever part has one', () => {
    const tasks = [task('top', 16), task('part', 0, { parentId: 'top' }), task('next', 8)];
    const plans = [
      { id: 'part', personId: 'alex', scheduledDate: '2026-03-02' },
      { id: 'next', dependsOn: ['part'] },
    ];
    const { finish, openTasks } = only(work(tasks, plans, [run('part', 8)]));
    expect(openTasks).toBe(2);
    expect(finish).toMatchObject({ p50: '2026-03-03', simulated: 2, personIds: ['alex', 'dana'] });
  });

  it('go by who worked last where nobody is named, and by nobody where nobody has', () => {
    const tasks = [task('a', 8), task('b', 8)];
    const sessions = [
      run('a', 1, { personId: 'alex', startedAt: at('2026-02-02T09:00:00') }),
      run('a', 2, { personId: 'sam', startedAt: at('2026-02-01T09:00:00') }),
    ];
    const { onlyPersonId: _, ...facts } = work(tasks, [], sessions);
    const { finish } = only(facts);
    expect(finish).toMatchObject({ personIds: ['', 'alex'], unassignedTaskIds: ['b'] });
  });

  it('say why there are none', () => {
    const reasonOf = (...args: Parameters<typeof work>) => only(work(...args)).finish.reason;
    expect(reasonOf([task('a', 8, { isFinished: true })])).toBe('nothing open');
    expect(reasonOf([task('a', 0, { groups: { project: resolved('acme') } })])).toBe(
      'nothing to simulate',
    );
    const never = only(work([task('a', 8)]), {
      capacityOf: () => ({ weekMs: DAY.map(() => 0), daysOff: [] }),
      targetDate: '2030-01-01',
    }).finish;
    const others = ask(
      work(
        [task('a', 8), task('b', 8, { groups: { project: resolved('beta') } })],
        [{ id: 'b', personId: 'sam' }],
      ),
      { capacityOf: (who) => ({ weekMs: DAY.map((ms) => (who === 'sam' ? 0 : ms)), daysOff: [] }) },
    );
    expect(others.projects.map(({ finish }) => finish.withoutCapacity)).toEqual([[], ['sam']]);
    expect(never).toMatchObject({
      p50: null,
      reason: 'never',
      withoutCapacity: ['dana'],
      onTimeShare: 0,
    });
  });

  it('name what they leave out, and what they take for granted, of each project apart', () => {
    const elsewhere = { project: resolved('beta') };
    const tasks = [
      task('usual', 0),
      task('blank', 0, { groups: elsewhere }),
      task('waits', 8, { groups: elsewhere }),
      task('dropped', 8, { isDropped: true }),
      task('several', 8, { groups: { ...inAcme, project: { kind: 'conflict' } } }),
    ];
    const plans = [
      { id: 'usual', dependsOn: ['nowhere'] },
      { id: 'waits', dependsOn: ['blank'] },
    ];
    const { projects, conflictTaskIds } = ask(work(tasks, plans));
    expect(projects.map(({ projectId }) => projectId)).toEqual(['acme', 'beta']);
    const [acme, beta] = projects;
    expect(acme).toMatchObject({ openTasks: 1, droppedTasks: 1 });
    expect(acme?.finish).toMatchObject({
      assumedTaskIds: ['usual'],
      unestimatedTaskIds: [],
      unknownDependsOn: ['nowhere'],
    });
    expect(beta?.finish).toMatchObject({
      unestimatedTaskIds: ['blank'],
      waitingTaskIds: ['waits'],
      waitedForTaskIds: ['blank'],
      reason: 'nothing to simulate',
    });
    expect(conflictTaskIds).toEqual(['several']);
  });

  it('leave out what was dropped and all below it, and nothing because a part was', () => {
    const below = (id: string, hours: number, facts: Partial<Task> = {}) =>
      task(id, hours, { parentId: id.slice(0, -1), ...facts });
    const tasks = [
      task('kept', 40),
      below('kept1', 0, { isDropped: true }),
      below('kept2', 0),
      task('gone', 0, { isDropped: true }),
      below('gone1', 8),
      below('gone2', 8, { isFinished: true }),
      task('whole', 16, { isDropped: true }),
      below('whole1', 0),
    ];
    const { openTasks, droppedTasks, finishedTasks, finish, earned } = only(work(tasks));
    expect([openTasks, droppedTasks, finishedTasks]).toEqual([1, 2, 1]);
    expect(finish.estimateMs).toBe(40 * HOUR_MS);
    expect(earned.budgetMs).toBe(48 * HOUR_MS);
  });

  it('draw from finished work of the same workflow, and count it', () => {
    const finished = Array.from({ length: 3 }, (_, place) =>
      task(`done${place}`, 8, { isFinished: true }),
    );
    const runs = finished.map(({ taskId }) => run(taskId, 8));
    const { moreFinished: _, ...facts } = work([...finished, task('a', 8)], [], runs);
    const { projects, finishedWithRatio } = ask(facts);
    expect([projects[0]?.finish.finishedAlike, finishedWithRatio]).toEqual([3, 3]);
    const alone = ask({ ...facts, tasks: [task('a', 8)], sessions: [] });
    expect([alone.projects[0]?.finish.finishedAlike, alone.finishedWithRatio]).toEqual([0, 0]);
  });

  it('draw nothing for work of no workflow from other work of none, which it has nothing in common with', () => {
    const groups: Groups = { project: resolved('acme') };
    const finished = Array.from({ length: 20 }, (_, place) =>
      task(`done${place}`, 8, { isFinished: true, groups }),
    );
    const runs = finished.map(({ taskId }) => run(taskId, 80));
    const open = task('open', 8, { groups });
    const { moreFinished: _, ...facts } = work([...finished, open], [], runs);
    const { projects, finishedWithRatio } = ask(facts);
    const alone = ask({ ...facts, tasks: [open], sessions: [] });
    const [told, untold] = [projects[0]?.finish, alone.projects[0]?.finish];
    expect([told?.p50, told?.p95]).toEqual([untold?.p50, untold?.p95]);
    expect([told?.finishedAlike, finishedWithRatio]).toEqual([0, 20]);
  });

  it('leave out of what a workflow usually takes the hours nobody believes', () => {
    const groups: Groups = { project: resolved('acme'), workflow: resolved('sales') };
    const finished = Array.from({ length: 5 }, (_, place) =>
      task(`done${place}`, 0, { isFinished: true, groups }),
    );
    const tasks = [...finished, task('open', 0, { groups })];
    const runs = finished.map(({ taskId }, place) => run(taskId, 2 + place));
    expect(only(work(tasks, [], runs)).finish.assumedTaskIds).toEqual(['open']);
    // Of tasks without a workflow nobody knows that they have anything in common.
    const nowhere = tasks.map((one) => ({ ...one, groups: { project: resolved('acme') } }));
    expect(only(work(nowhere, [], runs)).finish.unestimatedTaskIds).toEqual(['open']);
    const doubtful = [...runs, run('done0', 0, { standing: 'suspect' })];
    expect(only(work(tasks, [], doubtful)).finish.unestimatedTaskIds).toEqual(['open']);
  });
});

describe('forecastProjects, what stands beside the dates', () => {
  it('is the growth of the last four weeks, without what was dropped', () => {
    const tasks = [...['a', 'b', 'c'].map((id) => task(id, 8)), task('d', 8, { isDropped: true })];
    const plans = [
      { id: 'a', addedDate: '2026-02-20' },
      { id: 'b', addedDate: '2026-01-20' },
      { id: 'd', addedDate: '2026-02-20' },
    ];
    const { growth, undatedTasks } = only(work(tasks, plans));
    expect(growth).toMatchObject({ addedTasks: 1, addedMs: 8 * HOUR_MS });
    expect(undatedTasks).toBe(1);
  });

  it('is the earned value, with the hours of parents, dropped tasks and no task', () => {
    const tasks = [
      task('parent', 0),
      task('done', 4, { parentId: 'parent', isFinished: true }),
      task('open', 6, { parentId: 'parent' }),
      task('blank', 0),
      task('dropped', 8, { isDropped: true }),
      task('bare', 0),
      task('child', 0, { parentId: 'bare' }),
    ];
    const plans = [
      { id: 'parent', dueDate: DATE },
      { id: 'open', dueDate: '2026-03-03' },
    ];
    const sessions = [
      run('done', 5),
      run('parent', 1),
      run('blank', 2),
      run('dropped', 3),
      run('bare', 4),
      run(undefined, 6),
      run(undefined, 7, { standing: 'suspect', runId: 'doubtful' }),
    ];
    const { earned } = only(work(tasks, plans, sessions));
    expect(earned).toMatchObject({
      budgetMs: 10 * HOUR_MS,
      plannedMs: 4 * HOUR_MS,
      earnedMs: 4 * HOUR_MS,
      spentMs: 21 * HOUR_MS,
      // The blank task and the child; the hours of these, of the bare parent, of what was dropped and of no task.
      unestimatedLeaves: 2,
      unestimatedSpentMs: 15 * HOUR_MS,
    });
    const half = only(work([task('a', 8)], [], [run('a', 1)]), { rule: '50/50' }).earned;
    expect(half.earnedMs).toBe(4 * HOUR_MS);
  });

  it('plans what a parent had foreseen, whatever its parts were estimated at later', () => {
    const late = { parentId: 'p', isFinished: true, isEstimateLate: true };
    const project = only(work([task('p', 10), task('part', 2, late)], [], [run('part', 2)]));
    expect(project).toMatchObject({ openTasks: 1, finishedTasks: 0 });
    expect(project.earned).toMatchObject({ budgetMs: 10 * HOUR_MS, earnedMs: 0 });
  });

  it('is what people logged in the four weeks before, a weekday', () => {
    const sessions = [
      run('a', 30, { personId: 'dana', workedDate: '2026-02-02' }),
      run('a', 10, { personId: 'dana', workedDate: '2026-03-01', runId: 'r2' }),
      run('a', 99, { personId: 'dana', workedDate: '2026-02-01', runId: 'r3' }),
      run('a', 99, { personId: 'dana', workedDate: DATE, runId: 'r4' }),
      run('a', 99, { personId: 'dana', workedDate: '2026-02-03', runId: 'r5', standing: 'open' }),
    ];
    expect(ask(work([task('a', 400)], [], sessions)).people).toEqual([
      { personId: 'dana', tasks: 1, weekMs: DAY, loggedMs: 2 * HOUR_MS },
    ]);
    expect(ask(work([task('a', 8)])).people).toMatchObject([{ loggedMs: null }]);
  });

  it('spends every counted hour in one place: a project, none, or several', () => {
    const several = { project: { kind: 'conflict' } } as const;
    const sessions = [
      run('a', 1),
      run(undefined, 2),
      run(undefined, 4, { groups: {} }),
      run(undefined, 8, { groups: { project: { kind: 'unresolved' } } }),
      run(undefined, 16, { groups: several }),
      run('c', 32),
      run(undefined, 64, { groups: several, standing: 'open' }),
    ];
    const tasks = [task('a', 8), task('c', 8, { groups: several })];
    const { projects, conflictRuns, conflictSpentMs } = ask(work(tasks, [], sessions));
    expect(projects.map(({ projectId, earned }) => [projectId, earned.spentMs / HOUR_MS])).toEqual([
      [undefined, 12],
      ['acme', 3],
    ]);
    expect([conflictRuns, conflictSpentMs / HOUR_MS]).toEqual([2, 48]);
  });

  it('keeps the work of no project apart', () => {
    const { projects } = ask(work([task('a', 8, { groups: {} }), task('b', 8)]));
    expect(projects.map(({ projectId, openTasks }) => [projectId, openTasks])).toEqual([
      [undefined, 1],
      ['acme', 1],
    ]);
  });
});
