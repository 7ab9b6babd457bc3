import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a workstream can stand; `none`, before its birth, is not one of them. */
export const WORKSTREAM_STATES = [
  'planned',
  'ready',
  'blocked',
  'executing',
  'validating',
  'completed',
  'failed',
  'canceled',
  'skipped',
] as const;

/** What can move a workstream; each is the type of a command. Its birth, `create`, is not one of them. */
export const WORKSTREAM_TRIGGERS = [
  'release',
  'block',
  'unblock',
  'start',
  'begin_validation',
  'reopen',
  'complete',
  'fail',
  'skip',
  'cancel',
] as const;

/** One of {@link WORKSTREAM_STATES}. */
export type WorkstreamState = (typeof WORKSTREAM_STATES)[number];
/** One of {@link WORKSTREAM_TRIGGERS}. */
export type WorkstreamTrigger = (typeof WORKSTREAM_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const WORKSTREAM_TRANSITIONS: TransitionTable<WorkstreamState, WorkstreamTrigger> = {
  planned: { release: 'ready', block: 'blocked', skip: 'skipped', cancel: 'canceled' },
  ready: { start: 'executing', skip: 'skipped', cancel: 'canceled' },
  blocked: { unblock: 'ready', skip: 'skipped', cancel: 'canceled' },
  executing: { begin_validation: 'validating', fail: 'failed', cancel: 'canceled' },
  validating: { reopen: 'executing', complete: 'completed', fail: 'failed', cancel: 'canceled' },
  completed: {},
  failed: {},
  canceled: {},
  skipped: {},
};
