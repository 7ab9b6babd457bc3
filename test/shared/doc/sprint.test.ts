import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  placeInSprint,
  type SprintRow,
  sprintOf,
  sumBySprint,
  type TaskRow,
} from '#shared/doc/index.ts';
import { addDays, formatDay, HOUR_MS, toDayNumber } from '#shared/kernel/index.ts';

const sprint = (startDay: string): SprintRow => ({
  rowId: sprintOf(startDay),
  name: sprintOf(startDay),
  startDay,
  endDay: addDays(startDay, 6),
});
const W50 = sprint('2025-12-08');
const W51 = sprint('2025-12-15');
const task = (scheduledStart: string | undefined, hours: number): TaskRow => ({
  rowId: `i-${scheduledStart}`,
  name: 'task',
  status: '',
  estimateMs: hours * HOUR_MS,
  ...(scheduledStart === undefined ? {} : { scheduledStart }),
});

describe('sprintOf', () => {
  it.each([
    ['2025-12-09', '2025-W50'],
    ['2025-12-16', '2025-W51'],
    ['2025-12-14', '2025-W50'],
    ['2025-12-15', '2025-W51'],
    ['2025-12-29', '2026-W01'],
  ])('puts %s into %s', (day, name) => {
    expect(sprintOf(day)).toBe(name);
  });
});

describe('placeInSprint', () => {
  it('counts Sunday whole and leaves Monday to the next sprint', () => {
    expect(placeInSprint('2025-12-14', [W50, W51])).toEqual({ kind: 'sprint', sprint: W50 });
    expect(placeInSprint('2025-12-15', [W50, W51])).toEqual({ kind: 'sprint', sprint: W51 });
    expect(placeInSprint('2025-12-08', [W50, W51])).toEqual({ kind: 'sprint', sprint: W50 });
    expect(placeInSprint('2025-12-07', [W50, W51])).toEqual({ kind: 'no_sprint_row' });
    expect(placeInSprint('2025-12-22', [W50, W51])).toEqual({ kind: 'no_sprint_row' });
  });

  it('finds every date of the weeks in which Los Angeles changes its clocks', () => {
    for (const monday of ['2025-10-27', '2026-03-02']) {
      const week = sprint(monday);
      for (const days of [0, 1, 2, 3, 4, 5, 6]) {
        expect(placeInSprint(addDays(monday, days), [week])).toEqual({
          kind: 'sprint',
          sprint: week,
        });
      }
    }
    expect([sprintOf('2025-10-27'), sprintOf('2026-03-02')]).toEqual(['2025-W44', '2026-W10']);
  });

  it('puts a blank date into no sprint, and a date two sprints claim into neither', () => {
    const twin = { ...W50, rowId: 'twin' };
    const blank = { rowId: 'blank', name: '' };
    expect(placeInSprint(undefined, [W50])).toEqual({ kind: 'unscheduled' });
    expect(placeInSprint('2025-12-09', [W50, twin])).toEqual({
      kind: 'overlap',
      sprints: [W50, twin],
    });
    expect(placeInSprint('2025-12-09', [blank, { ...blank, startDay: '2025-12-08' }])).toEqual({
      kind: 'no_sprint_row',
    });
  });
});

describe('sumBySprint', () => {
  it('counts unscheduled tasks with their hours instead of losing them', () => {
    const tasks = [
      task('2025-12-09', 2),
      task('2025-12-14', 3),
      task(undefined, 5),
      task('2024-01-01', 7),
    ];
    expect(sumBySprint(tasks, [W50, W51])).toEqual([
      { place: '2025-W50', taskCount: 2, estimateMs: 5 * HOUR_MS },
      { place: '2025-W51', taskCount: 0, estimateMs: 0 },
      { place: 'unscheduled', taskCount: 1, estimateMs: 5 * HOUR_MS },
      { place: 'no_sprint_row', taskCount: 1, estimateMs: 7 * HOUR_MS },
      { place: 'overlap', taskCount: 0, estimateMs: 0 },
    ]);
  });

  it('counts a task without an estimate, and adds no hours for it', () => {
    const { estimateMs: _, ...blank } = task('2025-12-09', 0);
    const [first] = sumBySprint([blank, task('2025-12-09', 2)], [W50]);
    expect(first).toEqual({ place: '2025-W50', taskCount: 2, estimateMs: 2 * HOUR_MS });
  });

  it('adds up to all tasks, whatever sprints there are', () => {
    const days = fc.integer({ min: toDayNumber('2025-11-01'), max: toDayNumber('2025-12-31') });
    const someTask = fc
      .tuple(fc.option(days.map(formatDay), { nil: undefined }), fc.integer({ min: 0, max: 80 }))
      .map(([day, hours]) => task(day, hours));
    const someSprint = days.map((number) => sprint(formatDay(number)));
    const sprints = fc.uniqueArray(someSprint, { selector: ({ rowId }) => rowId });
    const law = fc.property(fc.array(someTask), sprints, (tasks, rows) => {
      const sums = sumBySprint(tasks, rows);
      const total = tasks.reduce((sum, { estimateMs = 0 }) => sum + estimateMs, 0);
      expect(sums.reduce((sum, { taskCount }) => sum + taskCount, 0)).toBe(tasks.length);
      expect(sums.reduce((sum, { estimateMs }) => sum + estimateMs, 0)).toBe(total);
    });
    fc.assert(law);
  });
});
