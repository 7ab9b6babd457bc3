import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a run can stand; `none`, before its birth, is not one of them. */
export const RUN_STATES = [
  'pending',
  'queued',
  'running',
  'paused',
  'validating',
  'succeeded',
  'failed',
  'quarantined',
  'canceled',
] as const;

/** What can move a run; each is the type of a command. Its birth, `create`, is not one of them. */
export const RUN_TRIGGERS = [
  'enqueue',
  'start',
  'pause',
  'resume',
  'begin_validation',
  'reopen',
  'succeed',
  'fail',
  'quarantine',
  'cancel',
] as const;

/** One of {@link RUN_STATES}. */
export type RunState = (typeof RUN_STATES)[number];
/** One of {@link RUN_TRIGGERS}. */
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const RUN_TRANSITIONS: TransitionTable<RunState, RunTrigger> = {
  pending: { enqueue: 'queued', start: 'running', cancel: 'canceled' },
  queued: { start: 'running', fail: 'failed', cancel: 'canceled' },
  running: {
    pause: 'paused',
    begin_validation: 'validating',
    succeed: 'succeeded',
    fail: 'failed',
    quarantine: 'quarantined',
    cancel: 'canceled',
  },
  paused: { resume: 'running', fail: 'failed', cancel: 'canceled' },
  validating: {
    reopen: 'running',
    succeed: 'succeeded',
    fail: 'failed',
    quarantine: 'quarantined',
    cancel: 'canceled',
  },
  succeeded: {},
  failed: { quarantine: 'quarantined' },
  quarantined: {},
  canceled: {},
};

/** Why a run may fail; any other reason is refused. */
export const RUN_FAIL_REASONS = [
  'no_route',
  'max_attempts',
  'policy_violation',
  'workspace_corrupt',
  'queue_timeout',
  'timeout',
  'gate_failed',
  'workstream_failed',
  'budget_exhausted',
  'orchestrator_crash',
  'operator',
] as const;
/** One of {@link RUN_FAIL_REASONS}. */
export type RunFailReason = (typeof RUN_FAIL_REASONS)[number];
