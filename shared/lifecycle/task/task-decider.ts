import {
  accept,
  type Decider,
  type Instant,
  type Result,
  type TransitionTable,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import { admit, elapsedMs, type Happened, judge, toSaid, toTold } from '../transition.ts';
import { toBackoffMs } from './retry-delay.ts';
import type { Task } from './task.ts';
import { toTaskGuards } from './task-guards.ts';
import { TASK_TRANSITIONS, type TaskState, type TaskTrigger } from './task-lifecycle.ts';
import type { TaskCommand, TaskEvent, TaskRefusal } from './task-messages.ts';

type Decision = Result<readonly TaskEvent[], TaskRefusal>;
type Of<Type extends TaskCommand['type']> = Extract<TaskCommand, { readonly type: Type }>;

/** The table, and the one command besides it that moves nothing. */
const TASK_ACTS: TransitionTable<TaskState, TaskTrigger | 'fence'> = {
  ...TASK_TRANSITIONS,
  running: { ...TASK_TRANSITIONS.running, fence: 'running' },
};

/**
 * One piece of work, tried at most `maxAttempts` times by one worker at a time.
 * A person may pass by what concerns the work itself: dependencies, blockers, the backoff, acceptance and the rule that a queued
 * task has yet to run. Nobody passes by a lease, a lock, a budget, a gate, a patch or a result that is not there.
 */
export const taskDecider: Decider<TaskCommand, Task, TaskEvent, TaskRefusal> = {
  initial: {
    state: 'none',
    version: 0,
    taskId: '',
    workstreamId: '',
    kind: '',
    isCritical: false,
    dependsOn: [],
    maxAttempts: 0,
    attempt: 0,
    leaseToken: 0,
    isLeaseFenced: false,
    workerIds: [],
    netMs: 0,
    deadLettered: false,
  },
  decide,
  evolve,
};

/** The token of a task's next lease. */
export const toNextLeaseToken = (task: Task): number => task.leaseToken + 1;

function decide(command: TaskCommand, task: Task): Decision {
  const admitted = admit(TASK_ACTS, command, task);
  if (!admitted.ok) return admitted;
  const stamp = admitted.value;
  const judged = judge(toTaskGuards(command, task, stamp), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, task, stamp)]);
}

function toEvent(command: TaskCommand, task: Task, stamp: Happened): TaskEvent {
  const { attempt } = task;
  const inStateMs = elapsedMs(task.enteredAt, stamp.at);
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'task_created', ...toSaid(command) };
    case 'queue':
      return toQueued(command, stamp);
    case 'block':
      return { ...stamp, type: 'task_blocked', ...toSaid(command) };
    case 'unblock':
      return { ...stamp, type: 'task_unblocked', blockedMs: inStateMs };
    case 'start': {
      const { workerId, leaseToken } = command;
      const lease = { workerId, leaseToken, attempt: attempt + 1 };
      return { ...stamp, type: 'task_started', ...lease, waitMs: inStateMs };
    }
    case 'submit': {
      const { toolResultId, patchIds } = command;
      const result = { attempt, runMs: inStateMs, toolResultId, patchIds };
      return { ...stamp, type: 'task_submitted', ...result };
    }
    case 'complete': {
      const durationMs = elapsedMs(task.startedAt, stamp.at);
      const { netMs } = task;
      return { ...stamp, type: 'task_completed', attempts: attempt, durationMs, netMs };
    }
    case 'retry':
      return toRetry(command, task, stamp);
    case 'requeue':
      return { ...stamp, type: 'task_requeued', reason: command.reason, attempt };
    case 'fail': {
      const { leaseToken: _leaseToken, ...said } = toSaid(command);
      return { ...stamp, type: 'task_failed', ...said, attempts: attempt };
    }
    case 'dead_letter': {
      const { workerIds } = task;
      return { ...stamp, type: 'task_dead_lettered', attempts: attempt, workerIds };
    }
    case 'cancel':
      return { ...stamp, type: 'task_canceled', ...toSaid(command) };
    case 'fence': {
      const { leaseToken: oldToken, workerId = '' } = task;
      const tokens = { oldToken, newToken: toNextLeaseToken(task) };
      return { ...stamp, type: 'lease_fenced', ...tokens, workerId };
    }
  }
}

function toQueued(command: Of<'queue'>, stamp: Happened): TaskEvent {
  const { openDependencies: _dependencies, openGates: _gates, ...place } = toSaid(command);
  return { ...stamp, type: 'task_queued', ...place };
}

function toRetry(command: Of<'retry'>, task: Task, stamp: Happened): TaskEvent {
  const { isRetryable: _is, leaseToken: _leaseToken, random, ...said } = toSaid(command);
  const { attempt } = task;
  const delayMs = toBackoffMs(attempt, random, task.retryStrategy);
  const notBefore = toInstant(toEpochMs(stamp.at) + delayMs);
  return { ...stamp, type: 'task_retry_scheduled', attempt, delayMs, notBefore, ...said };
}

function evolve(task: Task, event: TaskEvent): Task {
  const { at } = event;
  const next = { ...task, version: task.version + 1, lastAt: at };
  switch (event.type) {
    case 'task_created':
      return { ...enter(next, 'pending', at), ...toTold(event), createdAt: at };
    case 'task_queued':
      return { ...enter(next, 'queued', at), ...toTold(event), queuedAt: at };
    case 'task_blocked':
      return { ...enter(next, 'blocked', at), blockedBy: event.blockedBy };
    case 'task_unblocked':
      return enter(next, 'pending', at);
    case 'task_started': {
      const { workerId, leaseToken, attempt } = event;
      const workerIds = [...task.workerIds, workerId];
      const startedAt = task.startedAt ?? at;
      return { ...enter(next, 'running', at), workerId, workerIds, leaseToken, attempt, startedAt };
    }
    case 'task_submitted': {
      const { toolResultId, patchIds } = event;
      return { ...enter(next, 'validating', at), toolResultId, patchIds };
    }
    case 'task_completed':
      return { ...enter(next, 'completed', at), endedAt: at };
    case 'task_retry_scheduled':
      return { ...enter(next, 'retrying', at), ...toTold(event) };
    case 'task_requeued':
      return enter(next, 'queued', at);
    case 'task_failed': {
      const { reason: stateReason, attempts: _attempts, ...error } = toTold(event);
      return { ...enter(next, 'failed', at), stateReason, ...error, endedAt: at };
    }
    case 'task_dead_lettered':
      return {
        ...enter(next, 'failed', at),
        stateReason: 'lease_lost',
        deadLettered: true,
        endedAt: at,
      };
    case 'task_canceled': {
      const { reason: stateReason, ...cause } = toTold(event);
      return { ...enter(next, 'canceled', at), stateReason, ...cause, endedAt: at };
    }
    case 'lease_fenced':
      return { ...next, leaseToken: event.newToken, isLeaseFenced: true };
    case 'override_recorded':
    case 'deadline_missed':
    case 'routing_decided':
    case 'routing_failed':
    case 'routing_fell_back':
    case 'schedule_held':
      return next;
  }
}

/** The task in another state, without what belonged to the one it leaves, and with the time a worker was at it. */
function enter(task: Task, state: TaskState, at: Instant): Task {
  const { workerId: _workerId, blockedBy: _blockedBy, notBefore: _notBefore, ...kept } = task;
  const workedMs = task.state === 'running' ? elapsedMs(task.enteredAt, at) : 0;
  const netMs = task.netMs + workedMs;
  return { ...kept, state, isLeaseFenced: false, netMs, enteredAt: at };
}
