import { createGateScenes, type GateScene, type GateSources } from '#shared/doc/index.ts';
import { assert, type Instant, toInstant } from '#shared/kernel/index.ts';
import { canonicalJson, type Json, type StreamEvent, toGateEvent } from '#shared/ledger/index.ts';
import {
  type GateEvaluation,
  type GateEvent,
  judgeReading,
  tellGate,
} from '#shared/lifecycle/index.ts';
import { type LeaseMark, type Store, sha256 } from '#worker/store/index.ts';
import { createWorkLedger, type WorkBatch } from '#worker/work/index.ts';
import { toCheckBatch } from './check-batch.ts';
import { type GateOfRun, listGatesOfRun } from './gate-of-run.ts';
import { evaluateRecord, type GateRecord, readGateRecord, readWaivers } from './gate-records.ts';
import {
  type GateInView,
  type RunGateReport,
  readGateOfRun,
  toGateReport,
  toRunGateReport,
} from './gate-report.ts';

/** A run that has not ended. */
export interface OpenRun {
  readonly runId: string;
  readonly task: string;
  readonly state: string;
}

/** What a look at gates goes by. */
export interface GateLook extends GateSources {
  readonly store: Store;
  readonly runs: readonly OpenRun[];
  readonly nowMs: number;
}

/** Who evaluates gates by itself. */
const EVALUATOR = 'system';

/** How the open runs stand to their gates as the ledger has them, with what the doc says beside it. Writes nothing. */
export async function reportGates(look: GateLook): Promise<readonly RunGateReport[]> {
  const { store, runs } = look;
  if (runs.length === 0) return [];
  const sceneOf = createGateScenes(look.doc);
  const waivers = await readWaivers(store);
  const reports: RunGateReport[] = [];
  for (const run of runs) {
    const scene = sceneOf(run);
    const inView: GateInView[] = [];
    for (const mine of listGatesOfRun(run.runId, scene)) {
      const record = await readGateRecord(store, mine, waivers);
      inView.push({ mine, record, reading: readGateOfRun(mine, scene, look) });
    }
    reports.push(toReport(run, scene, { inView, at: toInstant(look.nowMs) }));
  }
  return reports.filter(({ gates, faults }) => gates.length + faults.length > 0);
}

/**
 * Evaluates the gates of the open runs: a finding that differs from the last one becomes a new run of the check, a status that
 * changed and a waiver that ran out are told. Where nothing changed nothing is written. Returns how the runs then stand.
 */
export async function lookAtGates(
  look: GateLook,
  under: LeaseMark,
): Promise<readonly RunGateReport[]> {
  const { store, runs, nowMs } = look;
  if (runs.length === 0) return [];
  const at = toInstant(nowMs);
  const sceneOf = createGateScenes(look.doc);
  const carryOut = createCarrier(store, under);
  for (const run of runs) {
    const scene = sceneOf(run);
    for (const mine of listGatesOfRun(run.runId, scene)) {
      const record = await readGateRecord(store, mine, await readWaivers(store));
      const reading = readGateOfRun(mine, scene, look);
      const batch = toDueCheck({ mine, record, reading }, at);
      if (batch !== undefined) await carryOut(toKey('check', mine, record), batch);
      const after =
        batch === undefined ? record : await readGateRecord(store, mine, record.waivers);
      const notices = tellChanges(mine, after, at);
      if (notices.length > 0) {
        await carryOut(toKey('told', mine, after), { runIds: [], plan: () => [], notices });
      }
    }
  }
  return await reportGates(look);
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

/** The check that has to be run anew since the doc says something else than last time; nothing where it says the same. */
function toDueCheck({ mine, record, reading }: GateInView, at: Instant): Work | undefined {
  const { latest } = record;
  const finding = { at, by: EVALUATOR };
  if (reading.kind === 'awaited') return undefined;
  if (reading.kind === 'unreadable') {
    const { reason } = reading;
    const isKnown = latest === undefined || latest.check.state === 'skipped';
    return isKnown ? undefined : toCheckBatch(mine, record, { ...finding, found: { reason } });
  }
  const { conditions } = reading;
  const isSame =
    latest !== undefined &&
    latest.check.state === STATE_OF[judgeReading(conditions, 'aa').type] &&
    toText(latest.conditions) === toText(conditions);
  return isSame ? undefined : toCheckBatch(mine, record, { ...finding, found: conditions });
}

const STATE_OF = {
  pass: 'passed',
  fail: 'failed',
  record_error: 'error',
  leave_open: 'inconclusive',
} as const;

function toText(value: object): string {
  const json: Json = JSON.parse(JSON.stringify(value));
  return canonicalJson(json);
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

const toReport = (
  run: OpenRun,
  { faults }: GateScene,
  { inView, at }: { readonly inView: readonly GateInView[]; readonly at: Instant },
): RunGateReport =>
  toRunGateReport(
    { ...run, faults },
    inView.map((one) => toGateReport(one, at)),
  );
