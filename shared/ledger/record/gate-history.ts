import type { Instant } from '#shared/kernel/index.ts';
import { GATE_STATUSES, type GateStatus } from '#shared/lifecycle/index.ts';
import type { Envelope } from '../envelope.ts';
import type { Json } from '../json.ts';

/** One change of a gate's status, as the ledger has it. */
export interface GateChange {
  readonly at: Instant;
  readonly from: GateStatus;
  readonly to: GateStatus;
  /** The checks that gave it the new status. */
  readonly checkIds: readonly string[];
  /** Set iff the new status is WAIVED: the newest waiver granted before. */
  readonly waiver?: { readonly approver: string; readonly expiresAt: string };
}

/** Every change of a gate's status, oldest first, out of the events of its stream. */
export function listGateChanges(events: readonly Envelope[]): readonly GateChange[] {
  const changes: GateChange[] = [];
  let waiver: GateChange['waiver'];
  for (const { type, at, payload } of events) {
    const facts = isObject(payload) ? payload : {};
    if (type === 'waiver_granted') {
      waiver = { approver: toText(facts['approver']), expiresAt: toText(facts['expiresAt']) };
    }
    const { from, to, checkIds } = facts;
    if (type !== 'gate_status_changed' || !isStatus(from) || !isStatus(to)) continue;
    changes.push({
      at,
      from,
      to,
      checkIds: Array.isArray(checkIds) ? checkIds.map(toText) : [],
      ...(to === 'WAIVED' && waiver !== undefined ? { waiver } : {}),
    });
  }
  return changes;
}

/** The changes as one line, such as `NOT_RUN → WAIVED (dana, until 2026-12-14) → PASSED`; blank where nothing ever changed. */
export function describeGateChanges(changes: readonly GateChange[]): string {
  const [first] = changes;
  if (first === undefined) return '';
  const steps = changes.map(({ to, waiver }) =>
    waiver === undefined
      ? to
      : `${to} (${waiver.approver}, until ${waiver.expiresAt.slice(0, 10)})`,
  );
  return [first.from, ...steps].join(' → ');
}

const isStatus = (value: Json | undefined): value is GateStatus =>
  GATE_STATUSES.some((status) => status === value);

const toText = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const isObject = (value: Json): value is { readonly [field: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
