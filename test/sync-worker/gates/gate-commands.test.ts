import { describe, expect, it } from 'vitest';
import { DANA, createFinishedScene as finished } from './gate-scene.ts';

const DAY_MS = 86_400_000;

describe('RecordGate', () => {
  it('opens the gate with its evidence, and the run is done', async () => {
    const { record, settle, outcomeOf, store } = await finished();
    const key = record('passed');
    expect((await settle()).gates).toEqual([]);
    expect(outcomeOf(key)).toMatch(/^accepted \d+$/);
    const [check] = await store.listRecords('test_gates');
    expect(check?.document).toMatchObject({
      state: 'passed',
      metadata: { evidence: 'mail', by: DANA },
    });
  });

  it('says that the client does not approve, and a later yes opens it', async () => {
    const { record, runTick, settle, wait } = await finished();
    record('failed');
    expect((await runTick()).gates[0]?.gates[0]).toMatchObject({
      status: 'FAILED',
      evidence: 'mail',
    });
    await settle();
    await wait(60_000);
    record('passed');
    expect((await settle()).gates).toEqual([]);
  });

  it('is one effect however many rows carry it, and is not decided again', async () => {
    const { record, settle, runTick, store } = await finished('client approval; lint');
    record('passed');
    record('passed');
    await settle();
    expect(await store.listRecords('test_gates')).toHaveLength(1);
    expect(await runTick()).toMatchObject({ events: 0, rowsSent: 0, commands: 0 });
  });

  it('is decided in the order of the presses, whatever the order of the rows', async () => {
    const recordBoth = async (...outcomes: readonly ('passed' | 'failed')[]) => {
      const { record, runTick } = await finished('client approval; lint');
      for (const outcome of outcomes) record(outcome);
      return (await runTick()).gates[0]?.gates[0]?.status;
    };
    expect(await recordBoth('passed', 'failed')).toBe(await recordBoth('failed', 'passed'));
  });

  it('is refused for a gate that is read from the doc', async () => {
    const { record, settle, outcomeOf } = await finished('deliverable linked');
    const key = record('passed', { gate: 'deliverable-linked' });
    await settle();
    expect(outcomeOf(key)).toMatch(/^refused: GATE_COMPUTED – ./);
  });

  it.each([
    [{ gate: 'lint' }, 'GATE_UNKNOWN – the run asks for: client approval'],
    [{ run: 'Elsewhere' }, 'RUN_UNKNOWN – no run'],
  ])(
    'waits for what nobody knows yet, and is refused after its patience: %o',
    async (more, text) => {
      const { record, runTick, wait, settle, outcomeOf } = await finished();
      const key = record('passed', more);
      expect(await runTick()).toMatchObject({ waiting: 1, isSettled: false });
      await wait(15 * 60_000);
      await settle();
      expect(outcomeOf(key)).toContain(text);
    },
  );

  it('is refused where its row was changed or is none', async () => {
    const { ask, settle, rows } = await finished();
    const data = { run: 'Interview', gate: 'lint', outcome: 'passed' as const, evidence: 'x' };
    ask({ type: 'RecordGate', data }, { by: 'someone@else.example' });
    ask({ type: 'RecordGate', data: { ...data, evidence: ' ' } });
    await settle();
    const outcomes = rows('Ledger').flatMap(({ type, outcome = '' }) =>
      type === 'RecordGate' ? [outcome.replace(/ – .*/, '')] : [],
    );
    expect(outcomes.toSorted()).toEqual(['refused: EDITED', 'refused: MALFORMED']);
  });
});

describe('WaiveGate', () => {
  it('opens the gate until its day is over, and says who answers for it', async () => {
    const { waive, runTick, settle } = await finished('client approval; lint');
    waive({ expires: '2026-05-06' });
    const report = await runTick();
    expect(report.gates[0]?.gates[0]).toMatchObject({
      status: 'WAIVED',
      underlying: 'NOT_RUN',
      waiver: { owner: DANA, selfApproved: true, expiresAt: '2026-05-07T00:00:00.000Z' },
      history: `NOT_RUN → WAIVED (${DANA}, until 2026-05-07)`,
    });
    await settle();
  });

  it('shows the status again once it has expired, and tells so once', async () => {
    const { waive, settle, wait, runTick, store } = await finished('client approval; lint');
    waive({ expires: '2026-05-06' });
    await settle();
    await wait(3 * DAY_MS);
    const report = await settle();
    const gate = report.gates[0]?.gates[0];
    expect(gate).toMatchObject({ status: 'NOT_RUN', isOpen: false });
    const events = await store.readStream(`gate/${gate?.gateId}`);
    expect(events.map(({ type }) => type)).toEqual([
      'waiver_granted',
      'gate_status_changed',
      'waiver_expired',
      'gate_status_changed',
    ]);
    expect(await runTick()).toMatchObject({ events: 0 });
  });

  it('is revoked by a blank expiry, and is already so where none is in force', async () => {
    const { waive, settle, wait, outcomeOf } = await finished('client approval; lint');
    waive({ expires: '2026-05-06' });
    await settle();
    await wait(60_000);
    waive({});
    expect((await settle()).gates[0]?.gates[0]).toMatchObject({ status: 'NOT_RUN' });
    await wait(60_000);
    const again = waive({});
    await settle();
    expect(outcomeOf(again)).toBe('already so');
  });

  it('asks for another person where there are two, and takes a name for its account', async () => {
    const { waive, settle, add, outcomeOf, wait } = await finished('client approval; lint');
    add('people', { name: 'Lee', email: 'lee@studio.example' });
    const alone = waive({ expires: '2026-05-06' });
    const self = waive({ expires: '2026-05-06', approver: 'dana' });
    await wait(1);
    const both = waive({ expires: '2026-05-06', approver: 'Lee' });
    await settle();
    expect(outcomeOf(alone)).toMatch(/^refused: APPROVAL_REQUIRED/);
    expect(outcomeOf(self)).toMatch(/^refused: APPROVAL_REQUIRED/);
    expect(outcomeOf(both)).toMatch(/^accepted/);
  });

  it('lasts at most 14 days where its owner approves it alone', async () => {
    const { waive, settle, outcomeOf } = await finished();
    const key = waive({ expires: '2026-05-19' });
    await settle();
    expect(outcomeOf(key)).toMatch(/^refused: WAIVER_PERIOD/);
  });
});
