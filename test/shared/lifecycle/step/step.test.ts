import { describe, expect, it } from 'vitest';
import { accept, refuse, toInstant } from '#shared/kernel/index.ts';
import * as step from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = step.stepDecider;
const replay = (history: readonly step.StepEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly step.StepEvent[]) => ({
  when: (command: step.StepCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'W1' });
const override = { person: 'dana', reason: 'the client waits' };

const birth = {
  stepAttemptId: 'A1',
  taskId: 'T1',
  decisionId: 'D1',
  toolId: 'linter',
  attempt: 2,
  sequence: 7,
} as const;
const created = { type: 'step_created', at: second(0), ...birth } as const;
const call = { toolId: 'linter', attempt: 2, sequence: 7, workerId: 'W1', leaseToken: 3 } as const;
const started = { type: 'step_started', at: second(1), ...call } as const;
const result = { toolResultId: 'R1', exitCode: 0 } as const;
const succeeded = {
  type: 'step_succeeded',
  at: second(9),
  durationMs: 8_000,
  ...result,
  patchIds: ['P1'],
} as const;
const why = {
  failureKind: 'exit_code',
  toolResultId: 'R1',
  exitCode: 2,
  errorId: 'E1',
} as const;
const failed = { type: 'step_failed', at: second(9), durationMs: 8_000, ...why } as const;
const canceled = { type: 'step_canceled', at: second(9), reason: 'run_canceled' } as const;

const ground = { isRunRunning: true, workerId: 'W1', isBreakerOpen: false } as const;
const start = { ...asked(1), type: 'start', ...ground, leaseToken: 3, currentToken: 3 } as const;
const command: Record<step.StepTrigger, step.StepCommand> = {
  start: { ...start, at: second(9) },
  succeed: { ...asked(9), type: 'succeed', ...result, patchIds: ['P1'] },
  fail: { ...asked(9), type: 'fail', ...why },
  cancel: { ...asked(9), type: 'cancel', reason: 'run_canceled' },
};
const running = [created, started];

describe('the step machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: step.stepDecider,
    table: step.STEP_TRANSITIONS,
    states: step.STEP_STATES,
    triggers: step.STEP_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      pending:   { start: 'running', succeed: NO,          fail: 'failed', cancel: 'canceled' },
      running:   { start: NO,        succeed: 'succeeded', fail: 'failed', cancel: 'canceled' },
      succeeded: { start: FIN,       succeed: FIN,         fail: FIN,      cancel: FIN },
      failed:    { start: FIN,       succeed: FIN,         fail: FIN,      cancel: FIN },
      canceled:  { start: FIN,       succeed: FIN,         fail: FIN,      cancel: FIN },
    },
    history: {
      pending: [created],
      running,
      succeeded: [...running, succeeded],
      failed: [...running, failed],
      canceled: [...running, canceled],
    },
    command: () => command,
    birth: { ...asked(1), type: 'create', isRunRunning: true, ...birth },
    counts: { edges: 6, refused: 14, final: 3 },
  });
});

describe('the guards of a step attempt', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly step.StepEvent[], step.StepCommand, step.StepRefusal]>([
    ['a running run to be made', [], { ...asked(0), type: 'create', isRunRunning: false, ...birth }, { code: 'RUN_NOT_RUNNING' }],
    ['a running run to start', [created], { ...start, isRunRunning: false, currentToken: 4, isBreakerOpen: true }, { code: 'RUN_NOT_RUNNING' }],
    ['the newest lease', [created], { ...start, currentToken: 4, isBreakerOpen: true }, { code: 'STALE_LEASE', leaseToken: 3, currentToken: 4 }],
    ['a lease the task knows', [created], { ...start, leaseToken: 5, currentToken: 4 }, { code: 'STALE_LEASE', leaseToken: 5, currentToken: 4 }],
    ['a closed breaker', [created], { ...start, isBreakerOpen: true }, { code: 'BREAKER_OPEN' }],
    ['a stored result', running, { ...asked(9), type: 'succeed', toolResultId: '', patchIds: [] }, { code: 'RESULT_MISSING' }],
    ['a reason to cancel', running, { ...asked(9), type: 'cancel', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['an actor', running, { ...asked(9), by: '', type: 'cancel', reason: 'x' }, { code: 'ACTOR_REQUIRED' }],
  ])('ask for %s, and let nobody pass', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
    expect(given(...history).when({ ...when, override })).toEqual(refuse(refusal));
  });
});

describe('stepDecider', () => {
  // biome-ignore format: one case a line
  it.each<[string, readonly step.StepEvent[], step.StepCommand, step.StepEvent]>([
    ['its birth', [], { ...asked(0), type: 'create', isRunRunning: true, ...birth }, created],
    ['which call it is', [created], start, started],
    ['what it brought', running, command.succeed, succeeded],
    ['what kind of failure it was', running, command.fail, failed],
    ['a failure before the call', [created], { ...asked(2), type: 'fail', failureKind: 'lease_lost' }, { type: 'step_failed', at: second(2), durationMs: 0, failureKind: 'lease_lost' }],
    ['a success without an exit code', running, { ...asked(2), type: 'succeed', toolResultId: 'R1', patchIds: [] }, { type: 'step_succeeded', at: second(2), durationMs: 1_000, toolResultId: 'R1', patchIds: [] }],
    ['why it was canceled', running, command.cancel, canceled],
  ])('tells %s', (_name, history, when, event) => {
    expect(given(...history).when(when)).toEqual(accept([event]));
  });

  it('keeps what came of it under the names of its document', () => {
    const lease = { workerId: 'W1', leaseToken: 3 };
    const stamps = { createdAt: second(0), startedAt: second(1), endedAt: second(9) };
    expect(replay([...running, succeeded])).toMatchObject({
      ...lease,
      ...stamps,
      ...result,
      outputPatchIds: ['P1'],
      durationMs: 8_000,
      version: 3,
    });
    expect(replay([...running, succeeded])).not.toHaveProperty('patchIds');
    expect(replay([...running, failed])).toMatchObject({ ...lease, ...stamps, ...why });
    expect(replay([...running, canceled])).toMatchObject({
      ...stamps,
      stateReason: 'run_canceled',
    });
    expect(replay([created, canceled])).not.toHaveProperty('startedAt');
  });

  it('counts an override and stays where it is', () => {
    const passed = { trigger: 'start', guard: 'X', person: 'dana', reason: 'x' };
    const before = replay(running);
    const after = evolve(before, { type: 'override_recorded', at: second(5), ...passed });
    expect(after).toEqual({ ...before, version: 3, lastAt: second(5) });
  });
});
