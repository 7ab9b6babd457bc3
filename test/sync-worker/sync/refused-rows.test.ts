import { describe, expect, it } from 'vitest';
import { type CodaRequest, createCodaApi, MAX_ROW_BYTES } from '#shared/coda/index.ts';
import { createPacedTransport } from '#worker/coda/index.ts';
import { openTarget, type TickOptions } from '#worker/sync/index.ts';
import { type OutRow, type PushContext, sendRows } from '#worker/sync/send-rows.ts';
import { createSyncScene } from './sync-scene.ts';

const MINUTE_MS = 60_000;
/** A doc that takes rows of 8,000 bytes and refuses every body with a larger one. */
const NARROW = { behaviour: { rowBytesMax: 8_000 } };
const LONG = 'x'.repeat(9_000);

type Scene = Awaited<ReturnType<typeof createSyncScene>>;

/** Rows for the tasks of a scene, and what is needed to send them. */
async function withSender(scene: Scene) {
  const { api, doc, store, clock } = scene;
  const target = await openTarget(api, doc.docId);
  const table = target.binding.tables.get('tasks');
  const { lease } = await store.acquireLease({ name: 'x', owner: 'x', ttlMs: 1, nowMs: clock() });
  const nothing = async () => {};
  const context: PushContext = {
    store,
    target,
    under: lease,
    nowMs: clock,
    checkLease: nothing,
    checkShape: nothing,
  };
  if (table === undefined) throw new Error('no table of tasks');
  const [key, name] = ['external_id', 'name'].map((one) => table.columns.get(one)?.columnId ?? '');
  const toRow = (at: number, text = `Task ${at}`): OutRow => ({
    id: `tasks/S${at}`,
    key: `S${at}`,
    content: text,
    cells: [
      { column: key ?? '', value: `S${at}` },
      { column: name ?? '', value: text },
    ],
  });
  const send = (rows: readonly OutRow[]) =>
    sendRows(context, { table, keyColumn: 'external_id', rows });
  return { send, toRow };
}

describe('a body that the doc refuses', () => {
  it('is halved until the one bad row is found, and the others land', async () => {
    const scene = await createSyncScene(NARROW);
    const { send, toRow } = await withSender(scene);
    const rows = Array.from({ length: 100 }, (_, at) => toRow(at, at === 37 ? LONG : undefined));
    const before = scene.counts().contentWrites;
    const { sent, unsent } = await send(rows);
    expect([sent.length, unsent.length]).toEqual([99, 0]);
    expect(scene.counts().contentWrites - before).toBeLessThanOrEqual(15);
    const keys = new Set(scene.rows('tasks').map((row) => row['external_id']));
    expect([keys.size, keys.has('S37')]).toEqual([100, false]);
    expect([...(await scene.store.list('held')).keys()]).toEqual(['tasks/S37']);
  });

  it('for more rows than a few leaves the rest to the next tick', async () => {
    const scene = await createSyncScene(NARROW);
    const { send, toRow } = await withSender(scene);
    const { sent, unsent } = await send(Array.from({ length: 30 }, (_, at) => toRow(at, LONG)));
    expect([sent.length, unsent.length]).toEqual([0, 22]);
    expect(await scene.store.list('held')).toHaveProperty('size', 8);
  });

  it('never holds one key twice, nor a row that is too large to be sent at all', async () => {
    const scene = await createSyncScene();
    const { send, toRow } = await withSender(scene);
    await expect(send([toRow(1), toRow(1)])).rejects.toThrow('no key is sent twice');
    const { writes } = scene.counts();
    await send([toRow(1, 'x'.repeat(MAX_ROW_BYTES))]);
    expect(scene.counts().writes).toBe(writes);
    expect((await scene.store.list('held')).get('tasks/S1')).toMatchObject({
      code: 'ROW_TOO_LARGE',
    });
  });
});

describe('a row that the doc refuses', () => {
  it('is named and waits until it says something else, while all others go on', async () => {
    const scene = await createSyncScene(NARROW);
    const { press, wait, runTick, settle, rows, rowOf, doc, counts, outcomeOf } = scene;
    const start = press('StartRun');
    await settle();
    await wait(MINUTE_MS);
    const finish = press('FinishRun', { note: LONG });
    const report = await runTick();
    expect(report).toMatchObject({ held: 1, isSettled: false });
    expect(report.findings).toMatchObject(
      [{ code: 'ROW_REFUSED', table: 'execution_runs', message: /too large/ }].map((one) => ({
        ...one,
        message: expect.stringMatching(one.message),
      })),
    );
    expect([outcomeOf(start), outcomeOf(finish)]).toEqual(
      Array(2).fill(expect.stringMatching(/^acc/)),
    );
    expect(rowOf('tasks', 'external_id', 'T1').cells['actual_hours']).toBe('0.02');
    const { writes } = counts();
    expect(await runTick()).toMatchObject({ held: 1, rowsSent: 0, isSettled: true });
    expect(counts().writes).toBe(writes);
    const { rowId } = doc.person.readRows('execution_runs')[0] ?? {};
    doc.person.editCell('execution_runs', rowId ?? '', { outcome_notes: 'in short' });
    expect(await settle()).toMatchObject({ held: 0, findings: [] });
    expect(rows('execution_runs')).toMatchObject([
      { wall_minutes: '1', outcome_notes: 'in short' },
    ]);
    expect(await scene.store.list('held')).toHaveProperty('size', 0);
  });

  it('is not looked for where a column has gone: that is what was refused', async () => {
    const { press, runTick, doc, api, rows, store } = await createSyncScene();
    press('StartRun');
    const { api: _, ...target } = await openTarget(api, doc.docId);
    const upsertRows: typeof api.upsertRows = (...asked) => {
      if (asked[1] === target.binding.tables.get('execution_runs')?.tableId) {
        doc.person.deleteColumn('execution_runs', 'created_at');
      }
      return api.upsertRows(...asked);
    };
    const torn = runTick({ target: { ...target, api: { ...api, upsertRows } } });
    await expect(torn).rejects.toMatchObject({ code: 'SHAPE_CHANGED' });
    expect(rows('execution_runs')).toEqual([]);
    expect(await store.list('held')).toHaveProperty('size', 0);
    expect(await runTick({ acceptDeletes: true })).toMatchObject({ held: 0 });
    expect(rows('execution_runs')).toHaveLength(1);
  });
});

describe('a row that the doc takes and does not keep', () => {
  it('is sent six times, named, and tried again after a day', async () => {
    const { press, wait, doc, api, runTick, counts } = await createSyncScene();
    press('StartRun');
    await wait(MINUTE_MS);
    press('FinishRun');
    const target = await openTarget(api, doc.docId);
    const blanked = target.binding.tables
      .get('execution_runs')
      ?.columns.get('wall_minutes')?.columnId;
    const listRows: typeof api.listRows = async function* (...asked) {
      for await (const page of api.listRows(...asked)) {
        yield {
          ...page,
          rows: page.rows.map(({ values, ...row }) => ({
            ...row,
            values: { ...values, [blanked ?? '']: { kind: 'blank' as const } },
          })),
        };
      }
    };
    const forgetful = { ...target, api: { ...api, listRows } };
    for (let sends = 1; sends < 6; sends += 1) {
      expect((await runTick({ target: forgetful })).rowsSent).toBeGreaterThanOrEqual(1);
    }
    await runTick({ target: forgetful });
    const { writes } = counts();
    const report = await runTick({ target: forgetful });
    expect(report).toMatchObject({ held: 1, rowsSent: 0, isSettled: true });
    expect(report.findings.map(({ code }) => code)).toContain('ROW_NOT_KEPT');
    expect(counts().writes).toBe(writes);
    await wait(24 * 60 * MINUTE_MS);
    expect(await runTick({ target: forgetful })).toMatchObject({ held: 0, rowsSent: 1 });
    await wait(24 * 60 * MINUTE_MS);
    expect(await runTick()).toMatchObject({ held: 0, rowsSent: 0, isSettled: true });
  });
});

describe('a row whose answer was lost', () => {
  /** The wire of a strict doc on which the first insert into Execution Runs is taken in and answered with a failure. */
  const LOST: readonly [string, () => unknown, TickOptions['lagMs']][] = [
    ['a gateway that times out', () => ({ status: 504, body: 'timed out' }), 400_000],
    ['a server that fails', () => ({ status: 500, body: '<html>' }), 400_000],
    ['a line that breaks', () => undefined, 400_000],
  ];

  it.each(LOST)(
    'by %s is looked for by its key before it is sent again',
    async (_, fail, lagMs) => {
      const behaviour = { snapshotLag: { minMs: 300_000, maxMs: 300_000 } };
      const scene = await createSyncScene({
        profile: 'strict',
        behaviour: { ...behaviour, upsertSees: 'snapshot' },
      });
      const { press, wait, doc, api, clock, settle, runTick, rows } = scene;
      press('StartRun');
      await wait(lagMs);
      await runTick();
      await wait(MINUTE_MS);
      const target = await openTarget(api, doc.docId);
      const runsPath = `/tables/${target.binding.tables.get('execution_runs')?.tableId}/rows`;
      const inserts: number[] = [];
      const isInsert = ({ method, path }: CodaRequest) =>
        method === 'POST' && path.endsWith(runsPath);
      const { transport } = createPacedTransport(
        async (request) => {
          const answer = await doc.transport(request);
          if (!isInsert(request)) return answer;
          inserts.push(clock());
          const failure = inserts.length === 1 ? fail() : answer;
          if (failure === undefined) throw Object.assign(new Error('reset'), { code: 'NETWORK' });
          return failure as typeof answer;
        },
        { clock, wait, random: () => 0 },
      );
      const lossy = { ...target, api: createCodaApi(transport) };
      await expect(runTick({ target: lossy })).rejects.toBeInstanceOf(Error);
      await runTick({ target: lossy });
      expect(inserts).toHaveLength(1);
      await settle();
      expect([inserts.length, rows('execution_runs').length]).toEqual([1, 1]);
    },
  );
});
