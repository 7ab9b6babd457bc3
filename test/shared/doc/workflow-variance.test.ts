import { describe, expect, it } from 'vitest';
import {
  type ExecutionRunRow,
  type TaskRow,
  workflowNames,
  workflowVariance,
} from '#shared/doc/index.ts';
import { DAY_MS, HOUR_MS } from '#shared/kernel/index.ts';
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
const hoursOf = (run: Partial<ViewRun>) => {
  const [row] = workflowVariance(DOC, [pressed('p1', run)]).rows;
  return [row?.actualHours, row?.nTasks];
};

describe('workflowVariance', () => {
  it('names the workflow and gives its figures in hours', () => {
    const { rows, groups, findings } = workflowVariance(DOC, []);
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
    expect(workflowVariance(DOC, [going]).rows[0]?.actualHours).toBe(8);
    expect(hoursOf({ netMs: DAY_MS + 1 })).toEqual([5, 1]);
  });

  it('names the runs whose hours are in no number, by what is wrong with them', () => {
    const codesOf = (run: Partial<ViewRun>) =>
      workflowVariance(DOC, [pressed('p1', run)]).findings.map(({ code }) => code);
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ netMs: DAY_MS + 1 })).toEqual(['RUN_SUSPECT']);
    expect(codesOf({ netMs: -1 })).toEqual(['RUN_INVALID']);
    expect(codesOf({ task: 'a task that is gone' })).toEqual(['TASK_UNKNOWN']);
  });

  it('believes hours that a person logged, however long ago the day began', () => {
    expect(hoursOf({ netMs: 25 * HOUR_MS, day: '2025-12-09' })).toEqual([33, 2]);
  });

  it('calls what belongs to no workflow by its bucket', () => {
    const rows = workflowVariance(DOC, [pressed('p1', { task: 'a task that is gone' })]).rows;
    expect(rows.map(({ groupId, workflow }) => [groupId, workflow])).toEqual([
      ['w1', 'Audit'],
      ['unresolved', 'unresolved'],
    ]);
    expect(workflowNames(DOC)).toEqual(new Map([['w1', 'Audit']]));
  });
});
