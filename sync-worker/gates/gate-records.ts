import * as z from 'zod/mini';
import { type Instant, isInstant, toCrockfordId } from '#shared/kernel/index.ts';
import { type Envelope, listGateChanges } from '#shared/ledger/index.ts';
import {
  evaluateGate,
  GATE_CHECK_STATES,
  type GateCheck,
  type GateEvaluation,
  type GateStatus,
  gateCheckDecider,
  type MeasuredCondition,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import { type Store, sha256 } from '#worker/store/index.ts';
import type { GateOfRun } from './gate-of-run.ts';

/** What the ledger knows of one gate. */
export interface GateRecord {
  /** The newest run of its check. */
  readonly latest?: CheckRecord;
  /** Runs of its check so far. */
  readonly attempts: number;
  /** Every waiver ever granted for it. */
  readonly waivers: readonly Waiver[];
  /** The events of its stream. */
  readonly events: readonly Envelope[];
  /** The status told last. */
  readonly told: GateStatus;
}

/** The newest run of a check, and what was said with it. */
export interface CheckRecord {
  readonly check: GateCheck & { readonly createdAt: Instant };
  readonly conditions: readonly MeasuredCondition[];
  readonly evidence?: string;
  readonly by?: string;
  /** Why nothing was measured. */
  readonly reason?: string;
}

/** More runs of one check than a run will ever see; beyond it something turns in a circle. */
const ATTEMPTS_MAX = 10_000;
const MOMENT = z.custom<Instant>((value) => typeof value === 'string' && isInstant(value));
/** A measured condition as it is kept. */
export const CONDITION = z.object({
  metricKey: z.string(),
  op: z.enum(['lt', 'lte', 'gt', 'gte', 'eq']),
  threshold: z.number(),
  unit: z.string(),
  minSamples: z.number(),
  actual: z.exactOptional(z.number()),
  sampleSize: z.exactOptional(z.number()),
  outcome: z.enum(['met', 'unmet', 'between', 'no_data', 'too_few']),
});
const CHECK = z.object({
  checkRunId: z.string(),
  gateId: z.string(),
  checkId: z.string(),
  attempt: z.number(),
  state: z.enum(GATE_CHECK_STATES),
  subjectHash: z.string(),
  createdAt: MOMENT,
  endedAt: z.exactOptional(MOMENT),
  conditions: z.array(CONDITION),
  stateHistory: z.array(z.object({ reason: z.exactOptional(z.string()) })),
  metadata: z.exactOptional(
    z.object({ evidence: z.exactOptional(z.string()), by: z.exactOptional(z.string()) }),
  ),
});
const WAIVER = z.object({
  waiverId: z.string(),
  checkId: z.string(),
  scope: z.string(),
  reason: z.string(),
  owner: z.string(),
  approver: z.string(),
  selfApproved: z.boolean(),
  grantedAt: MOMENT,
  expiresAt: MOMENT,
  revokedAt: z.exactOptional(MOMENT),
});

/** The id of one run of a gate's check: whoever writes it twice writes it once. */
export const toCheckRunId = (gateId: string, attempt: number): string =>
  toCrockfordId(sha256(`${gateId}/${attempt}`));

/** Every waiver the ledger has, in the order of their grants. */
export async function readWaivers(store: Store): Promise<readonly Waiver[]> {
  const records = await store.listRecords('waivers');
  return records
    .map(({ document }) => WAIVER.parse(document))
    .sort((one, other) => (one.grantedAt < other.grantedAt ? -1 : 1));
}

/** What the ledger knows of a gate. */
export async function readGateRecord(
  store: Store,
  { gate }: Pick<GateOfRun, 'gate'>,
  waivers: readonly Waiver[],
): Promise<GateRecord> {
  const [definition] = gate.checks;
  const checks = await readChecks(store, gate.gateId);
  const latest = checks.at(-1);
  const events = await store.readStream(`gate/${gate.gateId}`);
  return {
    ...(latest === undefined ? {} : { latest }),
    attempts: checks.length,
    waivers: waivers.filter(
      ({ scope, checkId }) => scope === gate.scope && checkId === definition?.checkId,
    ),
    events,
    told: listGateChanges(events).at(-1)?.to ?? 'NOT_RUN',
  };
}

/** Every run of a gate's check, the first at the beginning. */
export async function readChecks(store: Store, gateId: string): Promise<readonly CheckRecord[]> {
  const checks: CheckRecord[] = [];
  while (checks.length < ATTEMPTS_MAX) {
    const record = await store.getRecord('test_gates', toCheckRunId(gateId, checks.length + 1));
    if (record === undefined) break;
    checks.push(toCheckRecord(CHECK.parse(record.document)));
  }
  return checks;
}

/** How a gate stands by what the ledger knows. */
export function evaluateRecord(
  { gate }: GateOfRun,
  { latest, waivers }: GateRecord,
  at: Instant,
): GateEvaluation {
  const checks = latest === undefined ? [] : [latest.check];
  const result = evaluateGate(gate, { at, checks, waivers });
  // A gate of a run is made with one check that counts.
  if (!result.ok) throw new Error(`Bug: gate \`${gate.gateId}\` asks for nothing`);
  return result.value;
}

function toCheckRecord(document: z.infer<typeof CHECK>): CheckRecord {
  const { metadata: { evidence, by } = {}, stateHistory, ...check } = document;
  const reason = stateHistory.at(-1)?.reason;
  return {
    check: { ...gateCheckDecider.initial, ...check, required: true },
    conditions: check.conditions,
    ...(evidence === undefined ? {} : { evidence }),
    ...(by === undefined ? {} : { by }),
    ...(reason === undefined ? {} : { reason }),
  };
}
