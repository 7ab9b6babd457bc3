import { describe, expect, it } from 'vitest';
import { DomainError } from '#shared/kernel/index.ts';
import { openTarget } from '#worker/sync/index.ts';
import { createSyncScene } from './sync-scene.ts';

describe('a write whose answer was lost', () => {
  it('fails the tick as something that passes, and the next one doubles nothing', async () => {
    const { doc, press, runTick, settle, rows, outcomeOf, store } = await createSyncScene();
    const key = press('StartRun');
    doc.failNext('resetAfter', 'write');
    await expect(runTick()).rejects.toMatchObject({ code: 'NETWORK', retryable: true });
    // The first table was sent, and the worker knows it; the others were not.
    expect((await store.listOutbox()).map((item) => item.sentAtMs !== undefined)).toEqual([
      true,
      false,
      false,
    ]);
    await settle();
    expect(rows('execution_runs')).toHaveLength(1);
    expect(outcomeOf(key)).toMatch(/^accepted/);
    expect(await store.listOutbox()).toEqual([]);
  });

  it('that never arrived is sent again', async () => {
    const { doc, press, runTick, settle, rows } = await createSyncScene();
    press('StartRun');
    doc.failNext('resetBefore', 'write');
    await expect(runTick()).rejects.toMatchObject({ code: 'NETWORK' });
    expect(rows('execution_runs')).toEqual([]);
    await settle();
    expect(rows('execution_runs')).toHaveLength(1);
  });

  it('and never arrived is sent again also where it was for the Ledger', async () => {
    const { api, doc, press, runTick, settle, outcomeOf } = await createSyncScene();
    const key = press('StartRun');
    const target = await openTarget(api, doc.docId);
    const ledgerId = target.binding.tables.get('Ledger')?.tableId;
    const upsertRows: typeof api.upsertRows = (docId, tableId, request) => {
      if (tableId !== ledgerId) return api.upsertRows(docId, tableId, request);
      throw new DomainError('NETWORK', 'the request was lost', { retryable: true });
    };
    const lossy = { ...target, api: { ...api, upsertRows } };
    await expect(runTick({ target: lossy })).rejects.toMatchObject({ code: 'NETWORK' });
    expect(outcomeOf(key)).toBeUndefined();
    expect(await runTick()).toMatchObject({ rowsOnTheirWay: 0 });
    expect(outcomeOf(key)).toMatch(/^accepted/);
    expect(await settle()).toMatchObject({ rowsSent: 0 });
  });
});

describe('rows nobody needs', () => {
  it('are swept away: a doubled state row, and the state of no desk', async () => {
    const { press, settle, add, rows, rowOf, runTick } = await createSyncScene();
    press('StartRun');
    await settle();
    const before = rows('Ledger');
    add('Ledger', { ...rowOf('Ledger', 'key', 'state/desk/dana').cells });
    add('Ledger', { kind: 'state', key: 'state/desk/nobody', seq: '1' });
    await settle();
    const text = (row: Readonly<Record<string, string>>) => JSON.stringify(row);
    expect(rows('Ledger').map(text).toSorted()).toEqual(before.map(text).toSorted());
    expect(await runTick()).toMatchObject({ rowsSent: 0, isSettled: true });
  });

  it('go two weeks after they were settled, and the runs they made stay', async () => {
    const { press, settle, wait, rows } = await createSyncScene();
    press('StartRun');
    await wait(3_600_000);
    press('FinishRun');
    await settle();
    await wait(14 * 86_400_000 + 3_600_001);
    await settle();
    expect(new Set(rows('Ledger').map(({ key }) => key))).toEqual(
      new Set(['state/desk/dana', 'state/ledger']),
    );
    expect(rows('execution_runs')).toMatchObject([{ actual_hours: '1' }]);
  });
});

describe('openTarget', () => {
  it('names every table and column the worker misses, with what to do', async () => {
    const { api, doc } = await createSyncScene();
    doc.person.deleteTable('Ledger');
    doc.person.deleteColumn('tasks', 'project');
    await expect(openTarget(api, doc.docId)).rejects.toMatchObject({
      code: 'DOC_NOT_READY',
      message: expect.stringMatching(/Ledger[\s\S]*project|project[\s\S]*Ledger/),
    });
  });
});

describe('documents of the store that nobody can read', () => {
  it('stop the tick before it decides anything', async () => {
    const { press, runTick, store, rows } = await createSyncScene();
    await store.transaction((transaction) => transaction.put('desk', 'desk/dana', { seq: 'one' }));
    press('StartRun');
    const before = rows('Ledger');
    await expect(runTick()).rejects.toMatchObject({
      code: 'STORE_CORRUPT',
      message: expect.stringContaining('`desk/desk/dana`'),
    });
    expect(rows('Ledger')).toEqual(before);
  });
});
