import * as z from 'zod/mini';
import type { Instant } from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/ledger/index.ts';
import { GATE_STATUSES, type GateCondition, toGateCondition } from '#shared/lifecycle/index.ts';
import type { Store } from '#worker/store/index.ts';
import { toEndedGate, toScope } from './gate-of-run.ts';
import { type CheckRecord, readChecks, readWaivers } from './gate-records.ts';

const STATUS = z.enum(GATE_STATUSES);
const TEXT = z.string();
const TOLD = z.discriminatedUnion('type', [
  z.object({ type: z.literal('gate_status_changed'), from: STATUS, to: STATUS }),
  z.object({ type: z.literal('gate_check_marked_stale'), reason: TEXT, ageMs: z.number() }),
  z.object({
    type: z.literal('waiver_granted'),
    owner: TEXT,
    approver: TEXT,
    expiresAt: TEXT,
    reason: TEXT,
  }),
  z.object({ type: z.literal('waiver_revoked'), reason: TEXT }),
  z.object({ type: z.literal('waiver_expired'), status: STATUS }),
]);

/** A run of a gate's check, as it came out. */
export interface CheckMoment {
  readonly type: 'check';
  readonly attempt: number;
  readonly state: string;
  readonly conditions: readonly GateCondition[];
  readonly evidence?: string;
  /** Why nothing was measured, or why it was left open. */
  readonly reason?: string;
}

/** One thing that happened to a gate, and who brought it about. */
export type GateMoment = { readonly at: Instant; readonly by: string } & (
  | CheckMoment
  | z.infer<typeof TOLD>
);

/** All that happened to one gate of a run, the earliest first. */
export interface GateHistory {
  readonly gateId: string;
  readonly gateKey: string;
  readonly moments: readonly GateMoment[];
}

/** The history of every gate of a run that anything ever happened to. */
export async function readGateHistory(
  store: Store,
  runId: string,
): Promise<readonly GateHistory[]> {
  const histories: GateHistory[] = [];
  for (const gateKey of await listGateKeys(store, runId)) {
    const { gateId } = toEndedGate(runId, gateKey);
    const checks = (await readChecks(store, gateId)).map(toCheckMoment);
    const told = (await store.readStream(`gate/${gateId}`)).flatMap(toTold);
    // A check stays before the status it led to, though both bear the same moment.
    const moments = [...checks, ...told].sort(byTime);
    histories.push({ gateId, gateKey, moments });
  }
  return histories;
}

/** A gate is known by its definition, which its first check brings, or by a waiver. */
async function listGateKeys(store: Store, runId: string): Promise<readonly string[]> {
  const prefix = `${runId}:`;
  const defined = (await store.listRecords('gates')).flatMap(({ id }) =>
    id.startsWith(prefix) ? [id.slice(prefix.length)] : [],
  );
  const waived = (await readWaivers(store)).flatMap(({ scope, checkId }) =>
    scope === toScope(runId) ? [checkId] : [],
  );
  return [...new Set([...defined, ...waived])].sort();
}

function toCheckMoment({ check, conditions, by, evidence, reason }: CheckRecord): GateMoment {
  const { attempt, state, endedAt, createdAt } = check;
  return {
    type: 'check',
    at: endedAt ?? createdAt,
    by: by ?? 'system',
    attempt,
    state,
    conditions: conditions.map(toGateCondition),
    ...(evidence === undefined ? {} : { evidence }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** The stream of a gate holds its definition too, which is no moment of it. */
function toTold({ at, actor: by, type, payload }: Envelope): readonly GateMoment[] {
  const told = z.safeParse(TOLD, { ...Object(payload), type });
  return told.success ? [{ at, by, ...told.data }] : [];
}

const byTime = (one: GateMoment, other: GateMoment): number =>
  one.at < other.at ? -1 : Number(one.at > other.at);
