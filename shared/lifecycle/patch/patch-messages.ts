import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { PatchState, PatchTrigger } from './patch-lifecycle.ts';

/** What a patch is born with; none of it ever changes. */
export interface PatchBirth {
  readonly patchId: string;
  readonly format: 'unified_diff';
  /** Paths it touches. */
  readonly files: readonly string[];
  /** The quarantined patch it stands in for. */
  readonly replacesPatchId?: string;
  /** The committed patch it undoes. */
  readonly rollbackOfPatchId?: string;
  /** Patches of one chain are queued one after the other. */
  readonly chainId?: string;
  readonly taskId?: string;
  readonly workstreamId?: string;
  /** Whether the run may not succeed without its commit. */
  readonly isRequired: boolean;
  /** Attempts to apply it, the first included. Range: integer ≥ 1. */
  readonly maxApplyAttempts: number;
}

/** How large a patch is. */
export interface PatchScope {
  readonly files: readonly string[];
  readonly insertions: number;
  readonly deletions: number;
  readonly hunks: number;
}

/** What a look at the diff found, before anything is applied. */
export interface PatchVerdict {
  readonly formatOk: boolean;
  readonly scopeOk: boolean;
  readonly constraintsOk: boolean;
}

/** How the harm of undone work is made good. */
export interface Compensation {
  readonly kind: 'revert' | 'manual_fix' | 'accept';
  readonly steps: readonly string[];
  readonly requiredGates: readonly string[];
  /** Whether the work tree has to be clean before the work counts as undone. */
  readonly cleanTreeCheck: boolean;
}

/** Who wants a patch undone, why, and what is done about what was built on it. */
export interface Rollback {
  readonly reason: string;
  readonly requester: string;
  readonly approver?: string;
  readonly compensation?: Compensation;
}

/** What may be asked of a patch, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type PatchCommand = Asked &
  (
    | ({ readonly type: 'create' } & PatchBirth)
    | ({ readonly type: 'validate' } & PatchVerdict & PatchScope)
    | {
        readonly type: 'enqueue';
        /** Patches earlier in its chain that are not committed. */
        readonly openPredecessors: readonly string[];
        /** Patches ahead of it. */
        readonly position: number;
      }
    | {
        readonly type: 'apply';
        readonly doesBaseMatch: boolean;
        readonly isTreeLocked: boolean;
        readonly files: readonly string[];
        readonly treeHash: string;
        readonly workspaceId?: string;
      }
    | {
        readonly type: 'fail_apply';
        readonly isTreeUnchanged: boolean;
        readonly errorCode: string;
        readonly message: string;
      }
    | {
        readonly type: 'fail_verification';
        readonly isTreeReverted: boolean;
        readonly gateIds: readonly string[];
      }
    | { readonly type: 'retry' }
    | {
        readonly type: 'verify';
        /** Required tests that did not run, and gates that are neither passed nor validly waived. */
        readonly unmetTests: readonly string[];
        readonly gateIds: readonly string[];
        readonly treeHash: string;
      }
    | {
        readonly type: 'commit';
        readonly treeHash: string;
        readonly openGates: readonly string[];
        readonly commitId: string;
      }
    | ({
        readonly type: 'roll_back';
        /** The patch that undoes it. */
        readonly revertPatchId?: string;
        readonly isRevertCommitted: boolean;
      } & Rollback)
    | {
        readonly type: 'quarantine';
        readonly reason: string;
        /** Where the diff is kept. */
        readonly path: string;
        readonly isTreeReverted: boolean;
        /** What a look at the diff found wrong. */
        readonly errors?: readonly string[];
      }
    | {
        readonly type: 'drop';
        readonly reason: string;
        readonly isTreeReverted: boolean;
        readonly isByPerson: boolean;
        /** What a look at the diff found wrong. */
        readonly errors?: readonly string[];
      }
  );

/** What has happened to a patch. */
export type PatchEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'patch_created' } & PatchBirth)
        | ({ readonly type: 'patch_validated' } & PatchScope)
        | { readonly type: 'patch_queued'; readonly position: number }
        | {
            readonly type: 'patch_applied';
            readonly attempt: number;
            readonly files: readonly string[];
            readonly treeHash: string;
            readonly workspaceId?: string;
          }
        | {
            readonly type: 'patch_apply_failed';
            readonly attempt: number;
            readonly errorCode: string;
            readonly message: string;
          }
        | {
            readonly type: 'patch_verification_failed';
            readonly attempt: number;
            readonly gateIds: readonly string[];
          }
        | {
            readonly type: 'patch_retried';
            /** The attempt to come. */
            readonly attempt: number;
          }
        | {
            readonly type: 'patch_verified';
            readonly gateIds: readonly string[];
            readonly treeHash: string;
          }
        | {
            readonly type: 'patch_committed';
            readonly commitId: string;
            readonly treeHash: string;
          }
        | ({
            readonly type: 'patch_rolled_back';
            readonly from: PatchState | 'none';
            readonly revertPatchId?: string;
          } & Rollback)
        | {
            readonly type: 'patch_quarantined';
            readonly reason: string;
            readonly path: string;
            readonly attempts: number;
            readonly errors?: readonly string[];
          }
        | {
            readonly type: 'patch_dropped';
            readonly reason: string;
            readonly errors?: readonly string[];
          }
      ));

/** Why a patch says no, with the facts that let the asker ask better. */
export type PatchRefusal =
  | Unlawful<PatchState, PatchTrigger>
  | { readonly code: 'REASON_REQUIRED' | 'APPROVAL_REQUIRED' | 'COMPENSATION_REQUIRED' }
  | { readonly code: 'PATCH_FORMAT' | 'PATCH_SCOPE' | 'PATCH_CONSTRAINTS' }
  | { readonly code: 'LOCK_HELD' | 'TREE_DIRTY' }
  | { readonly code: 'CHAIN_OPEN'; readonly openPredecessors: readonly string[] }
  | { readonly code: 'BASE_MOVED'; readonly treeHash: string }
  | {
      readonly code: 'ATTEMPTS_SPENT';
      readonly attempts: number;
      readonly maxApplyAttempts: number;
    }
  | { readonly code: 'TESTS_UNMET'; readonly unmetTests: readonly string[] }
  | { readonly code: 'GATE_BLOCKED'; readonly openGates: readonly string[] };
