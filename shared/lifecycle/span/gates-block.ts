import { type GateStatus, isGateOpen } from '../gate/gate-status.ts';
import type { Asked } from '../transition.ts';
import type { RunView, SpanStep } from './run-view.ts';

/** A required gate as it stands, and what may not go on without it. */
export interface GuardingGate {
  readonly gateId: string;
  readonly status: GateStatus;
  /** Ids of tasks, workstreams, checks and definitions of checks. */
  readonly guards: readonly string[];
}

/** Why a gate holds something up. */
export const GATE_NOT_PASSED = 'gate_not_passed';

/**
 * What a look at the gates moves: a gate that failed holds up the pending tasks, planned workstreams and pending checks it guards, and
 * lets them go once it is passed or waived. A gate that has not run, or not lately, holds nothing up: what it guards waits as it is.
 * What is queued or running is not moved.
 */
export function toGateBlocks(
  view: RunView,
  gates: readonly GuardingGate[],
  asked: Pick<Asked, 'at' | 'by'>,
): readonly SpanStep[] {
  return [
    ...view.tasks.map(({ taskId, ...task }) => {
      return { ...task, entity: 'task', id: taskId, names: [taskId] } as const;
    }),
    ...view.workstreams.map(({ workstreamId, ...workstream }) => {
      return {
        ...workstream,
        entity: 'workstream',
        id: workstreamId,
        names: [workstreamId],
      } as const;
    }),
    ...view.checks.map(({ checkRunId, checkId, ...check }) => {
      return {
        ...check,
        entity: 'gate_check',
        id: checkRunId,
        names: [checkRunId, checkId],
      } as const;
    }),
  ].flatMap((held): readonly SpanStep[] => {
    const move = toMove(gates, held);
    const { at, by } = asked;
    return move === undefined
      ? []
      : [{ entity: held.entity, id: held.id, command: { at, by, ...move } }];
  });
}

interface Holdable {
  /** What a gate may call it. */
  readonly names: readonly string[];
  readonly state: string;
  readonly blockedBy?: readonly string[];
}

type Move =
  | { readonly type: 'block'; readonly blockedBy: readonly string[]; readonly reason: string }
  | { readonly type: 'unblock'; readonly openBlockers: readonly string[] };

function toMove(
  gates: readonly GuardingGate[],
  { names, state, blockedBy = [] }: Holdable,
): Move | undefined {
  const guarding = gates.filter(({ guards }) => names.some((name) => guards.includes(name)));
  const failed = guarding.filter(({ status }) => doesBlock(status)).map(({ gateId }) => gateId);
  if (state === 'pending' || state === 'planned') {
    return failed.length === 0
      ? undefined
      : { type: 'block', blockedBy: failed, reason: GATE_NOT_PASSED };
  }
  if (state !== 'blocked' || failed.length > 0) return undefined;
  const open = new Set(
    gates.filter(({ status }) => isGateOpen(status)).map(({ gateId }) => gateId),
  );
  // What something else holds up, a person or a task, is not for a gate to let go.
  return blockedBy.every((blocker) => open.has(blocker))
    ? { type: 'unblock', openBlockers: [] }
    : undefined;
}

function doesBlock(status: GateStatus): boolean {
  return status === 'FAILED' || status === 'ERROR' || status === 'INCONCLUSIVE';
}
