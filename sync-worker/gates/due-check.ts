import type { Instant } from '#shared/kernel/index.ts';
import { canonicalJson, type Json } from '#shared/ledger/index.ts';
import {
  type CheckVerdict,
  type GateCheckState,
  gateCheckDecider,
  judgeReading,
  type MeasuredCondition,
} from '#shared/lifecycle/index.ts';
import type { GateFinding } from './check-batch.ts';
import { type GateRecord, toCheckRunId } from './gate-records.ts';
import type { SeenGate } from './seen-gates.ts';

/** A gate with what the ledger knows of it and what was seen of it. */
export interface GateInView extends SeenGate {
  readonly record: GateRecord;
}

type Found = GateFinding['found'];

/** What a new run of the check would find; nothing where that is what the last one found, or where somebody has to say. */
export function findDue({ record: { latest }, reading }: GateInView): Found | undefined {
  if (reading.kind === 'awaited') return undefined;
  if (reading.kind === 'unreadable') {
    const { reason } = reading;
    const isKnown = latest === undefined || latest.check.state === 'skipped';
    return isKnown ? undefined : { reason };
  }
  const { conditions } = reading;
  const isSame =
    latest !== undefined &&
    latest.check.state === toState(conditions) &&
    toText(latest.conditions) === toText(conditions);
  return isSame ? undefined : conditions;
}

/** The record as it will be once what is due has been judged; the same where nothing is. */
export function judgeDue(gate: GateInView, at: Instant): GateRecord {
  const { record, mine } = gate;
  const found = findDue(gate);
  if (found === undefined) return record;
  const attempt = record.attempts + 1;
  const { gateId, checks } = mine.gate;
  const check = {
    ...gateCheckDecider.initial,
    state: 'reason' in found ? ('skipped' as const) : toState(found),
    checkRunId: toCheckRunId(gateId, attempt),
    gateId,
    checkId: checks[0]?.checkId ?? '',
    required: true,
    attempt,
    createdAt: at,
    endedAt: at,
  };
  const conditions = 'reason' in found ? [] : found;
  return { ...record, attempts: attempt, latest: { check, conditions } };
}

const STATES: Readonly<Record<CheckVerdict['type'], GateCheckState>> = {
  pass: 'passed',
  fail: 'failed',
  record_error: 'error',
  leave_open: 'inconclusive',
};

/** The hash stands for an output that could be read, and for nothing else. */
const toState = (conditions: readonly MeasuredCondition[]): GateCheckState =>
  STATES[judgeReading(conditions, 'aa').type];

function toText(value: object): string {
  const json: Json = JSON.parse(JSON.stringify(value));
  return canonicalJson(json);
}
