import { assert, type Instant, toInstant } from '#shared/kernel/index.ts';
import { type StreamEvent, toGateEvent } from '#shared/ledger/index.ts';
import { type GateEvaluation, type GateEvent, tellGate } from '#shared/lifecycle/index.ts';
import { type LeaseMark, type Store, sha256 } from '#worker/store/index.ts';
import { createWorkLedger, type WorkBatch } from '#worker/work/index.ts';
import { toCheckBatch } from './check-batch.ts';
import { findDue, type GateInView } from './due-check.ts';
import type { GateOfRun } from './gate-of-run.ts';
import { evaluateRecord, type GateRecord, readGateRecord, readWaivers } from './gate-records.ts';
import { type RunGateReport, reportGates } from './gate-report.ts';
import type { SeenRun } from './seen-gates.ts';

/** What a look at gates goes by. */
export interface GateLook {
  readonly store: Store;
  readonly seen: readonly SeenRun[];
  readonly nowMs: number;
}

/** Who evaluates gates by itself. */
const EVALUATOR = 'system';

/**
 * Evaluates the gates of the open runs: a finding that differs from the last one becomes a new run of the check, a status that
 * changed and a waiver that ran out are told. Where nothing changed nothing is written. Returns how the runs then stand.
 */
export async function lookAtGates(
  { store, seen, nowMs }: GateLook,
  under: LeaseMark,
): Promise<readonly RunGateReport[]> {
  if (seen.length === 0) return [];
  const at = toInstant(nowMs);
  const carryOut = createCarrier(store, under);
  const waivers = await readWaivers(store);
  for (const { mine, reading } of seen.flatMap(({ gates }) => gates)) {
    const record = await readGateRecord(store, mine, waivers);
    const batch = toDueCheck({ mine, record, reading }, at);
    if (batch !== undefined) await carryOut(toKey('check', mine, record), batch);
    const after = batch === undefined ? record : await readGateRecord(store, mine, waivers);
    const notices = tellChanges(mine, after, at);
    if (notices.length > 0) {
      await carryOut(toKey('told', mine, after), { runIds: [], plan: () => [], notices });
    }
  }
  return await reportGates(store, seen, at);
}

type Work = Omit<WorkBatch, 'key' | 'under'>;

/** Carries batches out; one that is refused is a bug, since nobody else writes checks of these gates. */
function createCarrier(store: Store, under: LeaseMark): (key: string, work: Work) => Promise<void> {
  const ledger = createWorkLedger(store, sha256);
  return async (key, work) => {
    const result = await ledger.carryOut({ ...work, key, under });
    assert(result.ok, `the batch \`${key}\` was refused: ${JSON.stringify(result)}`);
  };
}

/** The same standing looked at twice is one intention. */
const toKey = (what: string, { gate }: GateOfRun, { attempts, events }: GateRecord): string =>
  `gate/${what}/${gate.gateId}/${attempts}/${events.length}`;

/** The check that has to be run anew since something else was seen than last time; nothing where it is the same. */
function toDueCheck(gate: GateInView, at: Instant): Work | undefined {
  const found = findDue(gate);
  return found === undefined
    ? undefined
    : toCheckBatch(gate.mine, gate.record, { at, by: EVALUATOR, found });
}

function tellChanges(mine: GateOfRun, record: GateRecord, at: Instant): readonly StreamEvent[] {
  const evaluation = evaluateRecord(mine, record, at);
  const { gateId } = mine.gate;
  const expired = record.waivers
    .filter(({ expiresAt, revokedAt }) => revokedAt === undefined && expiresAt <= at)
    .filter(({ waiverId }) => !isTold(record, 'waiver_expired', { waiverId }))
    .map(
      ({ waiverId }): GateEvent => ({
        at,
        type: 'waiver_expired',
        waiverId,
        status: evaluation.status,
      }),
    );
  const before = toBefore(evaluation, record);
  return [...expired, ...tellGate(before, evaluation, at)].map((event) =>
    toGateEvent({ gateId, event }, EVALUATOR),
  );
}

/** The evaluation as it was told last: its status, and the stale runs somebody has heard of. */
function toBefore(evaluation: GateEvaluation, record: GateRecord): GateEvaluation {
  const checks = evaluation.checks.filter(({ checkRunId = '' }) =>
    isTold(record, 'gate_check_marked_stale', { checkRunId }),
  );
  return { ...evaluation, status: record.told, checks };
}

/** Whether an event of this type has named this id. */
const isTold = (
  { events }: GateRecord,
  type: string,
  id: { readonly waiverId: string } | { readonly checkRunId: string },
): boolean => {
  const [named] = Object.entries(id);
  return events.some(
    (event) =>
      event.type === type &&
      Object.entries(event.payload ?? {}).some(
        ([field, value]) => field === named?.[0] && value === named[1],
      ),
  );
};
