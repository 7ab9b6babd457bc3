import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExecutionRunRow,
  type FounderHqDoc,
  type TaskRow,
  toVarianceInput,
} from '#shared/doc/index.ts';
import { HOUR_MS, toInstant } from '#shared/kernel/index.ts';
import { varianceByGroup } from '#shared/variance/index.ts';
import { docWith, to } from './small-doc.ts';

const hours = (count: number) => count * HOUR_MS;
const workflow = (rowId: string) => ({ rowId, name: rowId });
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
  workflow: to('w1'),
  netMs: hours(1),
  ...facts,
});
const docOf = (tables: Partial<FounderHqDoc>) =>
  docWith({ workflows: [workflow('w1'), workflow('w2')], ...tables });
const varianceOf = (doc: FounderHqDoc) => {
  const { tasks, sessions } = toVarianceInput(doc);
  return varianceByGroup(tasks, sessions);
};
const FIVE = [3, 4, 5, 6, 5];

const moment = (minute: string) => toInstant(Date.parse(`${minute}:00.000Z`));
const sessionsOf = (...args: Parameters<typeof toVarianceInput>) =>
  toVarianceInput(...args).sessions;

describe('the numbers of a doc', () => {
  it('are those of five tasks with a run each', () => {
    const doc = docOf({
      tasks: FIVE.map((_, at) => task(`k${at}`)),
      executionRuns: FIVE.map((net, at) =>
        run(`r${at}`, { task: to(`k${at}`), netMs: hours(net) }),
      ),
    });
    const [group] = varianceOf(doc);
    expect(group).toMatchObject({ group: 'w1', nTasks: 5, typical: 0.25 });
    expect(group?.total).toBeCloseTo(0.15, 12);
  });

  it('are those of one task with five runs', () => {
    const doc = docOf({
      tasks: [task('k')],
      executionRuns: FIVE.map((net, at) => run(`r${at}`, { task: to('k'), netMs: hours(net) })),
    });
    expect(varianceOf(doc)[0]).toMatchObject({
      nTasks: 1,
      nRuns: 5,
      actualMs: hours(23),
      total: 4.75,
    });
  });

  it('compare with the frozen estimate: 4 h, edited to 8 later, took 6', () => {
    const doc = docOf({
      tasks: [task('k', { baselineMs: hours(4), estimateMs: hours(8) })],
      executionRuns: [run('r', { task: to('k'), netMs: hours(6) })],
    });
    expect(varianceOf(doc)[0]?.total).toBe(0.5);
  });

  it('keep two runs of one task and start apart', () => {
    const startedAt = toInstant(0);
    const doc = docOf({
      tasks: [task('k')],
      executionRuns: [
        run('r1', { task: to('k'), startedAt }),
        run('r2', { task: to('k'), startedAt }),
      ],
    });
    expect(varianceOf(doc)[0]?.actualMs).toBe(hours(2));
  });

  it('keep a run of two workflows out of both, and all hours in view', () => {
    const doc = docOf({
      tasks: ['k1', 'k2', 'k3'].map((id) => task(id, { baselineMs: hours(4) })),
      processTemplates: [{ rowId: 't2', name: 't2', workflow: to('w2') }],
      executionRuns: [
        run('r1', { task: to('k1'), processTemplate: to('t2') }),
        run('r2', { task: to('k2'), netMs: hours(2) }),
        { rowId: 'r3', name: 'r3', task: to('k3'), netMs: hours(3) },
        { rowId: 'r4', name: 'r4', netMs: hours(4) },
      ],
    });
    expect(varianceOf(doc).map(({ group, allNetMs }) => [group, allNetMs / HOUR_MS])).toEqual([
      ['w1', 2],
      ['conflict', 1],
      ['unresolved', 7],
    ]);
    expect(toVarianceInput(doc).findings).toEqual([
      {
        code: 'LINEAGE_CONFLICT',
        severity: 'warning',
        table: 'execution_runs',
        column: 'workflow',
        message:
          "1 of the runs belong to several workflows and are in no workflow's numbers: run.workflow → `w1`, run.process_template.workflow → `w2`; first `r1`.",
        fix: 'Let all of these relations lead to the same workflow, or clear the wrong ones.',
      },
    ]);
  });

  it('are in conflict for a task whose runs resolve to different workflows', () => {
    const doc = docOf({
      tasks: [task('k')],
      executionRuns: [
        run('r1', { task: to('k') }),
        run('r2', { task: to('k'), workflow: to('w2') }),
      ],
    });
    expect(varianceOf(doc).map(({ group, allNetMs }) => [group, allNetMs])).toEqual([
      ['conflict', hours(2)],
    ]);
  });
});

describe('toVarianceInput', () => {
  it('tells rows that repeat a run from rows that contradict it', () => {
    const rows = [
      run('i1', { runId: 'r', interruptMs: 0 }),
      run('i2', { runId: 'r', interruptMs: 0 }),
      run('i3', { runId: 'r', interruptMs: 60_000 }),
    ];
    const { repeatedRunIds, mismatchedRunIds } = toVarianceInput(docOf({ executionRuns: rows }));
    expect([repeatedRunIds, mismatchedRunIds]).toEqual([['r'], ['r']]);
  });

  it('knows a finished task by its status, else by its day of completion', () => {
    const tasks = [
      task('a', { status: ' done ' }),
      task('b', { status: 'COMPLETED' }),
      task('c', { status: 'In progress' }),
      task('d', { status: 'In progress', completedOn: '2025-12-10' }),
      task('e', { status: 'Shipped' }),
    ];
    const finished = (statuses?: readonly string[]) =>
      toVarianceInput(
        docOf({ tasks }),
        [],
        statuses === undefined ? {} : { finishedStatuses: statuses },
      )
        .tasks.filter(({ isFinished }) => isFinished)
        .map(({ taskId }) => taskId);
    expect(finished()).toEqual(['a', 'b', 'd']);
    expect(finished(['shipped'])).toEqual(['d', 'e']);
  });

  it('leaves an estimate out where there is none or its frozen value cannot be read', () => {
    const { estimateMs: _, ...blank } = task('a');
    const tasks = [
      blank,
      task('b', { unreadable: ['baseline_hours'] }),
      task('c', { parent: to('a') }),
    ];
    expect(toVarianceInput(docOf({ tasks })).tasks).toEqual([
      { taskId: 'a', name: 'a', isFinished: true, groups: { workflow: { kind: 'unresolved' } } },
      { taskId: 'b', name: 'b', isFinished: true, groups: { workflow: { kind: 'unresolved' } } },
      {
        taskId: 'c',
        name: 'c',
        isFinished: true,
        groups: { workflow: { kind: 'unresolved' } },
        baselineMs: hours(4),
        parentId: 'a',
      },
    ]);
  });

  it('gives a task the lineage of its project, for where no run has one', () => {
    const doc = docOf({
      tasks: [task('k', { project: to('p') })],
      projects: [{ rowId: 'p', name: 'p', processTemplate: to('t'), isBillable: false }],
      processTemplates: [{ rowId: 't', name: 't', workflow: to('w2') }],
    });
    expect(toVarianceInput(doc).tasks[0]?.groups?.workflow).toEqual({ kind: 'resolved', id: 'w2' });
  });

  it('counts a row once however often its run id is repeated, and says so', () => {
    const executionRuns = [
      run('i2', { runId: 'r', netMs: 2 }),
      run('i1', { runId: 'r', netMs: 1 }),
    ];
    for (const rows of [executionRuns, [...executionRuns].reverse()]) {
      const { sessions, findings } = toVarianceInput(docOf({ executionRuns: rows }));
      expect(sessions.map(({ runId, netMs }) => [runId, netMs])).toEqual([['r', 1]]);
      expect(findings).toMatchObject([{ code: 'RUN_DOUBLED', column: 'run_id' }]);
    }
  });

  it('takes effort from the ledger and links from the doc where both know a run', () => {
    const doc = docOf({ tasks: [task('k')], executionRuns: [run('r', { netMs: hours(1) })] });
    const ledgerRun = { runId: 'r', taskRowId: 'k', netMs: 36_000, isOpen: false };
    expect(sessionsOf(doc, [ledgerRun])).toEqual([
      {
        runId: 'r',
        taskId: 'k',
        groups: { workflow: { kind: 'resolved', id: 'w1' } },
        netMs: 36_000,
        standing: 'counted',
      },
    ]);
    expect(sessionsOf(doc, [{ ...ledgerRun, isOpen: true }])[0]?.standing).toBe('open');
  });

  it('adds runs that only the ledger knows, with the lineage of their task', () => {
    const doc = docOf({
      tasks: [task('k', { project: to('p') })],
      projects: [{ rowId: 'p', name: 'p', processTemplate: to('t'), isBillable: false }],
      processTemplates: [{ rowId: 't', name: 't', workflow: to('w2') }],
    });
    const runs = [
      { runId: 'a', taskRowId: 'k', netMs: hours(5), isOpen: false },
      { runId: 'b', netMs: hours(6), isOpen: false },
    ];
    expect(sessionsOf(doc, runs)).toEqual([
      {
        runId: 'a',
        taskId: 'k',
        groups: { workflow: { kind: 'resolved', id: 'w2' } },
        netMs: hours(5),
        standing: 'counted',
      },
      {
        runId: 'b',
        groups: { workflow: { kind: 'unresolved' } },
        netMs: hours(6),
        standing: 'counted',
      },
    ]);
  });

  it('lets a run of the ledger stand for itself where the doc lacks its task', () => {
    const stray = { runId: 'a', taskRowId: 'gone', netMs: hours(5), isOpen: false };
    const { sessions, findings } = toVarianceInput(docOf({ tasks: [task('k')] }), [stray]);
    expect(sessions).toMatchObject([{ runId: 'a', netMs: hours(5), standing: 'counted' }]);
    expect(sessions[0]?.taskId).toBeUndefined();
    expect(findings).toMatchObject([
      {
        code: 'LINK_DANGLING',
        message:
          '1 of the runs lead to a row that was deleted: run.task → `gone` (gone); first `a`.',
      },
    ]);
  });

  it('groups by who worked and by the month the task was done in, else the run ended or began in', () => {
    const done = { completedOn: '2026-02-28' };
    const doc = docOf({
      tasks: [task('k1', done), task('k2')],
      executionRuns: [
        run('r1', { task: to('k1'), executedBy: to('u1'), endedAt: moment('2026-03-05T09:00') }),
        run('r2', { task: to('k2'), endedAt: moment('2026-03-31T23:30') }),
        run('r3', { task: to('k2'), startedAt: moment('2026-03-01T08:00') }),
        run('r4', { task: to('k2') }),
      ],
    });
    const groupings = ['person', 'month'] as const;
    const groupsOf = (timeZone?: string) =>
      sessionsOf(doc, [], { groupings, ...(timeZone === undefined ? {} : { timeZone }) }).map(
        ({ runId, groups }) => [runId, groups.person?.kind, groups.month],
      );
    const month = (id: string) => ({ kind: 'resolved', id });
    expect(groupsOf()).toEqual([
      ['r1', 'resolved', month('2026-02')],
      ['r2', undefined, month('2026-03')],
      ['r3', undefined, month('2026-03')],
      ['r4', undefined, undefined],
    ]);
    // By a clock in Berlin it was already April.
    expect(groupsOf('Europe/Berlin')[1]).toEqual(['r2', undefined, month('2026-04')]);
    const [first] = sessionsOf(doc, [], { groupings });
    expect(first).toMatchObject({ personId: 'u1', groups: { person: month('u1') } });
  });

  it('counts touchpoints only where their task has an estimate', () => {
    const tasks = [task('k1'), task('k2', { estimateMs: 0 })];
    const touch = { runType: 'Touchpoint' };
    const executionRuns = [
      run('r1', { ...touch, task: to('k1') }),
      run('r2', { ...touch, task: to('k2') }),
      run('r3', touch),
      run('r4', { runType: 'Process' }),
    ];
    expect(sessionsOf(docOf({ tasks, executionRuns })).map(({ runId }) => runId)).toEqual([
      'r1',
      'r4',
    ]);
  });

  it('takes a run of a deleted task for one without a task, and says so once for all of them', () => {
    const executionRuns = ['r1', 'r2'].map((id) => run(id, { task: to('gone') }));
    const { sessions, findings } = toVarianceInput(docOf({ tasks: [task('k')], executionRuns }));
    expect(sessions.map(({ taskId }) => taskId)).toEqual([undefined, undefined]);
    expect(findings).toMatchObject([
      {
        code: 'LINK_DANGLING',
        message:
          '2 of the runs lead to a row that was deleted: run.task → `gone` (gone); first `r1`.',
      },
    ]);
  });

  it('says the same whatever order the doc gives its rows in', () => {
    const tasks = [task('k1'), task('k2')];
    const rows = FIVE.map((net, at) =>
      run(`i${at}`, { runId: `r${at % 4}`, task: to(`k${(at % 2) + 1}`), netMs: net }),
    );
    const order = fc.shuffledSubarray(rows, { minLength: rows.length });
    const once = toVarianceInput(docOf({ tasks, executionRuns: rows }));
    const law = fc.property(order, (executionRuns) => {
      expect(toVarianceInput(docOf({ tasks, executionRuns }))).toEqual(once);
    });
    fc.assert(law);
  });
});
