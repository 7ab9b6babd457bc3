import { describe, expect, it } from 'vitest';
import type { Burn } from '#shared/cost/index.ts';
import { addDays } from '#shared/kernel/index.ts';
import { toDailyThreadRow, toTemplatePerformanceRows } from '#shared/planning/index.ts';
import type { Lineage } from '#shared/variance/index.ts';
import {
  at,
  FRIDAY,
  history,
  hours,
  named,
  open,
  reviewOf,
  session,
  task,
} from './review-samples.ts';

const SPRINT = { ...named('s1'), startDate: '2026-01-05', endDate: '2026-01-11' };
const inSprint = { kind: 'sprint', sprintId: 's1' } as const;

describe('a review', () => {
  it('says nothing where there is nothing to say', () => {
    for (const kind of ['daily', 'weekly'] as const) {
      expect(reviewOf({ kind })).toEqual({
        kind,
        from: kind === 'daily' ? FRIDAY : '2026-01-03',
        to: FRIDAY,
        timeZone: 'UTC',
        patterns: [],
        blockers: [],
        overdueGates: [],
        budgetsAhead: [],
        runway: null,
        sprint: null,
        overlappingSprints: [],
        trend: null,
        sessions: [],
        finished: [],
        revisions: [],
        loggedNothing: [],
        ventures: [],
      });
    }
  });

  it('leaves out what came after its day', () => {
    const later = { completedDate: '2026-01-10' };
    const { finished, sessions, patterns, trend } = reviewOf({
      tasks: [task('k1', later)],
      sessions: [session('r1', { taskId: 'k1', workedDate: '2026-01-10' })],
    });
    expect([finished, sessions, patterns, trend]).toEqual([[], [], [], null]);
  });
});

describe('what changed', () => {
  it('has a variance for what was finished in the span, from all runs of it', () => {
    const { finished } = reviewOf({
      kind: 'daily',
      tasks: [task('k1'), task('k2', { completedDate: '2026-01-08' }), open('k3')],
      sessions: [
        session('r1', { taskId: 'k1', netMs: hours(5), workedDate: '2025-11-03' }),
        session('r2', { taskId: 'k1' }),
        session('r3', { taskId: 'k3' }),
      ],
    });
    expect(finished).toEqual([
      {
        taskId: 'k1',
        name: 'k1',
        completedDate: FRIDAY,
        actualMs: hours(6),
        baselineMs: hours(4),
        variance: 0.5,
        rowIds: ['k1', 'r1', 'r2'],
      },
    ]);
  });

  it('compares nothing without estimate, with a late one, with a run in doubt, and of a parent', () => {
    const { baselineMs: _, ...bare } = task('k1');
    const { finished } = reviewOf({
      tasks: [
        bare,
        task('k2', { isEstimateLate: true }),
        task('k3'),
        task('k4'),
        task('k5', { parentId: 'k4', completedDate: '2026-01-08' }),
      ],
      sessions: ['k1', 'k2', 'k3', 'k4', 'k5'].flatMap((taskId) => [
        session(`r${taskId}`, { taskId }),
        ...(taskId === 'k3' ? [session('r0', { taskId, standing: 'suspect', netMs: 0 })] : []),
      ]),
    });
    expect(finished.map(({ taskId, variance }) => [taskId, variance])).toEqual([
      ['k5', -0.75],
      ['k1', null],
      ['k2', null],
      ['k3', null],
      ['k4', null],
    ]);
  });

  it('lists the runs of the span, those of no minutes too, with the rows they rest on', () => {
    const { sessions } = reviewOf({
      sessions: [
        session('r1', { taskId: 'k1' }),
        session('r2', { workedDate: '2026-01-03', netMs: 0 }),
        session('r3', { workedDate: '2026-01-02' }),
        session('r4', { standing: 'open', netMs: 0 }),
      ],
    });
    expect(sessions).toEqual([
      { runId: 'r1', taskId: 'k1', netMs: hours(1), rowIds: ['r1', 'k1'] },
      { runId: 'r2', taskId: null, netMs: 0, rowIds: ['r2'] },
    ]);
  });

  it('splits a run over midnight, and the parts of the days add up', () => {
    const night = session('r1', {
      startedAt: at('2026-01-08T23:00:00Z'),
      endedAt: at('2026-01-09T02:00:00Z'),
      workedDate: '2026-01-09',
      netMs: hours(1) + 1,
    });
    const of = (date: string) =>
      reviewOf({ kind: 'daily', date, sessions: [night] }).sessions.map(({ netMs }) => netMs);
    expect(of('2026-01-08')).toEqual([hours(1) / 3]);
    expect(of('2026-01-09')).toEqual([(hours(1) * 2) / 3 + 1]);
    expect(of('2026-01-10')).toEqual([]);
  });

  it('names estimates that differ from their baseline, of tasks worked on or finished', () => {
    const details = new Map(
      ['k1', 'k2', 'k3', 'k4'].map((taskId) => [
        taskId,
        { place: inSprint, estimateMs: hours(taskId === 'k4' ? 4 : 8) },
      ]),
    );
    const { revisions } = reviewOf({
      tasks: [task('k1'), open('k2'), open('k3'), task('k4')],
      sessions: [session('r2', { taskId: 'k2' })],
      details,
    });
    const change = { baselineMs: hours(4), estimateMs: hours(8) };
    expect(revisions).toEqual([
      { taskId: 'k1', name: 'k1', ...change, rowIds: ['k1'] },
      { taskId: 'k2', name: 'k2', ...change, rowIds: ['k2'] },
    ]);
  });

  const week = (finished: number, before: number) =>
    reviewOf({
      tasks: Array.from({ length: finished + before }, (_, index) =>
        task(`k${index}`, { completedDate: index < finished ? '2026-01-03' : '2026-01-02' }),
      ),
    }).trend;

  it.each([
    [7, 10, true],
    [8, 10, false],
    [0, 9, false],
    [0, 10, true],
    [12, 10, false],
  ])('finds %i finished tasks after %i: fewer is %s', (finished, before, isFewer) => {
    expect(week(finished, before)).toMatchObject({ finished, before, isFewer });
    expect(week(finished, before)?.rowIds).toHaveLength(finished + before);
  });

  it('names who usually logs and logged nothing, on weekdays', () => {
    const people = [named('dana'), named('mika'), named('robin')];
    const sessions = [
      session('r1', { personId: 'dana', workedDate: '2026-01-08' }),
      session('r2', { personId: 'mika', workedDate: '2025-12-06' }),
      session('r3', { personId: 'robin', workedDate: '2025-12-05' }),
    ];
    const who = (facts: Parameters<typeof reviewOf>[0]) =>
      reviewOf({ people, sessions, ...facts }).loggedNothing.map(({ name }) => name);
    expect(who({})).toEqual(['mika']);
    expect(who({ kind: 'daily' })).toEqual(['dana']);
    expect(who({ kind: 'daily', date: '2026-01-10' })).toEqual([]);
  });
});

describe('the patterns of a review', () => {
  it('shows a drift with its evidence, before what has too few tasks', () => {
    const drifting = history({ before: 24, after: 16, factor: 2 });
    const few = history({
      before: 5,
      after: 0,
      factor: 1,
      ids: { workflow: 'w2', process_template: 't2' },
    });
    const { patterns } = reviewOf({
      tasks: [...few.tasks, ...drifting.tasks],
      sessions: [...few.sessions, ...drifting.sessions],
    });
    expect(patterns.map(({ name, state }) => [name, state])).toEqual([
      ['w1', 'drifting_over'],
      ['t1', 'drifting_over'],
      ['w2', 'insufficient'],
      ['t2', 'insufficient'],
    ]);
    const [drift, , small] = patterns;
    expect(drift).toMatchObject({ of: 'workflow', n: 40, nTasks: 40, needed: 0, isActive: true });
    expect(drift?.sinceDate).toBe(addDays(FRIDAY, -15));
    expect(drift?.factor).toBeCloseTo(2, 1);
    expect(drift?.rowIds).toEqual(drifting.tasks.slice(24).map(({ taskId }) => taskId));
    expect(drift?.suggestion).toMatchObject({ n: 40 });
    expect(small).toMatchObject({ n: 5, needed: 27, suggestion: null, sinceDate: null });
  });

  it('tells whether a task of it was finished in the span', () => {
    const old = history({ before: 5, after: 0, factor: 1, until: '2026-01-02' });
    expect(reviewOf(old).patterns.map(({ isActive }) => isActive)).toEqual([false, false]);
  });

  it('sets patterns of one name side by side by venture, each with its n', () => {
    const north = history({
      before: 5,
      after: 0,
      factor: 1,
      ids: { venture: 'v1', workflow: 'w1' },
    });
    const tide = history({
      before: 0,
      after: 4,
      factor: 2,
      ids: { venture: 'v2', workflow: 'w2' },
    });
    const names = new Map([
      ['w1', 'Audit'],
      ['w2', 'audit '],
      ['v1', 'Northlight'],
      ['v2', 'Tidewater'],
    ]);
    const work = {
      tasks: [...north.tasks, ...tide.tasks],
      sessions: [...north.sessions, ...tide.sessions],
      names,
    };
    const { ventures } = reviewOf(work);
    expect(ventures.map(({ of, name }) => [of, name])).toEqual([
      ['workflow', 'audit'],
      ['process_template', 't1'],
    ]);
    const sides = ventures[0]?.ventures ?? [];
    expect(sides.map(({ venture, n, typical }) => [venture, n, typical === null])).toEqual([
      ['Tidewater', 4, true],
      ['Northlight', 5, false],
    ]);
    expect(sides[1]?.typical).toBeCloseTo(-0.1, 6);
    expect(sides[0]?.rowIds).toEqual(tide.tasks.map(({ taskId }) => taskId));
    expect(reviewOf(north).ventures).toEqual([]);
    expect(reviewOf({ ...work, kind: 'daily' }).ventures).toEqual([]);
  });

  it('compares nothing that contradicts itself or leads to no venture', () => {
    const clear = history({ before: 5, after: 0, factor: 1 });
    const lost = (lineage: Lineage) => ({
      tasks: clear.tasks.map((one) => ({ ...one, groups: { ...one.groups, venture: lineage } })),
      sessions: clear.sessions.map((one) => ({
        ...one,
        groups: { ...one.groups, venture: lineage },
      })),
    });
    expect(reviewOf(lost({ kind: 'conflict' })).ventures).toEqual([]);
    expect(reviewOf(lost({ kind: 'unresolved' })).ventures).toEqual([]);
  });

  it('gives template_performance a row for each template, weekly alone', () => {
    const work = history({ before: 24, after: 16, factor: 2 });
    expect(toTemplatePerformanceRows(reviewOf(work))).toMatchObject([
      {
        key: `t1/${FRIDAY}`,
        templateId: 't1',
        window: `all up to ${FRIDAY}`,
        n: 40,
        state: 'drifting over',
      },
    ]);
    expect(toTemplatePerformanceRows(reviewOf({ ...work, kind: 'daily' }))).toEqual([]);
    const few = history({ before: 3, after: 0, factor: 1 });
    expect(toTemplatePerformanceRows(reviewOf(few))).toMatchObject([
      { n: 3, state: 'n too small, needs ≈29 more', sinceDate: null },
    ]);
  });

  it('gives daily_thread one row for a day and kind, with metrics and no reflection', () => {
    const row = toDailyThreadRow(reviewOf({ kind: 'daily' }));
    expect(row).toEqual({ key: `${FRIDAY}/daily`, date: FRIDAY, metrics: `Day ${FRIDAY} (UTC)` });
  });
});

describe('the sprint of a review', () => {
  it('sets planned against done, with unplanned and unscheduled work beside', () => {
    const details = new Map([
      ['k1', { place: inSprint, estimateMs: hours(10) }],
      ['k2', { place: inSprint, estimateMs: hours(99) }],
      ['k3', { place: { kind: 'unscheduled' }, estimateMs: hours(3) }],
      ['k4', { place: { kind: 'sprint', sprintId: 's2' }, estimateMs: hours(7) }],
      ['k5', { place: { kind: 'unscheduled' }, estimateMs: hours(5) }],
      ['k6', { place: inSprint }],
    ] as const);
    const inside = { project: { kind: 'resolved', id: 'inside' } } as const;
    const { sprint } = reviewOf({
      sprint: SPRINT,
      tasks: [
        open('k1'),
        open('k2', { groups: inside }),
        open('k3'),
        open('k4'),
        task('k5'),
        open('k6'),
      ],
      sessions: [
        session('r1', { taskId: 'k1', netMs: hours(4), workedDate: '2026-01-05' }),
        session('r2', { taskId: 'k2', netMs: hours(2), groups: inside }),
        session('r3', { taskId: 'k4', netMs: hours(1) }),
        session('r4', { netMs: hours(0.5) }),
        session('r5', { taskId: 'k1', netMs: hours(50), workedDate: '2026-01-04' }),
      ],
      details,
    });
    expect(sprint).toEqual({
      name: 's1',
      plannedBillableMs: hours(10),
      actualBillableMs: hours(5.5),
      share: 0.55,
      actualMs: hours(7.5),
      unplannedMs: hours(1.5),
      unscheduledTasks: 1,
      unscheduledMs: hours(3),
      rowIds: ['s1', 'k1', 'k2', 'k6', 'r1', 'r2', 'r3', 'r4'],
    });
    expect(reviewOf({ sprint: SPRINT }).sprint?.share).toBeNull();
  });

  it('warns below 60 % billable in the last twelve weeks of money, of work or of the target', () => {
    const work = (billable: number) => [
      session('r1', { netMs: hours(billable) }),
      session('r2', { netMs: hours(10 - billable), groups: {} }),
    ];
    const of = (facts: Parameters<typeof reviewOf>[0]) => reviewOf(facts).runway;
    expect(of({ sessions: work(5), runwayWeeks: 11 })).toEqual({
      weeks: 11,
      billableShare: 0.5,
      target: null,
      rowIds: ['r1', 'r2'],
    });
    expect(of({ sessions: work(6), runwayWeeks: 11 })).toBeNull();
    expect(of({ sessions: work(5), runwayWeeks: 12 })).toBeNull();
    expect(of({ sessions: work(5) })).toBeNull();
    expect(of({ runwayWeeks: 3 })).toBeNull();
    const sprint = { ...SPRINT, billableTarget: 0.5 };
    expect(of({ sprint, runwayWeeks: 3 })).toMatchObject({ billableShare: null, target: 0.5 });
  });
});

describe('gates and budgets of a review', () => {
  it('are the gates whose day is over and that are not met', () => {
    const gate = (gateId: string, dueDate: string, isMet = false) => ({
      gateId,
      name: gateId,
      rowIds: ['p1'],
      dueDate,
      isMet,
    });
    const gates = [gate('g1', '2026-01-08'), gate('g2', FRIDAY), gate('g3', '2026-01-08', true)];
    expect(reviewOf({ gates }).overdueGates).toEqual([gates[0]]);
  });

  it('are the budgets that go faster than their time, or are gone', () => {
    const burn = (facts: Partial<Burn>): Burn => ({
      state: 'ok',
      used: 1n,
      left: 1n,
      usedShare: 0.5,
      pace: null,
      runsOutAt: null,
      ...facts,
    });
    const budgets = [
      { ...named('on time'), burn: burn({ pace: 1 }) },
      { ...named('fast'), burn: burn({ pace: 1.01 }) },
      { ...named('gone'), burn: burn({ state: 'fully_used', pace: 0.9 }) },
      { ...named('over'), burn: burn({ state: 'over' }) },
      { ...named('none'), burn: burn({ state: 'not_budgeted' }) },
    ];
    const ahead = reviewOf({ budgets }).budgetsAhead.map(({ name }) => name);
    expect(ahead).toEqual(['fast', 'gone', 'over']);
  });
});
