import type { Instant } from '#shared/kernel/index.ts';
import type { PatchState } from './patch-lifecycle.ts';
import type { PatchBirth, PatchScope, PatchVerdict, Rollback } from './patch-messages.ts';

/** A patch as its events have left it. */
export interface Patch extends PatchBirth {
  readonly state: PatchState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** Its size; set iff it was ever validated. */
  readonly scope?: PatchScope;
  readonly validation: PatchValidation;
  readonly apply: PatchApplication;
  /** Patches ahead of it when it was queued. */
  readonly position?: number;
  /** Set iff it was ever committed. */
  readonly commitId?: string;
  /** Set iff it was ever quarantined. */
  readonly quarantine?: PatchQuarantine;
  readonly rollback?: Rollback;
  /** The patch that undid it. */
  readonly revertPatchId?: string;
  /** Why it was dropped. */
  readonly stateReason?: string;
  readonly createdAt?: Instant;
  /** When it first was closed; set iff closed. */
  readonly closedAt?: Instant;
  /** When its commit was undone. */
  readonly rolledBackAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

/** What is known of a patch's worth. */
export interface PatchValidation extends PatchVerdict {
  /** What a look at the diff found wrong before it was set aside or dropped. */
  readonly errors: readonly string[];
  readonly testsRan: boolean;
  /** Set iff the tests ran. */
  readonly testsPassed?: boolean;
}

/** What became of a patch in the work tree. */
export interface PatchApplication {
  /** Range: 0 to `maxApplyAttempts`. */
  readonly attempts: number;
  readonly lastAttemptAt?: Instant;
  readonly lastErrorCode?: string;
  readonly lastErrorMessage?: string;
  readonly workspaceId?: string;
  readonly appliedFiles: readonly string[];
  /** Of the tree with the patch in it, as last seen. */
  readonly treeHash?: string;
}

/** Why and where a patch was set aside as unsafe. */
export interface PatchQuarantine {
  readonly reason: string;
  readonly path: string;
  readonly at: Instant;
}
