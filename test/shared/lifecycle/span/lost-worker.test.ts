import { describe, expect, it } from 'vitest';
import * as lifecycle from '#shared/lifecycle/index.ts';
import { applySteps } from './run-bench.ts';
import { minute, toStep, toTask, toView, toWorker } from './view.ts';

const asked = { at: minute(9), by: 'system' };
const task = toTask({
  state: 'running',
  workerId: 'W1',
  leaseToken: 3,
  attempt: 2,
  enteredAt: minute(1),
});
const worker = toWorker({ state: 'busy', heldTaskId: 'T1', leaseToken: 3 });
const step = toStep({ state: 'running' });
const view = toView({
  tasks: [toTask({ taskId: 'T2', state: 'running', workerId: 'W2' }), task],
  steps: [
    step,
    toStep({ stepAttemptId: 'A0', state: 'failed', endedAt: minute(1) }),
    toStep({ stepAttemptId: 'A2', taskId: 'T2', state: 'running' }),
  ],
  workers: [toWorker({ workerId: 'W2', state: 'busy', heldTaskId: 'T2' }), worker],
});
const lose = { ...asked, type: 'lose' } as const;
const fence = { entity: 'task', id: 'T1', command: { ...asked, type: 'fence' } };
const fail = {
  entity: 'step',
  id: 'A1',
  command: { ...asked, type: 'fail', failureKind: 'lease_lost' },
};
const requeue = (reason: string) => ({
  entity: 'task',
  id: 'T1',
  command: { ...asked, type: 'requeue', reason },
});
const deadLetter = { entity: 'task', id: 'T1', command: { ...asked, type: 'dead_letter' } };
const freed = [
  { type: 'release_reservations', taskId: 'T1' },
  { type: 'free_locks', taskId: 'T1' },
];
const aside = { type: 'set_sandbox_aside', workerId: 'W1' };

describe('loseWorker', () => {
  it.each<[lifecycle.WorkerLoss, string]>([
    [lose, 'worker_lost'],
    [{ ...asked, type: 'crash', reason: 'silent', message: '' }, 'silent'],
    [{ ...asked, type: 'stop', reason: 'drain took too long', force: true }, 'worker_stopped'],
  ])('fences the lease, fails the attempt and queues the task again', (loss, reason) => {
    expect(lifecycle.loseWorker(view, worker, loss)).toEqual({
      steps: [{ entity: 'worker', id: 'W1', command: loss }, fence, fail, requeue(reason)],
      effects: [...freed, aside],
    });
  });

  it('makes a dead letter of a task that is out of attempts', () => {
    const last = (attempt: number) =>
      lifecycle.loseWorker(toView({ ...view, tasks: [{ ...task, attempt }] }), worker, lose).steps;
    expect(last(2).at(-1)).toEqual(requeue('worker_lost'));
    expect(last(3).at(-1)).toEqual(deadLetter);
  });

  it('leaves alone a task that has gone on to another worker or another state, and every other task', () => {
    const bare = { steps: [{ entity: 'worker', id: 'W1', command: lose }], effects: [aside] };
    for (const gone of [
      { ...task, workerId: 'W2' },
      { ...task, state: 'validating' as const },
    ]) {
      expect(lifecycle.loseWorker(toView({ ...view, tasks: [gone] }), worker, lose)).toEqual(bare);
    }
    const { heldTaskId: _held, ...idle } = worker;
    expect(lifecycle.loseWorker(view, idle, lose)).toEqual(bare);
  });

  it.each([
    [1, 'queued'],
    [2, 'queued'],
    [3, 'failed'],
  ])('answers steps that the machines accept: try %d leaves the task %s', (attempt, state) => {
    const before = toView({ tasks: [{ ...task, attempt }], steps: [step], workers: [worker] });
    const after = applySteps(before, lifecycle.loseWorker(before, worker, lose).steps);
    expect(after).toMatchObject({
      tasks: [{ state, leaseToken: 4, deadLettered: state === 'failed' }],
      steps: [{ state: 'failed', failureKind: 'lease_lost' }],
      workers: [{ state: 'lost' }],
    });
    expect(after.workers[0]).not.toHaveProperty('heldTaskId');
  });

  it('makes a late write of the old lease worthless', () => {
    const before = toView({ tasks: [task], workers: [worker] });
    const [queued] = applySteps(before, lifecycle.loseWorker(before, worker, lose).steps).tasks;
    const again = { ...task, ...queued, state: 'running', leaseToken: 5 } as const;
    const late = {
      ...asked,
      type: 'submit',
      leaseToken: 3,
      toolResultId: 'X',
      patchIds: [],
    } as const;
    expect(lifecycle.taskDecider.decide(late, again)).toMatchObject({
      ok: false,
      refusal: { code: 'STALE_LEASE', leaseToken: 3, currentToken: 5 },
    });
  });
});

describe('loseTask', () => {
  const crash = { ...asked, reason: 'orchestrator_crash' } as const;

  it('crashes the worker that holds the task', () => {
    const command = { ...asked, type: 'crash', reason: 'orchestrator_crash', message: '' };
    expect(lifecycle.loseTask(view, 'T1', crash)).toEqual({
      steps: [{ entity: 'worker', id: 'W1', command }, fence, fail, requeue('orchestrator_crash')],
      effects: [...freed, aside],
    });
  });

  it('gives the task back where nobody knows its worker', () => {
    expect(lifecycle.loseTask({ ...view, workers: [] }, 'T1', crash)).toEqual({
      steps: [fence, fail, requeue('orchestrator_crash')],
      effects: freed,
    });
  });

  it('does nothing about a task that does not run', () => {
    const queued = toView({ tasks: [toTask({ state: 'queued' })] });
    expect(lifecycle.loseTask(queued, 'T1', crash)).toEqual({ steps: [], effects: [] });
    expect(lifecycle.loseTask(queued, 'T9', crash)).toEqual({ steps: [], effects: [] });
  });
});
