import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { toRunId } from '#shared/ledger/index.ts';
import { sha256 } from '#worker/store/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from './sync-scene.ts';

const HOUR_MS = 3_600_000;

describe('a run that is corrected', () => {
  it('is published with its new times, and the ledger keeps the old ones beside the reason', async () => {
    const { press, correct, settle, wait, rowOf, outcomeOf, store, clock } =
      await createSyncScene();
    const startMs = clock();
    const run = toRunId(press('StartRun'), sha256);
    await settle();
    await wait(2 * HOUR_MS);
    press('FinishRun');
    await settle();
    const row = () => rowOf('execution_runs', 'run_id', run).cells;
    expect(Number(row()['actual_hours'])).toBeGreaterThanOrEqual(2);
    const [start, end] = [toInstant(startMs - HOUR_MS), toInstant(startMs)];
    const key = correct({ run, reason: 'Clock forgotten.', start, end, interruptionHours: 0.25 });
    await settle();
    expect(outcomeOf(key)).toMatch(/^accepted/);
    expect(row()).toMatchObject({
      actual_hours: '0.75',
      net_minutes: '45',
      interrupt_minutes: '15',
      wall_minutes: '60',
      started_at: start,
      ended_at: end,
    });
    const events = await store.readStream(`run/${run}`);
    expect(events.map(({ type }) => type)).toEqual([
      'run_created',
      'run_started',
      'run_succeeded',
      'run_corrected',
    ]);
    expect(events.at(-1)?.payload).toMatchObject({
      reason: 'Clock forgotten.',
      work: { startedAt: start, over: { endedAt: end, pausedMs: HOUR_MS / 4 } },
      workBefore: { startedAt: toInstant(startMs), over: { pausedMs: 0 } },
    });
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  it('gets its hours where it looked like a forgotten timer', async () => {
    const { press, correct, settle, wait, rowOf, clock } = await createSyncScene();
    const run = toRunId(press('StartRun', { atMs: clock() - 30 * HOUR_MS }), sha256);
    press('FinishRun');
    const suspect = await settle();
    const row = () => rowOf('execution_runs', 'run_id', run).cells;
    expect(row()).toMatchObject({ actual_hours: '', net_minutes: '1800' });
    expect(suspect.variance).toMatchObject([{ allHours: 0 }]);
    await wait(60_000);
    correct({ run, reason: 'It did take that long.' });
    const report = await settle();
    expect(row()).toMatchObject({ actual_hours: '30', net_minutes: '1800' });
    expect(report.variance).toMatchObject([{ allHours: 30 }]);
  });

  it('is found long after it has left the Ledger table, and moved to another task', async () => {
    const { press, correct, settle, wait, add, rowOf, rows, outcomeOf, runTick } =
      await createSyncScene();
    const run = toRunId(press('StartRun'), sha256);
    await wait(HOUR_MS);
    press('FinishRun');
    await settle();
    await wait(72 * HOUR_MS);
    press('StartRun');
    await settle();
    const states = () => rows('Ledger').filter(({ stream }) => stream === 'desk/dana');
    const state = () => states().find(({ kind }) => kind === 'state')?.['data'];
    expect(state()).not.toContain(run);
    add('tasks', { name: 'Report', external_id: 'T2', status: 'In progress', project: 'Acme' });
    const known = correct({ run, reason: 'It was the report.', task: 'Report' });
    await settle();
    const unknown = correct({ run, reason: 'It was nothing.', task: 'Nothing we do' });
    await runTick();
    await wait(HOUR_MS / 4);
    await settle();
    expect(outcomeOf(known)).toMatch(/^accepted/);
    expect(outcomeOf(unknown)).toBe('refused: TASK_UNKNOWN – name a task of this doc');
    expect(state()).toContain(run);
    expect(rowOf('execution_runs', 'run_id', run).cells['task']).toBe('Report');
  });
});
