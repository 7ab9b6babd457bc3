import { describe, expect, it } from 'vitest';
import { HOUR_MS, type Instant, parseMoment, toInstant } from '#shared/kernel/index.ts';
import {
  reportWork,
  type SessionRecord,
  type TaskRecord,
  toRecordedWork,
  varianceByGroupings,
} from '#shared/variance/index.ts';

const ZONE = 'Europe/Berlin';
const at = (text: string): Instant => toInstant(parseMoment(text, ZONE) ?? Number.NaN);
const task = (taskId: string, facts: Partial<TaskRecord> = {}): TaskRecord => ({
  taskId,
  isFinished: true,
  completedAt: at('2026-03-31'),
  estimates: [{ estimateMs: 4 * HOUR_MS, at: at('2026-03-01') }],
  names: { workflow: 'Audit' },
  ...facts,
});
const run = (taskId: string | undefined, hours: number, facts: Partial<SessionRecord> = {}) => ({
  taskId,
  netMs: hours * HOUR_MS,
  startedAt: at('2026-03-10 09:00'),
  names: { person: 'dana' },
  ...facts,
});
const work = (tasks: readonly TaskRecord[], sessions: readonly SessionRecord[]) =>
  toRecordedWork(tasks, sessions, ZONE);

describe('toRecordedWork', () => {
  it('freezes the estimate in force at the first start, and shows the edit: 6 h against 4 h is +50 %', () => {
    const edited = task('T1', {
      estimates: [
        { estimateMs: 4 * HOUR_MS, at: at('2026-03-01') },
        { estimateMs: 8 * HOUR_MS, at: at('2026-03-20') },
      ],
    });
    const recorded = work([edited], [run('T1', 6)]);
    expect(reportWork(recorded, 'workflow').groups[0]).toMatchObject({ total: 0.5, typical: 0.5 });
    expect(recorded.baselines.get('T1')?.revisions).toHaveLength(1);
  });

  it('counts an estimate of the day work began, and leaves out one of the day after', () => {
    const estimatedOn = (day: string): TaskRecord =>
      task('T1', { estimates: [{ estimateMs: HOUR_MS, at: at(day) }] });
    const excluded = (day: string) =>
      reportWork(work([estimatedOn(day)], [run('T1', 6)]), 'workflow').flags;
    expect(excluded('2026-03-10')).toMatchObject({ lateEstimate: 0 });
    expect(excluded('2026-03-11')).toMatchObject({
      lateEstimate: 1,
      excluded: { late_estimate: 1, no_estimate: 0 },
    });
  });

  it('freezes an estimate that speaks for children when the first of them is begun', () => {
    const parent = task('P', {
      estimates: [
        { estimateMs: 4 * HOUR_MS, at: at('2026-03-01') },
        { estimateMs: 6 * HOUR_MS, at: at('2026-03-05') },
        { estimateMs: 9 * HOUR_MS, at: at('2026-03-20') },
      ],
    });
    const child = task('C', { parentId: 'P', estimates: [] });
    const grandchild = task('G', { parentId: 'C', estimates: [] });
    const later = run('C', 1, { startedAt: at('2026-03-25 09:00') });
    const recorded = work([parent, child, grandchild], [later, run('G', 5)]);
    expect(reportWork(recorded, 'workflow').groups[0]).toMatchObject({ nTasks: 1, total: 0 });
    const estimates = [{ estimateMs: HOUR_MS, at: at('2026-03-20') }];
    const late = work([{ ...parent, estimates }, child, grandchild], [run('G', 5)]);
    expect(reportWork(late, 'workflow').flags.excluded.late_estimate).toBe(1);
  });

  it('finds when tasks began that are each other’s parents', () => {
    const loop = [task('A', { parentId: 'B' }), task('B', { parentId: 'A' })];
    const recorded = work(loop, [run('A', 4)]);
    expect([...recorded.baselines.keys()]).toEqual(['A', 'B']);
  });

  it('counts a run told twice once, and of two that contradict each other the first', () => {
    const told = run('T1', 1, { runId: 'r1' });
    const recorded = work([task('T1')], [told, { ...told }, run('T1', 9, { runId: 'r1' })]);
    expect(recorded.sessions.map(({ netMs }) => netMs / HOUR_MS)).toEqual([1]);
    expect([recorded.repeatedRunIds, recorded.mismatchedRunIds]).toEqual([['r1'], ['r1']]);
  });

  it('tells runs without an id apart by what they say', () => {
    const recorded = work([task('T1')], [run('T1', 1), run('T1', 1), run('T1', 1, { names: {} })]);
    expect(recorded.sessions).toHaveLength(2);
    expect(recorded.repeatedRunIds).toHaveLength(1);
  });

  it('keeps two ids with one task and start, as possible duplicates', () => {
    const sessions = ['r1', 'r2'].map((runId) => run('T1', 1, { runId }));
    const { groups, flags } = reportWork(work([task('T1')], sessions), 'workflow');
    expect(groups[0]).toMatchObject({ nRuns: 2, actualMs: 2 * HOUR_MS });
    expect(flags).toMatchObject({ possibleDuplicate: 1, repeated: 0 });
  });

  it('puts a run whose workflow is not that of its task into the conflict bucket', () => {
    const sessions = [run('T1', 1, { names: { workflow: 'Sales' } }), run('T2', 2)];
    const { groups, flags } = reportWork(work([task('T1'), task('T2')], sessions), 'workflow');
    expect(groups.map(({ group, allNetMs }) => [group, allNetMs / HOUR_MS])).toEqual([
      ['Audit', 2],
      ['conflict', 1],
    ]);
    expect(flags).toMatchObject({ conflict: 1, unresolved: 0, excluded: { conflict: 1 } });
  });

  it('lets runs name tasks no task file knows, as open work without an estimate', () => {
    const { groups } = reportWork(work([], [run('T9', 2), run(undefined, 1)]), 'workflow');
    expect(groups).toMatchObject([
      { group: 'unresolved', nTasks: 0, nAllRuns: 2, allNetMs: 3 * HOUR_MS },
    ]);
  });

  it('puts a finished task into the month it was completed in, and open work into the month it was done', () => {
    const tasks = [
      task('T1', { completedAt: at('2026-04-01') }),
      task('T2', { isFinished: false, completedAt: undefined }),
    ];
    const sessions = [
      run('T1', 1),
      run('T2', 2),
      // Half an hour into April in Berlin, and still March in UTC.
      run(undefined, 4, { endedAt: at('2026-04-01 00:30'), startedAt: undefined }),
    ];
    const months = reportWork(work(tasks, sessions), 'month').groups;
    expect(
      Object.fromEntries(months.map((month) => [month.group, month.allNetMs / HOUR_MS])),
    ).toEqual({
      '2026-03': 2,
      '2026-04': 5,
    });
  });

  it('lets open work over two months stand in its last, in whatever order the runs come', () => {
    const tasks = [task('T1', { isFinished: false, completedAt: undefined })];
    const [march, april] = ['2026-03-10', '2026-04-10'].map((day) =>
      run('T1', 1, { startedAt: at(day) }),
    );
    for (const sessions of [
      [march, april],
      [april, march],
    ]) {
      const found = reportWork(
        work(
          tasks,
          sessions.flatMap((one) => one ?? []),
        ),
        'month',
      ).groups;
      expect(found.map(({ group }) => group)).toEqual(['2026-04']);
    }
  });

  it('gives every grouping from one pass what it gives alone', () => {
    const sessions = [
      run('T1', 1, { names: { person: 'dana', project: 'P1' } }),
      run('T1', 2, { names: { person: 'alex', project: 'P1' }, startedAt: at('2026-03-11') }),
      run('T2', 3, { names: { person: 'dana', project: 'P2' } }),
    ];
    const { tasks, sessions: recorded } = work([task('T1'), task('T2')], sessions);
    const all = varianceByGroupings(tasks, recorded, ['workflow', 'person', 'project']);
    expect([...all].map(([by, groups]) => [by, groups.map(({ group }) => group)])).toEqual([
      ['workflow', ['Audit']],
      // A task of two people is in neither's numbers.
      ['person', ['dana', 'conflict']],
      ['project', ['P1', 'P2']],
    ]);
    for (const [grouping, groups] of all) {
      expect(reportWork(work([task('T1'), task('T2')], sessions), grouping).groups).toEqual(groups);
    }
  });
});

describe('reportWork', () => {
  it('names everything a person should look at, and counts none of it silently', () => {
    const tasks = [
      task('T1', { estimates: [] }),
      task('T2'),
      task('T3', { parentId: 'T9' }),
      task('T4', { estimates: [{ estimateMs: HOUR_MS }] }),
    ];
    const clock = (start: string, end: string, facts: Partial<SessionRecord> = {}): SessionRecord =>
      run('T4', 0, { netMs: undefined, startedAt: at(start), endedAt: at(end), ...facts });
    const sessions = [
      run('T1', 1),
      run('T3', 1),
      clock('2026-03-10 09:00', '2026-03-10 10:00'),
      clock('2026-03-10 09:30', '2026-03-10 10:30'),
      clock('2026-03-11 09:00', '2026-03-12 09:01'),
      clock('2026-03-11 09:00', '2026-03-12 09:01', { netMs: HOUR_MS, names: {} }),
      clock('2026-03-12 10:00', '2026-03-12 09:00'),
      run('T4', 0, { netMs: undefined }),
    ];
    const { flags, treeFindings } = reportWork(work(tasks, sessions), 'workflow');
    expect(flags).toEqual({
      suspect: 2,
      open: 1,
      invalid: 1,
      overlap: 1,
      overlapMs: HOUR_MS / 2,
      possibleDuplicate: 0,
      repeated: 0,
      mismatch: 0,
      unresolved: 0,
      conflict: 0,
      noRuns: 1,
      lateEstimate: 0,
      undatedEstimate: 1,
      excluded: {
        no_estimate: 1,
        estimates_below: 0,
        late_estimate: 0,
        no_time: 1,
        unconfirmed: 1,
        conflict: 0,
      },
    });
    expect(treeFindings).toEqual([{ code: 'orphan', taskId: 'T3', parentId: 'T9' }]);
  });
});
