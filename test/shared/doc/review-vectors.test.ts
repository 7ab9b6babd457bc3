import { describe, expect, it } from 'vitest';
import {
  type ExecutionRunRow,
  type FounderHqDoc,
  type TaskRow,
  toReviewFacts,
} from '#shared/doc/index.ts';
import {
  addDays,
  DAY_MS,
  type Day,
  HOUR_MS,
  MINUTE_MS,
  toInstant,
  weekNameOf,
} from '#shared/kernel/index.ts';
import { review, reviewText, toTemplatePerformanceRows } from '#shared/planning/index.ts';
import { docWith, to } from './small-doc.ts';

const hours = (count: number) => count * HOUR_MS;
const named = (rowId: string) => ({ rowId, name: rowId });
const instant = (text: string) => toInstant(Date.parse(text));
const LOS_ANGELES = 'America/Los_Angeles';
const TUESDAY = '2025-12-09';

const sprint = (startDay: Day) => ({
  rowId: weekNameOf(startDay),
  name: weekNameOf(startDay),
  startDay,
  endDay: addDays(startDay, 6),
});
const W50 = sprint('2025-12-08');
const W51 = sprint('2025-12-15');
const task = (rowId: string, facts: Partial<TaskRow> = {}): TaskRow => ({
  ...named(rowId),
  project: to('p1'),
  status: 'Done',
  estimateMs: hours(4),
  completedOn: TUESDAY,
  ...facts,
});
const run = (rowId: string, facts: Partial<ExecutionRunRow> = {}): ExecutionRunRow => ({
  ...named(rowId),
  runId: rowId,
  task: to('k1'),
  startedAt: instant('2025-12-09T17:00:00Z'),
  ...facts,
});
const docOf = (tables: Partial<FounderHqDoc>): FounderHqDoc =>
  docWith({
    workflows: [named('w1'), named('w2')],
    processTemplates: [{ ...named('t1'), workflow: to('w1') }],
    projects: [{ ...named('p1'), isBillable: true, processTemplate: to('t1') }],
    sprints: [W50, W51],
    ...tables,
  });
const reviewOf = (tables: Partial<FounderHqDoc>, { date = '2025-12-14' } = {}) =>
  review(toReviewFacts(docOf(tables), { kind: 'weekly', date, timeZone: LOS_ANGELES, runs: [] }));
/** What a review says of one finished task with an estimate and one run, both in hours. */
const finishedOf = (estimate: number, actual: number) =>
  reviewOf({
    tasks: [task('k1', { estimateMs: hours(estimate) })],
    executionRuns: [run('r1', { netMs: hours(actual) })],
  });
const FIVE = [3, 4, 5, 6, 5];

describe('the vectors of the Founder HQ doc', () => {
  it('estimate 4 h, five tasks of 3, 4, 5, 6 and 5 h: typical +25 %, total +15 %, n too small', () => {
    const reviewed = reviewOf({
      tasks: FIVE.map((_, at) => task(`k${at}`)),
      executionRuns: FIVE.map((net, at) =>
        run(`r${at}`, { task: to(`k${at}`), netMs: hours(net) }),
      ),
    });
    const [pattern] = reviewed.patterns;
    expect(pattern).toMatchObject({ name: 'w1', nTasks: 5, typical: 0.25, state: 'insufficient' });
    expect(pattern?.total).toBeCloseTo(0.15, 12);
    expect(toTemplatePerformanceRows(reviewed)).toMatchObject([{ templateId: 't1', n: 5 }]);
    expect(reviewText(reviewed)).toContain('w1: n too small (5), needs ≈27 more finished tasks');
  });

  it('the same five runs as sessions of one task: 23 h, +475 %, n = 1', () => {
    const reviewed = reviewOf({
      tasks: [task('k1')],
      executionRuns: FIVE.map((net, at) => run(`r${at}`, { netMs: hours(net) })),
    });
    expect(reviewed.finished).toMatchObject([{ actualMs: hours(23), variance: 4.75 }]);
    expect(reviewed.patterns[0]).toMatchObject({ nTasks: 1, state: 'insufficient' });
    expect(reviewText(reviewed)).toContain('Done: k1, 23 h, estimated 4 h: +475 %');
  });

  const plannedIn = (scheduledStart: Day, date: Day) =>
    reviewOf(
      {
        tasks: [task('k1', { status: '', scheduledStart })],
        sprints: [W50, W51, sprint('2025-12-29')],
      },
      { date },
    ).sprint;

  it.each([
    ['2025-12-09', '2025-12-14', '2025-W50'],
    ['2025-12-14', '2025-12-10', '2025-W50'],
    ['2025-12-15', '2025-12-15', '2025-W51'],
    ['2025-12-16', '2025-12-21', '2025-W51'],
    ['2025-12-29', '2026-01-02', '2026-W01'],
  ])('a task on %s, seen on %s, is planned in %s', (day, date, week) => {
    expect(plannedIn(day, date)).toMatchObject({ name: week, plannedBillableMs: hours(4) });
  });

  it('a task moved from W50 to W51 is no longer planned in W50', () => {
    expect(plannedIn('2025-12-16', '2025-12-14')).toMatchObject({
      name: '2025-W50',
      plannedBillableMs: 0,
    });
  });

  it('a blank date is unscheduled, and counted', () => {
    const { completedOn: _, ...blank } = task('k1', { status: '' });
    expect(reviewOf({ tasks: [blank] }).sprint).toMatchObject({
      unscheduledTasks: 1,
      unscheduledMs: hours(4),
    });
  });

  it('Sunday 23:30 in Los Angeles belongs to W50, and Monday 00:00 to W51', () => {
    const of = (startedAt: string, endedAt: string, date: Day) =>
      reviewOf(
        {
          executionRuns: [run('r1', { startedAt: instant(startedAt), endedAt: instant(endedAt) })],
          tasks: [task('k1')],
        },
        { date },
      ).sprint?.actualBillableMs;
    const sunday = ['2025-12-15T07:30:00Z', '2025-12-15T08:00:00Z'] as const;
    expect([of(...sunday, '2025-12-14'), of(...sunday, '2025-12-21')]).toEqual([hours(0.5), 0]);
    const monday = ['2025-12-15T08:00:00Z', '2025-12-15T09:00:00Z'] as const;
    expect([of(...monday, '2025-12-14'), of(...monday, '2025-12-21')]).toEqual([0, hours(1)]);
    const across = ['2025-12-15T07:30:00Z', '2025-12-15T08:30:00Z'] as const;
    expect([of(...across, '2025-12-14'), of(...across, '2025-12-21')]).toEqual([
      hours(0.5),
      hours(0.5),
    ]);
  });

  it.each([
    ['2025-W44', '2025-10-27', 169],
    ['2026-W10', '2026-03-02', 167],
  ])(
    'week %s in Los Angeles has %s to its Sunday, %i h, and every hour is in it',
    (name, monday, length) => {
      // One run of an hour for each hour from the day before the week to the day after it.
      const startMs = Date.parse(`${monday}T00:00:00Z`) - DAY_MS;
      const executionRuns = Array.from({ length: 9 * 24 + 12 }, (_, hour) =>
        run(`r${String(hour).padStart(3, '0')}`, {
          startedAt: toInstant(startMs + hours(hour)),
          endedAt: toInstant(startMs + hours(hour + 1)),
        }),
      );
      const week = sprint(monday);
      const reviewed = reviewOf(
        { tasks: [task('k1')], executionRuns, sprints: [week] },
        { date: week.endDay },
      );
      expect(reviewed.sprint).toMatchObject({ name, actualMs: hours(length) });
      expect(reviewed.sessions).toHaveLength(length);
    },
  );

  it.each([
    [8, 12, '+50 %'],
    [2.6, 3.5, '+34.6 %'],
    [2, 2.5, '+25 %'],
    [4, 3, '-25 %'],
    [4, 4, '0 %'],
  ])('an estimate of %f h and %f h of work are %s', (estimate, actual, text) => {
    expect(reviewText(finishedOf(estimate, actual))).toContain(`: ${text}\n`);
  });

  it('32 of 36 planned hours are 88.9 %', () => {
    const reviewed = reviewOf({
      tasks: [task('k1', { estimateMs: hours(36), scheduledStart: TUESDAY })],
      executionRuns: [run('r1', { netMs: hours(32) })],
    });
    expect(reviewed.sprint?.share).toBeCloseTo(32 / 36, 12);
    expect(reviewText(reviewed)).toContain(
      'Sprint 2025-W50: 36 h billable planned, 32 h done (88.9 %)',
    );
  });

  it('09:00 to 11:30 with 20 minutes interrupted are 130 net minutes, 2.17 h', () => {
    const reviewed = reviewOf({
      tasks: [task('k1')],
      executionRuns: [
        run('r1', { endedAt: instant('2025-12-09T19:30:00Z'), interruptMs: 20 * MINUTE_MS }),
      ],
    });
    expect(reviewed.sessions).toMatchObject([{ netMs: 130 * MINUTE_MS }]);
    expect(reviewText(reviewed)).toContain('Worked: 2.17 h in 1 run');
  });

  it('an estimate of 4 h frozen, edited to 8 later, and 6 h of work are +50 %, the revision shown', () => {
    const reviewed = reviewOf({
      tasks: [task('k1', { estimateMs: hours(8), baselineMs: hours(4) })],
      executionRuns: [run('r1', { netMs: hours(6) })],
    });
    expect(reviewed.finished).toMatchObject([{ variance: 0.5 }]);
    expect(reviewText(reviewed)).toContain('Estimated anew: k1, 4 h at its start, 8 h now');
  });

  it('the same task and start under two run ids are both kept', () => {
    const executionRuns = [run('r1', { netMs: hours(1) }), run('r2', { netMs: hours(1) })];
    const reviewed = reviewOf({ tasks: [task('k1')], executionRuns });
    expect(reviewed.finished).toMatchObject([{ actualMs: hours(2) }]);
  });

  it('a run whose workflow contradicts its template’s is in neither sum', () => {
    const reviewed = reviewOf({
      tasks: [task('k1')],
      executionRuns: [run('r1', { netMs: hours(5), workflow: to('w2') })],
    });
    expect(reviewed.patterns.filter(({ of }) => of === 'workflow')).toEqual([]);
  });
});

describe('the facts of a review', () => {
  it('name the sprint rows that overlap, and tell no sprint', () => {
    const { sprint: found, overlappingSprints } = reviewOf({
      sprints: [W50, { ...W51, startDay: '2025-12-14' }],
    });
    expect([found, overlappingSprints]).toEqual([null, [named('2025-W50'), named('2025-W51')]]);
    expect(reviewOf({ sprints: [W51] })).toMatchObject({ sprint: null, overlappingSprints: [] });
  });

  it('take the note of a row before the one a button left, and bring target and runway', () => {
    const button = {
      runId: 'r1',
      deskId: 'd',
      task: 'k1',
      state: 'succeeded',
      startedAtMs: 0,
      netMs: 0,
      note: 'old',
      isPending: false,
    } as const;
    const doc = docOf({
      executionRuns: [run('r1', { outcomeNotes: 'new' }), { ...named('x'), outcomeNotes: 'typed' }],
      sprints: [{ ...W50, billableTarget: 0.7 }],
      people: [{ ...named('u1'), email: 'dana@example.com' }],
      ventures: [{ rowId: 'v1', name: 'Northlight' }],
    });
    const runs = [button, { ...button, runId: 'r2', note: 'kept' }];
    const request = {
      kind: 'daily',
      date: TUESDAY,
      timeZone: 'UTC',
      runs,
      runwayWeeks: 9,
    } as const;
    const facts = toReviewFacts(doc, request);
    expect([...facts.notes]).toEqual([
      ['r1', 'new'],
      ['r2', 'kept'],
      ['x', 'typed'],
    ]);
    expect(facts).toMatchObject({
      sprint: { billableTarget: 0.7 },
      runwayWeeks: 9,
      people: [named('u1')],
    });
    expect([facts.names.get('v1'), facts.names.get('w1'), facts.names.get('t1')]).toEqual([
      'Northlight',
      'w1',
      't1',
    ]);
    expect(facts.billableProjects).toEqual(new Set(['p1']));
  });
});
