import { accept, type Decider, type Result } from '#shared/kernel/index.ts';
import { admit, type Happened, judge, toSaid, toTold } from '../transition.ts';
import type { Patch, PatchValidation } from './patch.ts';
import { toPatchGuards } from './patch-guards.ts';
import { PATCH_TRANSITIONS, type PatchState } from './patch-lifecycle.ts';
import type { PatchCommand, PatchEvent, PatchRefusal } from './patch-messages.ts';

type Decision = Result<readonly PatchEvent[], PatchRefusal>;
type TrialEvent = Extract<PatchEvent, { readonly type: keyof typeof STATE_AFTER }>;

/** Attempts to apply a patch before it is set aside. */
export const MAX_APPLY_ATTEMPTS = 3;

/** Where each step of a trial in the tree leaves a patch. */
const STATE_AFTER = {
  patch_applied: 'applied',
  patch_apply_failed: 'apply_failed',
  patch_verification_failed: 'apply_failed',
  patch_verified: 'verified',
} as const;

/** A proposed diff on its way into the tree. Nobody passes by a guard of it: what a work tree holds is no matter of opinion. */
export const patchDecider: Decider<PatchCommand, Patch, PatchEvent, PatchRefusal> = {
  initial: {
    state: 'none',
    version: 0,
    patchId: '',
    format: 'unified_diff',
    files: [],
    isRequired: false,
    maxApplyAttempts: MAX_APPLY_ATTEMPTS,
    validation: {
      formatOk: false,
      scopeOk: false,
      constraintsOk: false,
      errors: [],
      testsRan: false,
    },
    apply: { attempts: 0, appliedFiles: [] },
  },
  decide,
  evolve,
};

function decide(command: PatchCommand, patch: Patch): Decision {
  const admitted = admit(PATCH_TRANSITIONS, command, patch);
  if (!admitted.ok) return admitted;
  const stamp = admitted.value;
  const judged = judge(toPatchGuards(command, patch), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, patch, stamp)]);
}

function toEvent(command: PatchCommand, patch: Patch, stamp: Happened): PatchEvent {
  const { attempts } = patch.apply;
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'patch_created', ...toSaid(command) };
    case 'validate': {
      const { files, insertions, deletions, hunks } = command;
      return { ...stamp, type: 'patch_validated', files, insertions, deletions, hunks };
    }
    case 'enqueue':
      return { ...stamp, type: 'patch_queued', position: command.position };
    case 'apply': {
      const { doesBaseMatch: _base, isTreeLocked: _lock, ...said } = toSaid(command);
      return { ...stamp, type: 'patch_applied', attempt: attempts + 1, ...said };
    }
    case 'fail_apply': {
      const { errorCode, message } = command;
      return { ...stamp, type: 'patch_apply_failed', attempt: attempts + 1, errorCode, message };
    }
    case 'fail_verification': {
      const { gateIds } = command;
      return { ...stamp, type: 'patch_verification_failed', attempt: attempts, gateIds };
    }
    case 'retry':
      return { ...stamp, type: 'patch_retried', attempt: attempts + 1 };
    case 'verify': {
      const { gateIds, treeHash } = command;
      return { ...stamp, type: 'patch_verified', gateIds, treeHash };
    }
    case 'commit': {
      const { commitId, treeHash } = command;
      return { ...stamp, type: 'patch_committed', commitId, treeHash };
    }
    case 'roll_back': {
      const { isRevertCommitted: _is, ...said } = toSaid(command);
      return { ...stamp, type: 'patch_rolled_back', from: patch.state, ...said };
    }
    case 'quarantine': {
      const { isTreeReverted: _reverted, ...said } = toSaid(command);
      return { ...stamp, type: 'patch_quarantined', ...said, attempts };
    }
    case 'drop': {
      const { isTreeReverted: _reverted, isByPerson: _person, ...said } = toSaid(command);
      return { ...stamp, type: 'patch_dropped', ...said };
    }
  }
}

function evolve(patch: Patch, event: PatchEvent): Patch {
  const { at } = event;
  const next = { ...patch, version: patch.version + 1, lastAt: at };
  const enter = (state: PatchState): Patch => ({ ...next, state, enteredAt: at });
  const close = (state: PatchState): Patch => ({
    ...enter(state),
    closedAt: patch.closedAt ?? at,
  });
  switch (event.type) {
    case 'patch_created':
      return { ...enter('created'), ...toTold(event), createdAt: at };
    case 'patch_validated': {
      const found = { formatOk: true, scopeOk: true, constraintsOk: true };
      const validation = { ...patch.validation, ...found };
      return { ...enter('validated'), scope: toTold(event), validation };
    }
    case 'patch_queued':
      return { ...enter('queued'), position: event.position };
    case 'patch_applied':
    case 'patch_apply_failed':
    case 'patch_verification_failed':
    case 'patch_verified':
      return { ...enter(STATE_AFTER[event.type]), ...toTrial(patch, event) };
    case 'patch_retried':
      return enter('queued');
    case 'patch_committed':
      return { ...close('committed'), commitId: event.commitId };
    case 'patch_rolled_back': {
      const { from, revertPatchId, ...rollback } = toTold(event);
      const undone = from === 'committed' ? { rolledBackAt: at } : {};
      const revert = revertPatchId === undefined ? {} : { revertPatchId };
      return { ...close('rolled_back'), rollback, ...revert, ...undone };
    }
    case 'patch_quarantined': {
      const { reason, path } = event;
      const validation = withErrors(patch, event.errors);
      return { ...close('quarantined'), validation, quarantine: { reason, path, at } };
    }
    case 'patch_dropped': {
      const validation = withErrors(patch, event.errors);
      return { ...close('dropped'), validation, stateReason: event.reason };
    }
    case 'override_recorded':
      return next;
  }
}

const withErrors = (
  { validation }: Patch,
  errors: readonly string[] = validation.errors,
): PatchValidation => ({ ...validation, errors });

/** What a trial in the tree has shown. */
function toTrial(patch: Patch, event: TrialEvent): Pick<Patch, 'apply' | 'validation'> {
  const { apply, validation } = patch;
  switch (event.type) {
    case 'patch_applied': {
      const { attempt: attempts, files: appliedFiles, type: _type, ...tree } = event;
      const { at: lastAttemptAt, clockAdjusted: _adjusted, ...told } = tree;
      return { validation, apply: { ...apply, attempts, lastAttemptAt, appliedFiles, ...told } };
    }
    case 'patch_apply_failed': {
      const { attempt: attempts, at: lastAttemptAt, errorCode, message } = event;
      const error = { lastErrorCode: errorCode, lastErrorMessage: message };
      return { validation, apply: { ...apply, attempts, lastAttemptAt, ...error } };
    }
    case 'patch_verification_failed': {
      const { treeHash: _gone, ...reverted } = apply;
      return {
        validation: { ...validation, testsRan: true, testsPassed: false },
        apply: { ...reverted, appliedFiles: [] },
      };
    }
    case 'patch_verified':
      return {
        validation: { ...validation, testsRan: true, testsPassed: true },
        apply: { ...apply, treeHash: event.treeHash },
      };
  }
}
