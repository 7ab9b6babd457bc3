import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a gate check can stand; `none`, before its birth, is not one of them. */
export const GATE_CHECK_STATES = [
  'pending',
  'blocked',
  'running',
  'passed',
  'failed',
  'error',
  'inconclusive',
  'skipped',
] as const;

/** What can move a gate check; each is the type of a command. Its birth, `create`, is not one of them. */
export const GATE_CHECK_TRIGGERS = [
  'start',
  'block',
  'unblock',
  'pass',
  'fail',
  'record_error',
  'leave_open',
  'skip',
] as const;

/** One of {@link GATE_CHECK_STATES}. */
export type GateCheckState = (typeof GATE_CHECK_STATES)[number];
/** One of {@link GATE_CHECK_TRIGGERS}. */
export type GateCheckTrigger = (typeof GATE_CHECK_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const GATE_CHECK_TRANSITIONS: TransitionTable<GateCheckState, GateCheckTrigger> = {
  pending: { start: 'running', block: 'blocked', skip: 'skipped' },
  blocked: { unblock: 'pending', skip: 'skipped' },
  running: {
    pass: 'passed',
    fail: 'failed',
    record_error: 'error',
    leave_open: 'inconclusive',
    skip: 'skipped',
  },
  passed: {},
  failed: {},
  error: {},
  inconclusive: {},
  skipped: {},
};
