import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accept, toInstant } from '#shared/kernel/index.ts';
import {
  type Task,
  type TaskCommand,
  type TaskEvent,
  taskDecider,
  toNextLeaseToken,
} from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = taskDecider;
const second = (n: number) => toInstant(n * 1_000);
const asked = (n: number) => ({ at: second(n), by: 'system' });
const override = { person: 'dana', reason: 'the client waits' };

/** The task after commands that must all be accepted, and the events of the last. */
function carryOut(...commands: readonly TaskCommand[]) {
  let task = initial;
  let last: readonly TaskEvent[] = [];
  for (const command of commands) {
    const result = decide(command, task);
    expect(result).toMatchObject({ ok: true });
    last = result.ok ? result.value : [];
    task = last.reduce(evolve, task);
  }
  return { task, last };
}

const create: TaskCommand = {
  ...asked(0),
  type: 'create',
  taskId: 'T1',
  workstreamId: 'S1',
  kind: 'audit',
  isCritical: false,
  dependsOn: [],
  maxAttempts: 3,
};
const queue: TaskCommand = {
  ...asked(10),
  type: 'queue',
  openDependencies: [],
  openGates: [],
  priority: 'normal',
  score: 105,
  degradedInputs: true,
};
const start = (n: number, workerId: string, leaseToken: number): TaskCommand => ({
  ...asked(n),
  type: 'start',
  isRunRunning: true,
  openGates: [],
  heldLocks: [],
  isBudgetReservable: true,
  workerId,
  leaseToken,
});
const retry: TaskCommand = {
  ...asked(50),
  type: 'retry',
  leaseToken: 1,
  isRetryable: true,
  random: 0.5,
  errorId: 'E1',
};
const requeue = (n: number): TaskCommand => ({ ...asked(n), type: 'requeue', reason: 'again' });
const toSecondTry = [create, queue, start(20, 'W1', 1), retry, requeue(51), start(60, 'W2', 2)];
const submit: TaskCommand = {
  ...asked(100),
  type: 'submit',
  leaseToken: 2,
  toolResultId: 'R1',
  patchIds: ['P1'],
};
const complete: TaskCommand = {
  ...asked(130),
  type: 'complete',
  unmetChecks: [],
  openGates: [],
  openPatches: [],
};

describe('taskDecider', () => {
  it('tells its birth and what it was queued with', () => {
    expect(carryOut(create).last).toEqual([
      {
        type: 'task_created',
        at: second(0),
        taskId: 'T1',
        workstreamId: 'S1',
        kind: 'audit',
        isCritical: false,
        dependsOn: [],
        maxAttempts: 3,
      },
    ]);
    const { task, last } = carryOut(create, queue);
    const place = { priority: 'normal', score: 105, degradedInputs: true };
    expect(last).toEqual([{ type: 'task_queued', at: second(10), ...place }]);
    expect(task).toMatchObject({ ...place, createdAt: second(0), queuedAt: second(10) });
    expect(task).not.toHaveProperty('startedAt');
  });

  it('says how long it was blocked and by what, and forgets the blockers after', () => {
    const block: TaskCommand = { ...asked(5), type: 'block', blockedBy: ['G1'], reason: 'gate' };
    const unblock: TaskCommand = { ...asked(9), type: 'unblock', openBlockers: [] };
    const blocked = carryOut(create, block);
    expect(blocked.last).toEqual([
      { type: 'task_blocked', at: second(5), blockedBy: ['G1'], reason: 'gate' },
    ]);
    expect(blocked.task.blockedBy).toEqual(['G1']);
    const { task, last } = carryOut(create, block, unblock);
    expect(last).toEqual([{ type: 'task_unblocked', at: second(9), blockedMs: 4_000 }]);
    expect(task).not.toHaveProperty('blockedBy');
  });

  it('counts its tries, waits and work over a retry', () => {
    const retried = carryOut(...toSecondTry.slice(0, 4));
    expect(retried.last).toEqual([
      {
        type: 'task_retry_scheduled',
        at: second(50),
        attempt: 1,
        delayMs: 1_000,
        notBefore: second(51),
        errorId: 'E1',
      },
    ]);
    expect(retried.task).toMatchObject({ netMs: 30_000, errorId: 'E1', notBefore: second(51) });
    expect(retried.task).not.toHaveProperty('workerId');
    const requeued = carryOut(...toSecondTry.slice(0, 5));
    expect(requeued.last).toEqual([
      { type: 'task_requeued', at: second(51), reason: 'again', attempt: 1 },
    ]);
    expect(requeued.task).not.toHaveProperty('notBefore');
    const { task, last } = carryOut(...toSecondTry);
    const lease = { workerId: 'W2', leaseToken: 2, attempt: 2 };
    expect(last).toEqual([{ type: 'task_started', at: second(60), ...lease, waitMs: 9_000 }]);
    expect(task).toMatchObject({ ...lease, workerIds: ['W1', 'W2'], startedAt: second(20) });
    expect(task.queuedAt).toBe(second(10));
  });

  it('is done with the work of all tries and the time since the first', () => {
    const submitted = carryOut(...toSecondTry, submit);
    const result = { toolResultId: 'R1', patchIds: ['P1'] };
    expect(submitted.last).toEqual([
      { type: 'task_submitted', at: second(100), attempt: 2, runMs: 40_000, ...result },
    ]);
    const { task, last } = carryOut(...toSecondTry, submit, complete);
    const sums = { attempts: 2, durationMs: 110_000, netMs: 70_000 };
    expect(last).toEqual([{ type: 'task_completed', at: second(130), ...sums }]);
    expect(task).toMatchObject({ ...result, state: 'completed', endedAt: second(130), version: 8 });
  });

  it('fences its lease, is queued again or given up, and hands out a higher one', () => {
    const fence: TaskCommand = { ...asked(80), type: 'fence' };
    const { task, last } = carryOut(...toSecondTry, fence);
    const tokens = { oldToken: 2, newToken: 3 };
    expect(last).toEqual([{ type: 'lease_fenced', at: second(80), ...tokens, workerId: 'W2' }]);
    expect(task).toMatchObject({ state: 'running', isLeaseFenced: true, leaseToken: 3 });
    expect(toNextLeaseToken(task)).toBe(4);
    const back = carryOut(...toSecondTry, fence, requeue(80));
    expect(back.task).toMatchObject({ state: 'queued', isLeaseFenced: false, netMs: 50_000 });
    const third = [...toSecondTry, fence, requeue(80), start(90, 'W3', 4)];
    const dead = carryOut(...third, fence, { ...asked(95), type: 'dead_letter' });
    const workerIds = ['W1', 'W2', 'W3'];
    expect(dead.last).toEqual([
      { type: 'task_dead_lettered', at: second(95), attempts: 3, workerIds },
    ]);
    const end = { stateReason: 'lease_lost', deadLettered: true, endedAt: second(95) };
    expect(dead.task).toMatchObject({ state: 'failed', ...end });
  });

  it('keeps why it failed or was canceled', () => {
    const fail = { ...asked(70), type: 'fail', leaseToken: 2, reason: 'timeout' } as const;
    const failed = carryOut(...toSecondTry, { ...fail, errorId: 'E2' });
    expect(failed.last).toEqual([
      { type: 'task_failed', at: second(70), reason: 'timeout', errorId: 'E2', attempts: 2 },
    ]);
    const end = { stateReason: 'timeout', errorId: 'E2', deadLettered: false, netMs: 40_000 };
    expect(failed.task).toMatchObject({ state: 'failed', ...end, endedAt: second(70) });
    const cancel = { ...asked(70), type: 'cancel', reason: 'upstream_failed' } as const;
    const canceled = carryOut(create, { ...cancel, causeId: 'T0' });
    expect(canceled.last).toEqual([
      { type: 'task_canceled', at: second(70), reason: 'upstream_failed', causeId: 'T0' },
    ]);
    expect(canceled.task).toMatchObject({ stateReason: 'upstream_failed', causeId: 'T0' });
    expect(canceled.task).not.toHaveProperty('startedAt');
  });

  it('records an override before the transition it allowed, and moves nothing by it', () => {
    const early = { ...asked(30), type: 'fail', reason: 'timeout', override } as const;
    const { task } = carryOut(create, queue);
    const recorded = { type: 'override_recorded', at: second(30), trigger: 'fail' } as const;
    const passed = { ...recorded, guard: 'NOT_RUN_YET', ...override };
    expect(decide(early, task)).toEqual(
      accept([passed, { type: 'task_failed', at: second(30), reason: 'timeout', attempts: 0 }]),
    );
    expect(evolve(task, passed)).toEqual({ ...task, version: 3, lastAt: second(30) });
  });

  it.each(['deadline_missed', 'routing_decided', 'routing_failed', 'routing_fell_back'] as const)(
    'counts %s and stays where it is',
    (type) => {
      const { task } = carryOut(create, queue);
      const noted = { ...task, version: 3, lastAt: second(30) };
      expect(evolve(task, { type, at: second(30) })).toEqual(noted);
      expect(evolve(task, { type: 'schedule_held', at: second(30) })).toEqual(noted);
    },
  );

  it('is due at once where no delay is known, and fences a lease nobody holds', () => {
    const retrying: Task = { ...initial, state: 'retrying', maxAttempts: 1 };
    expect(decide(requeue(1), retrying).ok).toBe(true);
    const running: Task = { ...initial, state: 'running' };
    expect(decide({ ...asked(1), type: 'fence' }, running)).toMatchObject({
      value: [{ oldToken: 0, newToken: 1, workerId: '' }],
    });
  });

  const ends = ['completed', 'failed', 'canceled'];
  const anyCommand = fc.oneof(
    fc.constantFrom<TaskCommand>(create, queue, retry, submit, complete),
    fc.nat({ max: 6 }).map((token) => start(0, 'W1', token)),
    fc.constantFrom<TaskCommand>(
      requeue(0),
      { ...asked(0), type: 'fence' },
      { ...asked(0), type: 'dead_letter' },
      { ...asked(0), type: 'cancel', reason: 'x' },
      { ...asked(0), type: 'fail', reason: 'x' },
    ),
  );
  it('stamps in order, never tries too often and has a worker iff it runs, whatever is asked and whenever', () => {
    const law = fc.property(fc.array(fc.tuple(anyCommand, fc.nat({ max: 300 }))), (asks) => {
      let task = carryOut(create).task;
      for (const [command, at] of asks) {
        const result = decide({ ...command, at: second(at) }, task);
        const before = task;
        task = result.ok ? result.value.reduce(evolve, task) : task;
        expect(task.attempt).toBeLessThanOrEqual(task.maxAttempts);
        expect(task.leaseToken).toBeGreaterThanOrEqual(before.leaseToken);
        expect(task.workerId !== undefined).toBe(task.state === 'running');
        expect(task.startedAt !== undefined).toBe(task.attempt > 0);
        expect(task.endedAt !== undefined).toBe(ends.includes(task.state));
        const stamps = [task.createdAt, task.queuedAt, task.startedAt, task.endedAt];
        const set = stamps.filter((stamp) => stamp !== undefined);
        expect(set).toEqual(set.toSorted());
        expect(before.queuedAt ?? task.queuedAt).toBe(task.queuedAt);
        expect(before.startedAt ?? task.startedAt).toBe(task.startedAt);
      }
    });
    fc.assert(law, { seed: 2, numRuns: 300 });
  });
});
