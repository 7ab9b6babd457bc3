import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Instant, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import {
  type Task,
  type TaskCommand,
  taskDecider,
  toNextLeaseToken,
} from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = taskDecider;
const TASK_TIMEOUT_MS = 1_800_000;

/** A timer as it was set: what it will ask, and in which stretch of the task's life it means to ask it. */
interface Timer {
  readonly dueAt: Instant;
  readonly command: TaskCommand;
  readonly enteredAt: Instant | undefined;
  readonly state: Task['state'];
}

const after = (at: Instant, ms: number) => toInstant(toEpochMs(at) + ms);

/** The timer a task sets when it comes to a state: its time-out while it runs, the end of its delay while it waits for a retry. */
function setTimer(
  { state, enteredAt, notBefore, leaseToken }: Task,
  at: Instant,
): Timer | undefined {
  const set = (dueAt: Instant, command: object) =>
    ({ dueAt, state, enteredAt, command: { at: dueAt, by: 'system', ...command } }) as Timer;
  if (state === 'running') {
    const fail = { type: 'fail', reason: 'timeout', leaseToken };
    return set(after(at, TASK_TIMEOUT_MS), fail);
  }
  return notBefore === undefined
    ? undefined
    : set(notBefore, { type: 'requeue', reason: 'backoff' });
}

const moves = ['start', 'submit', 'retry', 'requeue', 'fence', 'complete', 'cancel'] as const;
const anyMove = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...moves.slice(0, 5)) },
    { weight: 1, arbitrary: fc.constantFrom(...moves) },
  ),
  fc.nat({ max: TASK_TIMEOUT_MS }),
);

function toCommand(type: (typeof moves)[number], at: Instant, task: Task): TaskCommand {
  const asked = { at, by: 'W1' };
  const { leaseToken } = task;
  const free = { openGates: [], heldLocks: [], isBudgetReservable: true, isRunRunning: true };
  switch (type) {
    case 'start':
      return { ...asked, type, ...free, workerId: 'W1', leaseToken: toNextLeaseToken(task) };
    case 'submit':
      return { ...asked, type, leaseToken, toolResultId: 'R1', patchIds: [] };
    case 'retry':
      return { ...asked, type, leaseToken, isRetryable: true, random: 0.5 };
    case 'complete':
      return { ...asked, type, unmetChecks: [], openGates: [], openPatches: [] };
    case 'requeue':
    case 'cancel':
      return { ...asked, type, reason: 'x' };
    case 'fence':
      return { ...asked, type };
  }
}

const birth: readonly TaskCommand[] = [
  {
    at: toInstant(0),
    by: 'system',
    type: 'create',
    taskId: 'T1',
    workstreamId: 'S1',
    kind: 'audit',
    isCritical: false,
    dependsOn: [],
    maxAttempts: 4,
  },
  {
    at: toInstant(0),
    by: 'system',
    type: 'queue',
    openDependencies: [],
    openGates: [],
    priority: 'normal',
    score: 1,
  },
];

function carryOut(task: Task, command: TaskCommand): Task {
  const result = decide(command, task);
  return result.ok ? result.value.reduce(evolve, task) : task;
}

describe('a timer', () => {
  it('moves only what is still as it was when the timer was set, and is refused by all else', () => {
    let fired = 0;
    let refused = 0;
    const law = fc.property(fc.array(anyMove, { maxLength: 14 }), (script) => {
      let task = birth.reduce(carryOut, initial);
      let now = toInstant(0);
      const timers: Timer[] = [];
      for (const [move, waitMs] of script) {
        now = after(now, waitMs);
        const before = task;
        task = carryOut(task, toCommand(move, now, task));
        const timer = task.enteredAt === before.enteredAt ? undefined : setTimer(task, now);
        if (timer !== undefined) timers.push(timer);
      }
      const found = task;
      const results = timers.map(({ command }) => decide(command, found).ok);
      const isAsItWas = timers.map(
        ({ state, enteredAt }) =>
          state === found.state && enteredAt === found.enteredAt && !found.isLeaseFenced,
      );
      expect(results).toEqual(isAsItWas);
      fired += results.filter(Boolean).length;
      refused += results.filter((ok) => !ok).length;
    });
    fc.assert(law, { seed: 5, numRuns: 500 });
    expect(fired).toBeGreaterThan(50);
    expect(refused).toBeGreaterThan(50);
  });
});
