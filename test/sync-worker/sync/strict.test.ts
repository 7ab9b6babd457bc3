import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { importHistory } from '#worker/import/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from './sync-scene.ts';

const MINUTE_MS = 60_000;
/** Late, stale, limited and out of order, with no lag that a test did not ask for. */
const STRICT = { profile: 'strict' } as const;

describe('a doc that is late, stale and limited', () => {
  it('takes a finish five seconds after its start, and shows one run of five seconds', async () => {
    const behaviour = { snapshotLag: { minMs: 300_000, maxMs: 300_000 } };
    const { press, settle, wait, outcomeOf, rows } = await createSyncScene({
      ...STRICT,
      behaviour,
    });
    const start = press('StartRun');
    await wait(5_000);
    const finish = press('FinishRun');
    await wait(6 * MINUTE_MS);
    await settle();
    expect([outcomeOf(start), outcomeOf(finish)]).toEqual([
      expect.stringMatching(/^accepted \d+$/),
      expect.stringMatching(/^accepted \d+$/),
    ]);
    expect(rows('execution_runs')).toMatchObject([{ task: 'Interview', wall_minutes: '0.08' }]);
  });

  it('is not settled while a row is on its way, and is sent nothing twice meanwhile', async () => {
    const behaviour = { snapshotLag: { minMs: 300_000, maxMs: 300_000 } };
    const scene = await createSyncScene({ ...STRICT, behaviour });
    scene.press('StartRun');
    await scene.wait(6 * MINUTE_MS);
    await scene.runTick();
    await scene.wait(MINUTE_MS);
    const sent = await scene.runTick();
    expect(sent).toMatchObject({ commands: 1, isSettled: false });
    expect(sent.rowsSent).toBeGreaterThan(2);
    const { contentWrites } = scene.counts();
    const next = await scene.runTick();
    // Figures of workflow and task, the run, the settled row and the state row; the anchor rides along.
    expect(next).toMatchObject({ rowsSent: 0, rowsOnTheirWay: 5, isSettled: false });
    expect(scene.counts().contentWrites).toBe(contentWrites);
  });

  it('keeps the estimate that stood at the first run, though it changes before it shows', async () => {
    const behaviour = {
      applyDelay: { minMs: MINUTE_MS, maxMs: MINUTE_MS },
      snapshotLag: { minMs: 300_000, maxMs: 300_000 },
    };
    const scene = await createSyncScene({ ...STRICT, behaviour });
    const { add, doc, wait, clock, runTick, settle, rowOf, store } = scene;
    add('execution_runs', { run_id: 'R1', task: 'Interview', actual_hours: 3 });
    await wait(6 * MINUTE_MS);
    const sentAtMs = clock();
    // It does not wait for what it sent, which would take up the time in between.
    const { rowsSent } = await runTick({ confirmMs: 45_000 });
    expect(rowsSent).toBeGreaterThan(0);
    const { rowId } = rowOf('tasks', 'external_id', 'T1');
    doc.person.editCell('tasks', rowId, { estimated_hours: 9 });
    add('execution_runs', { run_id: 'R2', task: 'Interview', actual_hours: 1 });
    // The new estimate can be seen by now, and the frozen one not yet.
    await wait(sentAtMs + 355_000 - clock());
    await runTick();
    const [outboxed] = (await store.listOutbox()).filter(({ id }) => id === 'tasks/T1');
    expect(outboxed?.cells).toMatchObject({ baseline_hours: 2, actual_hours: 4 });
    await settle();
    expect(rowOf('tasks', 'external_id', 'T1').cells).toMatchObject({
      baseline_hours: '2',
      actual_hours: '4',
    });
  });

  it('takes an import and the ticks after it, and ends as an instant doc does', async () => {
    const file = [
      'task_id,workflow,project,person,estimated_hours,actual_hours,started_on,completed_on',
      ...Array.from(
        { length: 260 },
        (_, at) =>
          `T-${at},Audit ${at % 3},Acme ${at % 2},Dana,${1 + (at % 4)},${at / 8},2026-03-02,2026-03-03`,
      ),
    ].join('\n');
    const load = async (options: Parameters<typeof createSyncScene>[0], lagMs: number) => {
      const scene = await createSyncScene(options);
      const { api, doc, clock, wait } = scene;
      const source = Readable.from([Buffer.from(file)]);
      const { docId } = doc;
      const report = await importHistory({ source, doc: { api, docId, clock, wait, lagMs } });
      expect(report).toMatchObject({ accepted: 260, refusedCount: 0 });
      const last = await scene.settle();
      expect(scene.counts()).toMatchObject({ rateLimited: 0 });
      expect(await verifyStore(scene.store)).toMatchObject({ ok: true });
      const figures = last.variance.map(({ groupId, ...row }) => ({ ...row, has: groupId !== '' }));
      return {
        figures,
        tasks: scene
          .rows('tasks')
          .map((row) => JSON.stringify(row))
          .toSorted(),
      };
    };
    const strict = await load(STRICT, 400_000);
    expect(strict).toEqual(await load({}, 0));
    expect(strict.figures.map(({ workflow, nTasks }) => `${workflow} ${nTasks}`)).toContain(
      'Audit 1 87',
    );
  });
});
