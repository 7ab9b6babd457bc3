import { describe, expect, it } from 'vitest';
import { type ColumnSpec, FOUNDER_HQ_TABLES } from '#shared/doc/index.ts';
import type { Behaviour, LocalDocOptions } from '#worker/local-doc/index.ts';
import { recallTarget, type TickOptions } from '#worker/sync/index.ts';
import { createFinishedScene } from '../gates/gate-scene.ts';
import { createSyncScene } from './sync-scene.ts';

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** A scene whose ticks begin as those of the command do, with what each asked of the doc. */
function withRecall<
  Base extends Pick<Scene, 'runTick' | 'api' | 'doc' | 'store' | 'counts' | 'wait'>,
>(scene: Base) {
  const { api, doc, store, counts, runTick, wait } = scene;
  const tick = async (options: Partial<TickOptions> = {}) => {
    const before = counts();
    const target = await recallTarget(store, { api, docId: doc.docId });
    const report = await runTick({ target, ...options });
    const { reads, writes } = counts();
    return { ...report, reads: reads - before.reads, writes: writes - before.writes };
  };
  /** Ticks until everything has had the time to show, and some more. */
  const rest = async () => {
    let last = await tick();
    for (let left = 7; left > 0; left -= 1) {
      await wait(4 * MINUTE_MS);
      last = await tick();
    }
    return last;
  };
  return { ...scene, tick, rest };
}

/** A doc with a typed run, at rest. */
async function atRest(behaviour: Partial<Behaviour> = {}, options: Partial<LocalDocOptions> = {}) {
  const scene = withRecall(await createSyncScene({ profile: 'strict', behaviour, ...options }));
  const runId = scene.add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
  await scene.wait(7 * MINUTE_MS);
  await scene.rest();
  const task = () => scene.rowOf('tasks', 'external_id', 'T1');
  return { ...scene, runId, task };
}

describe('a tick over a doc where nothing has happened', () => {
  it.each(['instant', 'strict'] as const)(
    'asks three times and writes nothing, neither there nor in the ledger, where it is %s',
    async (profile) => {
      const { tick, wait, store } = await atRest({}, { profile });
      await wait(MINUTE_MS);
      const kept = [await store.head(), await store.list('still'), await store.list('seen')];
      expect(await tick()).toMatchObject({ reads: 3, writes: 0, events: 0, isSettled: true });
      expect([await store.head(), await store.list('still'), await store.list('seen')]).toEqual(
        kept,
      );
    },
  );

  it('asks for every table again once a day, and then for none', async () => {
    const { tick, wait, rest } = await atRest();
    await wait(DAY_MS);
    // The doc twice, its tables, and of each table its columns, its size before and its rows.
    expect((await tick()).reads).toBeGreaterThan(25);
    expect(await rest()).toMatchObject({ reads: 3 });
  });

  it('reads by then what a formula says, of which the doc does not tell', async () => {
    const isCalculated = (column: ColumnSpec) =>
      column.name === 'estimated_hours' ? { ...column, isCalculated: true } : column;
    const tables = FOUNDER_HQ_TABLES.map((table) =>
      table.name === 'tasks' ? { ...table, columns: table.columns.map(isCalculated) } : table,
    );
    const { tick, wait, doc, task, store } = await atRest({}, { tables });
    const seen = async () => JSON.stringify([...(await store.list('seen/tasks')).values()]);
    doc.person.editCell('tasks', task().rowId, { estimated_hours: 61 });
    await wait(DAY_MS - 60 * MINUTE_MS);
    expect(await tick()).toMatchObject({ reads: 3 });
    expect(await seen()).not.toContain('61');
    await wait(60 * MINUTE_MS);
    await tick();
    expect(await seen()).toContain('61');
  });
});

const CHANGES: readonly [string, (scene: Awaited<ReturnType<typeof atRest>>) => void, string][] = [
  [
    'an edited run',
    ({ doc, runId }) => doc.person.editCell('execution_runs', runId, { actual_hours: 5 }),
    '5',
  ],
  [
    'a run that was typed',
    ({ add }) => void add('execution_runs', { task: 'Interview', actual_hours: 2 }),
    '5',
  ],
  ['a run that is gone', ({ doc, runId }) => doc.person.deleteRow('execution_runs', runId), ''],
];

describe.each(['live rows', 'seen rows', 'shape'] as const)(
  'a doc at rest that dates itself by %s',
  (docUpdatedBy) => {
    it.each(CHANGES)('is found to have %s as soon as it shows', async (_, change, hours) => {
      const lateMs = 5 * MINUTE_MS;
      const snapshotLag = { minMs: lateMs, maxMs: lateMs };
      const scene = await atRest({ docUpdatedBy, snapshotLag });
      await scene.rest();
      change(scene);
      for (let minutes = 0; minutes < 8; minutes += 1) {
        await scene.wait(MINUTE_MS);
        await scene.tick();
      }
      expect((await scene.tick()).rowsOnTheirWay).toBeGreaterThan(0);
      await scene.rest();
      expect(scene.task().cells['actual_hours']).toBe(hours);
      expect(await scene.tick()).toMatchObject({
        reads: docUpdatedBy === 'shape' ? 19 : 3,
        writes: 0,
      });
    });

    it('is found to have another column as soon as it has it', async () => {
      const scene = await atRest({ docUpdatedBy });
      scene.doc.person.deleteColumn('execution_runs', 'outcome_notes');
      await expect(scene.tick()).rejects.toMatchObject({ code: 'SHAPE_CHANGED' });
    });

    it('has a press in it decided', async () => {
      const { press, wait, rest, outcomeOf } = await atRest({ docUpdatedBy });
      const key = press('StartRun');
      await wait(MINUTE_MS);
      await rest();
      expect(outcomeOf(key)).toMatch(/^accepted/);
    });
  },
);

describe('a doc whose word is not to be trusted', () => {
  it('is not asked for it again once a row was younger', async () => {
    const scene = await atRest({ docUpdatedBy: 'shape' });
    expect([...(await scene.store.list('still')).values()]).toMatchObject([{ isUntrue: true }]);
    scene.doc.person.renameColumn('tasks', 'status', 'status');
    expect((await scene.rest()).reads).toBe(19);
  });

  it('is asked for it again after a clock that was far ahead', async () => {
    const { doc, runId, tick, rest, clock } = await atRest();
    doc.person.editCell('execution_runs', runId, { outcome_notes: 'called twice' });
    await tick({ clock: () => clock() + 365 * DAY_MS });
    await rest();
    expect(await rest()).toMatchObject({ reads: 3 });
  });
});

describe('what is due by time', () => {
  it('is done though the doc is still: a waiver that ends', async () => {
    const scene = withRecall(await createFinishedScene());
    scene.waive({ expires: '2026-05-06' });
    await scene.rest();
    expect(await scene.tick()).toMatchObject({ reads: 3 });
    const told: number[] = [];
    for (let hours = 0; hours < 72; hours += 3) {
      await scene.wait(3 * 60 * MINUTE_MS);
      const { events, reads } = await scene.tick();
      if (events > 0) told.push(reads);
    }
    expect(told).toHaveLength(1);
  });

  it('is done though the doc is still: a row that was lost on its way', async () => {
    const { add, rest, wait, rows } = await atRest({
      lostRate: 0.6,
      applyDelay: { minMs: 0, maxMs: 0 },
    });
    add('execution_runs', { run_id: 'R2', task: 'Interview', actual_hours: 1 });
    await wait(7 * MINUTE_MS);
    for (let tries = 0; tries < 6; tries += 1) await rest();
    expect(rows('tasks')[0]?.['actual_hours']).toBe('4');
  });
});
