import type { Patch } from '../patch/patch.ts';
import type { PatchCommand } from '../patch/patch-messages.ts';
import type { Asked } from '../transition.ts';
import { cancelTasks, freeWorkers, isOpen, toRelease } from './close-work.ts';
import type { RunView, SpanPlan } from './run-view.ts';

/** A patch and what its place in the order depends on. */
export interface MergeCandidate {
  readonly patch: Patch;
  /** Whether its task lies on the longest chain of the run. */
  readonly isOnCriticalPath: boolean;
  /** Tasks that wait for it. */
  readonly dependents: number;
}

/** Why a workstream failed whose required patch was set aside. */
export const PATCH_QUARANTINED = 'patch_quarantined';

/** What may be committed, in the order in which it should be: critical path, dependents, age, id. What is not applied and verified may not. */
export function orderMerges(candidates: readonly MergeCandidate[]): readonly Patch[] {
  return candidates
    .filter(({ patch }) => patch.state === 'verified')
    .sort(compareMerges)
    .map(({ patch }) => patch);
}

/** What is asked of a patch that could not be applied: another attempt, or, with none left, that it be set aside. */
export function followFailedApply(
  patch: Patch,
  asked: Pick<Asked, 'at' | 'by'> & { readonly path: string },
): PatchCommand {
  const { at, by, path } = asked;
  if (patch.apply.attempts < patch.maxApplyAttempts) return { at, by, type: 'retry' };
  const reason = 'attempts_spent';
  return { at, by, type: 'quarantine', reason, path, isTreeReverted: true };
}

/** What follows when a patch was set aside: where it is required its workstream fails, after its open tasks are canceled. */
export function followQuarantine(
  view: RunView,
  patch: Patch,
  { at, by }: Pick<Asked, 'at' | 'by'>,
): SpanPlan {
  const { isRequired, patchId, state } = patch;
  const failing = view.workstreams.find(({ workstreamId }) => workstreamId === patch.workstreamId);
  const canFail = failing?.state === 'executing' || failing?.state === 'validating';
  if (!isRequired || state !== 'quarantined' || !canFail) return { steps: [], effects: [] };
  const { workstreamId: id } = failing;
  const taskIds = view.tasks
    .filter((task) => task.workstreamId === id && isOpen(task))
    .map(({ taskId }) => taskId);
  const reason = PATCH_QUARANTINED;
  const closing = { at, by, reason, causeId: patchId };
  return {
    steps: [
      ...cancelTasks(view, taskIds, closing),
      { entity: 'workstream', id, command: { at, by, type: 'fail', reason } },
      ...taskIds.flatMap((taskId) => freeWorkers(view, taskId, closing)),
    ],
    effects: taskIds.flatMap((taskId) => toRelease(taskId)),
  };
}

function compareMerges(one: MergeCandidate, other: MergeCandidate): number {
  if (one.isOnCriticalPath !== other.isOnCriticalPath) return one.isOnCriticalPath ? -1 : 1;
  if (one.dependents !== other.dependents) return other.dependents - one.dependents;
  return toAge(one) < toAge(other) ? -1 : 1;
}

const toAge = ({ patch }: MergeCandidate): string => `${patch.createdAt ?? ''} ${patch.patchId}`;
