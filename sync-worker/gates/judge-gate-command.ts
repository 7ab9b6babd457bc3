import type { PersonRow } from '#shared/doc/index.ts';
import { addDays, type Instant, isDay, startOfDay, toInstant } from '#shared/kernel/index.ts';
import {
  type RecordGateCommand,
  toWaiverStep,
  type WaiveGateCommand,
} from '#shared/ledger/index.ts';
import {
  type GateEvent,
  grantWaiver,
  isInForce,
  type MeasuredCondition,
  measureCondition,
  revokeWaiver,
  tellGrant,
  tellRevocation,
  type Waiver,
  type WaiverRefusal,
} from '#shared/lifecycle/index.ts';
import type { WorkBatch } from '#worker/work/index.ts';
import { toCheckBatch } from './check-batch.ts';
import { type GateOfRun, isAnswered } from './gate-of-run.ts';
import type { GateRecord } from './gate-records.ts';

/** What a gate makes of a command. `wait`: what it is about may yet show up. */
export type GateVerdict =
  | { readonly kind: 'accept'; readonly work: Omit<WorkBatch, 'key' | 'under'> }
  | { readonly kind: 'already_so' }
  | { readonly kind: 'refused' | 'wait'; readonly code: string; readonly reason: string };

/** What a waiver is judged by. */
export interface WaiverFacts {
  readonly record: GateRecord;
  readonly people: readonly PersonRow[];
  /** The doc's zone, whose days count. */
  readonly timeZone: string;
}

/** Judges a recorded outcome. Nobody passes by what is read from the doc: such a gate is waived, not recorded. */
export function judgeOutcome(
  { data, by, atMs }: RecordGateCommand,
  mine: GateOfRun,
  record: GateRecord,
): GateVerdict {
  if (!isAnswered(mine)) {
    const reason = 'this gate is read from the doc: change what it reads, or waive it';
    return { kind: 'refused', code: 'GATE_COMPUTED', reason };
  }
  const found = [toAnswer(data.outcome)];
  const finding = { at: toInstant(atMs), by, found, evidence: data.evidence };
  return { kind: 'accept', work: toCheckBatch(mine, record, finding) };
}

/** Judges a wish for a waiver; one without an end is a wish to revoke what is in force. */
export function judgeWaiver(
  command: WaiveGateCommand,
  mine: GateOfRun,
  facts: WaiverFacts,
): GateVerdict {
  const { expires = '' } = command.data;
  return expires === ''
    ? judgeRevocation(command, mine, facts)
    : judgeGrant(command, mine, { ...facts, expiresAt: toEnd(expires, facts) });
}

const toAnswer = (outcome: 'passed' | 'failed'): MeasuredCondition =>
  measureCondition(
    { metricKey: 'recorded_yes', op: 'eq', threshold: 1, unit: 'answers', minSamples: 1 },
    { actual: outcome === 'passed' ? 1 : 0 },
  );

/** A day counts whole. */
const toEnd = (expires: string, { timeZone }: WaiverFacts): Instant =>
  toInstant(isDay(expires) ? startOfDay(addDays(expires, 1), timeZone) : Date.parse(expires));

function judgeGrant(
  { key, data, by, atMs }: WaiveGateCommand,
  { gate, required }: GateOfRun,
  { people, expiresAt }: WaiverFacts & { readonly expiresAt: Instant },
): GateVerdict {
  const granted = grantWaiver(
    {
      waiverId: key,
      checkId: required.gateKey,
      scope: gate.scope,
      reason: data.reason,
      owner: toAccount(by, people),
      approver: toAccount(data.approver ?? by, people),
      grantedAt: toInstant(atMs),
      expiresAt,
    },
    people.length <= 1,
  );
  if (!granted.ok) return toRefusal(granted.refusal);
  return toWork(granted.value, gate.gateId, { event: tellGrant(granted.value), by });
}

function judgeRevocation(
  { data, by, atMs }: WaiveGateCommand,
  { gate }: GateOfRun,
  { record }: WaiverFacts,
): GateVerdict {
  const at = toInstant(atMs);
  const waiver = record.waivers.findLast((one) => isInForce(one, at));
  if (waiver === undefined) return { kind: 'already_so' };
  const asked = { at, by, reason: data.reason };
  const revoked = revokeWaiver(waiver, asked);
  if (!revoked.ok) return toRefusal(revoked.refusal);
  return toWork(revoked.value, gate.gateId, { event: tellRevocation(waiver, asked), by });
}

const REASONS: Readonly<Record<WaiverRefusal['code'], string>> = {
  REASON_REQUIRED: 'say why it is waived',
  ACTOR_REQUIRED: 'nobody is named who answers for it',
  APPROVAL_REQUIRED: 'name another person of the doc who approves it',
  WAIVER_PERIOD:
    'a waiver ends after it begins, and lasts at most 90 days, or 14 where its owner approves it alone',
  WAIVER_ENDED: 'it has ended already',
};

const toRefusal = ({ code }: WaiverRefusal): GateVerdict => ({
  kind: 'refused',
  code,
  reason: REASONS[code],
});

function toWork(
  waiver: Waiver,
  gateId: string,
  { event, by }: { readonly event: GateEvent; readonly by: string },
): GateVerdict {
  const documents = [toWaiverStep(waiver, { gateId, event }, by)];
  return { kind: 'accept', work: { runIds: [], plan: () => [], documents } };
}

/** People go by their account, so that a name and an address of one person are not two. */
function toAccount(called: string, people: readonly PersonRow[]): string {
  const wanted = called.trim().toLowerCase();
  const person = people.find(({ name, email = '', externalId = '' }) =>
    [name, email, externalId].some((text) => text.toLowerCase() === wanted),
  );
  return (person?.email ?? called.trim()).toLowerCase();
}
