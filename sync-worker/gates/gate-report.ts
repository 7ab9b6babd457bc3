import { type Day, dayAt, HOUR_MS, type Instant, toEpochMs } from '#shared/kernel/index.ts';
import { describeGateChanges, type GateChange, listGateChanges } from '#shared/ledger/index.ts';
import {
  type CheckStanding,
  describeCondition,
  type GateCondition,
  type GateReading,
  type GateStatus,
  isGateOpen,
  type MeasuredCondition,
  type Stale,
  toGateCondition,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import type { Store } from '#worker/store/index.ts';
import { findDue, type GateInView, judgeDue } from './due-check.ts';
import { evaluateRecord, type GateRecord, readGateRecord, readWaivers } from './gate-records.ts';
import type { SeenRun } from './seen-gates.ts';

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
  /** What it will be once the next pass has judged what was seen. */
  readonly next: GateStatus;
  /** Whether that pass runs its check anew, since something else was seen than last time. */
  readonly isDue: boolean;
  readonly isOpen: boolean;
  readonly conditions: readonly GateCondition[];
  /** Why it has not passed, in words, whether or not it is waived; blank where it has. */
  readonly why: string;
  /** Gate, status and why in one line; blank where it is open. */
  readonly missing: string;
  readonly evidence?: string;
  readonly waiver?: Waiver;
  readonly stale?: Stale;
  readonly changes: readonly GateChange[];
  /** The changes in one line. */
  readonly history: string;
}

/** How a run stands to its gates. */
export interface RunGateReport {
  readonly runId: string;
  readonly task: string;
  readonly state: string;
  /** Row id of its task; absent where nobody knows which it is. */
  readonly taskRowId?: string;
  /** By when its gates are due; absent while nobody knows. */
  readonly dueDate?: Day;
  /** Whether that day is over and something is still missing. */
  readonly isOverdue: boolean;
  readonly gates: readonly GateReport[];
  /** What cannot be read of the lists of required gates; the run is not done while there is one. */
  readonly faults: readonly string[];
  /** Whether everything that is required is open. */
  readonly isOpen: boolean;
  /** What is missing, a line each. */
  readonly missing: readonly string[];
}

/** How runs stand to their gates: statuses as the ledger has them, with what was seen beside it. Writes nothing. */
export async function reportGates(
  store: Store,
  seen: readonly SeenRun[],
  at: Instant,
): Promise<readonly RunGateReport[]> {
  const waivers = seen.length === 0 ? [] : await readWaivers(store);
  const reports: RunGateReport[] = [];
  for (const run of seen) {
    const gates: GateReport[] = [];
    for (const gate of run.gates) {
      const record = await readGateRecord(store, gate.mine, waivers);
      gates.push(toGateReport({ ...gate, record }, at));
    }
    reports.push(toRunGateReport(run, gates, at));
  }
  return reports;
}

function toGateReport(inView: GateInView, at: Instant): GateReport {
  const { mine, record, reading } = inView;
  const { required, gate } = mine;
  const { status, checks } = evaluateRecord(mine, record, at);
  const [standing] = checks;
  const conditions = toConditions(reading, record.latest?.conditions ?? []).map(toGateCondition);
  const changes = listGateChanges(record.events);
  const isOpen = isGateOpen(status);
  const why = status === 'PASSED' ? '' : explain({ inView, conditions, standing });
  return {
    gateId: gate.gateId,
    gateKey: required.gateKey,
    gate: required.text,
    status,
    underlying: standing?.underlying ?? status,
    next: evaluateRecord(mine, judgeDue(inView, at), at).status,
    isDue: findDue(inView) !== undefined,
    isOpen,
    conditions,
    why,
    missing: isOpen ? '' : `${required.text}: ${status} – ${why}`,
    ...toOverlays(record, standing),
    changes,
    history: describeGateChanges(changes),
  };
}

/** What lies over a status without being one. */
const toOverlays = (
  { latest }: GateRecord,
  standing: CheckStanding | undefined,
): Pick<GateReport, 'evidence' | 'waiver' | 'stale'> => ({
  ...(latest?.evidence === undefined ? {} : { evidence: latest.evidence }),
  ...(standing?.waived === undefined ? {} : { waiver: standing.waived }),
  ...(standing?.stale === undefined ? {} : { stale: standing.stale }),
});

function toRunGateReport(
  { runId, task, state, taskRowId, dueDate, timeZone, faults }: SeenRun,
  gates: readonly GateReport[],
  at: Instant,
): RunGateReport {
  const missing = [...gates.flatMap((gate) => (gate.isOpen ? [] : gate.missing)), ...faults];
  const isOpen = missing.length === 0;
  const isOverdue = !isOpen && dueDate !== undefined && dueDate < dayAt(toEpochMs(at), timeZone);
  return {
    runId,
    task,
    state,
    ...(taskRowId === undefined ? {} : { taskRowId }),
    ...(dueDate === undefined ? {} : { dueDate }),
    isOverdue,
    gates,
    faults,
    isOpen,
    missing,
  };
}

function toConditions(
  reading: GateReading,
  recorded: readonly MeasuredCondition[],
): readonly MeasuredCondition[] {
  return reading.kind === 'measured' ? reading.conditions : recorded;
}

function explain({
  inView: { reading, record },
  conditions,
  standing,
}: {
  readonly inView: GateInView;
  readonly conditions: readonly GateCondition[];
  readonly standing: CheckStanding | undefined;
}): string {
  if (standing?.stale !== undefined) {
    const hours = Math.floor(standing.stale.ageMs / HOUR_MS);
    return `not evaluated any more: it passed ${hours} h ago, which is too long; record it again`;
  }
  if (reading.kind === 'unreadable') return reading.reason;
  if (reading.kind === 'awaited') return describeAnswer(record) ?? reading.reason;
  const open = conditions.filter(({ state }) => state !== 'met').map(describeCondition);
  // The doc may say more by now than the last pass has judged.
  return open.length === 0
    ? 'all of it is met by now, which the next pass judges'
    : open.join('; ');
}

/** What somebody recorded; nothing before. */
function describeAnswer({ latest }: GateRecord): string | undefined {
  if (latest === undefined) return undefined;
  const { by = 'somebody', evidence } = latest;
  return `recorded as ${latest.check.state} by ${by}${evidence === undefined ? '' : `: ${evidence}`}`;
}
