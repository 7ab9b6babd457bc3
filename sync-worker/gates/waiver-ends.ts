import {
  assert,
  DAY_MS,
  type Instant,
  type Ms,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { Envelope } from '#shared/ledger/index.ts';
import {
  evaluateGate,
  type Gate,
  type GateEvaluation,
  type GateStatus,
  isGateOpen,
  listExpired,
  type Waiver,
} from '#shared/lifecycle/index.ts';
import type { Store } from '#worker/store/index.ts';
import { toEndedGate, toRunId } from './gate-of-run.ts';
import { readGateRecord, readWaivers } from './gate-records.ts';

/** A waiver that came to its end by itself, and how the gate it was for stands without it. */
export interface WaiverEnd {
  readonly waiver: Waiver;
  readonly runId: string;
  readonly gate: Gate;
  readonly evaluation: GateEvaluation;
  /** The status of the gate that was told last. */
  readonly told: GateStatus;
  /** Whether somebody has been told of its end. */
  readonly isTold: boolean;
  /** Whether it is the last of its gate that ended in that time. */
  readonly isLast: boolean;
}

/** The waivers of runs that came to their end by themselves after one moment and up to another, the earliest first. */
export async function findWaiverEnds(
  store: Store,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): Promise<readonly WaiverEnd[]> {
  const all = await readWaivers(store);
  const ended = [...listExpired(all, since, at)].sort((one, other) =>
    one.expiresAt < other.expiresAt ? -1 : 1,
  );
  const last = new Map(ended.map((waiver) => [`${waiver.scope} ${waiver.checkId}`, waiver]));
  const isLast = new Set(last.values());
  const ends: WaiverEnd[] = [];
  for (const waiver of ended) {
    const runId = toRunId(waiver.scope);
    if (runId === undefined) continue;
    const gate = toEndedGate(runId, waiver.checkId);
    const { events, told, latest, waivers } = await readGateRecord(store, { gate }, all);
    const checks = latest === undefined ? [] : [latest.check];
    const evaluated = evaluateGate(gate, { at, checks, waivers });
    assert(evaluated.ok, `gate \`${gate.gateId}\` asks for nothing`);
    const isTold = events.some((event) => tellsEnd(event, waiver));
    const standing = { evaluation: evaluated.value, told, isTold };
    ends.push({ waiver, runId, gate, ...standing, isLast: isLast.has(waiver) });
  }
  return ends;
}

/** Whether a run succeeded only because a gate was waived. */
export function isUnderWaiver(run: readonly Envelope[], { gateId }: Pick<Gate, 'gateId'>): boolean {
  return run.some(({ type, payload }) => {
    const waived = isObject(payload) ? payload['waivedGates'] : undefined;
    return type === 'run_succeeded' && Array.isArray(waived) && waived.includes(gateId);
  });
}

/** How long a run that is done under a waiver which has ended is shown. Units: ms. */
const SHOWN_MS: Ms = 30 * DAY_MS;

/** A run that is done, and what it was let off that shows again since. */
export interface Resurfaced {
  readonly runId: string;
  readonly gateKey: string;
  readonly status: GateStatus;
  readonly waiver: Waiver;
}

/** The runs that are done under waivers which ended in the last 30 days. They stay done; what was waived is unmet again. */
export async function listResurfaced(store: Store, at: Instant): Promise<readonly Resurfaced[]> {
  const since = toInstant(toEpochMs(at) - SHOWN_MS);
  const shown: Resurfaced[] = [];
  for (const end of await findWaiverEnds(store, { since, at })) {
    const { waiver, runId, gate, evaluation, isLast } = end;
    const { status } = evaluation;
    if (!isLast || isGateOpen(status)) continue;
    if (!isUnderWaiver(await store.readStream(`run/${runId}`), gate)) continue;
    shown.push({ runId, gateKey: waiver.checkId, status, waiver });
  }
  return shown;
}

const tellsEnd = ({ type, payload }: Envelope, { waiverId }: Waiver): boolean =>
  type === 'waiver_expired' && isObject(payload) && payload['waiverId'] === waiverId;

const isObject = (
  payload: Envelope['payload'],
): payload is { readonly [field: string]: Envelope['payload'] } =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload);
