import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXAMPLE_DOC as DOC, openPackBench, type PackBench } from '../pack-bench.ts';

const NOW = '2026-03-02T12:00:00.000Z';

/** A workflow with two finished tasks, one of them in two runs, and one task still open. */
function furnish({ doc: { person } }: PackBench): void {
  const add = (table: string, cells: Record<string, string | number>): string =>
    person.insertRow(table, cells);
  add('people', { name: 'Lee', email: 'lee@studio.example' });
  add('workflows', { name: 'Marketing Audit' });
  add('process_templates', { name: 'Audit SOP', workflow: 'Marketing Audit' });
  add('projects', { name: 'Acme', process_template: 'Audit SOP' });
  for (const [name, status] of [
    ['Interview', 'Done'],
    ['Report', 'Done'],
    ['Follow-up', 'In Progress'],
  ] as const) {
    add('tasks', { name, status, project: 'Acme', estimated_hours: 4 });
  }
  const runs = [
    ['R1', 'Interview', '2026-02-26T09:00:00Z', '2026-02-26T11:00:00Z', 2],
    ['R2', 'Interview', '2026-02-27T09:00:00Z', '2026-02-27T13:00:00Z', 4],
    ['R3', 'Report', '2026-01-05T09:00:00Z', '2026-01-05T12:00:00Z', 3],
  ] as const;
  for (const [run_id, task, started_at, ended_at, actual_hours] of runs) {
    const row = { run_id, task, started_at, ended_at, actual_hours };
    add('execution_runs', { ...row, executed_by: 'Lee' });
  }
  add('execution_runs', { run_id: 'R4', task: 'Follow-up', started_at: '2025-11-02T09:00:00Z' });
  add('execution_runs', { run_id: 'R5', actual_hours: 1.5, outcome_notes: 'Untitled work' });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Variance', () => {
  it('sums the runs of each finished task against its estimate, and shows what belongs nowhere', async () => {
    const bench = openPackBench();
    furnish(bench);
    const rows = await bench.sync('Variance', DOC);
    expect(rows.map(({ workflow }) => workflow)).toEqual(['Marketing Audit', 'unresolved']);
    // Tasks 6 and 3 against 4 each: median ratio 1.125, sums 9 against 8.
    expect(rows[0]).toMatchObject({
      nTasks: 2,
      nRuns: 3,
      estimateHours: 8,
      actualHours: 9,
      typical: expect.closeTo(0.125, 10),
      total: expect.closeTo(0.125, 10),
      state: 'insufficient',
      needed: 18,
      allHours: 9,
      unestimatedHours: 0,
      asOf: NOW,
    });
    expect(rows[1]).toMatchObject({ groupId: 'unresolved', nTasks: 0, allHours: 1.5 });
    expect(rows[1]).not.toHaveProperty('typical');
  });

  it('counts what was pressed and what was logged, before any worker has seen it', async () => {
    const bench = openPackBench();
    furnish(bench);
    await bench.formula('LogHours', DOC, 'Report', 2, new Date(NOW), '');
    vi.setSystemTime('2026-03-02T12:30:00.000Z');
    await bench.formula('StartRun', DOC, 'Interview');
    vi.setSystemTime('2026-03-02T13:30:00.000Z');
    await bench.formula('FinishRun', DOC, 'Interview');
    const [row] = await bench.sync('Variance', DOC);
    expect(row).toMatchObject({ nRuns: 5, actualHours: 12 });
  });

  it('says which table is missing instead of answering less', async () => {
    const bench = openPackBench();
    bench.doc.person.deleteTable('execution_runs');
    await expect(bench.sync('Variance', DOC)).rejects.toThrow(
      /This doc cannot be read as a Founder HQ: .*execution_runs/,
    );
  });

  it('reads no table it does not need', async () => {
    const bench = openPackBench();
    await bench.sync('Variance', DOC);
    expect(bench.seen.filter(({ url }) => url.includes('/rows?'))).toHaveLength(6);
    expect(bench.seen.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('fails whole where a page fails, since a short set would delete rows in the doc', async () => {
    const bench = openPackBench();
    furnish(bench);
    bench.doc.failNext('badGateway', 'read');
    await expect(bench.sync('Variance', DOC)).rejects.toMatchObject({
      isUserVisible: true,
      message: expect.stringContaining('Coda had an error of its own'),
    });
  });
});

describe('Runs', () => {
  it('shows what began in the last thirty days and what is open, each run once', async () => {
    const bench = openPackBench();
    furnish(bench);
    const rows = await bench.sync('Runs', DOC);
    expect(rows.map(({ runId, state, hours }) => [runId, state, hours])).toEqual([
      ['R1', 'succeeded', 2],
      ['R2', 'succeeded', 4],
      ['R4', 'running', undefined],
      ['R5', 'succeeded', 1.5],
    ]);
    expect(rows[0]).toMatchObject({
      title: 'Interview · Lee',
      task: 'Interview',
      person: 'Lee',
      startedAt: '2026-02-26T09:00:00.000Z',
      endedAt: '2026-02-26T11:00:00.000Z',
      isPending: false,
      origin: 'doc',
    });
    expect(rows[3]).toMatchObject({ note: 'Untitled work', task: '', person: '' });
  });

  it('looks further back when asked to', async () => {
    const bench = openPackBench();
    furnish(bench);
    const rows = await bench.sync('Runs', DOC, 60);
    expect(rows.map(({ runId }) => runId)).toContain('R3');
    const none = await bench.sync('Runs', DOC, 0);
    expect(none.map(({ runId }) => runId)).toEqual(['R4', 'R5']);
  });

  it('calls people by the name the doc has for them', async () => {
    const bench = openPackBench();
    furnish(bench);
    await bench.formula('StartRun', DOC, 'Follow-up', 'Lee@studio.example');
    const [row] = await bench.sync('Runs', DOC);
    expect(row).toMatchObject({
      title: 'Follow-up · Lee',
      state: 'running',
      isPending: true,
      origin: 'ledger',
    });
  });

  it('believes the ledger before the row that was published of the same run', async () => {
    const bench = openPackBench();
    await bench.formula('StartRun', DOC, 'Interview');
    const [row] = await bench.sync('Runs', DOC);
    bench.doc.person.insertRow('execution_runs', {
      run_id: String(row?.['runId']),
      started_at: '2026-03-02T12:00:00Z',
      ended_at: '2026-03-02T13:00:00Z',
    });
    expect(await bench.sync('Runs', DOC)).toMatchObject([{ state: 'running', origin: 'ledger' }]);
  });

  it('needs no Ledger table', async () => {
    const bench = openPackBench();
    furnish(bench);
    bench.doc.person.deleteTable('Ledger');
    expect(await bench.sync('Runs', DOC)).toHaveLength(4);
  });
});
