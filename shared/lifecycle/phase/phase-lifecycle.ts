import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a phase can stand; `none`, before its birth, is not one of them. */
export const PHASE_STATES = [
  'pending',
  'active',
  'gated',
  'completed',
  'failed',
  'skipped',
] as const;

/** What can move a phase; each is the type of a command. Its birth, `create`, is not one of them. */
export const PHASE_TRIGGERS = ['activate', 'gate', 'reopen', 'complete', 'fail', 'skip'] as const;

/** One of {@link PHASE_STATES}. */
export type PhaseState = (typeof PHASE_STATES)[number];
/** One of {@link PHASE_TRIGGERS}. */
export type PhaseTrigger = (typeof PHASE_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const PHASE_TRANSITIONS: TransitionTable<PhaseState, PhaseTrigger> = {
  pending: { activate: 'active', skip: 'skipped' },
  active: { gate: 'gated', complete: 'completed', fail: 'failed' },
  gated: { reopen: 'active', complete: 'completed', fail: 'failed' },
  completed: {},
  failed: {},
  skipped: {},
};
