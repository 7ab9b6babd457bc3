import { type GateSources, readGate } from '#shared/doc/index.ts';
import type { Instant } from '#shared/kernel/index.ts';
import { describeGateChanges, type GateChange, listGateChanges } from '#shared/ledger/index.ts';
import {
  describeCondition,
  type GateCondition,
  type GateReading,
  type GateStatus,
  isGateOpen,
  type MeasuredCondition,
  toGateCondition,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import type { GateOfRun } from './gate-of-run.ts';
import { evaluateRecord, type GateRecord } from './gate-records.ts';

/** How one gate of a run stands, and why. */
export interface GateReport {
  readonly gateId: string;
  /** What RecordGate and WaiveGate call it. */
  readonly gateKey: string;
  /** It in the words of the grammar. */
  readonly gate: string;
  readonly status: GateStatus;
  /** What it would be without a waiver. */
  readonly underlying: GateStatus;
  readonly isOpen: boolean;
  readonly conditions: readonly GateCondition[];
  /** Why it is not open, in words; blank where it is. */
  readonly missing: string;
  readonly evidence?: string;
  readonly waiver?: Waiver;
  readonly changes: readonly GateChange[];
  /** The changes in one line. */
  readonly history: string;
}

/** How a run stands to its gates. */
export interface RunGateReport {
  readonly runId: string;
  readonly task: string;
  readonly state: string;
  readonly gates: readonly GateReport[];
  /** What cannot be read of the lists of required gates; the run is not done while there is one. */
  readonly faults: readonly string[];
  /** Whether everything that is required is open. */
  readonly isOpen: boolean;
  /** What is missing, a line each. */
  readonly missing: readonly string[];
}

/** A gate with what the ledger knows of it and what the doc says now. */
export interface GateInView {
  readonly mine: GateOfRun;
  readonly record: GateRecord;
  readonly reading: GateReading;
}

/** What the doc says of a gate of a run now. */
export const readGateOfRun = (
  { required }: GateOfRun,
  scene: Parameters<typeof readGate>[1],
  sources: GateSources,
): GateReading => readGate(required.terms, scene, sources);

/** The report of one gate at a moment. */
export function toGateReport({ mine, record, reading }: GateInView, at: Instant): GateReport {
  const { required, gate } = mine;
  const { status, checks } = evaluateRecord(mine, record, at);
  const [standing] = checks;
  const { latest } = record;
  const measured = toConditions(reading, latest?.conditions ?? []);
  const conditions = measured.map(toGateCondition);
  const changes = listGateChanges(record.events);
  const isOpen = isGateOpen(status);
  const waiver = standing?.waived;
  return {
    gateId: gate.gateId,
    gateKey: required.gateKey,
    gate: required.text,
    status,
    underlying: standing?.underlying ?? status,
    isOpen,
    conditions,
    missing: isOpen ? '' : `${required.text}: ${status} – ${explain(reading, conditions, status)}`,
    ...(latest?.evidence === undefined ? {} : { evidence: latest.evidence }),
    ...(waiver === undefined ? {} : { waiver }),
    changes,
    history: describeGateChanges(changes),
  };
}

/** The report of a run from those of its gates. */
export function toRunGateReport(
  run: Pick<RunGateReport, 'runId' | 'task' | 'state' | 'faults'>,
  gates: readonly GateReport[],
): RunGateReport {
  const { runId, task, state, faults } = run;
  const missing = [...gates.flatMap((gate) => (gate.isOpen ? [] : gate.missing)), ...faults];
  return { runId, task, state, gates, faults, isOpen: missing.length === 0, missing };
}

function toConditions(
  reading: GateReading,
  recorded: readonly MeasuredCondition[],
): readonly MeasuredCondition[] {
  return reading.kind === 'measured' ? reading.conditions : recorded;
}

function explain(
  reading: GateReading,
  conditions: readonly GateCondition[],
  status: GateStatus,
): string {
  if (status === 'STALE') return 'it passed too long ago; record it again';
  const open = conditions.filter(({ state }) => state !== 'met').map(describeCondition);
  if (reading.kind !== 'measured' && (open.length === 0 || reading.kind === 'unreadable')) {
    return reading.reason;
  }
  return open.join('; ');
}
