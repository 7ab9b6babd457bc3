import { describe, expect, it } from 'vitest';
import { createSyncScene } from './sync-scene.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

/** A task with a run of three hours, settled. */
async function withFigures(options: Parameters<typeof createSyncScene>[0] = {}) {
  const scene = await createSyncScene(options);
  scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
  await scene.wait(options.profile === 'strict' ? 400_000 : 0);
  await scene.settle();
  return { ...scene, ...watch(scene) };
}

const watch = ({ rowOf, doc, rows }: Scene) => ({
  hours: () => rowOf('tasks', 'external_id', 'T1').cells['actual_hours'],
  type: (text: string | number) => {
    const { rowId } = rowOf('tasks', 'external_id', 'T1');
    doc.person.editCell('tasks', rowId, { actual_hours: text });
  },
  conflicts: () => rows('Ledger').filter(({ kind }) => kind === 'conflict'),
});

describe('a cell of the ledger that somebody typed over', () => {
  it('is left as it is, and both values are kept in one row of the Ledger table', async () => {
    const { type, hours, conflicts, settle, runTick, counts } = await withFigures();
    type(5);
    const report = await settle();
    expect(report).toMatchObject({ conflicts: 1, isSettled: true });
    expect(report.findings).toMatchObject([
      { code: 'CELL_CONFLICT', table: 'tasks', column: 'actual_hours' },
    ]);
    expect(hours()).toBe('5');
    expect(conflicts()).toMatchObject([
      {
        key: 'conflict/tasks/T1/actual_hours',
        title: 'Conflict · tasks T1 · actual_hours',
        state: 'open',
        outcome: 'doc 5 · ledger 3',
        data: '{"table":"tasks","row":"T1","column":"actual_hours","doc":"5","ledger":"3"}',
      },
    ]);
    const { writes } = counts();
    expect(await runTick()).toMatchObject({ rowsSent: 0, conflicts: 1 });
    expect(counts().writes).toBe(writes);
  });

  it('follows both sides while they differ, and the other cells of its row go on', async () => {
    const { type, add, hours, conflicts, settle, rowOf } = await withFigures();
    type(5);
    await settle();
    add('execution_runs', { run_id: 'R2', task: 'Interview', actual_hours: 1 });
    type('a lot');
    await settle();
    expect([hours(), conflicts()[0]?.['outcome']]).toEqual(['a lot', 'doc a lot · ledger 4']);
    expect(rowOf('tasks', 'external_id', 'T1').cells['execution_runs']).toBe('2');
  });

  it.each([
    ['says the same as the ledger', 3, '3'],
    ['is blank, and then it is filled again', '', '3'],
  ])('is agreed on again once it %s; the row goes after two weeks', async (_, text, filled) => {
    const { type, hours, conflicts, settle, wait } = await withFigures();
    type(5);
    await settle();
    type(text);
    expect(await settle()).toMatchObject({ conflicts: 0, findings: [] });
    expect(hours()).toBe(filled);
    expect(conflicts()).toMatchObject([{ state: 'agreed', outcome: 'agreed on 3' }]);
    await wait(14 * DAY_MS + 1);
    await settle();
    expect(conflicts()).toEqual([]);
    type(6);
    expect(await settle()).toMatchObject({ conflicts: 1 });
    expect(conflicts()).toMatchObject([{ state: 'open', outcome: 'doc 6 · ledger 3' }]);
  });

  it('is known also where the worker has not seen its own value yet', async () => {
    const scene = await createSyncScene();
    const { type, hours } = watch(scene);
    scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    await scene.runTick();
    type(5);
    expect(await scene.runTick()).toMatchObject({ conflicts: 1 });
    expect(hours()).toBe('5');
  });

  it('is taken over where it was there before the ledger had anything to say', async () => {
    const scene = await createSyncScene();
    const { type, hours } = watch(scene);
    type(8);
    await scene.settle();
    expect(hours()).toBe('8');
    scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    expect(await scene.settle()).toMatchObject({ conflicts: 0 });
    expect(hours()).toBe('3');
  });

  it('is put back with its row when a hand changes or doubles that', async () => {
    const { type, conflicts, settle, add, doc, rowOf } = await withFigures();
    type(5);
    await settle();
    const [told] = conflicts();
    const { rowId } = rowOf('Ledger', 'kind', 'conflict');
    doc.person.editCell('Ledger', rowId, { outcome: 'mine' });
    add('Ledger', { ...told });
    add('Ledger', { ...told, key: 'conflict/tasks/T9/actual_hours' });
    await settle();
    expect(conflicts()).toEqual([told]);
  });
});

describe('a stale reading', () => {
  it('of what the worker sent some writes ago is nobody’s edit', async () => {
    const behaviour = {
      applyDelay: { minMs: 0, maxMs: 0 },
      snapshotLag: { minMs: 300_000, maxMs: 300_000 },
    };
    const scene = await withFigures({ profile: 'strict', behaviour });
    const { add, runTick, wait, settle, hours, conflicts } = scene;
    for (const at of [2, 3, 4]) {
      add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 });
      for (let minute = 0; minute < 4; minute += 1) {
        await wait(MINUTE_MS);
        expect(await runTick()).toMatchObject({ conflicts: 0 });
      }
    }
    await settle();
    expect([hours(), conflicts()]).toEqual(['6', []]);
  });

  it('of a figure that was right again before the one in between could show is nobody’s edit', async () => {
    const behaviour = {
      applyDelay: { minMs: 0, maxMs: 0 },
      snapshotLag: { minMs: 200_000, maxMs: 200_000 },
    };
    const scene = await withFigures({ profile: 'strict', behaviour });
    const { add, doc, runTick, wait, settle, hours } = scene;
    const rowId = add('execution_runs', { run_id: 'R2', task: 'Interview', actual_hours: 1 });
    await wait(100_000);
    doc.person.deleteRow('execution_runs', rowId);
    // The run is in sight for the 100 s before its deletion is, and its hours are sent meanwhile.
    for (let at = 0; at < 20; at += 1) {
      await wait(30_000);
      expect(await runTick()).toMatchObject({ conflicts: 0 });
    }
    await settle();
    expect(hours()).toBe('3');
  });

  it('of what a stopped worker sent and the doc carried out much later is nobody’s edit', async () => {
    const scene = await withFigures({ profile: 'strict' });
    const { add, doc, rowOf, runTick, wait, settle, hours, conflicts } = scene;
    const before = hours();
    add('execution_runs', { run_id: 'R2', task: 'Interview', actual_hours: 1 });
    await wait(7 * MINUTE_MS);
    await settle();
    await wait(5 * MINUTE_MS);
    await runTick();
    const { rowId } = rowOf('tasks', 'external_id', 'T1');
    doc.person.editCell('tasks', rowId, { actual_hours: before ?? '' });
    await wait(7 * MINUTE_MS);
    await settle();
    expect([before, hours(), conflicts()]).toEqual(['3', '4', []]);
  });

  it('is left as it is in any row of a run that a late write doubled', async () => {
    const scene = await createSyncScene();
    const { press, wait, settle, doc, add, rows } = scene;
    press('StartRun');
    await wait(60 * MINUTE_MS);
    press('FinishRun');
    await settle();
    const [row] = doc.person.readRows('execution_runs');
    const written = Object.entries(row?.cells ?? {}).filter(([, text]) => text !== '');
    const second = add('execution_runs', Object.fromEntries(written));
    await settle();
    doc.person.editCell('execution_runs', second, { net_minutes: 90 });
    expect(await settle()).toMatchObject({ conflicts: 1, isSettled: true });
    expect(rows('execution_runs').map((run) => run['net_minutes'])).toEqual(['60', '90']);
    expect(watch(scene).conflicts()).toMatchObject([{ outcome: 'doc 90 · ledger 60' }]);
  });
});
