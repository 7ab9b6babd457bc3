import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a step attempt can stand; `none`, before its birth, is not one of them. */
export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'canceled'] as const;

/** What can move a step attempt; each is the type of a command. Its birth, `create`, is not one of them. */
export const STEP_TRIGGERS = ['start', 'succeed', 'fail', 'cancel'] as const;

/** One of {@link STEP_STATES}. */
export type StepState = (typeof STEP_STATES)[number];
/** One of {@link STEP_TRIGGERS}. */
export type StepTrigger = (typeof STEP_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const STEP_TRANSITIONS: TransitionTable<StepState, StepTrigger> = {
  pending: { start: 'running', fail: 'failed', cancel: 'canceled' },
  running: { succeed: 'succeeded', fail: 'failed', cancel: 'canceled' },
  succeeded: {},
  failed: {},
  canceled: {},
};

/** Why a step attempt may fail. */
export const STEP_FAILURE_KINDS = [
  'exit_code',
  'timeout',
  'spawn_error',
  'lease_lost',
  'refused',
  'policy',
  'budget',
] as const;
/** One of {@link STEP_FAILURE_KINDS}. */
export type StepFailureKind = (typeof STEP_FAILURE_KINDS)[number];
