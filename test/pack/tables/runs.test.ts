import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EXAMPLE_DOC as DOC, openPackBench } from '../pack-bench.ts';
import { furnish } from './furnished-doc.ts';

const NOW = '2026-03-02T12:00:00.000Z';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(NOW) });
});
afterEach(() => {
  vi.useRealTimers();
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
