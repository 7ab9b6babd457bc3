import {
  accept,
  type Decider,
  type Instant,
  type Result,
  refuse,
  type TransitionTable,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import { admit, elapsedMs, type Happened, judge, toSaid, toTold } from '../transition.ts';
import type { Worker } from './worker.ts';
import { toSilentMs, toWorkerGuards } from './worker-guards.ts';
import { WORKER_TRANSITIONS, type WorkerState, type WorkerTrigger } from './worker-lifecycle.ts';
import { HEARTBEAT_STORE_MS, WORKER_CONFIG } from './worker-limits.ts';
import type { WorkerCommand, WorkerEvent, WorkerRefusal } from './worker-messages.ts';

type Decision = Result<readonly WorkerEvent[], WorkerRefusal>;
type Of<Type extends WorkerCommand['type']> = Extract<WorkerCommand, { readonly type: Type }>;

const beats = <State extends WorkerState>(state: State) => ({
  ...WORKER_TRANSITIONS[state],
  heartbeat: state,
});

/** The table, and the two commands besides it that move nothing. */
const WORKER_ACTS: TransitionTable<WorkerState, WorkerTrigger | 'heartbeat' | 'release'> = {
  starting: beats('starting'),
  idle: beats('idle'),
  busy: beats('busy'),
  paused: { ...beats('paused'), release: 'paused' },
  draining: { ...beats('draining'), release: 'draining' },
  lost: { ...WORKER_TRANSITIONS.lost, heartbeat: 'idle' },
  stopped: {},
  crashed: {},
};

/**
 * One process that takes tasks, one at a time.
 * A person may pass by what it can do, what it is kept for and how long it has been silent. Nobody passes by a lease or by a task it
 * holds.
 */
export const workerDecider: Decider<WorkerCommand, Worker, WorkerEvent, WorkerRefusal> = {
  initial: {
    state: 'none',
    version: 0,
    workerId: '',
    workerType: 'custom',
    adapterType: '',
    capabilities: [],
    config: WORKER_CONFIG,
  },
  decide,
  evolve,
};

function decide(command: WorkerCommand, worker: Worker): Decision {
  const admitted = admit(WORKER_ACTS, command, worker);
  if (!admitted.ok) {
    const { refusal } = admitted;
    const isGone = refusal.code === 'FINAL_STATE' && command.type === 'heartbeat';
    return isGone ? refuse({ code: 'WORKER_GONE', from: refusal.from }) : admitted;
  }
  const stamp = admitted.value;
  const judged = judge(toWorkerGuards(command, worker, stamp), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, ...toEvents(command, worker, stamp)]);
}

function toEvents(command: WorkerCommand, worker: Worker, stamp: Happened): readonly WorkerEvent[] {
  if (command.type !== 'heartbeat') return [toEvent(command, worker, stamp)];
  if (worker.state === 'lost') return [toRecovery(worker, stamp)];
  const { lastHeartbeatAt } = worker;
  const isNew =
    lastHeartbeatAt === undefined || elapsedMs(lastHeartbeatAt, stamp.at) >= HEARTBEAT_STORE_MS;
  if (!isNew) return [];
  const renewed = worker.heldTaskId === undefined ? {} : toLease(worker, stamp);
  return [{ ...stamp, type: 'worker_heartbeat', ...toSaid(command), ...renewed }];
}

function toEvent(
  command: Exclude<WorkerCommand, { readonly type: 'heartbeat' }>,
  worker: Worker,
  stamp: Happened,
): WorkerEvent {
  const { heldTaskId } = worker;
  const held = heldTaskId === undefined ? {} : { heldTaskId };
  const task = heldTaskId === undefined ? {} : { taskId: heldTaskId };
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'worker_created', ...toSaid(command) };
    case 'ready': {
      const startMs = elapsedMs(worker.createdAt, stamp.at);
      return { ...stamp, type: 'worker_became_ready', startMs, ...toSaid(command) };
    }
    case 'assign': {
      const { taskId, leaseToken } = command;
      const lease = { taskId, leaseToken, ...toLease(worker, stamp) };
      return { ...stamp, type: 'worker_assigned', ...lease };
    }
    case 'finish':
    case 'release':
      return toReleased(command, worker, stamp);
    case 'pause':
      return { ...stamp, type: 'worker_paused', reason: command.reason, ...held };
    case 'drain':
      return { ...stamp, type: 'worker_drain_started', reason: command.reason, ...held };
    case 'resume':
    case 'resume_task': {
      const pausedMs = elapsedMs(worker.enteredAt, stamp.at);
      return { ...stamp, type: 'worker_resumed', pausedMs, ...held };
    }
    case 'stop': {
      const { reason, force: forced } = command;
      return { ...stamp, type: 'worker_stopped', reason, forced, ...task };
    }
    case 'lose': {
      const silentMs = toSilentMs(command, worker, stamp);
      return { ...stamp, type: 'worker_lost', silentMs, ...task };
    }
    case 'recover':
      return toRecovery(worker, stamp);
    case 'crash': {
      const { reason, message } = command;
      const silentMs = toSilentMs(command, worker, stamp);
      return { ...stamp, type: 'worker_crashed', reason, message, silentMs, ...task };
    }
  }
}

function toReleased(
  command: Of<'finish' | 'release'>,
  worker: Worker,
  stamp: Happened,
): WorkerEvent {
  const { heldTaskId: taskId = '', assignedAt } = worker;
  const durationMs = elapsedMs(assignedAt, stamp.at);
  return { ...stamp, type: 'worker_released', taskId, outcome: command.outcome, durationMs };
}

const toRecovery = (worker: Worker, stamp: Happened): WorkerEvent => ({
  ...stamp,
  type: 'worker_recovered',
  silentMs: toSilentMs({}, worker, stamp),
});

const toLease = ({ config }: Worker, { at }: Happened): { readonly leaseExpiresAt: Instant } => ({
  leaseExpiresAt: toInstant(toEpochMs(at) + config.leaseMs),
});

function evolve(worker: Worker, event: WorkerEvent): Worker {
  const { at } = event;
  const next = { ...worker, version: worker.version + 1, lastAt: at };
  const enter = (state: WorkerState): Worker => ({ ...next, state, enteredAt: at });
  switch (event.type) {
    case 'worker_created':
      return { ...enter('starting'), ...toTold(event), createdAt: at };
    case 'worker_became_ready': {
      const { capabilities } = event;
      return { ...enter('idle'), capabilities, startedAt: at, lastHeartbeatAt: at };
    }
    case 'worker_assigned': {
      const { taskId: heldTaskId, leaseToken, leaseExpiresAt } = event;
      return { ...enter('busy'), heldTaskId, leaseToken, leaseExpiresAt, assignedAt: at };
    }
    case 'worker_released':
      return withoutTask(worker.state === 'busy' ? enter('idle') : next);
    case 'worker_paused':
      return enter('paused');
    case 'worker_resumed':
      return enter(event.heldTaskId === undefined ? 'idle' : 'busy');
    case 'worker_drain_started':
      return enter('draining');
    case 'worker_stopped':
      return { ...withoutTask(enter('stopped')), endedAt: at };
    case 'worker_lost':
      return withoutTask(enter('lost'));
    case 'worker_recovered':
      return { ...enter('idle'), lastHeartbeatAt: at };
    case 'worker_crashed': {
      const { reason, message } = event;
      return { ...withoutTask(enter('crashed')), crash: { reason, message, at }, endedAt: at };
    }
    case 'worker_heartbeat': {
      const { leaseExpiresAt } = event;
      const renewed = leaseExpiresAt === undefined ? {} : { leaseExpiresAt };
      return { ...next, ...renewed, lastHeartbeatAt: at };
    }
    case 'override_recorded':
      return next;
  }
}

function withoutTask(worker: Worker): Worker {
  const {
    heldTaskId: _task,
    leaseToken: _token,
    leaseExpiresAt: _end,
    assignedAt: _at,
    ...rest
  } = worker;
  return rest;
}
