import { describe, expect, it } from 'vitest';
import type { ExecutionRunRow, TaskRow } from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { rollUp } from '#worker/sync/roll-up.ts';
import { docWith, to } from '../../shared/doc/small-doc.ts';

const task = (rowId: string, facts: Partial<TaskRow> = {}): TaskRow => ({
  rowId,
  name: rowId,
  externalId: rowId,
  status: 'Done',
  ...facts,
});
const run = (taskId: string, hours: number, facts: Partial<ExecutionRunRow> = {}) => ({
  rowId: `${taskId}-${hours}`,
  name: taskId,
  task: to(taskId),
  netMs: hours * HOUR_MS,
  ...facts,
});
const cellsOf = (
  tasks: readonly TaskRow[],
  executionRuns: readonly ExecutionRunRow[],
  published: readonly string[] = [],
) => {
  const facts = { doc: docWith({ tasks, executionRuns }), runs: [], timeZone: 'UTC' };
  const rolled = rollUp({ ...facts, published: new Set(published) });
  return new Map(rolled.tasks.map(({ key, cells }) => [key, cells]));
};
const hours = (count: number) => ({
  estimateMs: count * HOUR_MS,
  baselineMs: count * HOUR_MS,
});

describe('the figures of a task', () => {
  it('compare a parent whose estimate speaks for its parts with what all of them took', () => {
    const cells = cellsOf(
      [
        task('whole', hours(10)),
        task('part', { parent: to('whole'), baselineMs: 0 }),
        task('bare', hours(4)),
        task('piece', { parent: to('bare'), baselineMs: 0 }),
        task('split', hours(4)),
        task('half', { parent: to('split'), ...hours(2) }),
      ],
      [run('whole', 0.5), run('part', 11.5), run('piece', 5), run('split', 1), run('half', 3)],
    );
    expect(cells.get('whole')).toEqual({
      execution_runs: 1,
      actual_hours: 0.5 * HOUR_MS,
      variance_vs_estimate: 0.2,
    });
    expect(cells.get('part')).toMatchObject({ execution_runs: 1, variance_vs_estimate: '' });
    // Nobody worked on the parent itself, so that it has a ratio and no runs of its own.
    expect(cells.get('bare')).toEqual({
      execution_runs: '',
      actual_hours: '',
      variance_vs_estimate: 0.25,
    });
    expect(cells.get('split')).toMatchObject({ execution_runs: 1, variance_vs_estimate: '' });
    expect(cells.get('half')).toMatchObject({ variance_vs_estimate: 0.5 });
  });

  it('compare nothing where a run may be a forgotten timer, or the task is still open', () => {
    const forgotten = {
      rowId: 'r-forgotten',
      name: 'forgotten',
      task: to('k1'),
      startedAt: toInstant(Date.parse('2026-03-02T09:00:00Z')),
      endedAt: toInstant(Date.parse('2026-03-04T09:00:00Z')),
    };
    const cells = cellsOf(
      [task('k1', hours(4)), task('k2', { ...hours(4), status: 'In progress' })],
      [run('k1', 1), forgotten, run('k2', 1)],
    );
    expect(cells.get('k1')).toMatchObject({ actual_hours: HOUR_MS, variance_vs_estimate: '' });
    expect(cells.get('k2')).toMatchObject({ actual_hours: HOUR_MS, variance_vs_estimate: '' });
  });

  it('are cleared where the last run is gone, and only where the worker wrote them', () => {
    const tasks = [task('k1', hours(4)), task('k2', hours(4))];
    expect([...cellsOf(tasks, [], ['tasks/k1'])]).toEqual([
      ['k1', { execution_runs: '', actual_hours: '', variance_vs_estimate: '' }],
    ]);
  });
});
