import { toInstant } from '#shared/kernel/index.ts';
import * as patch from '#shared/lifecycle/index.ts';

const { decide, evolve, initial } = patch.patchDecider;
/** The patch that a history has left. */
export const replay = (history: readonly patch.PatchEvent[]) => history.reduce(evolve, initial);
/** What comes of a command after a history. */
export const given = (...history: readonly patch.PatchEvent[]) => ({
  when: (command: patch.PatchCommand) => decide(command, replay(history)),
});
export const minute = (n: number) => toInstant(n * 60_000);
export const asked = (n: number) => ({ at: minute(n), by: 'system' });

export const birth = {
  patchId: 'P1',
  format: 'unified_diff',
  files: ['src/a.ts'],
  chainId: 'C1',
  taskId: 'T1',
  workstreamId: 'S1',
  isRequired: true,
  maxApplyAttempts: 2,
} as const;
export const scope = { files: ['src/a.ts'], insertions: 3, deletions: 1, hunks: 2 } as const;
export const created = { type: 'patch_created', at: minute(0), ...birth } as const;
export const validated = { type: 'patch_validated', at: minute(1), ...scope } as const;
export const queued = { type: 'patch_queued', at: minute(2), position: 4 } as const;
export const applied = {
  type: 'patch_applied',
  at: minute(3),
  attempt: 1,
  files: ['src/a.ts'],
  treeHash: 'h1',
  workspaceId: 'ws1',
} as const;
export const applyFailed = {
  type: 'patch_apply_failed',
  at: minute(3),
  attempt: 1,
  errorCode: 'HUNK_FAILED',
  message: 'hunk 2',
} as const;
export const verifyFailed = {
  type: 'patch_verification_failed',
  at: minute(4),
  attempt: 1,
  gateIds: ['G1'],
} as const;
export const retried = { type: 'patch_retried', at: minute(4), attempt: 2 } as const;
export const verified = {
  type: 'patch_verified',
  at: minute(4),
  gateIds: ['G1'],
  treeHash: 'h1',
} as const;
export const committed = {
  type: 'patch_committed',
  at: minute(5),
  commitId: 'c0ffee',
  treeHash: 'h1',
} as const;
export const compensation = {
  kind: 'revert',
  steps: ['revert it'],
  requiredGates: ['G1'],
  cleanTreeCheck: true,
} as const;
export const rollback = {
  reason: 'broke login',
  requester: 'dana',
  approver: 'lee',
  compensation,
} as const;
export const rolledBack = {
  type: 'patch_rolled_back',
  at: minute(9),
  from: 'committed',
  revertPatchId: 'P2',
  ...rollback,
} as const;
export const quarantined = {
  type: 'patch_quarantined',
  at: minute(6),
  reason: 'unsafe',
  path: 'q/P1.patch',
  attempts: 0,
} as const;
export const dropped = { type: 'patch_dropped', at: minute(7), reason: 'not needed' } as const;

/** A command of each kind that is accepted where the table has it. */
export const commandAt = (n: number) =>
  ({
    validate: {
      ...asked(n),
      type: 'validate',
      formatOk: true,
      scopeOk: true,
      constraintsOk: true,
      ...scope,
    },
    enqueue: { ...asked(n), type: 'enqueue', openPredecessors: [], position: 4 },
    apply: {
      ...asked(n),
      type: 'apply',
      doesBaseMatch: true,
      isTreeLocked: true,
      files: ['src/a.ts'],
      treeHash: 'h1',
      workspaceId: 'ws1',
    },
    fail_apply: {
      ...asked(n),
      type: 'fail_apply',
      isTreeUnchanged: true,
      errorCode: 'HUNK_FAILED',
      message: 'hunk 2',
    },
    fail_verification: {
      ...asked(n),
      type: 'fail_verification',
      isTreeReverted: true,
      gateIds: ['G1'],
    },
    retry: { ...asked(n), type: 'retry' },
    verify: { ...asked(n), type: 'verify', unmetTests: [], gateIds: ['G1'], treeHash: 'h1' },
    commit: { ...asked(n), type: 'commit', treeHash: 'h1', openGates: [], commitId: 'c0ffee' },
    roll_back: {
      ...asked(n),
      type: 'roll_back',
      ...rollback,
      revertPatchId: 'P2',
      isRevertCommitted: true,
    },
    quarantine: {
      ...asked(n),
      type: 'quarantine',
      reason: 'unsafe',
      path: 'q/P1.patch',
      isTreeReverted: true,
    },
    drop: {
      ...asked(n),
      type: 'drop',
      reason: 'not needed',
      isTreeReverted: true,
      isByPerson: true,
    },
  }) as const;

export const inQueue = [created, validated, queued];
export const inTree = [...inQueue, applied];
export const proven = [...inTree, verified];
export const kept = [...proven, committed];
