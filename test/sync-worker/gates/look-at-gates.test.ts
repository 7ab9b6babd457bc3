import { describe, expect, it } from 'vitest';
import { toInstant } from '#shared/kernel/index.ts';
import { reportGates } from '#worker/gates/index.ts';
import { readKeptGates, readOpenGates } from '#worker/sync/index.ts';
import { verifyStore } from '#worker/verify/index.ts';
import { createSyncScene } from '../sync/sync-scene.ts';

const HOUR_MS = 3_600_000;

/** Dana has worked an hour on `Interview` and finished; its project asks for these gates. */
async function finishGated(requiredGates: string) {
  const scene = await createSyncScene();
  const { rowOf, doc, press, settle, wait } = scene;
  const edit = (table: string, column: string, value: string, cells: Record<string, string>) =>
    doc.person.editCell(table, rowOf(table, column, value).rowId, cells);
  edit('projects', 'name', 'Acme', { required_gates: requiredGates });
  press('StartRun');
  await wait(HOUR_MS);
  press('FinishRun');
  const report = await settle();
  return { ...scene, edit, report };
}

describe('a tick over a run with gates', () => {
  it('counts the hours, keeps the run waiting and says what is missing', async () => {
    const { report, rows, store, wait, runTick, api, doc, clock } = await finishGated(
      'client approval; deliverable linked',
    );
    expect(rows('execution_runs')).toMatchObject([{ actual_hours: '1', ended_at: '' }]);
    expect(report.gates).toMatchObject([
      {
        task: 'Interview',
        state: 'validating',
        isOpen: false,
        missing: [
          'client approval: NOT_RUN – nobody has recorded yet whether the client approves',
          'deliverable linked: FAILED – deliverables_linked 0, wanted ≥ 1 deliverables (n 1): unmet',
        ],
      },
    ]);
    expect(report.variance).toMatchObject([{ allHours: 1 }]);
    const { position } = await store.head();
    const kept = await readKeptGates(store);
    expect(kept).toMatchObject({ runs: [{ task: 'Interview', dueDate: '2026-05-04' }] });
    await wait(13 * 24 * HOUR_MS);
    expect(await runTick()).toMatchObject({ events: 0, rowsSent: 0 });
    expect(await readKeptGates(store)).toEqual(kept);
    const about = { api, docId: doc.docId, nowMs: clock() };
    const now = await readOpenGates(store, about);
    expect(now).toMatchObject({ presses: 0, resurfaced: [], openRuns: [{ task: 'Interview' }] });
    // The day its work was over is gone by now.
    expect(now.runs).toEqual(report.gates.map((run) => ({ ...run, isOverdue: true })));
    expect((await store.head()).position).toBe(position);
  });

  it('ends the run when the last gate opens, with the hours it had', async () => {
    const { add, settle, wait, rows, store } = await finishGated('deliverable linked');
    await wait(48 * HOUR_MS);
    add('deliverables', { name: 'Report', project: 'Acme', link: 'https://files.example/r' });
    const report = await settle();
    expect(report.gates).toEqual([]);
    expect(rows('execution_runs')).toMatchObject([{ actual_hours: '1' }]);
    expect(rows('execution_runs')[0]?.['ended_at']).not.toBe('');
    const [run] = [...(await store.list('run')).keys()];
    const events = await store.readStream(`run/${run}`);
    expect(events.map(({ type }) => type)).toEqual([
      'run_created',
      'run_started',
      'run_validation_started',
      'run_succeeded',
    ]);
    expect(
      rows('Ledger').find(({ kind, stream }) => kind === 'state' && stream !== 'ledger'),
    ).toMatchObject({
      state: 'idle',
    });
    expect(await verifyStore(store)).toMatchObject({ ok: true });
  });

  it('ends it at once where every gate is open when it is finished', async () => {
    const { add, press, settle, rowOf, doc } = await createSyncScene();
    add('deliverables', { name: 'Report', project: 'Acme', link: 'https://files.example/r' });
    doc.person.editCell('projects', rowOf('projects', 'name', 'Acme').rowId, {
      required_gates: 'Deliverable linked',
    });
    press('StartRun');
    press('FinishRun');
    expect(await settle()).toMatchObject({ gates: [] });
  });

  it('keeps each finding and each change, and tells the history', async () => {
    const { add, edit, settle, store } = await finishGated('deliverable linked\nclient approval');
    add('deliverables', { name: 'Report', project: 'Acme', link: 'https://files.example/r' });
    const opened = await settle();
    expect(opened.gates[0]?.gates[0]).toMatchObject({
      status: 'PASSED',
      history: 'NOT_RUN → FAILED → PASSED',
      conditions: [{ metric: 'deliverables_linked', actual: 1, threshold: 1, state: 'met' }],
    });
    edit('deliverables', 'name', 'Report', { link: '' });
    const shut = await settle();
    expect(shut.gates[0]?.gates[0]).toMatchObject({
      history: 'NOT_RUN → FAILED → PASSED → FAILED',
    });
    const checks = await store.listRecords('test_gates');
    expect(checks.map(({ document }) => JSON.stringify(document['state'])).toSorted()).toEqual([
      '"failed"',
      '"failed"',
      '"passed"',
    ]);
  });

  it('does not end a run whose list of gates nobody can read, and says where it stands', async () => {
    const { report, edit, settle } = await finishGated('clent approval');
    expect(report.gates).toMatchObject([
      {
        state: 'validating',
        missing: [
          '`required_gates` of `Acme` in projects, line 1: no gate is called `clent approval`; did you mean `client approval`?',
        ],
      },
    ]);
    edit('projects', 'name', 'Acme', { required_gates: '' });
    expect((await settle()).gates).toEqual([]);
  });

  it('does not end a run whose task is deleted, or known by the name of two', async () => {
    const { doc, rowOf, add, settle, rows, wait } = await finishGated('client approval');
    const { rowId } = rowOf('tasks', 'name', 'Interview');
    doc.person.deleteRow('tasks', rowId);
    const gone = await settle();
    expect(gone.gates).toMatchObject([
      { state: 'validating', isOpen: false, faults: [expect.stringMatching(/^no task is called/)] },
    ]);
    add('tasks', { name: 'Interview', project: 'Acme' });
    add('tasks', { name: 'Interview' });
    await wait(HOUR_MS);
    expect((await settle()).gates).toMatchObject([
      { state: 'validating', faults: [expect.stringMatching(/^more than one task/)] },
    ]);
    expect(rows('execution_runs')).toMatchObject([{ ended_at: '' }]);
  });

  it('lets nobody finish past the gates of a task whose name a second one bears', async () => {
    const { doc, add, rowOf, press, settle, rows } = await createSyncScene();
    const acme = rowOf('projects', 'name', 'Acme').rowId;
    doc.person.editCell('projects', acme, { required_gates: 'client approval' });
    add('tasks', { name: 'Interview' });
    press('StartRun');
    press('FinishRun');
    const { gates } = await settle();
    expect(gates).toMatchObject([{ state: 'validating', isOpen: false }]);
    expect(rows('execution_runs')).toMatchObject([{ ended_at: '' }]);
  });

  it('calls a gate that can no longer be read not run', async () => {
    const { edit, settle, add } = await finishGated('checklist done');
    edit('process_templates', 'name', 'Audit v1', { checklist: 'Interview\nReport' });
    add('tasks', { name: 'Report', project: 'Acme', status: 'Done' });
    expect((await settle()).gates[0]?.gates[0]).toMatchObject({ status: 'FAILED' });
    edit('process_templates', 'name', 'Audit v1', { checklist: '' });
    expect((await settle()).gates[0]?.gates[0]).toMatchObject({
      status: 'NOT_RUN',
      missing: 'checklist done: NOT_RUN – the process template has no checklist',
      history: 'NOT_RUN → FAILED → NOT_RUN',
    });
  });

  it('is inconclusive on too few finished tasks, and says how many it needs', async () => {
    const { report } = await finishGated('variance state stable');
    expect(report.gates[0]?.gates[0]).toMatchObject({ status: 'INCONCLUSIVE' });
    expect(report.gates[0]?.missing[0]).toMatch(/not evaluated, needs ≈\d+ more/);
  });
});

describe('what a pass kept of gates', () => {
  type Kept = Record<'runs', { readonly gates: readonly object[] }[]>;
  /** A pass has kept the gates of a run, which then come to be read differently. */
  const keep = async (change: (latest: Kept) => Kept | string) => {
    const scene = await finishGated('client approval');
    const { store } = scene;
    const changed = JSON.parse(JSON.stringify(change(Object(await store.get('gates', 'latest')))));
    await store.transaction((transaction) => transaction.put('gates', 'latest', changed));
    return scene;
  };
  const rename = (latest: Kept): Kept => ({
    ...latest,
    runs: latest.runs.map((run) => ({
      ...run,
      gates: run.gates.map((gate) => ({ ...gate, gate: 'seal of the mayor' })),
    })),
  });

  it('does not look open where the words of a gate can no longer be read', async () => {
    const { store, clock } = await keep(rename);
    const kept = await readKeptGates(store);
    expect(kept?.runs[0]?.faults).toEqual([expect.stringContaining('`seal of the mayor`')]);
    const [report] = await reportGates(store, kept?.runs ?? [], toInstant(clock()));
    expect(report).toMatchObject({ isOpen: false });
  });

  it('is an error where it cannot be read at all, until the next pass keeps it anew', async () => {
    const { store, runTick } = await keep(() => 'nothing');
    await expect(readKeptGates(store)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    await runTick();
    expect(await readKeptGates(store)).toMatchObject({ runs: [{ gates: [{}], faults: [] }] });
  });
});
