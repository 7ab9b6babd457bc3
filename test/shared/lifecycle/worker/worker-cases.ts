import { toInstant } from '#shared/kernel/index.ts';
import * as worker from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = worker.workerDecider;
/** The worker that a history has left. */
export const replay = (history: readonly worker.WorkerEvent[]) => history.reduce(evolve, initial);
/** What comes of a command after a history. */
export const given = (...history: readonly worker.WorkerEvent[]) => ({
  when: (command: worker.WorkerCommand) => decide(command, replay(history)),
});
export const second = (n: number) => toInstant(n * 1_000);
export const asked = (n: number) => ({ at: second(n), by: 'system' });

export const birth = {
  workerId: 'W1',
  workerType: 'executor',
  adapterType: 'process',
  capabilities: [],
  affinity: 'gpu',
  config: worker.WORKER_CONFIG,
} as const;
export const created = { type: 'worker_created', at: second(0), ...birth } as const;
export const ready = {
  type: 'worker_became_ready',
  at: second(10),
  startMs: 10_000,
  capabilities: ['code', 'test'],
} as const;
export const assigned = {
  type: 'worker_assigned',
  at: second(20),
  taskId: 'T1',
  leaseToken: 3,
  leaseExpiresAt: second(140),
} as const;
export const paused = {
  type: 'worker_paused',
  at: second(30),
  reason: 'x',
  heldTaskId: 'T1',
} as const;
export const released = {
  type: 'worker_released',
  at: second(35),
  taskId: 'T1',
  outcome: 'completed',
  durationMs: 15_000,
} as const;
export const draining = { ...paused, type: 'worker_drain_started' } as const;
export const lost = {
  type: 'worker_lost',
  at: second(200),
  silentMs: 190_000,
  taskId: 'T1',
} as const;
export const stopped = {
  type: 'worker_stopped',
  at: second(200),
  reason: 'x',
  forced: true,
  taskId: 'T1',
} as const;
export const crashed = {
  type: 'worker_crashed',
  at: second(200),
  reason: 'process_ended',
  message: 'signal 9',
  silentMs: 190_000,
  taskId: 'T1',
} as const;

export const task = {
  taskId: 'T1',
  leaseToken: 3,
  isTaskQueued: true,
  requiredCapabilities: ['code'],
} as const;
/** A command of each kind that is accepted where the table has it. */
export const commandAt = (n: number): Record<worker.WorkerTrigger, worker.WorkerCommand> => ({
  ready: { ...asked(n), type: 'ready', capabilities: ['code', 'test'] },
  assign: { ...asked(n), type: 'assign', ...task },
  finish: { ...asked(n), type: 'finish', leaseToken: 3, outcome: 'completed' },
  pause: { ...asked(n), type: 'pause', reason: 'x' },
  resume: { ...asked(n), type: 'resume' },
  resume_task: { ...asked(n), type: 'resume_task', leaseToken: 3 },
  drain: { ...asked(n), type: 'drain', reason: 'x' },
  stop: { ...asked(n), type: 'stop', reason: 'x', force: true },
  lose: { ...asked(n), type: 'lose' },
  recover: { ...asked(n), type: 'recover' },
  crash: { ...asked(n), type: 'crash', reason: 'process_ended', message: 'signal 9' },
});
export const busy = [created, ready, assigned];
export const idle = [created, ready];
export const pausedIdle = { type: 'worker_paused', at: second(30), reason: 'x' } as const;
