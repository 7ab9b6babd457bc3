import { describe, expect, it } from 'vitest';
import { tableSpec } from '#shared/doc/index.ts';
import { toAnchorRow } from '#shared/ledger/index.ts';
import { openTarget, readFigures } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from './sync-scene.ts';

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

const types = async ({ store }: Scene): Promise<readonly string[]> =>
  (await store.readAll(0, 100)).map(({ stream, type }) => `${stream.split('/')[0]} ${type}`);

describe('an idle tick', () => {
  it('writes nothing to the doc, the ledger or the store', async () => {
    const scene = await createSyncScene();
    scene.press('StartRun');
    scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    await scene.settle();
    const writes = scene.counts().writes;
    const head = await scene.store.head();
    const figures = await readFigures(scene.store);
    await scene.wait(3_600_000);
    const report = await scene.runTick();
    expect(report).toMatchObject({ events: 0, commands: 0, rowsSent: 0, isSettled: true });
    expect(report.observed).toEqual({ recorded: 0, removed: 0 });
    expect(scene.counts().writes).toBe(writes);
    expect(await scene.store.head()).toEqual(head);
    expect(await readFigures(scene.store)).toEqual(figures);
    expect(await verifyStore(scene.store)).toMatchObject({ ok: true, head: head });
  });
});

describe('runs people type', () => {
  it('are followed through edits, deletions and restores, and their rows never written', async () => {
    const scene = await createSyncScene();
    const { add, doc, settle, rows, rowOf } = scene;
    const typed = { run_id: 'R1', task: 'Interview', actual_hours: 3, outcome_notes: 'mine' };
    const rowId = add('execution_runs', typed);
    await settle();
    const before = rows('execution_runs');
    doc.person.editCell('execution_runs', rowId, { actual_hours: 4 });
    await settle();
    expect(rows('execution_runs')).toEqual([{ ...before[0], actual_hours: '4' }]);
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({
      execution_runs: '1',
      actual_hours: '4',
    });
    doc.person.deleteRow('execution_runs', rowId);
    expect((await settle()).variance).toEqual([]);
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({
      execution_runs: '',
      actual_hours: '',
      baseline_hours: '2',
    });
    expect(rowOf('workflows', 'external_id', 'W1').cells).toMatchObject({ range_low: '' });
    add('execution_runs', typed);
    expect((await settle()).variance).toMatchObject([{ allHours: 3 }]);
    expect(await types(scene)).toEqual([
      'row run_observed',
      'row run_observed',
      'row run_unobserved',
      'row run_observed',
    ]);
  });

  it('are not taken for gone when a page of the listing fails', async () => {
    const scene = await createSyncScene();
    const { add, doc, settle, runTick, store } = scene;
    for (let at = 0; at < 450; at += 1) {
      add('execution_runs', { run_id: `R${at}`, task: 'Interview', actual_hours: 1 });
    }
    await settle();
    // A day later all is listed anew.
    await scene.wait(86_400_000);
    const head = await store.head();
    const { api, docId, ...target } = await openTarget(scene.api, doc.docId);
    let pages = 0;
    const listRows: typeof api.listRows = async function* (...asked) {
      for await (const page of api.listRows(...asked)) {
        pages += 1;
        if (pages === 8) throw new Error('page 8 was lost');
        yield page;
      }
    };
    const torn = { ...target, docId, api: { ...api, listRows } };
    await expect(runTick({ target: torn })).rejects.toThrow('page 8 was lost');
    expect(await store.head()).toEqual(head);
  });
});

describe('derived columns', () => {
  it('are written only where external_id says which row is meant', async () => {
    const { add, settle, rowOf } = await createSyncScene();
    add('workflows', { name: 'Nameless' });
    add('tasks', { name: 'Call', project: 'Acme', estimated_hours: 1 });
    add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    add('execution_runs', { run_id: 'R2', task: 'Call', actual_hours: 3 });
    await settle();
    expect(rowOf('tasks', 'name', 'Interview').cells).toMatchObject({
      actual_hours: '3',
      baseline_hours: '2',
    });
    expect(rowOf('tasks', 'name', 'Call').cells).toMatchObject({ actual_hours: '' });
    expect(rowOf('workflows', 'name', 'Audit').cells).toMatchObject({ execution_runs_count: '2' });
    expect(rowOf('workflows', 'name', 'Nameless').cells).toMatchObject({ variance_state: '' });
  });

  it('stay away from an external_id that two rows share', async () => {
    const { add, settle, rows } = await createSyncScene();
    add('tasks', { name: 'Twin', external_id: 'T1', project: 'Acme', estimated_hours: 1 });
    add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    add('execution_runs', { run_id: 'R2', task: 'Twin', actual_hours: 1 });
    await settle();
    expect(rows('tasks').map((task) => task['actual_hours'])).toEqual(['', '']);
  });

  it('freeze the estimate at the first run, whatever becomes of it', async () => {
    const { add, doc, settle, rowOf } = await createSyncScene();
    await settle();
    const { rowId, cells } = rowOf('tasks', 'external_id', 'T1');
    expect(cells['baseline_hours']).toBe('');
    add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    await settle();
    doc.person.editCell('tasks', rowId, { estimated_hours: 5, status: 'Done' });
    const report = await settle();
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({
      baseline_hours: '2',
      variance_vs_estimate: expect.stringMatching(/^0\.5$|^50/),
    });
    expect(report.variance).toMatchObject([{ nTasks: 1, estimateHours: 2, actualHours: 3 }]);
  });

  it('freeze the estimate of a parent when work below it begins, and clear no figure of it', async () => {
    const { add, doc, settle, rowOf } = await createSyncScene();
    const { rowId, cells } = rowOf('tasks', 'external_id', 'T1');
    add('tasks', { name: 'Notes', external_id: 'T2', project: 'Acme', parent: rowId });
    add('execution_runs', { run_id: 'R1', task: 'Notes', actual_hours: 3 });
    await settle();
    doc.person.editCell('tasks', rowId, { estimated_hours: 5 });
    await settle();
    const parent = rowOf('tasks', 'external_id', 'T1').cells;
    expect(parent).toEqual({ ...cells, estimated_hours: '5', baseline_hours: '2' });
    expect(rowOf('tasks', 'external_id', 'T2').cells).toMatchObject({ baseline_hours: '0' });
  });

  it('compare nothing with an estimate that came after work had begun, and the tick names it', async () => {
    const { add, doc, settle, rowOf } = await createSyncScene();
    const late = add('tasks', { name: 'Late', external_id: 'T2', project: 'Acme', status: 'Done' });
    add('execution_runs', { run_id: 'R1', task: 'Late', actual_hours: 3 });
    await settle();
    doc.person.editCell('tasks', late, { estimated_hours: 2 });
    const { variance, findings } = await settle();
    expect(rowOf('tasks', 'external_id', 'T2').cells).toMatchObject({
      baseline_hours: '0',
      variance_vs_estimate: '',
    });
    expect(variance).toMatchObject([{ nTasks: 0, unestimatedHours: 3 }]);
    expect(findings.map(({ code }) => code)).toEqual(['ESTIMATE_LATE']);
  });

  it('are left out where the doc does not have them', async () => {
    const { doc, press, wait, settle, rows } = await createSyncScene();
    for (const name of ['workflows', 'tasks', 'execution_runs'] as const) {
      for (const column of tableSpec(name).columns) {
        const isDerived = column.owner === 'derived' || column.name === 'net_minutes';
        if (isDerived) doc.person.deleteColumn(name, column.name);
      }
    }
    press('StartRun');
    await wait(3_600_000);
    press('FinishRun');
    const report = await settle();
    expect(report.variance).toMatchObject([{ allHours: 1 }]);
    expect(rows('execution_runs')).toMatchObject([{ actual_hours: '1', wall_minutes: '60' }]);
  });
});

describe('a Ledger table that is not of this ledger', () => {
  const foreign = (docId: string) => ({
    ...toAnchorRow({ docId, position: 7, hash: 'f'.repeat(64), epoch: 1 }),
  });

  it('of another doc is left alone, and the tick says so', async () => {
    const { add, press, rows, settle } = await createSyncScene();
    add('Ledger', foreign('another-doc'));
    press('StartRun');
    const before = rows('Ledger');
    const report = await settle();
    expect(report).toMatchObject({ isCopied: true, commands: 0 });
    expect(rows('Ledger')).toEqual(before);
  });

  it('of this doc stops the tick before it touches a row', async () => {
    const { doc, add, press, rows, runTick, store } = await createSyncScene();
    add('Ledger', foreign(doc.docId));
    press('StartRun');
    const before = rows('Ledger');
    await expect(runTick()).rejects.toMatchObject({ code: 'LEDGER_ELSEWHERE' });
    expect(rows('Ledger')).toEqual(before);
    expect(await store.head()).toMatchObject({ position: 0 });
  });
});

describe('the steps of a tick', () => {
  it('come in the order that their work needs: what gates end is in the figures', async () => {
    const { runTick } = await createSyncScene();
    const steps: string[] = [];
    await runTick({ onStep: (step) => steps.push(step) });
    expect(steps).toEqual(['pull', 'decide', 'act', 'roll up', 'push', 'confirm']);
  });
});

describe('a tick that is stopped', () => {
  it('ends before its next step, gives the lease back, and the next one goes on', async () => {
    const { press, runTick, settle, outcomeOf, store, clock } = await createSyncScene();
    const key = press('StartRun');
    const stop = new AbortController();
    const onStep = (step: string) => {
      if (step === 'roll up') stop.abort();
    };
    const stopped = runTick({ signal: stop.signal, onStep });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED', retryable: true });
    expect((await store.readAll(0, 9)).map(({ type }) => type)).toContain('command_decided');
    expect(outcomeOf(key)).toBeUndefined();
    const lease = await store.acquireLease({
      name: 'sync',
      owner: 'other',
      ttlMs: 1,
      nowMs: clock(),
    });
    expect(lease.granted).toBe(true);
    await store.releaseLease(lease.lease);
    await settle();
    expect(outcomeOf(key)).toMatch(/^accepted/);
  });
});
