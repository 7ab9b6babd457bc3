import { describe, expect, it } from 'vitest';
import { createSyncScene, NINE } from './sync-scene.ts';

const MINUTE_MS = 60_000;

describe('a button after a tick', () => {
  it('is accepted with its place in the ledger', async () => {
    const { press, settle, outcomeOf, rows } = await createSyncScene();
    const key = press('StartRun');
    const report = await settle();
    expect(outcomeOf(key)).toMatch(/^accepted \d+$/);
    expect(rows('execution_runs')).toMatchObject([
      { task: 'Interview', executed_by: 'Dana', run_type: 'Process' },
    ]);
    expect(report).toMatchObject({ rowsSent: 0, waiting: 0, unconfirmed: 0 });
  });

  it('is one run and one row of Execution Runs however often it is pressed', async () => {
    const { press, settle, wait, outcomeOf, rows, store } = await createSyncScene();
    const first = press('StartRun');
    await wait(2_000);
    const again = press('StartRun');
    await settle();
    const [, position] = outcomeOf(first)?.split(' ') ?? [];
    expect(outcomeOf(again)).toBe(`same as ${position}`);
    expect(rows('execution_runs')).toHaveLength(1);
    expect((await store.list('run')).size).toBe(1);
  });

  it('is one effect when a retry inserts its row twice, and both rows are settled', async () => {
    const { press, settle, rows } = await createSyncScene();
    const key = press('StartRun');
    press('StartRun');
    await settle();
    const outcomes = rows('Ledger').filter((row) => row['key'] === key);
    expect(outcomes.map(({ kind, outcome }) => `${kind} ${outcome?.split(' ')[0]}`)).toEqual([
      'settled accepted',
      'settled accepted',
    ]);
    expect(rows('execution_runs')).toHaveLength(1);
  });

  it('takes pauses out of the hours, and the second finish is refused by its code', async () => {
    const { press, settle, wait, outcomeOf, rows, runTick } = await createSyncScene();
    press('StartRun');
    await wait(60 * MINUTE_MS);
    press('PauseRun');
    await wait(30 * MINUTE_MS);
    press('ResumeRun');
    await wait(60 * MINUTE_MS);
    press('FinishRun', { note: 'Sent' });
    await settle();
    expect(rows('execution_runs')).toMatchObject([
      {
        actual_hours: '2',
        net_minutes: '120',
        interrupt_minutes: '30',
        wall_minutes: '150',
        outcome_notes: 'Sent',
      },
    ]);
    await wait(5 * MINUTE_MS);
    const late = press('FinishRun');
    expect(await runTick()).toMatchObject({ waiting: 1, isSettled: false, rowsSent: 0 });
    await wait(16 * MINUTE_MS);
    await settle();
    expect(outcomeOf(late)).toMatch(/^refused: FINAL_STATE – ./);
    expect(rows('execution_runs')).toHaveLength(1);
  });

  it('logs hours on their day in the zone of the doc, and once however often', async () => {
    const { logHours, settle, wait, outcomeOf, rows, runTick } = await createSyncScene({
      timezone: 'America/New_York',
    });
    const key = logHours(1.5, '2026-05-01');
    await settle();
    await wait(3_600_000);
    logHours(1.5, '2026-05-01');
    logHours(1.5, '2026-05-01', 2);
    await settle();
    expect(outcomeOf(key)).toMatch(/^accepted/);
    const runs = rows('execution_runs');
    expect(runs.map((run) => run['actual_hours'])).toEqual(['1.5', '1.5']);
    expect(runs[0]?.['started_at']).toMatch(/^2026-05-01T00:00:00.000-04:00/);
    expect(await runTick()).toMatchObject({ rowsSent: 0, events: 0 });
  });

  it('is refused where a person changed its row, and the row says so', async () => {
    const { press, settle, rows, rowOf, doc } = await createSyncScene();
    const key = press('StartRun');
    const { rowId } = rowOf('Ledger', 'key', key);
    doc.person.editCell('Ledger', rowId, { by: 'someone@else.example' });
    await settle();
    expect(rows('Ledger')).toMatchObject([
      { kind: 'settled', outcome: expect.stringMatching(/^refused: EDITED – ./) },
    ]);
    expect(rows('execution_runs')).toEqual([]);
  });

  it('is withdrawn when its row is deleted before a worker read it', async () => {
    const { press, settle, rowOf, doc, rows } = await createSyncScene();
    const key = press('StartRun');
    doc.person.deleteRow('Ledger', rowOf('Ledger', 'key', key).rowId);
    expect(await settle()).toMatchObject({ commands: 0 });
    expect(rows('execution_runs')).toEqual([]);
  });

  it('on a task nobody knows makes a run without a task, which finds it when it comes', async () => {
    const { press, settle, add, rows } = await createSyncScene();
    press('StartRun', { task: 'Later' });
    await settle();
    expect(rows('execution_runs')).toMatchObject([{ task: '' }]);
    add('tasks', { name: 'Later', project: 'Acme' });
    await settle();
    expect(rows('execution_runs')).toMatchObject([{ task: 'Later' }]);
  });
});

describe('what people do to rows of the ledger', () => {
  it('to a state row is put back, to the letter', async () => {
    const { press, settle, rowOf, doc, rows } = await createSyncScene();
    press('StartRun');
    await settle();
    const before = rows('Ledger');
    const { rowId } = rowOf('Ledger', 'key', 'state/desk/dana');
    doc.person.editCell('Ledger', rowId, { state: 'on holiday', data: '{}' });
    expect(await settle()).toMatchObject({ commands: 0 });
    expect(rows('Ledger')).toEqual(before);
    doc.person.deleteRow('Ledger', rowId);
    await settle();
    expect(rows('Ledger').toSorted(byKey)).toEqual([...before].toSorted(byKey));
  });

  it('to a run of the ledger is kept beside what it says, and a cell they clear is filled again', async () => {
    const { press, settle, wait, rowOf, doc, rows } = await createSyncScene();
    press('StartRun');
    await settle();
    const [run] = rows('execution_runs');
    const { rowId } = rowOf('execution_runs', 'run_id', run?.['run_id'] ?? '');
    doc.person.editCell('execution_runs', rowId, {
      outcome_notes: 'Client was late',
      started_at: new Date(NINE - 3_600_000).toISOString(),
      executed_by: '',
    });
    await wait(3_600_000);
    press('FinishRun', { note: 'Sent' });
    await settle();
    expect(rows('execution_runs')).toMatchObject([
      {
        outcome_notes: 'Client was late',
        started_at: expect.not.stringMatching(run?.['started_at'] ?? ''),
        executed_by: 'Dana',
        actual_hours: '1',
      },
    ]);
  });
});

const byKey = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) =>
  (one['key'] ?? '') < (other['key'] ?? '') ? -1 : 1;
