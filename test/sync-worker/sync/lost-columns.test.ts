import { describe, expect, it } from 'vitest';
import { tableSpec } from '#shared/doc/index.ts';
import { openTarget, readKnownIds } from '#worker/sync/index.ts';
import { createSyncScene } from './sync-scene.ts';

/** A doc with a run of three hours that the worker has seen, settled. */
async function withFigures() {
  const scene = await createSyncScene();
  scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
  await scene.settle();
  /** A tick that finds columns by what it knows of them, as the command does. */
  const tickKnowing = async () => {
    const target = await openTarget(scene.api, scene.doc.docId, await readKnownIds(scene.store));
    return scene.runTick({ target });
  };
  const figures = () => scene.rowOf('tasks', 'name', 'Interview').cells['actual_hours'];
  return { ...scene, tickKnowing, figures };
}

describe('a doc that lost a column between two ticks', () => {
  it('is not synced, and the column is named, until a person means it', async () => {
    const { doc, runTick, store, counts, figures } = await withFigures();
    const [head, { writes }] = [await store.head(), counts()];
    doc.person.deleteColumn('execution_runs', 'outcome_notes');
    await expect(runTick()).rejects.toMatchObject({
      code: 'SHAPE_CHANGED',
      message: expect.stringMatching(
        /Column `execution_runs\.outcome_notes` \(c-\S+\) is not found/,
      ),
    });
    expect([await store.head(), counts().writes, figures()]).toEqual([head, writes, '3']);
    expect((await runTick({ acceptDeletes: true })).observed).toEqual({ recorded: 0, removed: 0 });
    expect(await runTick()).toMatchObject({ isSettled: true });
  });

  it('goes on through a rename that its id sees through', async () => {
    const { doc, tickKnowing, runTick, figures } = await withFigures();
    doc.person.renameColumn('tasks', 'parent', 'belongs to');
    await expect(runTick()).rejects.toMatchObject({ code: 'SHAPE_CHANGED' });
    expect(await tickKnowing()).toMatchObject({ events: 0, rowsSent: 0, isSettled: true });
    expect(figures()).toBe('3');
  });

  it('asks which is meant where a new column bears the old name', async () => {
    const { doc, api, store } = await withFigures();
    doc.person.renameColumn('tasks', 'estimated_hours', 'old guess');
    doc.person.renameColumn('tasks', 'baseline_hours', 'estimated_hours');
    const known = openTarget(api, doc.docId, await readKnownIds(store));
    await expect(known).rejects.toMatchObject({
      code: 'DOC_NOT_READY',
      message: expect.stringMatching(/could be `estimated_hours`: `old guess`.*`estimated_hours`/),
    });
  });

  it('is not synced with a table that was made anew', async () => {
    const { doc, runTick, add, settle } = await withFigures();
    doc.person.deleteTable('deliverables');
    await expect(runTick()).rejects.toMatchObject({
      message: expect.stringMatching(/Table `deliverables` is not there/),
    });
    doc.person.addTables([{ ...tableSpec('deliverables'), gridId: 'grid-new' }]);
    await expect(runTick()).rejects.toMatchObject({
      message: expect.stringMatching(/`deliverables` is another one now/),
    });
    expect(await runTick({ acceptDeletes: true })).toMatchObject({ fuses: [] });
    add('deliverables', { name: 'Report' });
    expect(await settle()).toMatchObject({ isSettled: true });
  });
});

describe('a doc that changes while it is read', () => {
  it('is not taken for one of blank cells', async () => {
    const { doc, api, runTick, store, counts, figures, rowOf } = await withFigures();
    const [head, { writes }] = [await store.head(), counts()];
    doc.person.editCell('execution_runs', rowOf('execution_runs', 'run_id', 'R1').rowId, {
      outcome_notes: 'late',
    });
    const { api: _, ...target } = await openTarget(api, doc.docId);
    let pages = 0;
    const listRows: typeof api.listRows = async function* (...asked) {
      pages += 1;
      if (pages === 3) doc.person.deleteColumn('execution_runs', 'actual_hours');
      yield* api.listRows(...asked);
    };
    const torn = { ...target, api: { ...api, listRows } };
    await expect(runTick({ target: torn })).rejects.toMatchObject({
      code: 'SHAPE_CHANGED',
      message: expect.stringContaining('`execution_runs.actual_hours`'),
    });
    expect([await store.head(), counts().writes, figures()]).toEqual([head, writes, '3']);
  });

  it('is not taken for one whose cells nobody can read, where a column holds something else now', async () => {
    const { doc, api, runTick, figures, store, add } = await withFigures();
    add('tasks', { name: 'Call', project: 'Acme' });
    const target = await openTarget(api, doc.docId);
    const listColumns: typeof api.listColumns = async (...asked) =>
      (await api.listColumns(...asked)).map((column) =>
        column.name === 'net_minutes'
          ? { ...column, format: { type: 'text', isArray: false } }
          : column,
      );
    const head = await store.head();
    const torn = { ...target, api: { ...api, listColumns } };
    await expect(runTick({ target: torn })).rejects.toMatchObject({
      message: expect.stringContaining('`execution_runs.net_minutes` held number and holds text'),
    });
    expect([await store.head(), figures()]).toEqual([head, '3']);
  });
});
