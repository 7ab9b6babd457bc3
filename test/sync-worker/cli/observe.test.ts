import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCommand, toCommandRow, type ViewRun } from '#shared/ledger/index.ts';
import { joinRuns } from '#worker/cli/ledger-now.ts';
import { registerObserve } from '#worker/cli/observe.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const DANA = 'dana@studio.example';
const HOUR_MS = 3_600_000;
const { doc, add, edit } = useServedDoc([{ name: 'Dana', email: DANA }]);
beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 4, 4, 9) });
  add('people', { name: 'Dana', email: DANA });
  add('workflows', { name: 'Audit', external_id: 'W1' });
  add('process_templates', { name: 'Audit v1', workflow: 'Audit' });
  const required = { required_gates: 'client approval; deliverable linked' };
  add('projects', { name: 'Acme', process_template: 'Audit v1', ...required });
  add('deliverables', { name: 'Deck', project: 'Acme', link: 'https://files.example/deck' });
  const task = { name: 'Interview', project: 'Acme', estimated_hours: 2 };
  add('tasks', { ...task, scheduled_end_date: '2026-05-05' });
});
afterAll(() => void vi.useRealTimers());

const wait = (ms: number) => void vi.setSystemTime(Date.now() + ms);
const observe = (...words: readonly string[]) => runCommand(registerObserve, ['observe', ...words]);
const press = (type: 'StartRun' | 'FinishRun') => {
  const data = { task: 'Interview', person: DANA };
  const command = createCommand({ type, data, atMs: Date.now(), by: DANA }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, type) });
};

describe('founder-hq observe', () => {
  it('counts what is pressed and not decided yet, and needs no ledger for it', async () => {
    press('StartRun');
    wait(2 * HOUR_MS);
    press('FinishRun');
    wait(HOUR_MS);
    const { code, out } = await observe('daily');
    expect([code, out]).toEqual([0, expect.stringContaining('Worked: 2 h in 1 run\n')]);
    expect(out).not.toContain('Gate');
  });

  it('names from the ledger the gates that are missing after their day, and no other', async () => {
    await runCommand(registerSync, ['sync']);
    expect((await observe('daily', '--date', '2026-05-05')).out).not.toContain('Gate');
    wait(48 * HOUR_MS);
    const { out } = await observe('weekly', '--date', '2026-05-06');
    expect(out.split('\n').filter((line) => line.startsWith('Gate'))).toEqual([
      'Gate overdue, due 2026-05-05: client approval of Interview',
    ]);
    const { overdueGates } = JSON.parse((await observe('weekly', '--json')).out) as {
      overdueGates: { rowIds: string[] }[];
    };
    const [task] = doc.person.readRows('tasks');
    expect(overdueGates[0]?.rowIds).toEqual([task?.rowId, expect.stringMatching(/^\w{26}$/)]);
  });

  it('calls a list nobody can read overdue as a whole', async () => {
    edit('projects', 'Acme', { required_gates: 'clent approval' });
    await runCommand(registerSync, ['sync']);
    expect((await observe('weekly')).out).toMatch(
      /Gate overdue, due 2026-05-05: `required_gates` of `Acme` .*`client approval`\?\n/,
    );
  });

  it('counts the runs of the ledger where the table of the doc has lost them', async () => {
    const rows = doc.person.readRows('Ledger');
    for (const { rowId } of rows) doc.person.deleteRow('Ledger', rowId);
    for (const { rowId } of doc.person.readRows('execution_runs')) {
      doc.person.deleteRow('execution_runs', rowId);
    }
    expect((await observe('weekly')).out).toContain('Worked: 2 h in 1 run\n');
  });

  it('reads from the doc how long the money lasts, and the flag comes before it', async () => {
    expect((await observe('weekly')).out).not.toContain('Runway');
    add('finance_snapshot', { name: 'April', date: '2026-04-30', runway_weeks: 9 });
    add('finance_snapshot', { name: 'June', date: '2026-06-01', runway_weeks: 2 });
    expect((await observe('weekly')).out).toContain('Runway 9 weeks: at least 60 %');
    expect((await observe('weekly', '--runway', '7')).out).toContain('Runway 7 weeks');
    expect((await observe('weekly', '--runway', '20')).out).not.toContain('Runway');
  });

  it('says that a server which is named has no ledger of the doc', async () => {
    const nowhere = 'postgres://dana@127.0.0.1:1/founder_hq';
    expect(await observe('weekly', '--store', nowhere)).toMatchObject({
      code: 1,
      err: expect.stringContaining('127.0.0.1:1'),
    });
  });
});

describe('runs of doc and ledger', () => {
  const run = (runId: string, more: Partial<ViewRun> = {}): ViewRun => ({
    runId,
    deskId: 'desk/dana',
    task: 'Interview',
    state: 'running',
    startedAtMs: 0,
    netMs: 1,
    isPending: false,
    ...more,
  });

  it.each<[string, readonly ViewRun[], readonly ViewRun[], Partial<ViewRun>]>([
    ['only the doc knows', [run('r')], [], { state: 'running' }],
    ['only the ledger knows', [], [run('r')], { state: 'running' }],
    [
      'the doc shows as it was before its end',
      [run('r')],
      [run('r', { state: 'succeeded', endedAtMs: 5 })],
      { state: 'succeeded' },
    ],
    [
      'waits for its gates',
      [run('r')],
      [run('r', { state: 'validating' })],
      { state: 'validating' },
    ],
    [
      'somebody has just pressed on',
      [run('r', { state: 'paused', isPending: true })],
      [run('r')],
      { state: 'paused' },
    ],
    ['the doc knows more of', [run('r', { state: 'paused' })], [run('r')], { state: 'paused' }],
  ])('show a run once that %s', (_, inDoc, inLedger, shown) => {
    expect(joinRuns(inDoc, inLedger)).toMatchObject([{ runId: 'r', ...shown }]);
  });
});
