import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as check from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = check.gateCheckDecider;
const replay = (history: readonly check.GateCheckEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly check.GateCheckEvent[]) => ({
  when: (command: check.GateCheckCommand) => decide(command, replay(history)),
});
const minute = (n: number) => toInstant(n * 60_000);
const asked = (n: number) => ({ at: minute(n), by: 'system' });

const birth = {
  checkRunId: 'K1',
  gateId: 'G1',
  checkId: 'unit',
  checkType: 'unit_tests',
  required: true,
  dryRun: false,
  attempt: 2,
  supersedes: 'K0',
} as const;
const condition = {
  metricKey: 'coverage',
  op: 'gte',
  threshold: 95,
  unit: 'percent',
  minSamples: 1,
} as const;
const met = { ...condition, actual: 96, outcome: 'met' } as const;
const unmet = { ...condition, actual: 90, outcome: 'unmet' } as const;
const between = { ...condition, actual: 94, outcome: 'between' } as const;
const results = { total: 3, passed: 3, failed: 0, skipped: 0, failures: [] } as const;
const failure = { name: 'adds', message: 'expected 2, received 3' } as const;
const broken = { total: 3, passed: 2, failed: 1, skipped: 0, failures: [failure] } as const;

const created = { type: 'gate_check_created', at: minute(0), ...birth } as const;
const blocked = { type: 'gate_check_blocked', at: minute(1), blockedBy: ['G0'] } as const;
const started = {
  type: 'gate_check_started',
  at: minute(2),
  command: 'npm test',
  subjectHash: 'aa',
} as const;
const good = { outputHash: 'bb', exitCode: 0, results, conditions: [met] } as const;
const passed = { type: 'gate_check_passed', at: minute(4), durationMs: 120_000, ...good } as const;
const bad = { outputHash: 'bb', exitCode: 1, results: broken, conditions: [unmet] } as const;
const failed = {
  type: 'gate_check_failed',
  at: minute(4),
  durationMs: 120_000,
  failures: [failure],
  ...bad,
} as const;
const trouble = { errorKind: 'exit_code', message: 'exit code 7', exitCode: 7 } as const;
const errored = {
  type: 'gate_check_errored',
  at: minute(4),
  durationMs: 120_000,
  ...trouble,
} as const;
const open = { reason: 'too few', sampleSize: 3, neededSize: 5, conditions: [between] } as const;
const leftOpen = {
  type: 'gate_check_left_inconclusive',
  at: minute(4),
  durationMs: 120_000,
  ...open,
} as const;
const skipped = { type: 'gate_check_skipped', at: minute(4), reason: 'run_canceled' } as const;

const command = (n: number) =>
  ({
    start: { ...asked(n), type: 'start', openChecks: [], command: 'npm test', subjectHash: 'aa' },
    block: { ...asked(n), type: 'block', blockedBy: ['G0'] },
    unblock: { ...asked(n), type: 'unblock', openBlockers: [] },
    pass: { ...asked(n), type: 'pass', ...good },
    fail: { ...asked(n), type: 'fail', ...bad },
    record_error: { ...asked(n), type: 'record_error', ...trouble },
    leave_open: { ...asked(n), type: 'leave_open', ...open },
    skip: { ...asked(n), type: 'skip', reason: 'run_canceled' },
  }) as const;
const running = [created, started];

describe('the gate check machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix<
    check.GateCheckState,
    check.GateCheckTrigger,
    check.GateCheckCommand,
    check.GateCheck,
    check.GateCheckEvent
  >({
    decider: check.gateCheckDecider,
    table: check.GATE_CHECK_TRANSITIONS,
    states: check.GATE_CHECK_STATES,
    triggers: check.GATE_CHECK_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      pending:      { start: 'running', block: 'blocked', unblock: NO,        pass: NO,       fail: NO,       record_error: NO,      leave_open: NO,             skip: 'skipped' },
      blocked:      { start: NO,        block: NO,        unblock: 'pending', pass: NO,       fail: NO,       record_error: NO,      leave_open: NO,             skip: 'skipped' },
      running:      { start: NO,        block: NO,        unblock: NO,        pass: 'passed', fail: 'failed', record_error: 'error', leave_open: 'inconclusive', skip: 'skipped' },
      passed:       { start: FIN,       block: FIN,       unblock: FIN,       pass: FIN,      fail: FIN,      record_error: FIN,     leave_open: FIN,            skip: FIN },
      failed:       { start: FIN,       block: FIN,       unblock: FIN,       pass: FIN,      fail: FIN,      record_error: FIN,     leave_open: FIN,            skip: FIN },
      error:        { start: FIN,       block: FIN,       unblock: FIN,       pass: FIN,      fail: FIN,      record_error: FIN,     leave_open: FIN,            skip: FIN },
      inconclusive: { start: FIN,       block: FIN,       unblock: FIN,       pass: FIN,      fail: FIN,      record_error: FIN,     leave_open: FIN,            skip: FIN },
      skipped:      { start: FIN,       block: FIN,       unblock: FIN,       pass: FIN,      fail: FIN,      record_error: FIN,     leave_open: FIN,            skip: FIN },
    },
    history: {
      pending: [created],
      blocked: [created, blocked],
      running,
      passed: [...running, passed],
      failed: [...running, failed],
      error: [...running, errored],
      inconclusive: [...running, leftOpen],
      skipped: [created, skipped],
    },
    command: () => command(10),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 10, refused: 54, final: 5 },
  });
});

describe('the guards of a gate check', () => {
  const c = command(4);
  const unrunnable = { ...asked(4), type: 'start', openChecks: [], subjectHash: 'aa' } as const;
  it.each<
    [string, readonly check.GateCheckEvent[], check.GateCheckCommand, check.GateCheckRefusal]
  >([
    [
      'the checks it depends on',
      [created],
      { ...unrunnable, openChecks: ['lint'] },
      { code: 'GATE_BLOCKED', openChecks: ['lint'] },
    ],
    ['something to run', [created], unrunnable, { code: 'GATE_UNRUNNABLE' }],
    [
      'something to run that is not empty',
      [created],
      { ...unrunnable, command: '', evaluator: '' },
      { code: 'GATE_UNRUNNABLE' },
    ],
    ['a blocker', [created], { ...c.block, blockedBy: [] }, { code: 'BLOCKER_REQUIRED' }],
    [
      'no blocker',
      [created, blocked],
      { ...c.unblock, openBlockers: ['G0'] },
      { code: 'STILL_BLOCKED', openBlockers: ['G0'] },
    ],
    [
      'a result to pass',
      running,
      { ...c.pass, outputHash: '', conditions: [unmet] },
      { code: 'RESULT_MISSING' },
    ],
    [
      'every condition',
      running,
      { ...c.pass, conditions: [met, between] },
      { code: 'CRITERIA_UNMET', unmetKeys: ['coverage'] },
    ],
    [
      'every test',
      running,
      { ...c.pass, results: broken },
      { code: 'CRITERIA_UNMET', unmetKeys: [] },
    ],
    ['a quiet end', running, { ...c.pass, exitCode: 2 }, { code: 'CRITERIA_UNMET', unmetKeys: [] }],
    [
      'a result to fail',
      running,
      { ...c.fail, outputHash: '', conditions: [], results },
      { code: 'RESULT_MISSING' },
    ],
    [
      'a failure',
      running,
      { ...c.fail, conditions: [met, between], results },
      { code: 'NOTHING_FAILED' },
    ],
    [
      'a failure where no tests ran',
      running,
      { ...asked(4), type: 'fail', outputHash: 'bb', conditions: [] },
      { code: 'NOTHING_FAILED' },
    ],
    [
      'a reason to leave it open',
      running,
      { ...c.leave_open, reason: '' },
      { code: 'REASON_REQUIRED' },
    ],
    ['a reason to skip', [created], { ...c.skip, reason: '' }, { code: 'REASON_REQUIRED' }],
    ['an actor', [created], { ...c.skip, by: '' }, { code: 'ACTOR_REQUIRED' }],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
    const override = { person: 'dana', reason: 'the linter is down' };
    const isPassable = refusal.code === 'STILL_BLOCKED';
    expect(given(...history).when({ ...when, override }).ok).toBe(isPassable);
  });

  it('are content with one unmet condition, one failed test or an evaluator', () => {
    expect(given(...running).when({ ...c.fail, results }).ok).toBe(true);
    expect(given(...running).when({ ...c.fail, conditions: [met] }).ok).toBe(true);
    expect(given(created).when({ ...unrunnable, evaluator: 'metrics' }).ok).toBe(true);
    const bare = { ...asked(4), type: 'pass', outputHash: 'bb', conditions: [] } as const;
    expect(given(...running).when(bare).ok).toBe(true);
  });

  it('let a person pass by what a check waits for, and by no result', () => {
    const override = { person: 'dana', reason: 'the linter is down' };
    const start = given(created).when({ ...c.start, openChecks: ['lint'], override });
    expect(start).toMatchObject({
      ok: true,
      value: [{ guard: 'GATE_BLOCKED' }, { type: 'gate_check_started' }],
    });
    const unblock = given(created, blocked).when({ ...c.unblock, openBlockers: ['G0'], override });
    expect(unblock).toMatchObject({
      ok: true,
      value: [{ guard: 'STILL_BLOCKED' }, { blockedMs: 180_000 }],
    });
    const pass = given(...running).when({ ...c.pass, conditions: [unmet], override });
    expect(pass).toEqual(refuse({ code: 'CRITERIA_UNMET', unmetKeys: ['coverage'] }));
    const recorded = {
      ...override,
      at: minute(2),
      trigger: 'unblock',
      guard: 'STILL_BLOCKED',
    } as const;
    const noted = replay([created, blocked, { type: 'override_recorded', ...recorded }]);
    expect(noted).toEqual({ ...replay([created, blocked]), version: 3, lastAt: minute(2) });
  });
});

describe('gateCheckDecider', () => {
  it('tells each step with what belongs to it', () => {
    expect(given().when({ ...asked(0), type: 'create', ...birth })).toEqual(accept([created]));
    expect(given(created).when(command(1).block)).toEqual(accept([blocked]));
    expect(given(created, blocked).when(command(5).unblock)).toEqual(
      accept([{ type: 'gate_check_unblocked', at: minute(5), blockedMs: 240_000 }]),
    );
    expect(given(created).when(command(2).start)).toEqual(accept([started]));
    expect(given(...running).when(command(4).pass)).toEqual(accept([passed]));
    expect(given(...running).when(command(4).fail)).toEqual(accept([failed]));
    expect(
      given(...running).when({ ...asked(4), type: 'fail', outputHash: 'bb', conditions: [unmet] }),
    ).toMatchObject({
      ok: true,
      value: [{ failures: [] }],
    });
    expect(given(...running).when(command(4).record_error)).toEqual(accept([errored]));
    expect(given(...running).when(command(4).leave_open)).toEqual(accept([leftOpen]));
    expect(given(created).when(command(4).skip)).toEqual(accept([skipped]));
  });

  it('keeps what it found and the stamps of its life', () => {
    const stamps = {
      createdAt: minute(0),
      startedAt: minute(2),
      endedAt: minute(4),
      enteredAt: minute(4),
      lastAt: minute(4),
    };
    const life = {
      ...birth,
      ...stamps,
      version: 3,
      command: 'npm test',
      subjectHash: 'aa',
      durationMs: 120_000,
    };
    expect(replay([...running, passed])).toEqual({ ...life, state: 'passed', ...good });
    expect(replay([...running, failed])).toEqual({ ...life, state: 'failed', ...bad });
    expect(replay([...running, errored])).toEqual({
      ...life,
      state: 'error',
      conditions: [],
      ...trouble,
    });
    const { reason: stateReason, ...rest } = open;
    expect(replay([...running, leftOpen])).toEqual({
      ...life,
      state: 'inconclusive',
      stateReason,
      ...rest,
    });
  });

  it('has no start where it was skipped before it ran, and no blocker once it is unblocked', () => {
    const never = replay([created, skipped]);
    expect(never).toMatchObject({ stateReason: 'run_canceled', endedAt: minute(4) });
    expect(never).not.toHaveProperty('startedAt');
    expect(replay([created, blocked]).blockedBy).toEqual(['G0']);
    const free = replay([
      created,
      blocked,
      { type: 'gate_check_unblocked', at: minute(3), blockedMs: 120_000 },
    ]);
    expect(free).not.toHaveProperty('blockedBy');
  });

  it('has the limits of its specification', () => {
    expect(check.CHECK_TIMEOUT_MS).toBe(600_000);
    expect(check.CHECK_RERUNS).toEqual({ error: 2, inconclusive: 0, failed: 0 });
  });
});

describe('measureCondition', () => {
  it.each<
    [check.Comparison, number, number | undefined, number | undefined, check.ConditionOutcome]
  >([
    ['lt', 10, undefined, 9, 'met'],
    ['lt', 10, undefined, 10, 'unmet'],
    ['lt', 10, 20, 10, 'between'],
    ['lt', 10, 20, 20, 'unmet'],
    ['lte', 10, undefined, 10, 'met'],
    ['lte', 10, 20, 19, 'between'],
    ['lte', 10, 20, 20, 'unmet'],
    ['gt', 10, undefined, 11, 'met'],
    ['gt', 10, undefined, 10, 'unmet'],
    ['gt', 10, 5, 10, 'between'],
    ['gt', 10, 5, 5, 'unmet'],
    ['gte', 10, undefined, 10, 'met'],
    ['gte', 10, undefined, 9, 'unmet'],
    ['gte', 10, 5, 6, 'between'],
    ['gte', 10, 5, 5, 'unmet'],
    ['eq', 10, undefined, 10, 'met'],
    ['eq', 10, undefined, 11, 'unmet'],
    ['eq', 10, 12, 11, 'between'],
    ['eq', 10, 12, 12, 'unmet'],
    ['eq', 10, 12, 8, 'unmet'],
    ['eq', 10, 8, 9, 'between'],
    ['gte', 10, undefined, undefined, 'no_data'],
    ['gte', 10, undefined, Number.NaN, 'no_data'],
    ['gte', 10, undefined, Number.POSITIVE_INFINITY, 'no_data'],
  ])('%s %d, failing from %s: %s is %s', (op, threshold, failThreshold, actual, outcome) => {
    const asks = { metricKey: 'm', op, threshold, unit: 'count', minSamples: 1 };
    const limits = failThreshold === undefined ? asks : { ...asks, failThreshold };
    const measured = actual === undefined ? {} : { actual };
    expect(check.measureCondition(limits, measured)).toEqual({ ...limits, ...measured, outcome });
  });

  it('wants as many values as the condition says, and takes one for one', () => {
    const three = { ...condition, minSamples: 3 };
    expect(check.measureCondition(three, { actual: 99, sampleSize: 2 }).outcome).toBe('too_few');
    expect(check.measureCondition(three, { actual: 99, sampleSize: 3 }).outcome).toBe('met');
    expect(check.measureCondition(three, { actual: 99 }).outcome).toBe('too_few');
    expect(check.measureCondition({ ...condition, minSamples: 2 }, { sampleSize: 0 }).outcome).toBe(
      'no_data',
    );
  });
});
