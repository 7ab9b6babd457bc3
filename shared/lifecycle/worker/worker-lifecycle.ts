import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a worker can stand; `none`, before its birth, is not one of them. */
export const WORKER_STATES = [
  'starting',
  'idle',
  'busy',
  'paused',
  'draining',
  'lost',
  'stopped',
  'crashed',
] as const;

/** What can move a worker; each is the type of a command. Its birth, `create`, is not one of them. */
export const WORKER_TRIGGERS = [
  'ready',
  'assign',
  'finish',
  'pause',
  'resume',
  'resume_task',
  'drain',
  'stop',
  'lose',
  'recover',
  'crash',
] as const;

/** One of {@link WORKER_STATES}. */
export type WorkerState = (typeof WORKER_STATES)[number];
/** One of {@link WORKER_TRIGGERS}. */
export type WorkerTrigger = (typeof WORKER_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const WORKER_TRANSITIONS: TransitionTable<WorkerState, WorkerTrigger> = {
  starting: { ready: 'idle', crash: 'crashed' },
  idle: {
    assign: 'busy',
    pause: 'paused',
    drain: 'draining',
    stop: 'stopped',
    lose: 'lost',
    crash: 'crashed',
  },
  busy: {
    finish: 'idle',
    pause: 'paused',
    drain: 'draining',
    stop: 'stopped',
    lose: 'lost',
    crash: 'crashed',
  },
  paused: { resume: 'idle', resume_task: 'busy', stop: 'stopped', crash: 'crashed' },
  draining: { stop: 'stopped', crash: 'crashed' },
  lost: { recover: 'idle', crash: 'crashed' },
  stopped: {},
  crashed: {},
};
