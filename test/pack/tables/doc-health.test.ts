import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { toConflictRow } from '#shared/ledger/conflict-row.ts';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { EXAMPLE_DOC as DOC, openPackBench } from '../pack-bench.ts';
import { furnish } from './furnished-doc.ts';

const NOW = Date.parse('2026-03-02T12:00:00.000Z');
const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

const codesOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.map(({ code }) => code);

describe('DocHealth', () => {
  it('is empty for a doc there is nothing to say about', async () => {
    expect(await openPackBench().sync('DocHealth', DOC)).toEqual([]);
  });

  it('tells what is odd about runs, each with its fix and under an id of its own', async () => {
    const bench = openPackBench();
    furnish(bench);
    const add = (id: string) =>
      bench.doc.person.insertRow('execution_runs', {
        run_id: id,
        task: 'Interview',
        actual_hours: 1,
      });
    add('R9');
    add('R9');
    const rows = await bench.sync('DocHealth', DOC);
    expect(codesOf(rows)).toContain('RUN_DOUBLED');
    expect(new Set(rows.map(({ findingId }) => findingId)).size).toBe(rows.length);
    for (const row of rows) {
      expect(row).toMatchObject({
        message: expect.stringMatching(/\w/),
        fix: expect.stringMatching(/\w/),
        asOf: toInstant(NOW),
      });
    }
  });

  it('tells of a missing table first, and guesses nothing beyond', async () => {
    const bench = openPackBench();
    bench.doc.person.deleteTable('execution_runs');
    const rows = await bench.sync('DocHealth', DOC);
    expect(rows[0]).toMatchObject({
      severity: 'error',
      code: 'TABLE_MISSING',
      table: 'execution_runs',
    });
    expect(bench.seen.filter(({ url }) => url.includes('/rows?'))).toEqual([]);
  });

  it('misses no Ledger table where it is kept apart, and only warns where there is none', async () => {
    const bench = openPackBench();
    bench.doc.person.deleteTable('Ledger');
    expect(await bench.sync('DocHealth', DOC)).toMatchObject([
      { severity: 'warning', code: 'TABLE_MISSING', table: 'Ledger' },
    ]);
  });

  it('tells that a press has waited for longer than a worker takes, where one is at work', async () => {
    const bench = openPackBench();
    vi.setSystemTime(NOW - 40 * MINUTE);
    await bench.formula('StartRun', DOC, 'Audit Acme');
    vi.setSystemTime(NOW);
    expect(codesOf(await bench.sync('DocHealth', DOC))).not.toContain('WORKER_LATE');
    const anchor = { docId: 'CxcSmXz318', position: 1, hash: 'a'.repeat(64), epoch: 1 };
    bench.doc.person.insertRow('Ledger', { ...toAnchorRow(anchor) });
    const late = (await bench.sync('DocHealth', DOC)).find(({ code }) => code === 'WORKER_LATE');
    expect(late?.['message']).toContain('pressed 40 minutes ago');
  });

  it('tells that the table came along in a copy of another doc', async () => {
    const bench = openPackBench();
    const anchor = { docId: 'another', position: 1, hash: 'a'.repeat(64), epoch: 1 };
    bench.doc.person.insertRow('Ledger', { ...toAnchorRow(anchor) });
    expect(await bench.sync('DocHealth', DOC)).toMatchObject([
      { severity: 'error', code: 'LEDGER_COPIED' },
    ]);
  });

  it('shows both values of a cell that was typed over until they agree', async () => {
    const bench = openPackBench();
    const conflict = {
      table: 'tasks',
      row: 'T1',
      column: 'actual_hours',
      doc: '9',
      ledger: '2',
      at: toInstant(NOW),
    };
    bench.doc.person.insertRow('Ledger', { ...toConflictRow(conflict) });
    const agreed = { ...conflict, column: 'variance', agreedAt: toInstant(NOW) };
    bench.doc.person.insertRow('Ledger', { ...toConflictRow(agreed) });
    expect(await bench.sync('DocHealth', DOC)).toMatchObject([
      {
        code: 'CELL_CONFLICT',
        table: 'tasks',
        column: 'actual_hours',
        message: expect.stringContaining('doc 9 · ledger 2'),
      },
    ]);
  });
});
