import type { TransitionTable } from '#shared/kernel/index.ts';

/** Where a patch can stand; `none`, before its birth, is not one of them. */
export const PATCH_STATES = [
  'created',
  'validated',
  'queued',
  'applied',
  'apply_failed',
  'verified',
  'committed',
  'rolled_back',
  'quarantined',
  'dropped',
] as const;

/** What can move a patch; each is the type of a command. Its birth, `create`, is not one of them. */
export const PATCH_TRIGGERS = [
  'validate',
  'enqueue',
  'apply',
  'fail_apply',
  'fail_verification',
  'retry',
  'verify',
  'commit',
  'roll_back',
  'quarantine',
  'drop',
] as const;

/** One of {@link PATCH_STATES}. */
export type PatchState = (typeof PATCH_STATES)[number];
/** One of {@link PATCH_TRIGGERS}. */
export type PatchTrigger = (typeof PATCH_TRIGGERS)[number];

/** What may follow what. The decider, the diagrams and the documents all read this one table. */
export const PATCH_TRANSITIONS: TransitionTable<PatchState, PatchTrigger> = {
  created: { validate: 'validated', quarantine: 'quarantined', drop: 'dropped' },
  validated: { enqueue: 'queued', quarantine: 'quarantined', drop: 'dropped' },
  queued: {
    apply: 'applied',
    fail_apply: 'apply_failed',
    quarantine: 'quarantined',
    drop: 'dropped',
  },
  applied: {
    fail_verification: 'apply_failed',
    verify: 'verified',
    roll_back: 'rolled_back',
    quarantine: 'quarantined',
    drop: 'dropped',
  },
  apply_failed: { retry: 'queued', quarantine: 'quarantined', drop: 'dropped' },
  verified: {
    commit: 'committed',
    roll_back: 'rolled_back',
    quarantine: 'quarantined',
    drop: 'dropped',
  },
  committed: { roll_back: 'rolled_back' },
  rolled_back: {},
  quarantined: { drop: 'dropped' },
  dropped: {},
};
