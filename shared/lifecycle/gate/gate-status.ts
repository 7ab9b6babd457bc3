import {
  accept,
  DAY_MS,
  type Instant,
  type Ms,
  type Result,
  refuse,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { GateCheck } from '../gate-check/gate-check-decider.ts';
import { isInForce, type Waiver } from './waiver.ts';

/** How a gate stands, the worst first. */
export const GATE_STATUSES = [
  'FAILED',
  'ERROR',
  'INCONCLUSIVE',
  'NOT_RUN',
  'STALE',
  'WAIVED',
  'PASSED',
] as const;
/** One of {@link GATE_STATUSES}. */
export type GateStatus = (typeof GATE_STATUSES)[number];

/** What a gate asks for. */
export interface Gate {
  readonly gateId: string;
  /** What a waiver must be for to count here. */
  readonly scope: string;
  readonly checks: readonly CheckDefinition[];
}

/** One check a gate asks for. */
export interface CheckDefinition {
  readonly checkId: string;
  /** Whether the gate's status depends on it. */
  readonly required: boolean;
  /** A dry run is shown and counts for nothing. */
  readonly dryRun: boolean;
  /** Age from which a pass no longer counts. Units: ms. */
  readonly staleAfterMs: Ms;
}

/** What is known at the moment of asking. */
export interface GateFacts {
  readonly at: Instant;
  readonly checks: readonly GateCheck[];
  readonly waivers: readonly Waiver[];
  /** Of what the gate guards, as it is now; absent where there is nothing to compare. */
  readonly subjectHash?: string;
}

/** A gate's status and what makes it up. */
export interface GateEvaluation {
  readonly gateId: string;
  readonly status: GateStatus;
  /** The checks that give it that status. */
  readonly checkIds: readonly string[];
  /** Every check it asks for, in the order of its definition. */
  readonly checks: readonly CheckStanding[];
}

/** How one check of a gate stands. */
export interface CheckStanding {
  readonly checkId: string;
  /** The latest run; absent where there was none. */
  readonly checkRunId?: string;
  /** Whether the gate's status depends on it. */
  readonly counts: boolean;
  readonly status: GateStatus;
  /** What it would be without a waiver. */
  readonly underlying: GateStatus;
  readonly stale?: Stale;
  readonly waived?: Waiver;
}

/** Why a pass no longer counts. */
export interface Stale {
  readonly reason: 'age' | 'subject_changed';
  readonly since: Instant;
  /** Time since the pass. Units: ms. */
  readonly ageMs: Ms;
}

/** Age from which a pass no longer counts where nobody says. Units: ms. */
export const STALE_AFTER_MS: Ms = DAY_MS;

/**
 * How a gate stands: the worst of its required checks, each by its latest run. Nothing is stored, so nothing can be out of date.
 * Refusals: `GATE_EMPTY` for a gate that asks for no check that counts, since it would always stand open.
 */
export function evaluateGate(
  gate: Gate,
  facts: GateFacts,
): Result<GateEvaluation, { readonly code: 'GATE_EMPTY'; readonly gateId: string }> {
  const { gateId } = gate;
  const checks = gate.checks.map((definition) => evaluateCheck(gate, definition, facts));
  const counted = checks.filter(({ counts }) => counts);
  const status = GATE_STATUSES.find((worst) => counted.some((check) => check.status === worst));
  if (status === undefined) return refuse({ code: 'GATE_EMPTY', gateId });
  const deciding = counted.filter((check) => check.status === status);
  return accept({ gateId, status, checkIds: deciding.map(({ checkId }) => checkId), checks });
}

/** Whether a status lets work through. */
export const isGateOpen = (status: GateStatus): boolean =>
  status === 'PASSED' || status === 'WAIVED';

function evaluateCheck(gate: Gate, definition: CheckDefinition, facts: GateFacts): CheckStanding {
  const { checkId, required, dryRun } = definition;
  const latest = findLatest(gate.gateId, definition, facts.checks);
  const stale = latest?.state === 'passed' ? toStale(latest, definition, facts) : undefined;
  const underlying = toStatus(latest, stale);
  const waived = facts.waivers.find(
    (waiver) =>
      waiver.checkId === checkId && waiver.scope === gate.scope && isInForce(waiver, facts.at),
  );
  const isWaived = waived !== undefined && underlying !== 'PASSED';
  return {
    checkId,
    ...(latest === undefined ? {} : { checkRunId: latest.checkRunId }),
    counts: required && !dryRun,
    status: isWaived ? 'WAIVED' : underlying,
    underlying,
    ...(stale === undefined ? {} : { stale }),
    ...(isWaived ? { waived } : {}),
  };
}

/** The run born last; of two born at once the one that repeats the other. */
function findLatest(
  gateId: string,
  { checkId, dryRun }: CheckDefinition,
  checks: readonly GateCheck[],
): GateCheck | undefined {
  return checks
    .filter((run) => run.gateId === gateId && run.checkId === checkId && run.dryRun === dryRun)
    .reduce<GateCheck | undefined>((latest, run) => {
      return latest === undefined || toAge(latest) < toAge(run) ? run : latest;
    }, undefined);
}

/** Text that grows with the birth of a run, then with its attempt, then with its id. */
function toAge({ createdAt, attempt, checkRunId }: GateCheck): string {
  return `${createdAt} ${String(attempt).padStart(16, '0')} ${checkRunId}`;
}

function toStatus(latest: GateCheck | undefined, stale: Stale | undefined): GateStatus {
  switch (latest?.state) {
    case 'passed':
      return stale === undefined ? 'PASSED' : 'STALE';
    case 'failed':
      return 'FAILED';
    case 'error':
      return 'ERROR';
    case 'inconclusive':
      return 'INCONCLUSIVE';
    case undefined:
    case 'none':
    case 'pending':
    case 'blocked':
    case 'running':
    case 'skipped':
      return 'NOT_RUN';
  }
}

function toStale(
  { endedAt, subjectHash: seen }: GateCheck,
  { staleAfterMs }: CheckDefinition,
  { at, subjectHash }: GateFacts,
): Stale | undefined {
  if (endedAt === undefined) return undefined;
  const endedMs = toEpochMs(endedAt);
  const ageMs = toEpochMs(at) - endedMs;
  if (subjectHash !== undefined && subjectHash !== seen) {
    return { reason: 'subject_changed', since: at, ageMs };
  }
  if (ageMs <= staleAfterMs) return undefined;
  return { reason: 'age', since: toInstant(endedMs + staleAfterMs), ageMs };
}
