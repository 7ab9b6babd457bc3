import { describe, expect, it } from 'vitest';
import { STATE_BYTES_MAX } from '#shared/ledger/index.ts';
import { createSyncScene } from './sync-scene.ts';

const HOUR_MS = 3_600_000;

describe('a tick on a hard day', () => {
  it('settles more hours and longer notes than one state row can hold, and keeps the row small', async () => {
    const { press, logHours, settle, wait, rows } = await createSyncScene();
    for (let entry = 1; entry <= 300; entry += 1) logHours(0.1, '2026-05-04', entry);
    for (let run = 0; run < 10; run += 1) {
      press('StartRun');
      await wait(60_000);
      press('FinishRun', { note: 'x'.repeat(9_900) });
      await wait(60_000);
    }
    await settle();
    const kinds = rows('Ledger').map(({ kind }) => kind);
    expect(kinds).not.toContain('command');
    expect(rows('execution_runs')).toHaveLength(310);
    const state = rows('Ledger').find(({ key }) => key === 'state/desk/dana');
    expect(state?.['data']?.length).toBeLessThanOrEqual(STATE_BYTES_MAX);
    const sumHours = rows('tasks').map((row) => Number(row['actual_hours']));
    expect(sumHours[0]).toBeCloseTo(30 + 10 / 60, 1);
  });

  it('counts work on two days with the night between them paused', async () => {
    const { press, settle, wait, rows, doc, rowOf } = await createSyncScene();
    press('StartRun');
    await wait(HOUR_MS);
    press('PauseRun');
    await wait(25 * HOUR_MS);
    press('StartRun');
    await wait(HOUR_MS);
    press('FinishRun');
    doc.person.editCell('tasks', rowOf('tasks', 'external_id', 'T1').rowId, { status: 'Done' });
    const { variance } = await settle();
    expect(rows('execution_runs')).toMatchObject([{ actual_hours: '2' }]);
    expect(variance[0]).toMatchObject({ nTasks: 1, actualHours: 2, total: 0 });
  });

  it('goes on after reading for longer than its lease lasts, if nobody else had it', async () => {
    const { press, runTick, wait, outcomeOf } = await createSyncScene();
    const key = press('StartRun');
    const onStep = (step: string) => {
      if (step === 'pull') void wait(121_000);
    };
    await runTick({ onStep });
    expect(outcomeOf(key)).toMatch(/^accepted/);
  });

  it('takes no estimate for one that was entered after work had begun', async () => {
    const { press, settle, wait, rows, doc, rowOf } = await createSyncScene();
    const { rowId } = rowOf('tasks', 'external_id', 'T1');
    doc.person.editCell('tasks', rowId, { estimated_hours: '' });
    press('StartRun');
    await wait(HOUR_MS);
    press('FinishRun');
    await settle();
    doc.person.editCell('tasks', rowId, { estimated_hours: 1, status: 'Done' });
    const { variance } = await settle();
    expect(rows('tasks')).toMatchObject([{ baseline_hours: '0' }]);
    expect(variance[0]).toMatchObject({ nTasks: 0, total: null, unestimatedHours: 1 });
  });

  it('leaves a baseline it cannot read to the person who typed it', async () => {
    const { press, settle, rows, doc, rowOf } = await createSyncScene();
    const { rowId } = rowOf('tasks', 'external_id', 'T1');
    doc.person.editCell('tasks', rowId, { baseline_hours: '4 hrs' });
    press('StartRun');
    await settle();
    expect(rows('tasks')).toMatchObject([{ baseline_hours: '4 hrs', execution_runs: '1' }]);
  });

  it('finds the rows of ids that look like formulas, and makes no others', async () => {
    const { add, settle, rows } = await createSyncScene();
    add('tasks', { name: 'Odd', external_id: "'-12", project: 'Acme', estimated_hours: 1 });
    add('tasks', { name: 'At', external_id: '@b', project: 'Acme', estimated_hours: 1 });
    add('execution_runs', { run_id: 'R1', task: 'Odd', actual_hours: 3 });
    add('execution_runs', { run_id: 'R2', task: 'At', actual_hours: 2 });
    await settle();
    expect(rows('tasks').map(({ external_id: id, actual_hours: hours }) => [id, hours])).toEqual([
      ['T1', ''],
      ["'-12", '3'],
      ['@b', '2'],
    ]);
  });

  it('decides a press that was read by a clock far ahead, once the clock is right', async () => {
    const { press, runTick, clock, wait, outcomeOf } = await createSyncScene();
    const key = press('StartRun');
    const ahead = () => clock() + 50 * 365 * 24 * HOUR_MS;
    await runTick({ clock: ahead, holdMs: 60_000 });
    await wait(61_000);
    await runTick({ holdMs: 60_000 });
    expect(outcomeOf(key)).toMatch(/^accepted/);
  });

  it('refuses hours for a day beyond the calendar and goes on', async () => {
    const { logHours, press, settle, outcomeOf } = await createSyncScene();
    const odd = logHours(24, '9999-12-31');
    const key = press('StartRun');
    await settle();
    expect(outcomeOf(odd)).toMatch(/^refused: MALFORMED/);
    expect(outcomeOf(key)).toMatch(/^accepted/);
  });
});
