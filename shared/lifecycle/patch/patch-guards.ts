import { type Guard, must } from '../transition.ts';
import type { Patch } from './patch.ts';
import type { PatchCommand, PatchRefusal } from './patch-messages.ts';

type PatchGuard = Guard<PatchRefusal>;
type Of<Type extends PatchCommand['type']> = Extract<PatchCommand, { readonly type: Type }>;

/** What must hold beyond the table, in the order in which it is judged. */
export function toPatchGuards(command: PatchCommand, patch: Patch): readonly PatchGuard[] {
  switch (command.type) {
    case 'create':
      return [];
    case 'validate':
      return [
        must(command.formatOk, { code: 'PATCH_FORMAT' }),
        must(command.scopeOk, { code: 'PATCH_SCOPE' }),
        must(command.constraintsOk, { code: 'PATCH_CONSTRAINTS' }),
      ];
    case 'enqueue': {
      const { openPredecessors } = command;
      return [must(openPredecessors.length === 0, { code: 'CHAIN_OPEN', openPredecessors })];
    }
    case 'apply': {
      const { doesBaseMatch, treeHash, isTreeLocked } = command;
      return [
        must(doesBaseMatch, { code: 'BASE_MOVED', treeHash }),
        must(isTreeLocked, { code: 'LOCK_HELD' }),
      ];
    }
    case 'fail_apply':
      return [must(command.isTreeUnchanged, { code: 'TREE_DIRTY' })];
    case 'fail_verification':
      return [must(command.isTreeReverted, { code: 'TREE_DIRTY' })];
    case 'retry': {
      const { maxApplyAttempts, apply } = patch;
      const { attempts } = apply;
      const hasLeft = attempts < maxApplyAttempts;
      return [must(hasLeft, { code: 'ATTEMPTS_SPENT', attempts, maxApplyAttempts })];
    }
    case 'verify': {
      const { unmetTests } = command;
      return [must(unmetTests.length === 0, { code: 'TESTS_UNMET', unmetTests })];
    }
    case 'commit': {
      const { treeHash, openGates } = command;
      return [
        must(treeHash === patch.apply.treeHash, { code: 'BASE_MOVED', treeHash }),
        must(openGates.length === 0, { code: 'GATE_BLOCKED', openGates }),
      ];
    }
    case 'roll_back':
      return [reason(command), ...(patch.state === 'committed' ? guardUndo(command) : [])];
    case 'quarantine':
      return [reason(command), ...treeReverted(command, patch)];
    case 'drop': {
      const mayDrop = patch.state !== 'quarantined' || command.isByPerson;
      return [
        reason(command),
        ...treeReverted(command, patch),
        must(mayDrop, { code: 'ACTOR_REQUIRED' }),
      ];
    }
  }
}

/** Committed work may be built upon: a second person agrees, and there is a plan. A revert lies in the tree before its original counts as undone. */
function guardUndo(command: Of<'roll_back'>): readonly PatchGuard[] {
  const { approver = '', requester, compensation, isRevertCommitted } = command;
  const isPlanned = compensation !== undefined && compensation.steps.length > 0;
  const isDone = compensation?.kind !== 'revert' || isRevertCommitted;
  return [
    must(approver !== '' && approver !== requester, { code: 'APPROVAL_REQUIRED' }),
    must(isPlanned && isDone, { code: 'COMPENSATION_REQUIRED' }),
  ];
}

function treeReverted(
  command: { readonly isTreeReverted: boolean },
  { state }: Patch,
): readonly PatchGuard[] {
  const isInTree = state === 'applied' || state === 'verified';
  return isInTree ? [must(command.isTreeReverted, { code: 'TREE_DIRTY' })] : [];
}

const reason = (command: { readonly reason: string }): PatchGuard =>
  must(command.reason !== '', { code: 'REASON_REQUIRED' });
