import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a task can stand; `none`, before its birth, is not one of them. */
export const TASK_STATES = [
  'pending',
  'queued',
  'blocked',
  'running',
  'validating',
  'completed',
  'failed',
  'retrying',
  'canceled',
] as const;

/** What can move a task; each is the type of a command. Its birth, `create`, is not one of them. */
export const TASK_TRIGGERS = [
  'queue',
  'block',
  'unblock',
  'start',
  'submit',
  'complete',
  'retry',
  'requeue',
  'fail',
  'dead_letter',
  'cancel',
] as const;

/** One of {@link TASK_STATES}. */
export type TaskState = (typeof TASK_STATES)[number];
/** One of {@link TASK_TRIGGERS}. */
export type TaskTrigger = (typeof TASK_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const TASK_TRANSITIONS: TransitionTable<TaskState, TaskTrigger> = {
  pending: { queue: 'queued', block: 'blocked', cancel: 'canceled' },
  queued: { start: 'running', fail: 'failed', cancel: 'canceled' },
  blocked: { unblock: 'pending', cancel: 'canceled' },
  running: {
    submit: 'validating',
    retry: 'retrying',
    requeue: 'queued',
    fail: 'failed',
    dead_letter: 'failed',
    cancel: 'canceled',
  },
  validating: { complete: 'completed', fail: 'failed', cancel: 'canceled' },
  completed: {},
  failed: {},
  retrying: { requeue: 'queued', cancel: 'canceled' },
  canceled: {},
};
