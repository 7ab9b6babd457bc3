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

describe('Variance', () => {
  it('sums the runs of each finished task against its estimate, and shows what belongs nowhere', async () => {
    const bench = openPackBench();
    furnish(bench);
    const rows = await bench.sync('Variance', DOC);
    expect(rows.map(({ group }) => group)).toEqual(['Marketing Audit', 'unresolved']);
    // Tasks 6 and 3 against 4 each: median ratio 1.125, sums 9 against 8.
    expect(rows[0]).toMatchObject({
      nTasks: 2,
      nRuns: 3,
      estimateHours: 8,
      actualHours: 9,
      typical: expect.closeTo(0.125, 10),
      total: expect.closeTo(0.125, 10),
      state: 'insufficient',
      needed: 30,
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

  it.each([
    ['person', ['Lee', 'unresolved']],
    ['month', ['2025-11', '2026-01', '2026-02', 'unresolved']],
    ['Process template', ['Audit SOP', 'unresolved']],
    ['project', ['Acme', 'unresolved']],
    ['venture', ['unresolved']],
  ])('groups by %s as well, each run in one group', async (by, groups) => {
    const bench = openPackBench();
    furnish(bench);
    const rows = await bench.sync('Variance', DOC, by);
    expect(rows.map(({ group }) => String(group)).toSorted()).toEqual(groups);
    const hours = rows.reduce((sum, row) => sum + Number(row['allHours']), 0);
    expect(hours).toBe(10.5);
    expect(rows[0]).toMatchObject({ by: by.toLowerCase().replace(' ', '_') });
  });

  it('names the groupings there are where another is asked for', async () => {
    const bench = openPackBench();
    await expect(bench.sync('Variance', DOC, 'mood')).rejects.toThrow(
      '"mood" is no known grouping. Allowed: workflow, process_template,',
    );
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
