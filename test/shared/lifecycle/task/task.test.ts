import { describe, expect, it } from 'vitest';
import { refuse, toInstant } from '#shared/kernel/index.ts';
import * as task from '#shared/lifecycle/index.ts';
import { FIN, followMatrix, NO } from '../follow-matrix.ts';

const { decide, evolve, initial } = task.taskDecider;
const replay = (history: readonly task.TaskEvent[]) => history.reduce(evolve, initial);
const given = (...history: readonly task.TaskEvent[]) => ({
  when: (command: task.TaskCommand) => decide(command, replay(history)),
});
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });
const override = { person: 'dana', reason: 'the client waits' };

const birth = {
  taskId: 'T1',
  workstreamId: 'S1',
  kind: 'audit',
  isCritical: true,
  estimateMs: 3_600_000,
  dependsOn: ['T0'],
  maxAttempts: 2,
} as const;
const created = { type: 'task_created', at: second(0), ...birth } as const;
const queued = { type: 'task_queued', at: second(10), priority: 'high', score: 160 } as const;
const blocked = { type: 'task_blocked', at: second(5), blockedBy: ['G1'], reason: 'gate' } as const;
const started = {
  type: 'task_started',
  at: second(20),
  workerId: 'W1',
  leaseToken: 1,
  attempt: 1,
  waitMs: 10_000,
} as const;
const submitted = {
  type: 'task_submitted',
  at: second(50),
  attempt: 1,
  runMs: 30_000,
  toolResultId: 'R1',
  patchIds: ['P1'],
} as const;
const retrying = {
  type: 'task_retry_scheduled',
  at: second(40),
  attempt: 1,
  delayMs: 1_500,
  notBefore: toInstant(41_500),
  errorId: 'E1',
} as const;
const requeued = { type: 'task_requeued', at: second(45), reason: 'backoff', attempt: 1 } as const;
const fenced = {
  type: 'lease_fenced',
  at: second(60),
  oldToken: 1,
  newToken: 2,
  workerId: 'W1',
} as const;
const again = {
  ...started,
  at: second(100),
  workerId: 'W2',
  leaseToken: 3,
  attempt: 2,
} as const;
const completed = {
  type: 'task_completed',
  at: second(60),
  attempts: 1,
  durationMs: 40_000,
  netMs: 30_000,
} as const;
const failed = { type: 'task_failed', at: second(60), reason: 'x', attempts: 1 } as const;
const canceled = { type: 'task_canceled', at: second(60), reason: 'x' } as const;

const free = { openDependencies: [], openGates: [] } as const;
const place = { priority: 'high', score: 160 } as const;
const ground = {
  isRunRunning: true,
  openGates: [],
  heldLocks: [],
  isBudgetReservable: true,
  workerId: 'W1',
} as const;
const fulfilled = { unmetChecks: [], openGates: [], openPatches: [] } as const;
const command = (n: number): Record<task.TaskTrigger, task.TaskCommand> => ({
  queue: { ...asked(n), type: 'queue', ...free, ...place },
  block: { ...asked(n), type: 'block', blockedBy: ['G1'], reason: 'gate' },
  unblock: { ...asked(n), type: 'unblock', openBlockers: [] },
  start: { ...asked(n), type: 'start', ...ground, leaseToken: 9 },
  submit: { ...asked(n), type: 'submit', leaseToken: 1, toolResultId: 'R1', patchIds: ['P1'] },
  complete: { ...asked(n), type: 'complete', ...fulfilled },
  retry: { ...asked(n), type: 'retry', isRetryable: true, random: 0.5 },
  requeue: { ...asked(n), type: 'requeue', reason: 'backoff' },
  fail: { ...asked(n), type: 'fail', reason: 'no_route' },
  dead_letter: { ...asked(n), type: 'dead_letter' },
  cancel: { ...asked(n), type: 'cancel', reason: 'x' },
});
const running = [created, queued, started];
const validating = [...running, submitted];
const lost = [...running, fenced];
const secondTry = [...running, retrying, requeued, again];
const lostAgain = [
  ...secondTry,
  { ...fenced, at: second(120), oldToken: 3, newToken: 4, workerId: 'W2' },
] as const;

describe('the task machine', () => {
  // Every cell is written out from the specification, none computed from the table it checks.
  followMatrix({
    decider: task.taskDecider,
    table: task.TASK_TRANSITIONS,
    states: task.TASK_STATES,
    triggers: task.TASK_TRIGGERS,
    // biome-ignore format: a matrix is read by its columns
    matrix: {
      pending:    { queue: 'queued', block: 'blocked', unblock: NO,        start: NO,        submit: NO,           complete: NO,          retry: NO,         requeue: NO,       fail: NO,       dead_letter: NO,       cancel: 'canceled' },
      queued:     { queue: NO,       block: NO,        unblock: NO,        start: 'running', submit: NO,           complete: NO,          retry: NO,         requeue: NO,       fail: 'failed', dead_letter: NO,       cancel: 'canceled' },
      blocked:    { queue: NO,       block: NO,        unblock: 'pending', start: NO,        submit: NO,           complete: NO,          retry: NO,         requeue: NO,       fail: NO,       dead_letter: NO,       cancel: 'canceled' },
      running:    { queue: NO,       block: NO,        unblock: NO,        start: NO,        submit: 'validating', complete: NO,          retry: 'retrying', requeue: 'queued', fail: 'failed', dead_letter: 'failed', cancel: 'canceled' },
      validating: { queue: NO,       block: NO,        unblock: NO,        start: NO,        submit: NO,           complete: 'completed', retry: NO,         requeue: NO,       fail: 'failed', dead_letter: NO,       cancel: 'canceled' },
      completed:  { queue: FIN,      block: FIN,       unblock: FIN,       start: FIN,       submit: FIN,          complete: FIN,         retry: FIN,        requeue: FIN,      fail: FIN,      dead_letter: FIN,      cancel: FIN },
      failed:     { queue: FIN,      block: FIN,       unblock: FIN,       start: FIN,       submit: FIN,          complete: FIN,         retry: FIN,        requeue: FIN,      fail: FIN,      dead_letter: FIN,      cancel: FIN },
      retrying:   { queue: NO,       block: NO,        unblock: NO,        start: NO,        submit: NO,           complete: NO,          retry: NO,         requeue: 'queued', fail: NO,       dead_letter: NO,       cancel: 'canceled' },
      canceled:   { queue: FIN,      block: FIN,       unblock: FIN,       start: FIN,       submit: FIN,          complete: FIN,         retry: FIN,        requeue: FIN,      fail: FIN,      dead_letter: FIN,      cancel: FIN },
    },
    history: {
      pending: [created],
      queued: [created, queued],
      blocked: [created, blocked],
      running,
      validating,
      completed: [...validating, completed],
      failed: [...running, failed],
      retrying: [...running, retrying],
      canceled: [...running, canceled],
    },
    instead: { 'running requeue': lost, 'running dead_letter': lostAgain },
    command: () => command(200),
    birth: { ...asked(1), type: 'create', ...birth },
    counts: { edges: 18, refused: 80, final: 3 },
  });
});

const STALE = { code: 'STALE_LEASE', leaseToken: 2, currentToken: 1 } as const;
const queue = { ...asked(9), type: 'queue', ...place } as const;
const start = { ...asked(15), type: 'start', ...ground, leaseToken: 1 } as const;
const submit = { ...asked(30), type: 'submit', leaseToken: 1, patchIds: [] } as const;
const complete = { ...asked(60), type: 'complete' } as const;
const retry = { ...asked(40), type: 'retry', isRetryable: true, random: 0 } as const;
const dead = { ...asked(130), type: 'dead_letter' } as const;
const isReady = [created, queued];

describe('the guards of a task', () => {
  // Each refusal is met with all later guards unmet too, so that the order is tested with it.
  // biome-ignore format: one case a line
  it.each<[string, readonly task.TaskEvent[], task.TaskCommand, task.TaskRefusal]>([
    ['dependencies', [created], { ...queue, openDependencies: ['T0'], openGates: ['G1'] }, { code: 'DEPENDENCY_OPEN', openDependencies: ['T0'] }],
    ['gates to be queued', [created], { ...queue, openDependencies: [], openGates: ['G1'] }, { code: 'GATE_BLOCKED', openGates: ['G1'] }],
    ['a blocker', [created], { ...asked(9), type: 'block', blockedBy: [], reason: 'x' }, { code: 'BLOCKER_REQUIRED' }],
    ['no blocker left', [created, blocked], { ...asked(9), type: 'unblock', openBlockers: ['G1'] }, { code: 'STILL_BLOCKED', openBlockers: ['G1'] }],
    ['a running run', isReady, { ...start, isRunRunning: false, openGates: ['G1'], heldLocks: ['a'], isBudgetReservable: false, leaseHolder: 'W2', leaseToken: 0 }, { code: 'RUN_NOT_RUNNING' }],
    ['gates to start', isReady, { ...start, openGates: ['G1'], heldLocks: ['a'], isBudgetReservable: false, leaseHolder: 'W2', leaseToken: 0 }, { code: 'GATE_BLOCKED', openGates: ['G1'] }],
    ['locks', isReady, { ...start, heldLocks: ['a'], isBudgetReservable: false, leaseHolder: 'W2', leaseToken: 0 }, { code: 'LOCK_HELD', heldLocks: ['a'] }],
    ['a budget', isReady, { ...start, isBudgetReservable: false, leaseHolder: 'W2', leaseToken: 0 }, { code: 'BUDGET_EXHAUSTED' }],
    ['no live lease', isReady, { ...start, leaseHolder: 'W2', leaseToken: 0 }, { code: 'LEASE_HELD', leaseHolder: 'W2' }],
    ['a new lease', isReady, { ...start, leaseToken: 0 }, { code: 'STALE_LEASE', leaseToken: 0, currentToken: 0 }],
    ['a lease above the fenced one', [...lost, requeued], { ...start, at: second(70), leaseToken: 2 }, { code: 'STALE_LEASE', leaseToken: 2, currentToken: 2 }],
    ['the lease it runs under', running, { ...submit, leaseToken: 2, toolResultId: '' }, STALE],
    ['a lease that was not fenced', lost, { ...submit, at: second(61), toolResultId: 'R1' }, { code: 'STALE_LEASE', leaseToken: 1, currentToken: 2 }],
    ['a stored result', running, { ...submit, toolResultId: '' }, { code: 'RESULT_MISSING' }],
    ['acceptance', validating, { ...complete, unmetChecks: ['c1'], openGates: ['G1'], openPatches: ['P1'] }, { code: 'ACCEPTANCE_UNMET', unmetChecks: ['c1'] }],
    ['gates to be done', validating, { ...complete, unmetChecks: [], openGates: ['G1'], openPatches: ['P1'] }, { code: 'GATE_BLOCKED', openGates: ['G1'] }],
    ['settled patches', validating, { ...complete, unmetChecks: [], openGates: [], openPatches: ['P1'] }, { code: 'PATCHES_OPEN', openPatches: ['P1'] }],
    ['the lease to retry', secondTry, { ...retry, at: second(110), isRetryable: false, leaseToken: 2 }, { code: 'STALE_LEASE', leaseToken: 2, currentToken: 3 }],
    ['an error worth a retry', secondTry, { ...retry, at: second(110), isRetryable: false }, { code: 'NOT_RETRYABLE' }],
    ['a strategy that retries', [{ ...created, retryStrategy: 'none' }, queued, started], retry, { code: 'NOT_RETRYABLE' }],
    ['a try that is left', secondTry, { ...retry, at: second(110) }, { code: 'ATTEMPTS_SPENT', attempt: 2, maxAttempts: 2 }],
    ['the end of the delay', [...running, retrying], { at: toInstant(41_499), by: 'system', type: 'requeue', reason: 'backoff' }, { code: 'BACKOFF_OPEN', notBefore: toInstant(41_500) }],
    ['a lost lease to be queued again', secondTry, { ...asked(110), type: 'requeue', reason: 'x' }, { code: 'LEASE_HELD', leaseHolder: 'W2' }],
    ['a try left to be queued again', lostAgain, { ...asked(130), type: 'requeue', reason: 'x' }, { code: 'ATTEMPTS_SPENT', attempt: 2, maxAttempts: 2 }],
    ['the lease to fail', running, { ...asked(30), type: 'fail', reason: '', leaseToken: 2 }, STALE],
    ['a lease that has not ended', validating, { ...asked(60), type: 'fail', reason: 'timeout', leaseToken: 1 }, { code: 'STALE_LEASE', leaseToken: 1, currentToken: 1 }],
    ['a reason to fail', isReady, { ...asked(30), type: 'fail', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['a run before a failure', isReady, { ...asked(30), type: 'fail', reason: 'timeout' }, { code: 'NOT_RUN_YET' }],
    ['a lost lease to be given up', running, { ...dead, at: second(30) }, { code: 'LEASE_HELD', leaseHolder: 'W1' }],
    ['no try left to be given up', lost, dead, { code: 'ATTEMPTS_LEFT', attempt: 1, maxAttempts: 2 }],
    ['a reason to cancel', running, { ...asked(30), type: 'cancel', reason: '' }, { code: 'REASON_REQUIRED' }],
    ['an actor', running, { ...asked(30), by: '', type: 'cancel', reason: 'x' }, { code: 'ACTOR_REQUIRED' }],
    ['a task that runs to be fenced', isReady, { ...asked(30), type: 'fence' }, { code: NO, from: 'queued', trigger: 'fence' }],
  ])('ask for %s', (_name, history, when, refusal) => {
    expect(given(...history).when(when)).toEqual(refuse(refusal));
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly task.TaskEvent[], task.TaskCommand, string]>([
    ['dependencies', [created], { ...queue, openDependencies: ['T0'], openGates: [] }, 'queued'],
    ['a blocker', [created, blocked], { ...asked(9), type: 'unblock', openBlockers: ['G1'] }, 'pending'],
    ['acceptance', validating, { ...complete, ...fulfilled, unmetChecks: ['c1'] }, 'completed'],
    ['the backoff', [...running, retrying], { ...asked(40), type: 'requeue', reason: 'now' }, 'queued'],
    ['a run before a failure', isReady, { ...asked(30), type: 'fail', reason: 'timeout' }, 'failed'],
  ])('let a person pass by %s', (_name, history, when, state) => {
    const before = replay(history);
    const result = decide({ ...when, override }, before);
    expect(result).toMatchObject({ ok: true, value: [{ type: 'override_recorded', ...override }, {}] });
    const after = result.ok ? result.value.reduce(evolve, before) : before;
    expect(after).toMatchObject({ state, version: before.version + 2 });
  });

  // biome-ignore format: one case a line
  it.each<[string, readonly task.TaskEvent[], task.TaskCommand]>([
    ['gates to be queued', [created], { ...queue, openDependencies: [], openGates: ['G1'] }],
    ['a run that stands', isReady, { ...start, isRunRunning: false }],
    ['gates to start', isReady, { ...start, openGates: ['G1'] }],
    ['locks', isReady, { ...start, heldLocks: ['a'] }],
    ['a budget', isReady, { ...start, isBudgetReservable: false }],
    ['a lease', isReady, { ...start, leaseHolder: 'W2' }],
    ['a stale lease', running, { ...submit, leaseToken: 2, toolResultId: 'R1' }],
    ['a missing result', running, { ...submit, toolResultId: '' }],
    ['gates to be done', validating, { ...complete, ...fulfilled, openGates: ['G1'] }],
    ['patches', validating, { ...complete, ...fulfilled, openPatches: ['P1'] }],
    ['the last try', secondTry, { ...retry, at: second(110) }],
    ['a missing reason', running, { ...asked(30), type: 'cancel', reason: '' }],
  ])('let nobody pass by %s', (_name, history, when) => {
    expect(given(...history).when({ ...when, override }).ok).toBe(false);
  });
});
