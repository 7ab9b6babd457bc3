import { describe, expect, it } from 'vitest';
import {
  type ExecutionRunRow,
  groupRows,
  type TaskRow,
  workflowNames,
  workflowVariance,
} from '#shared/doc/index.ts';
import { DAY_MS, HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import { docWith, to } from './small-doc.ts';

const task = (rowId: string, facts: Partial<TaskRow> = {}): TaskRow => ({
  rowId,
  name: `task ${rowId}`,
  status: 'Done',
  estimateMs: 4 * HOUR_MS,
  baselineMs: 4 * HOUR_MS,
  ...facts,
});
const typed = (rowId: string, taskId: string, hours: number): ExecutionRunRow => ({
  rowId,
  name: rowId,
  task: to(taskId),
  workflow: to('w1'),
  netMs: hours * HOUR_MS,
});
const pressed = (runId: string, facts: Partial<ViewRun>): ViewRun => ({
  runId,
  deskId: 'desk/dana',
  task: 'k1',
  state: 'succeeded',
  startedAtMs: 0,
  endedAtMs: 2 * HOUR_MS,
  netMs: 2 * HOUR_MS,
  isPending: false,
  ...facts,
});
const DOC = docWith({
  workflows: [{ rowId: 'w1', name: 'Audit' }],
  tasks: [task('k1'), task('k2', { externalId: 'T-2' })],
  executionRuns: [typed('r1', 'k1', 3), typed('r2', 'k2', 5)],
});
const varianceOf = (runs: readonly ViewRun[]) => workflowVariance(DOC, { runs, timeZone: 'UTC' });
const hoursOf = (run: Partial<ViewRun>) => {
  const [row] = varianceOf([pressed('p1', run)]).rows;
  return [row?.actualHours, row?.nTasks];
};

describe('workflowVariance', () => {
  it('names the workflow and gives its figures in hours', () => {
    const { rows, groups, findings } = varianceOf([]);
    expect(findings).toEqual([]);
    expect(groups).toHaveLength(1);
    expect(rows).toMatchObject([
      {
        groupId: 'w1',
        workflow: 'Audit',
        nTasks: 2,
        nRuns: 2,
        estimateHours: 8,
        actualHours: 8,
        allHours: 8,
        unestimatedHours: 0,
        typical: 0,
        total: 0,
        state: 'insufficient',
        since: null,
        needed: 32,
      },
    ]);
  });

  it.each(['k1', 'task k1', 'T-2'])('adds a button run of the task called `%s`', (reference) => {
    expect(hoursOf({ task: reference })).toEqual([10, 2]);
  });

  it('leaves an open run out, and keeps a task with a forgotten timer from the numbers', () => {
    const { endedAtMs: _, ...going } = pressed('p1', {});
    expect(varianceOf([going]).rows[0]?.actualHours).toBe(8);
    expect(hoursOf({ netMs: DAY_MS + 1 })).toEqual([5, 1]);
  });

  it('names the runs whose hours are in no number, by what is wrong with them', () => {
    const codesOf = (run: Partial<ViewRun>) =>
      varianceOf([pressed('p1', run)]).findings.map(({ code }) => code);
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ netMs: DAY_MS + 1 })).toEqual(['RUN_SUSPECT']);
    expect(codesOf({ netMs: -1 })).toEqual(['RUN_INVALID']);
    expect(codesOf({ task: 'a task that is gone' })).toEqual(['TASK_UNKNOWN']);
  });

  it('believes hours that a person logged, however long ago the day began', () => {
    expect(hoursOf({ netMs: 25 * HOUR_MS, day: '2025-12-09' })).toEqual([33, 2]);
  });

  it('has the day of work in the zone, for Pack and worker alike', () => {
    // 20 tasks of a month as estimated, then 12 that took three times as long: the first of them late in the evening in UTC.
    const ids = Array.from({ length: 32 }, (_, place) => `t${String(place).padStart(2, '0')}`);
    const runs = ids.map((taskId, place) => ({
      rowId: taskId,
      name: taskId,
      task: to(taskId),
      workflow: to('w1'),
      endedAt: toInstant(Date.parse('2026-01-01T23:30:00Z') + place * DAY_MS),
      netMs: (place < 20 ? 4 : 12) * HOUR_MS + place * 60_000,
    }));
    const doc = docWith({
      workflows: [{ rowId: 'w1', name: 'Audit' }],
      tasks: ids.map((id) => task(id)),
      executionRuns: runs,
    });
    const sinceIn = (timeZone: string) => {
      const facts = { runs: [], timeZone };
      const rows = groupRows(doc, { ...facts, by: 'workflow' });
      const named = workflowVariance(doc, facts).rows.map(({ workflow: group, ...row }) => ({
        ...row,
        group,
      }));
      expect(rows).toEqual(named);
      return rows[0]?.since;
    };
    expect([sinceIn('UTC'), sinceIn('Europe/Berlin')]).toEqual(['2026-01-21', '2026-01-22']);
  });

  it('finds whose a run of the ledger is by its desk, and lets the row say otherwise', () => {
    const people = [
      { rowId: 'u1', name: 'Dana', email: 'dana@example.com' },
      { rowId: 'u2', name: 'Alex' },
    ];
    const personOf = (deskId: string, executionRuns: readonly ExecutionRunRow[] = []) => {
      const doc = { ...DOC, people, executionRuns };
      const { input } = workflowVariance(doc, {
        runs: [pressed('p1', { deskId })],
        timeZone: 'UTC',
      });
      return input.sessions.find(({ runId }) => runId === 'p1')?.personId;
    };
    expect(['desk/dana', 'desk/dana@example.com', 'desk/robin'].map((id) => personOf(id))).toEqual([
      'u1',
      'u1',
      undefined,
    ]);
    const row = { ...typed('r9', 'k1', 1), runId: 'p1' };
    expect(personOf('desk/dana', [{ ...row, executedBy: to('u2') }])).toBe('u2');
    expect(personOf('desk/dana', [row])).toBe('u1');
  });

  it('calls what belongs to no workflow by its bucket', () => {
    const rows = varianceOf([pressed('p1', { task: 'a task that is gone' })]).rows;
    expect(rows.map(({ groupId, workflow }) => [groupId, workflow])).toEqual([
      ['w1', 'Audit'],
      ['unresolved', 'unresolved'],
    ]);
    expect(workflowNames(DOC)).toEqual(new Map([['w1', 'Audit']]));
  });
});
