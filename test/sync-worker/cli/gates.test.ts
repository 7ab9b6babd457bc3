import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCommand, type GateCommand, toCommandRow } from '#shared/ledger/index.ts';
import { registerGates } from '#worker/cli/gates.ts';
import { registerStatus } from '#worker/cli/status.ts';
import { registerSync } from '#worker/cli/sync.ts';
import { sha256 } from '#worker/store/index.ts';
import { runCommand } from './run-command.ts';
import { useServedDoc } from './served-doc.ts';

const DANA = 'dana@studio.example';
const MONDAY_NINE = Date.UTC(2026, 4, 4, 9);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { doc, add, edit } = useServedDoc([{ name: 'Dana', email: DANA }]);
beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: MONDAY_NINE }));
afterAll(() => void vi.useRealTimers());

const wait = (ms: number) => void vi.setSystemTime(Date.now() + ms);
const sync = () => {
  wait(60_000);
  return runCommand(registerSync, ['sync']);
};
const gates = (...words: readonly string[]) => runCommand(registerGates, ['gates', ...words]);
const status = (...words: readonly string[]) => runCommand(registerStatus, ['status', ...words]);
/** Lines without the id of the run, which is a hash. */
const toLines = (out: string) =>
  out.split('\n').flatMap((line) => (line === '' ? [] : line.replace(/ [0-9A-Z]{26}\b/, '')));

const press = (type: 'StartRun' | 'FinishRun', task: string) => {
  const data = { task, person: 'Dana' };
  const command = createCommand({ type, data, atMs: Date.now(), by: DANA }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, `${type} · Dana`) });
  wait(20_000);
};
type Asked = GateCommand extends infer Command
  ? Command extends GateCommand
    ? Pick<Command, 'type' | 'data'>
    : never
  : never;
const ask = (asked: Asked) => {
  const command = createCommand({ ...asked, by: DANA, atMs: Date.now() }, sha256);
  doc.person.insertRow('Ledger', { ...toCommandRow(command, asked.type) });
  wait(20_000);
};
const EVERY_KIND =
  'client approval; deliverable linked; checklist done\nbudget <= 110 %; variance state stable; unit tests';

/** The commands are asked one after the other, as a founder would over some days. */
describe('founder-hq gates', () => {
  beforeAll(async () => {
    add('people', { name: 'Dana', email: DANA });
    add('workflows', { name: 'Audit', external_id: 'W1' });
    add('process_templates', {
      name: 'Audit v1',
      workflow: 'Audit',
      checklist: 'Interview\nReport',
    });
    add('projects', { name: 'Acme', process_template: 'Audit v1', required_gates: EVERY_KIND });
    add('tasks', { name: 'Interview', project: 'Acme', estimated_hours: 2 });
    add('tasks', { name: 'Report', project: 'Acme', scheduled_end_date: '2026-05-05' });
    add('tasks', { name: 'Errand' });
    await sync();
  });

  it('says that no open run needs a gate, and what is pressed and not decided', async () => {
    expect(await gates()).toMatchObject({ code: 0, out: 'no open run needs a gate\n' });
    press('StartRun', 'Report');
    press('FinishRun', 'Report');
    expect((await gates()).out.split('\n')).toEqual([
      'no open run needs a gate',
      '2 presses not decided yet: the next pass (founder-hq sync) decides first, and what that changes is not in here.',
      '',
    ]);
    await sync();
  });

  it('shows every gate with its conditions, figures and what is missing, and ends with 3', async () => {
    const { code, out } = await gates();
    expect(code).toBe(3);
    expect(toLines(out)).toEqual([
      'validating: Report (run, due 2026-05-05)',
      '  NOT_RUN       client approval',
      '                nobody has recorded yet whether the client approves',
      '  FAILED        deliverable linked',
      '                deliverables_linked 0, wanted ≥ 1 deliverables (n 1): unmet',
      '  FAILED        checklist done',
      '                checklist_steps_done 0, wanted ≥ 2 steps (n 1): unmet',
      '  NOT_RUN       budget <= 110 %',
      expect.stringMatching(/^ {16}no budget is kept for the project/),
      '  INCONCLUSIVE  variance state stable',
      '                variance_drifting_over, wanted = 0 of 1 (n 0): not evaluated, needs ≈32 more',
      '                variance_drifting_under, wanted = 0 of 1 (n 0): not evaluated, needs ≈32 more',
      '                variance_conflict, wanted = 0 of 1 (n 0): not evaluated, needs ≈32 more',
      '  NOT_RUN       unit tests',
      '                no result of unit tests has been recorded yet',
      '  missing: client approval; deliverable linked; checklist done; budget <= 110 %; variance state stable; unit tests',
      '6 gates of 1 run: 6 missing, 0 of these stale, 0 waived; 0 overdue',
      expect.stringMatching(/^A command RecordGate answers .* for at most 14 days\.$/),
    ]);
  });

  it('foretells with --dry-run what the next pass changes, and writes nothing', async () => {
    add('deliverables', { name: 'PDF', project: 'Acme', link: 'https://files.example/pdf' });
    const before = (await status('--json')).out;
    expect((await gates('--dry-run')).out.split('\n')).toEqual([
      'The next pass looks at 6 gates, judges 1 check anew and changes 1 state:',
      '  FAILED → PASSED deliverable linked (Report)',
      '                deliverables_linked 1, wanted ≥ 1 deliverables (n 1): met',
      'Nothing was written.',
      '',
    ]);
    expect((await gates()).out).toContain(
      'FAILED        deliverable linked, PASSED at the next pass',
    );
    expect((await status('--json')).out).toBe(before);
    await sync();
    expect((await gates('--dry-run')).out).toMatch(/judges 0 checks anew and changes 0 states\.\n/);
    expect((await gates()).out).toMatch(/PASSED {8}deliverable linked\n/);
  });

  it('says who waived until when, what is stale, and what is overdue', async () => {
    const run = 'Report';
    const reason = 'no code in it';
    ask({
      type: 'WaiveGate',
      data: { run, gate: 'checklist done', reason, expires: '2026-05-07' },
    });
    ask({
      type: 'RecordGate',
      data: { run, gate: 'unit tests', outcome: 'passed', evidence: 'CI' },
    });
    ask({
      type: 'RecordGate',
      data: { run, gate: 'client approval', outcome: 'failed', evidence: 'mail' },
    });
    await sync();
    wait(2 * DAY_MS);
    const lines = toLines((await gates()).out);
    expect(lines).toContain('validating: Report (run, due 2026-05-05: OVERDUE)');
    expect(lines).toContain(
      `                waived until 2026-05-08 00:00 UTC by ${DANA}, self-approved: no code in it; without it FAILED`,
    );
    expect(lines).toContain(`                recorded as failed by ${DANA}: mail`);
    expect(lines).toContain('  STALE         unit tests');
    expect(lines).toContain(
      '                not evaluated any more: it passed 48 h ago, which is too long; record it again',
    );
    expect(lines).toContain('6 gates of 1 run: 4 missing, 1 of these stale, 1 waived; 4 overdue');
    expect((await gates('--dry-run')).out).toContain('PASSED → STALE unit tests (Report)');
  });

  it('is told by status from the ledger alone, also as JSON', async () => {
    const { out } = await status();
    expect(toLines(out).filter((line) => line.startsWith(' ') || / gates? of /.test(line))).toEqual(
      [
        '  missing (overdue, due 2026-05-05): client approval; budget <= 110 %; variance state stable',
        `  checklist done: waived until 2026-05-08 00:00 UTC by ${DANA}, self-approved: no code in it`,
        '  stale (overdue, due 2026-05-05): unit tests, not evaluated any more: it passed 48 h ago, which is too long; record it again',
        expect.stringMatching(
          /^6 gates of 1 run: 4 missing, 1 of these stale, 1 waived; 4 overdue \(seen 2026-05-04T/,
        ),
      ],
    );
    expect(JSON.parse((await status('--json')).out)).toMatchObject({
      gates: { gates: 6, missing: 4, stale: 1, waived: 1, overdue: 4, runs: [{ task: 'Report' }] },
    });
  });

  it('tells the history of a run by its task or id, and as JSON', async () => {
    const { code, out } = await gates('--history', 'report');
    expect(code).toBe(0);
    expect(toLines(out)).toEqual(
      expect.arrayContaining([
        'validating: Report (run)',
        '  client-approval',
        expect.stringMatching(
          /^ {4}2026-05-04T.*Z {2}check 1 by dana@studio\.example: failed \(recorded_yes 0, wanted = 1 answers \(n 1\): unmet; mail\)$/,
        ),
        expect.stringMatching(/^ {4}.* {2}FAILED → PASSED$/),
        expect.stringMatching(
          /^ {4}.* {2}waived until 2026-05-08 00:00 UTC by dana@studio\.example, self-approved: no code in it$/,
        ),
      ]),
    );
    const told = JSON.parse((await gates('--history', 'Report', '--json')).out) as {
      runs: { runId: string; gates: { gateKey: string; moments: { type: string }[] }[] }[];
    };
    const linked = told.runs[0]?.gates.find(({ gateKey }) => gateKey === 'deliverable-linked');
    expect(linked?.moments.map(({ type }) => type)).toEqual([
      'check',
      'gate_status_changed',
      'check',
      'gate_status_changed',
    ]);
    const byId = await gates('--history', told.runs[0]?.runId ?? '');
    expect(byId.out).toBe(out);
  });

  it('names a list nobody can read', async () => {
    edit('projects', 'Acme', { required_gates: 'clent approval' });
    const { code, out } = await gates();
    expect(code).toBe(3);
    expect(out).toMatch(/UNREADABLE {4}`required_gates` of `Acme` .* `client approval`\?/);
    expect(out).toContain('  missing: a list that can be read\n');
  });

  it('foretells the end of a run nothing is missing of', async () => {
    edit('projects', 'Acme', { required_gates: 'deliverable linked; checklist done' });
    expect((await gates('--dry-run')).out).toContain(
      '  Report has nothing left to wait for and succeeds\n',
    );
    expect(JSON.parse((await gates('--json')).out)).toMatchObject({ runs: [{ endsNext: true }] });
    await sync();
    expect(await gates()).toMatchObject({ code: 0, out: 'no open run needs a gate\n' });
  });

  it('shows a run that is done under a waiver which has run out, and status does too', async () => {
    wait(2 * DAY_MS);
    await sync();
    const line = `the waiver of checklist-done by ${DANA} ran out 2026-05-08 00:00 UTC; it is FAILED again, and the run stays done`;
    const shown = await gates();
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining(line)]);
    expect((await status()).out).toContain(line);
  });

  it('names the runs there are where it is asked for another', async () => {
    expect(await gates('--run', 'Errand')).toMatchObject({
      code: 1,
      err: 'error: No open run is called `Errand`: none is open.\n',
    });
    press('StartRun', 'Errand');
    wait(HOUR_MS);
    await sync();
    expect(await gates('--run', 'errand')).toMatchObject({ out: 'no open run needs a gate\n' });
    expect((await gates('--run', 'Report')).err).toMatch(/: open are `Errand` \(\w{26}\)\.\n$/);
    expect(await gates('--history', 'Nobody')).toMatchObject({
      code: 1,
      err: 'error: The ledger has no run `Nobody`, nor a run of such a task.\n',
    });
    expect((await gates('--history', 'Errand')).out).toContain(
      '  nothing has happened to a gate of it\n',
    );
  });
});
