import { describe, expect, it } from 'vitest';
import { type ExecutionRunRow, type TaskRow, toVarianceInput } from '#shared/doc/index.ts';
import { HOUR_MS } from '#shared/kernel/index.ts';
import { docWith, to } from './small-doc.ts';

const hours = (count: number) => count * HOUR_MS;
const task = (rowId: string, facts: Partial<TaskRow> = {}): TaskRow => ({
  rowId,
  name: rowId,
  status: 'Done',
  estimateMs: hours(4),
  ...facts,
});
const run = (rowId: string, facts: Partial<ExecutionRunRow>): ExecutionRunRow => ({
  rowId,
  name: rowId,
  runId: rowId,
  netMs: hours(1),
  ...facts,
});

describe('the estimate of a task in the doc', () => {
  const baselineOf = (facts: Partial<TaskRow>, runs: readonly ExecutionRunRow[] = []) => {
    const doc = docWith({ tasks: [task('k', facts)], executionRuns: runs });
    const { tasks, baselines, findings } = toVarianceInput(doc);
    const codes = findings.map(({ code }) => code);
    return { task: tasks[0], baseline: baselines.get('k'), codes };
  };
  const worked = [run('r', { task: to('k') })];

  it('is the frozen one, and an edit since is a revision', () => {
    expect(baselineOf({ baselineMs: hours(4), estimateMs: hours(8) }, worked)).toEqual({
      task: expect.objectContaining({ baselineMs: hours(4) }),
      baseline: {
        baselineMs: hours(4),
        isEstimateLate: false,
        isUndated: false,
        revisions: [{ estimateMs: hours(8) }],
      },
      codes: [],
    });
    expect(baselineOf({ baselineMs: hours(4), estimateMs: 0 }, worked).baseline?.revisions).toEqual(
      [],
    );
  });

  it('is the exact one where the frozen cell shows it in hundredths of an hour', () => {
    const third = { estimateMs: 1_200_000, baselineMs: 1_188_000 };
    expect(baselineOf(third, worked).baseline).toMatchObject({
      baselineMs: 1_200_000,
      revisions: [],
    });
  });

  it('came late where none was frozen, and is named', () => {
    const { task: found, codes } = baselineOf({ baselineMs: 0 }, worked);
    expect(found).toMatchObject({ baselineMs: hours(4), isEstimateLate: true });
    expect(codes).toEqual(['ESTIMATE_LATE']);
    // Nobody has begun, so whatever wrote the 0, the estimate is there before work is.
    const early = baselineOf({ baselineMs: 0 });
    expect(early.baseline).toMatchObject({ isEstimateLate: false, isUndated: false });
    expect(early.codes).toEqual([]);
    const none = baselineOf({ baselineMs: 0, estimateMs: 0 }, worked);
    expect([none.baseline, none.codes]).toEqual([undefined, []]);
  });

  it('is the one that stands now where nothing was frozen, and named once somebody has begun', () => {
    const begun = baselineOf({}, worked);
    expect(begun.baseline).toMatchObject({ baselineMs: hours(4), isUndated: true });
    expect([begun.task?.isEstimateLate, begun.codes]).toEqual([undefined, ['ESTIMATE_UNFROZEN']]);
    const open = baselineOf({});
    expect([open.baseline?.isUndated, open.codes]).toEqual([false, []]);
  });

  it('is begun by work below it, and by a touchpoint that counts nowhere', () => {
    const below = docWith({
      tasks: [task('k'), task('child', { parent: to('k'), estimateMs: 0 })],
      executionRuns: [run('r', { task: to('child') })],
    });
    expect([...toVarianceInput(below).begunTaskIds]).toEqual(['child', 'k']);
    const touched = [run('r', { task: to('k'), runType: 'Touchpoint' })];
    const late = docWith({ tasks: [task('k', { baselineMs: 0 })], executionRuns: touched });
    const { sessions, begunTaskIds } = toVarianceInput(late);
    expect([sessions, [...begunTaskIds]]).toEqual([[], ['k']]);
  });

  it('counts how many tasks a finding is about', () => {
    const tasks = ['k1', 'k2'].map((id) => task(id, { baselineMs: 0 }));
    const executionRuns = tasks.map(({ rowId }) => run(`r-${rowId}`, { task: to(rowId) }));
    const messages = toVarianceInput(docWith({ tasks, executionRuns })).findings.map(
      ({ message }) => message,
    );
    expect(messages).toEqual([
      '2 tasks were first estimated after work had begun, and in no ratio; first `k1`.',
    ]);
  });
});
