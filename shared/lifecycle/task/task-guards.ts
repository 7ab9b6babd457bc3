import { type Guard, type Happened, must, should } from '../transition.ts';
import type { Task } from './task.ts';
import type { TaskCommand, TaskRefusal } from './task-messages.ts';

type TaskGuard = Guard<TaskRefusal>;
type Of<Type extends TaskCommand['type']> = Extract<TaskCommand, { readonly type: Type }>;

/** What must hold beyond the table, in the order in which it is judged. */
export function toTaskGuards(
  command: TaskCommand,
  task: Task,
  stamp: Happened,
): readonly TaskGuard[] {
  switch (command.type) {
    case 'create':
    case 'fence':
      return [];
    case 'queue':
      return [dependencies(command), gates(command)];
    case 'block':
      return [must(command.blockedBy.length > 0, { code: 'BLOCKER_REQUIRED' })];
    case 'unblock': {
      const { openBlockers } = command;
      return [should(openBlockers.length === 0, { code: 'STILL_BLOCKED', openBlockers })];
    }
    case 'start':
      return guardStart(command, task);
    case 'submit': {
      const isStored = command.toolResultId !== '';
      return [lease(command.leaseToken, task), must(isStored, { code: 'RESULT_MISSING' })];
    }
    case 'complete':
      return guardComplete(command);
    case 'retry': {
      const mayRetry = command.isRetryable && task.retryStrategy !== 'none';
      const retryable = must(mayRetry, { code: 'NOT_RETRYABLE' });
      return [lease(command.leaseToken, task), retryable, attemptsLeft(task)];
    }
    case 'requeue':
      return task.state === 'retrying'
        ? [backoff(task, stamp)]
        : [leaseLost(task), attemptsLeft(task)];
    case 'fail': {
      const mayFail = task.state !== 'queued' || command.reason === 'no_route';
      const hasRun = should(mayFail, { code: 'NOT_RUN_YET' });
      return [lease(command.leaseToken, task), reason(command), hasRun];
    }
    case 'dead_letter':
      return [leaseLost(task), attemptsSpent(task)];
    case 'cancel':
      return [reason(command)];
  }
}

function guardStart(command: Of<'start'>, task: Task): readonly TaskGuard[] {
  const { isRunRunning, heldLocks, isBudgetReservable, leaseHolder, leaseToken } = command;
  const { leaseToken: currentToken } = task;
  return [
    must(isRunRunning, { code: 'RUN_NOT_RUNNING' }),
    gates(command),
    must(heldLocks.length === 0, { code: 'LOCK_HELD', heldLocks }),
    must(isBudgetReservable, { code: 'BUDGET_EXHAUSTED' }),
    { refusal: leaseHolder === undefined ? undefined : { code: 'LEASE_HELD', leaseHolder } },
    // A token used before would let the write of an earlier try pass for one of this.
    must(leaseToken > currentToken, { code: 'STALE_LEASE', leaseToken, currentToken }),
  ];
}

function guardComplete(command: Of<'complete'>): readonly TaskGuard[] {
  const { unmetChecks, openPatches } = command;
  return [
    should(unmetChecks.length === 0, { code: 'ACCEPTANCE_UNMET', unmetChecks }),
    gates(command),
    must(openPatches.length === 0, { code: 'PATCHES_OPEN', openPatches }),
  ];
}

const dependencies = ({ openDependencies }: Of<'queue'>): TaskGuard =>
  should(openDependencies.length === 0, { code: 'DEPENDENCY_OPEN', openDependencies });

const gates = ({ openGates }: { readonly openGates: readonly string[] }): TaskGuard =>
  must(openGates.length === 0, { code: 'GATE_BLOCKED', openGates });

const reason = (command: { readonly reason: string }): TaskGuard =>
  must(command.reason !== '', { code: 'REASON_REQUIRED' });

/**
 * A worker must name the lease it works under; the system, which names none, needs none. A lease ends when its task leaves
 * `running`, so that a time-out set for a try does not fail what that try has handed in.
 */
function lease(leaseToken: number | undefined, task: Task): TaskGuard {
  const { leaseToken: currentToken, state } = task;
  if (leaseToken === undefined) return { refusal: undefined };
  const isHeld = state === 'running' && leaseToken === currentToken;
  return must(isHeld, { code: 'STALE_LEASE', leaseToken, currentToken });
}

const leaseLost = ({ isLeaseFenced, workerId }: Task): TaskGuard =>
  must(isLeaseFenced, { code: 'LEASE_HELD', leaseHolder: workerId });

const attemptsLeft = ({ attempt, maxAttempts }: Task): TaskGuard =>
  must(attempt < maxAttempts, { code: 'ATTEMPTS_SPENT', attempt, maxAttempts });

const attemptsSpent = ({ attempt, maxAttempts }: Task): TaskGuard =>
  must(attempt >= maxAttempts, { code: 'ATTEMPTS_LEFT', attempt, maxAttempts });

function backoff({ notBefore }: Task, { at }: Happened): TaskGuard {
  if (notBefore === undefined || notBefore <= at) return { refusal: undefined };
  return { refusal: { code: 'BACKOFF_OPEN', notBefore }, isPassable: true };
}
