import { describe, expect, it } from 'vitest';
import { judgeAbsence } from '#worker/sync/fuse.ts';
import { openTarget, readFuses } from '#worker/sync/index.ts';
import { createSyncScene } from './sync-scene.ts';

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

const MINUTE_MS = 60_000;

const missing = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ rowId: `i-${at}`, name: `Row ${at}` }));

/** A doc with so many typed runs, all of them in the ledger. */
async function withTypedRuns(count: number) {
  const scene = await createSyncScene();
  const rowIds = Array.from({ length: count }, (_, at) =>
    scene.add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 }),
  );
  await scene.settle();
  return { ...scene, rowIds };
}

const deleteRows = ({ doc }: Scene, table: string, rowIds: readonly string[]) => {
  for (const rowId of rowIds) doc.person.deleteRow(table, rowId);
};

describe('judgeAbsence', () => {
  const facts = { table: 'tasks', kept: undefined, isAccepted: false, nowMs: 7 } as const;

  it.each([
    [40, 5, false],
    [40, 6, true],
    [1_000, 20, false],
    [1_000, 21, true],
  ])('of %i rows without %i blows the fuse: %s', (known, count, isBlown) => {
    const fuse = judgeAbsence({ ...facts, known, missing: missing(count) });
    expect(fuse !== undefined).toBe(isBlown);
  });

  it('accepts the rows a person was shown, and no others', () => {
    const kept = { table: 'tasks', sinceMs: 1, known: 40, missing: missing(6) } as const;
    const accepted = { ...facts, known: 40, kept, isAccepted: true };
    expect(judgeAbsence({ ...accepted, missing: missing(11) })).toBeUndefined();
    expect(judgeAbsence({ ...accepted, missing: missing(12) })).toMatchObject({
      sinceMs: 1,
      missing: missing(12).slice(6),
    });
  });
});

describe('a tick that misses many rows at once', () => {
  it('records none of them as removed, keeps the figures, and says so until they are back', async () => {
    const scene = await withTypedRuns(40);
    const { runTick, rowIds, rowOf, store, counts, wait, add, settle } = scene;
    const head = await store.head();
    const writes = counts().writes;
    deleteRows(scene, 'execution_runs', rowIds.slice(0, 6));
    const report = await runTick();
    expect(report).toMatchObject({
      events: 0,
      rowsSent: 0,
      observed: { removed: 0 },
      isSettled: false,
    });
    expect(report.fuses).toMatchObject([{ table: 'execution_runs', known: 40 }]);
    expect(report.fuses[0]?.missing.map(({ name }) => name)).toContain('R5');
    expect([await store.head(), counts().writes]).toEqual([head, writes]);
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({ actual_hours: '40' });
    await wait(MINUTE_MS);
    expect([...(await readFuses(store)).keys()]).toEqual(['execution_runs']);
    for (let at = 0; at < 6; at += 1) {
      add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 });
    }
    // The rows came back under other ids, so the old ones are still missed: only a person can say that they are gone.
    expect((await runTick()).fuses).toHaveLength(1);
    expect(await runTick({ acceptDeletes: true })).toMatchObject({ fuses: [] });
    expect(await settle()).toMatchObject({ fuses: [], isSettled: true });
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({ actual_hours: '40' });
    expect([...(await readFuses(store)).keys()]).toEqual([]);
  });

  it('closes by itself when the same rows are listed again', async () => {
    const scene = await withTypedRuns(30);
    const { runTick, doc, store, wait } = scene;
    await wait(24 * 60 * MINUTE_MS);
    const head = await store.head();
    const { api, ...target } = await openTarget(scene.api, doc.docId);
    const runsId = target.binding.tables.get('execution_runs')?.tableId;
    const torn = {
      ...api,
      getTable: async (...asked: Parameters<typeof api.getTable>) => {
        const { rowCount: _, ...table } = await api.getTable(...asked);
        return table;
      },
      listRows: async function* (...asked: Parameters<typeof api.listRows>) {
        for await (const page of api.listRows(...asked)) {
          yield asked[1] === runsId ? { rows: page.rows.slice(0, 10) } : page;
        }
      },
    };
    expect((await runTick({ target: { ...target, api: torn } })).fuses).toHaveLength(1);
    expect(await runTick()).toMatchObject({ fuses: [], isSettled: true, events: 0 });
    expect(await store.head()).toEqual(head);
  });

  it('writes nothing to that table, and goes on with the others', async () => {
    const scene = await createSyncScene();
    const { press, wait, settle, runTick, rows, outcomeOf, doc, add } = scene;
    const rowIds = Array.from({ length: 20 }, (_, at) =>
      add('tasks', { name: `Task ${at}`, external_id: `X${at}`, project: 'Acme' }),
    );
    await settle();
    const key = press('StartRun');
    await wait(MINUTE_MS);
    deleteRows(scene, 'tasks', rowIds);
    const before = doc.person.readRows('tasks');
    expect(await runTick()).toMatchObject({ commands: 1, fuses: [{ table: 'tasks' }] });
    expect(outcomeOf(key)).toMatch(/^accepted/);
    expect(rows('execution_runs')).toHaveLength(1);
    expect(doc.person.readRows('tasks')).toEqual(before);
  });

  it('misses no settled command, no state row and nothing it deleted itself', async () => {
    const scene = await createSyncScene();
    const { logHours, wait, settle, runTick, rows, doc } = scene;
    for (let entry = 1; entry <= 12; entry += 1) logHours(1, '2026-05-04', entry);
    await settle();
    deleteRows(
      scene,
      'Ledger',
      doc.person.readRows('Ledger').map(({ rowId }) => rowId),
    );
    await wait(3_600_001);
    const report = await runTick();
    expect(report.fuses).toEqual([]);
    expect(rows('Ledger').map(({ key }) => key)).toContain('state/desk/dana');
  });

  it('decides presses it has read although many of them are gone, and settles none in that table', async () => {
    const scene = await createSyncScene();
    const { logHours, settle, runTick, doc, rows } = scene;
    await settle();
    for (let entry = 1; entry <= 12; entry += 1) logHours(1, '2026-05-04', entry);
    const { api, ...target } = await openTarget(scene.api, doc.docId);
    const failing = {
      ...target,
      api: { ...api, upsertRows: () => Promise.reject(new Error('down')) },
    };
    await expect(runTick({ target: failing })).rejects.toThrow('down');
    deleteRows(
      scene,
      'Ledger',
      doc.person.readRows('Ledger').map(({ rowId }) => rowId),
    );
    expect(await runTick()).toMatchObject({ fuses: [{ table: 'Ledger', known: 12 }] });
    expect(rows('Ledger')).toEqual([]);
    expect(await runTick({ acceptDeletes: true })).toMatchObject({ fuses: [] });
    expect(rows('Ledger').map(({ key }) => key)).toContain('state/desk/dana');
    expect(rows('execution_runs')).toHaveLength(12);
  });
});
