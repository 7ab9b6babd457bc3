/**
 * The examples that came with the first design of such docs: what its formula answers, what is true, and why they differ. The
 * old answer is computed by the old formula, so that the difference is seen and not claimed.
 */
import { describe, expect, it } from 'vitest';
import { placeInSprint, type SprintRow, sumBySprint, type TaskRow } from '#shared/doc/index.ts';
import {
  addDays,
  type Day,
  dayAt,
  HOUR_MS,
  type Instant,
  MINUTE_MS,
  parseMoment,
  startOfDay,
  toInstant,
  weekdayOf,
  weekNameOf,
} from '#shared/kernel/index.ts';
import {
  reportWork,
  type SessionRecord,
  type TaskRecord,
  toNetEffort,
  toRecordedWork,
  variancePercent,
} from '#shared/variance/index.ts';

const at = (text: string): Instant => toInstant(parseMoment(text, 'UTC') ?? Number.NaN);
const task = (taskId: string, hours: number, facts: Partial<TaskRecord> = {}): TaskRecord => ({
  taskId,
  isFinished: true,
  completedAt: at('2026-03-31'),
  estimates: [{ estimateMs: hours * HOUR_MS, at: at('2026-03-01') }],
  names: { workflow: 'W1' },
  ...facts,
});
const run = (taskId: string, hours: number, facts: Partial<SessionRecord> = {}): SessionRecord => ({
  runId: `${taskId} ${hours} ${facts.startedAt ?? ''}${facts.runId ?? ''}`,
  taskId,
  netMs: hours * HOUR_MS,
  startedAt: at('2026-03-10 09:00'),
  names: {},
  ...facts,
});
const report = (tasks: readonly TaskRecord[], sessions: readonly SessionRecord[]) =>
  reportWork(toRecordedWork(tasks, sessions, 'UTC'), 'workflow');
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
/** The old formula: the mean of the runs against the estimate, whatever task they are of. */
const oldVariance = (runHours: readonly number[], estimateHours: number): number =>
  mean(runHours) / estimateHours - 1;

const FIVE = [3, 4, 5, 6, 5];

describe('the examples of the first design', () => {
  it('five tasks of 4 h done in 3, 4, 5, 6, 5 h: +15 % then, typically +25 % and in total +15 % now, and too few to tell', () => {
    const tasks = FIVE.map((_, index) => task(`T${index}`, 4));
    const { groups } = report(
      tasks,
      FIVE.map((hours, index) => run(`T${index}`, hours)),
    );
    expect(oldVariance(FIVE, 4)).toBeCloseTo(0.15, 12);
    expect(groups[0]).toMatchObject({ nTasks: 5, typical: 0.25, drift: { state: 'insufficient' } });
    expect(groups[0]?.total).toBeCloseTo(0.15, 12);
  });

  it('the same five runs of one task: +15 % then, since runs were averaged; 23 h against 4 h now', () => {
    const sessions = FIVE.map((hours, index) =>
      run('T1', hours, { startedAt: at(`2026-03-1${index} 09:00`) }),
    );
    const { groups } = report([task('T1', 4)], sessions);
    expect(oldVariance(FIVE, 4)).toBeCloseTo(0.15, 12);
    expect(groups[0]).toMatchObject({
      nTasks: 1,
      actualMs: 23 * HOUR_MS,
      typical: 4.75,
      total: 4.75,
    });
  });

  it.each([
    ['12 h against 8 h, called 30 % longer then, are +50 %', 8, 12, 0.5],
    ['3.5 h against 2.6 h, rounded to +35 % then, are +34.6 %', 2.6, 3.5, 0.9 / 2.6],
    ['2.5 h against 2 h are +25 %, then as now', 2, 2.5, 0.25],
    ['32 h of 36 h, rounded to 89 % then, are 88.9 %, 11.1 % under', 36, 32, 32 / 36 - 1],
  ])('%s', (_what, estimate, actual, variance) => {
    expect(variancePercent(estimate, actual)).toBeCloseTo(variance, 12);
  });

  it('09:00 to 11:30 with 20 minutes of interruption: 2.5 h then, 130 minutes now', () => {
    const [startedAt, endedAt] = [at('2026-03-10 09:00'), at('2026-03-10 11:30')];
    const { netMs } = toNetEffort({ startedAt, endedAt, interruptMs: 20 * MINUTE_MS });
    expect((Date.parse(endedAt) - Date.parse(startedAt)) / HOUR_MS).toBe(2.5);
    expect(netMs / MINUTE_MS).toBe(130);
    expect((netMs / HOUR_MS).toFixed(2)).toBe('2.17');
  });

  it('an estimate of 4 h edited to 8 h after the start, done in 6 h: −25 % then, +50 % now with the edit in view', () => {
    const edited = task('T1', 4, {
      estimates: [
        { estimateMs: 4 * HOUR_MS, at: at('2026-03-01') },
        { estimateMs: 8 * HOUR_MS, at: at('2026-03-15') },
      ],
    });
    const recorded = toRecordedWork([edited], [run('T1', 6)], 'UTC');
    expect(oldVariance([6], 8)).toBe(-0.25);
    expect(reportWork(recorded, 'workflow').groups[0]?.total).toBe(0.5);
    expect(recorded.baselines.get('T1')?.revisions.map(({ estimateMs }) => estimateMs)).toEqual([
      8 * HOUR_MS,
    ]);
  });

  it('one task and start under two run ids: the second refused then, both kept now and named', () => {
    const sessions = ['a', 'b'].map((runId) => run('T1', 2, { runId }));
    const { groups, flags } = report([task('T1', 4)], sessions);
    expect(groups[0]).toMatchObject({ nRuns: 2, actualMs: 4 * HOUR_MS });
    expect(flags.possibleDuplicate).toBe(1);
  });

  it('a run of W1 whose task is of W2: not defined then, in neither’s numbers now', () => {
    const { groups } = report(
      [task('T1', 4, { names: { workflow: 'W2' } })],
      [run('T1', 2, { names: { workflow: 'W1' } })],
    );
    expect(groups.map(({ group, allNetMs }) => [group, allNetMs / HOUR_MS])).toEqual([
      ['conflict', 2],
    ]);
  });

  it('three runs of 30 % over: a drift then, certain to be found in any stable workflow; too few to tell now', () => {
    const tasks = [1, 2, 3].map((index) => task(`T${index}`, 10));
    const { groups } = report(
      tasks,
      tasks.map(({ taskId }) => run(taskId, 13.1)),
    );
    expect(oldVariance([13.1, 13.1, 13.1], 10)).toBeGreaterThan(0.3);
    expect(groups[0]?.drift).toMatchObject({ state: 'insufficient', needed: 29 });
  });
});

const ZONE = 'America/Los_Angeles';
const sprint = (startDay: Day): SprintRow => ({
  rowId: weekNameOf(startDay),
  name: weekNameOf(startDay),
  startDay,
  endDay: addDays(startDay, 6),
});
const SPRINTS = ['2025-12-08', '2025-12-15', '2025-12-29'].map(sprint);
/** The sprint of a day as it is now. */
const sprintOf = (day: Day | undefined): string => {
  const place = placeInSprint(day, SPRINTS);
  return place.kind === 'sprint' ? place.sprint.name : place.kind;
};
/** The old filter: moments from the first day's beginning to the last day's beginning; a blank one is in no sprint. */
const oldSprintOf = (moment: string | undefined): string =>
  SPRINTS.find(
    ({ startDay = '', endDay = '' }) =>
      moment !== undefined && startDay <= moment && moment <= `${endDay} 00:00`,
  )?.name ?? 'lost';
/** The day a moment lies on, by clocks in the doc's zone. */
const dayOf = (moment: string): Day => dayAt(parseMoment(moment, ZONE) ?? Number.NaN, ZONE);

describe('the sprints of the first design', () => {
  it('9 December 2025, called a Monday on paper, is a Tuesday of W50, and moved a week of W51', () => {
    expect(weekdayOf('2025-12-09')).toBe(2);
    expect([oldSprintOf('2025-12-09'), sprintOf('2025-12-09')]).toEqual(['2025-W50', '2025-W50']);
    expect(sprintOf('2025-12-16')).toBe('2025-W51');
  });

  it('Sunday 23:30 was lost, since the last day counted to its beginning alone; it is W50, and half an hour later W51', () => {
    expect(oldSprintOf('2025-12-14 23:30')).toBe('lost');
    expect(sprintOf(dayOf('2025-12-14 23:30'))).toBe('2025-W50');
    // In UTC it is Monday already.
    expect(dayOf('2025-12-15T07:30:00Z')).toBe('2025-12-14');
    expect(sprintOf(dayOf('2025-12-15 00:00'))).toBe('2025-W51');
  });

  it('29 December 2025 is of the first week of 2026, and a blank date is unscheduled and counted, where it vanished', () => {
    expect(sprintOf('2025-12-29')).toBe('2026-W01');
    const blank: TaskRow = { rowId: 'k', name: 'k', status: '', estimateMs: 4 * HOUR_MS };
    expect([oldSprintOf(undefined), sprintOf(undefined)]).toEqual(['lost', 'unscheduled']);
    expect(sumBySprint([blank], SPRINTS)).toContainEqual({
      place: 'unscheduled',
      taskCount: 1,
      estimateMs: 4 * HOUR_MS,
    });
  });

  it.each([
    ['2025-W44', '2025-10-27', 169],
    ['2026-W10', '2026-03-02', 167],
  ])(
    '%s has 169 or 167 h in Los Angeles, and every date of it is in it',
    (name, monday, length) => {
      const next = addDays(monday, 7);
      const weekMs = startOfDay(next, ZONE) - startOfDay(monday, ZONE);
      expect([weekNameOf(monday), weekMs / HOUR_MS]).toEqual([name, length]);
      const days = [0, 1, 2, 3, 4, 5, 6].map((later) => addDays(monday, later));
      const row = sprint(monday);
      for (const day of days)
        expect(placeInSprint(day, [row])).toEqual({ kind: 'sprint', sprint: row });
      expect(placeInSprint(next, [row])).toEqual({ kind: 'no_sprint_row' });
    },
  );
});
