import { describe, expect, it } from 'vitest';
import { type FounderHqDoc, type TaskRow, toForecastInput } from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { docWith, to } from './small-doc.ts';

const task = (rowId: string, facts: Partial<TaskRow> = {}): TaskRow => ({
  rowId,
  name: rowId,
  status: 'Not started',
  ...facts,
});
const inputOf = (tables: Partial<FounderHqDoc>) =>
  toForecastInput(docWith(tables), { runs: [], timeZone: 'Europe/Berlin' });

describe('toForecastInput', () => {
  it('takes the plan of a task from its row, its days those of the zone', () => {
    const full = task('k1', {
      project: to('p1'),
      assignee: to('u1'),
      estimateMs: 4 * HOUR_MS,
      scheduledStart: '2026-03-02',
      scheduledEnd: '2026-03-04',
      // Half an hour before midnight in UTC, and already the next day in Berlin.
      createdAt: toInstant(Date.parse('2026-02-28T23:30:00Z')),
      dependsOn: [to('k2'), to('k3')],
    });
    const { facts } = inputOf({ tasks: [full, task('k2')] });
    expect(facts.plans.get('k1')).toEqual({
      personId: 'u1',
      estimateMs: 4 * HOUR_MS,
      scheduledDate: '2026-03-02',
      dueDate: '2026-03-04',
      addedDate: '2026-03-01',
      dependsOn: ['k2', 'k3'],
    });
    expect(facts.plans.get('k2')).toEqual({ dependsOn: [] });
    expect(facts.tasks[0]?.groups?.project).toEqual({ kind: 'resolved', id: 'p1' });
  });

  it('knows a dropped task by its status, in any case', () => {
    const tasks = ['Canceled', ' cancelled', 'DROPPED', 'Blocked'].map((status) =>
      task(status, { status }),
    );
    const { facts } = inputOf({ tasks });
    expect(facts.tasks.map(({ isDropped }) => isDropped)).toEqual([true, true, true, undefined]);
    const { facts: done } = inputOf({
      tasks: [task('k', { status: 'Canceled', completedOn: '2026-03-02' })],
    });
    expect(done.tasks[0]).toMatchObject({ isFinished: true });
    expect(done.tasks[0]).not.toHaveProperty('isDropped');
  });

  it('lets the one person of a doc do what nobody is named for, and of several none', () => {
    const [dana, alex] = [to('u1'), to('u2')];
    expect(inputOf({ people: [dana] }).facts.onlyPersonId).toBe('u1');
    expect(inputOf({ people: [dana, alex] }).facts.onlyPersonId).toBeUndefined();
    expect(inputOf({}).facts.onlyPersonId).toBeUndefined();
  });

  it('limits by sprints with a capacity, and names those that make no sense', () => {
    const sprint = (rowId: string, startDay: string, endDay: string, hours?: number) => ({
      rowId,
      name: rowId,
      startDay,
      endDay,
      ...(hours === undefined ? {} : { capacityMs: hours * HOUR_MS }),
    });
    const sprints = [
      sprint('good', '2026-03-02', '2026-03-08', 60),
      sprint('none', '2026-03-09', '2026-03-15', 0),
      sprint('open', '2026-03-16', '2026-03-22'),
      sprint('reversed', '2026-03-08', '2026-03-02', 60),
      sprint('negative', '2026-03-23', '2026-03-29', -1),
      { rowId: 'dayless', name: 'dayless', capacityMs: HOUR_MS },
    ];
    const { facts, unusableSprints } = inputOf({ sprints });
    expect(facts.limits).toEqual([
      { startDate: '2026-03-02', endDate: '2026-03-08', capacityMs: 60 * HOUR_MS },
      { startDate: '2026-03-09', endDate: '2026-03-15', capacityMs: 0 },
    ]);
    expect(unusableSprints.map(({ name }) => name)).toEqual(['reversed', 'negative', 'dayless']);
  });
});
