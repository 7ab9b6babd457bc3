import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { GateEvaluation, GateStatus, Stale } from './gate-status.ts';
import type { Waiver } from './waiver.ts';

/** What has happened to a gate. It has no state of its own: these tell what an evaluation found. */
export type GateEvent = { readonly at: Instant } & (
  | {
      readonly type: 'gate_status_changed';
      readonly from: GateStatus;
      readonly to: GateStatus;
      readonly checkIds: readonly string[];
    }
  | {
      readonly type: 'gate_check_marked_stale';
      readonly checkRunId: string;
      readonly reason: Stale['reason'];
      readonly ageMs: Ms;
    }
  | ({ readonly type: 'waiver_granted' } & Pick<
      Waiver,
      'waiverId' | 'checkId' | 'owner' | 'approver' | 'expiresAt' | 'reason'
    >)
  | { readonly type: 'waiver_revoked'; readonly waiverId: string; readonly reason: string }
  | { readonly type: 'waiver_expired'; readonly waiverId: string; readonly status: GateStatus }
);

/** An event of one gate. */
export interface GateNews {
  readonly gateId: string;
  readonly event: GateEvent;
}

/** What an evaluation found that the one before did not; a gate nobody has looked at counts as not run. */
export function tellGate(
  before: GateEvaluation | undefined,
  after: GateEvaluation,
  at: Instant,
): readonly GateEvent[] {
  const { status: to, checkIds } = after;
  const from = before?.status ?? 'NOT_RUN';
  const known = new Set(before?.checks.flatMap((check) => toStaleRun(check)));
  const stale = after.checks.flatMap((check): readonly GateEvent[] => {
    const { stale: found, checkRunId } = check;
    if (found === undefined || checkRunId === undefined || known.has(checkRunId)) return [];
    const { reason, ageMs } = found;
    return [{ at, type: 'gate_check_marked_stale', checkRunId, reason, ageMs }];
  });
  if (from === to) return stale;
  return [...stale, { at, type: 'gate_status_changed', from, to, checkIds }];
}

/** What a grant tells. */
export function tellGrant(waiver: Waiver): GateEvent {
  const { waiverId, checkId, owner, approver, expiresAt, reason, grantedAt: at } = waiver;
  return { at, type: 'waiver_granted', waiverId, checkId, owner, approver, expiresAt, reason };
}

/** What a revocation tells; from that moment on the waiver covers nothing. */
export function tellRevocation(
  { waiverId }: Waiver,
  { at, reason }: { readonly at: Instant; readonly reason: string },
): GateEvent {
  return { at, type: 'waiver_revoked', waiverId, reason };
}

const toStaleRun = ({ stale, checkRunId }: GateEvaluation['checks'][number]): readonly string[] =>
  stale === undefined || checkRunId === undefined ? [] : [checkRunId];
