import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { listResurfaced, reportGates } from '#worker/gates/index.ts';
import { openTarget, readBooks, readKeptGates } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createFinishedScene, DANA } from './gate-scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Dana's run is done, since its one gate was waived until the end of 6 May. */
async function doneUnderWaiver() {
  const scene = await createFinishedScene();
  const { waive, settle, store } = scene;
  waive({ expires: '2026-05-06' });
  await settle();
  const [runId = ''] = (await store.list('run')).keys();
  const readTypes = async (stream: string) =>
    (await store.readStream(stream)).map(({ type }) => type);
  const types = async () => ({
    run: await readTypes(`run/${runId}`),
    gate: await readTypes(`gate/${runId}:client-approval`),
  });
  const listShown = async () => listResurfaced(store, toInstant(scene.clock()));
  return { ...scene, runId, types, listShown };
}

describe('a waiver that runs out after its run is done', () => {
  it('is told once, notes it at the run and leaves the run done', async () => {
    const { types, wait, settle, runTick, store, runId, rows } = await doneUnderWaiver();
    const before = { run: ['run_created', 'run_started', 'run_validation_started'] };
    expect((await types()).run).toEqual([...before.run, 'run_succeeded']);
    await wait(3 * DAY_MS);
    await settle();
    expect(await types()).toEqual({
      run: [...before.run, 'run_succeeded', 'note_added'],
      gate: ['waiver_granted', 'gate_status_changed', 'waiver_expired', 'gate_status_changed'],
    });
    const note = (await store.readStream(`run/${runId}`)).at(-1);
    expect(note).toMatchObject({
      actor: 'system',
      payload: {
        text: 'a waiver this run succeeded under has expired',
        waiverExpiredAt: '2026-05-07T00:00:00.000Z',
      },
    });
    const changes = await store.readStream(`gate/${runId}:client-approval`);
    expect(changes.slice(2).map(({ payload }) => payload)).toMatchObject([
      { status: 'NOT_RUN' },
      { from: 'WAIVED', to: 'NOT_RUN' },
    ]);
    expect(rows('execution_runs')[0]?.['ended_at']).not.toBe('');
    expect(await runTick()).toMatchObject({ events: 0, rowsSent: 0 });
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  it('is shown with who approved it, for 30 days', async () => {
    const { wait, settle, listShown, runId } = await doneUnderWaiver();
    expect(await listShown()).toEqual([]);
    await wait(3 * DAY_MS);
    const shown = [
      {
        runId,
        gateKey: 'client-approval',
        status: 'NOT_RUN',
        waiver: { approver: DANA, selfApproved: true },
      },
    ];
    expect(await listShown()).toMatchObject(shown);
    await settle();
    expect(await listShown()).toMatchObject(shown);
    await wait(30 * DAY_MS);
    expect(await listShown()).toEqual([]);
  });

  it('says nothing of a run that passed its gate after all', async () => {
    const { waive, record, settle, wait, store, clock } =
      await createFinishedScene('client approval; lint');
    waive({ expires: '2026-05-06' });
    await settle();
    record('passed');
    await wait(1);
    record('passed', { gate: 'lint' });
    await settle();
    const [runId = ''] = (await store.list('run')).keys();
    await wait(3 * DAY_MS);
    await settle();
    const run = await store.readStream(`run/${runId}`);
    expect(run.at(-1)?.type).toBe('run_succeeded');
    const gate = await store.readStream(`gate/${runId}:client-approval`);
    expect(gate.at(-1)).toMatchObject({ type: 'waiver_expired', payload: { status: 'PASSED' } });
    expect(await listResurfaced(store, toInstant(clock()))).toEqual([]);
  });

  it('says nothing while another waiver of the same gate is in force', async () => {
    const { waive, settle, wait, store, clock } = await createFinishedScene();
    waive({ expires: '2026-05-06' });
    await wait(1);
    waive({ expires: '2026-05-08' });
    await settle();
    await wait(3 * DAY_MS);
    await settle();
    expect(await listResurfaced(store, toInstant(clock()))).toEqual([]);
    await wait(2 * DAY_MS);
    await settle();
    expect(await listResurfaced(store, toInstant(clock()))).toHaveLength(1);
    const [runId = ''] = (await store.list('run')).keys();
    const run = await store.readStream(`run/${runId}`);
    expect(run.filter(({ type }) => type === 'note_added')).toHaveLength(1);
  });

  it('notes each of two waivers of one run that end between two passes', async () => {
    const scene = await createFinishedScene('client approval; lint');
    const { waive, settle, wait, store } = scene;
    waive({ expires: '2026-05-06' });
    waive({ expires: '2026-05-07' }, 'lint');
    await settle();
    await wait(4 * DAY_MS);
    await settle();
    const [runId = ''] = (await store.list('run')).keys();
    const stream = await store.readStream(`run/${runId}`);
    expect(stream.filter(({ type }) => type === 'note_added')).toHaveLength(2);
    const kept = (await readBooks(store)).runs.get(runId);
    expect(kept?.run.run.version).toBe(stream.length);
  });
});

describe('days of gates in a doc of another zone', () => {
  // Nine in the morning of the 4th is the last hour of the 4th in the one and of the 3rd in the other.
  it.each([
    ['Pacific/Kiritimati', '2026-05-04', '2026-05-06T10:00:00.000Z'],
    ['Pacific/Honolulu', '2026-05-03', '2026-05-07T10:00:00.000Z'],
  ])(
    'are those of %s: when work was over, is overdue, and a waiver ends',
    async (timeZone, dueDate, expiresAt) => {
      const scene = await createFinishedScene('client approval; lint');
      const { waive, runTick, wait, store, api, doc } = scene;
      const target = { ...(await openTarget(api, doc.docId)), timeZone };
      waive({ expires: '2026-05-06' });
      const { gates } = await runTick({ target });
      expect(gates).toMatchObject([{ dueDate, isOverdue: false }]);
      expect(gates[0]?.gates[0]?.waiver).toMatchObject({ expiresAt });
      await wait(HOUR_MS);
      const kept = await readKeptGates(store);
      const later = await reportGates(store, kept?.runs ?? [], toInstant(scene.clock()));
      expect(later).toMatchObject([{ isOverdue: true }]);
    },
  );
});
