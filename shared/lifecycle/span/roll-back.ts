import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import type { Patch } from '../patch/patch.ts';
import type { PatchBirth, PatchRefusal, Rollback } from '../patch/patch-messages.ts';
import type { Asked } from '../transition.ts';
import type { SpanStep } from './run-view.ts';

/** What is known when a rollback is to be brought to its end. */
export interface RollbackFacts {
  readonly rollback: Rollback;
  /** The patch that undoes it; absent where none is planned or none is there yet. */
  readonly revert?: Patch;
  /** Gates that are neither passed nor validly waived. */
  readonly openGates: readonly string[];
  readonly isTreeClean: boolean;
}

/** The patch that undoes a committed one: a patch of its own, which takes the whole way to its own commit. */
export function toRevert(patch: Patch, patchId: string): PatchBirth {
  const { format, files, taskId, workstreamId, maxApplyAttempts } = patch;
  return {
    patchId,
    format,
    files,
    maxApplyAttempts,
    isRequired: true,
    rollbackOfPatchId: patch.patchId,
    ...(taskId === undefined ? {} : { taskId }),
    ...(workstreamId === undefined ? {} : { workstreamId }),
  };
}

/**
 * What makes a committed patch count as undone: the gates of its plan stand open, the tree is clean where the plan wants it so, and a
 * revert of this very patch, where one is planned, is committed. Reason, approver and plan are judged by the patch itself.
 * Refusals: `GATE_BLOCKED`, `TREE_DIRTY`.
 */
export function finishRollback(
  patch: Patch,
  facts: RollbackFacts,
  { at, by }: Pick<Asked, 'at' | 'by'>,
): Result<SpanStep, PatchRefusal> {
  const { rollback, revert, isTreeClean } = facts;
  const { requiredGates = [], cleanTreeCheck = false } = rollback.compensation ?? {};
  const openGates = facts.openGates.filter((gateId) => requiredGates.includes(gateId));
  if (openGates.length > 0) return refuse({ code: 'GATE_BLOCKED', openGates });
  if (cleanTreeCheck && !isTreeClean) return refuse({ code: 'TREE_DIRTY' });
  const isOwn = revert?.rollbackOfPatchId === patch.patchId;
  const isRevertCommitted = isOwn && revert.state === 'committed';
  const undone = isRevertCommitted ? { revertPatchId: revert.patchId } : {};
  const command = { at, by, type: 'roll_back', ...rollback, ...undone, isRevertCommitted } as const;
  return accept({ entity: 'patch', id: patch.patchId, command });
}
