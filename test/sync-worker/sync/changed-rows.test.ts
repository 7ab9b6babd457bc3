import { describe, expect, it } from 'vitest';
import { createCodaError } from '#shared/coda/index.ts';
import { openTarget } from '#worker/sync/index.ts';
import { createSyncScene } from './sync-scene.ts';

const DAY_MS = 86_400_000;

/** A doc of so many typed runs that the worker has seen, and what the ticks since then have listed. */
async function withRuns(count: number) {
  const scene = await createSyncScene();
  const { add, doc, api, settle, runTick } = scene;
  const rowIds = Array.from({ length: count }, (_, at) =>
    add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 }),
  );
  await settle();
  const listed: number[] = [];
  /** A tick, and the rows it was given of the runs. */
  const tickAndCount = async () => {
    const { api: _, ...target } = await openTarget(api, doc.docId);
    const runsId = target.binding.tables.get('execution_runs')?.tableId;
    listed.splice(0);
    const listRows: typeof api.listRows = async function* (...asked) {
      for await (const page of api.listRows(...asked)) {
        if (asked[1] === runsId) listed.push(page.rows.length);
        yield page;
      }
    };
    const report = await runTick({ target: { ...target, api: { ...api, listRows } } });
    return { ...report, rowsListed: listed.reduce((sum, rows) => sum + rows, 0) };
  };
  return { ...scene, rowIds, tickAndCount };
}

describe('a tick over a doc that was read before', () => {
  it('lists the rows that changed and no others, until a day has passed', async () => {
    const { add, doc, rowIds, tickAndCount, wait } = await withRuns(450);
    expect(await tickAndCount()).toMatchObject({ rowsListed: 0, isSettled: true });
    doc.person.editCell('execution_runs', rowIds[7] ?? '', { actual_hours: 2 });
    add('execution_runs', { run_id: 'new', task: 'Interview', actual_hours: 1 });
    expect(await tickAndCount()).toMatchObject({ rowsListed: 2, observed: { recorded: 2 } });
    await wait(DAY_MS);
    expect(await tickAndCount()).toMatchObject({ rowsListed: 451, events: 0 });
    expect(await tickAndCount()).toMatchObject({ rowsListed: 0 });
  });

  it('costs as many reads whatever the size of the doc', async () => {
    const reads = [];
    for (const count of [1, 450]) {
      const { counts, tickAndCount, wait } = await withRuns(count);
      await wait(60_000);
      const before = counts();
      await tickAndCount();
      reads.push([counts().reads - before.reads, counts().writes - before.writes]);
    }
    expect(reads[0]).toEqual(reads[1]);
    // Eleven to find the doc and its columns, one to ask when it last changed; two a table, or one more where formulas are.
    expect(reads[0]?.[0]).toBe(30);
    expect(reads[0]?.[1]).toBe(0);
  });

  it('costs as many requests for a hundred changes whatever the size of the doc', async () => {
    const asked = [];
    for (const count of [120, 900]) {
      const { counts, doc, rowIds, tickAndCount, wait } = await withRuns(count);
      await wait(60_000);
      for (const rowId of rowIds.slice(0, 100))
        doc.person.editCell('execution_runs', rowId, { actual_hours: 2 });
      const before = counts();
      expect(await tickAndCount()).toMatchObject({ rowsListed: 100, rowsSent: 1 });
      asked.push([counts().reads - before.reads, counts().writes - before.writes]);
    }
    expect(asked[0]).toEqual(asked[1]);
  });

  it('notices a row that is gone, also where another came', async () => {
    const { add, doc, rowIds, tickAndCount } = await withRuns(30);
    doc.person.deleteRow('execution_runs', rowIds[0] ?? '');
    expect(await tickAndCount()).toMatchObject({ observed: { recorded: 0, removed: 1 } });
    doc.person.deleteRow('execution_runs', rowIds[1] ?? '');
    add('execution_runs', { run_id: 'new', task: 'Interview', actual_hours: 1 });
    expect(await tickAndCount()).toMatchObject({ observed: { recorded: 1, removed: 1 } });
    expect(await tickAndCount()).toMatchObject({ rowsListed: 0, isSettled: true });
  });

  it('lists all where the service does not know the token any more, or counts no rows', async () => {
    const { doc, api, runTick, store } = await withRuns(30);
    const head = await store.head();
    const { api: _, ...target } = await openTarget(api, doc.docId);
    const pages: boolean[] = [];
    const listRows: typeof api.listRows = (docId, tableId, options) => {
      pages.push(options?.syncToken === undefined);
      if (options?.syncToken === undefined) return api.listRows(docId, tableId, options);
      const request = { method: 'GET', path: '/rows' } as const;
      throw createCodaError('BAD_REQUEST', { request, happening: 'Invalid sync token.' });
    };
    const forgetful = { ...target, api: { ...api, listRows } };
    expect(await runTick({ target: forgetful })).toMatchObject({ events: 0, isSettled: true });
    expect(pages.filter((isWhole) => isWhole)).toHaveLength(target.binding.tables.size);
    expect(await store.head()).toEqual(head);
  });
});
