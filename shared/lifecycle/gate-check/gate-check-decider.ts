import { accept, type Decider, type Instant, type Ms, type Result } from '#shared/kernel/index.ts';
import {
  admit,
  elapsedMs,
  type Guard,
  type Happened,
  judge,
  must,
  should,
  toSaid,
  toTold,
} from '../transition.ts';
import { GATE_CHECK_TRANSITIONS, type GateCheckState } from './gate-check-lifecycle.ts';
import type {
  CheckError,
  Findings,
  GateCheckBirth,
  GateCheckCommand,
  GateCheckEvent,
  GateCheckRefusal,
} from './gate-check-messages.ts';

/** A gate check as its events have left it. Once it has come out, none of it changes. */
export interface GateCheck
  extends GateCheckBirth,
    Partial<CheckError>,
    Partial<Omit<Findings, 'conditions' | 'exitCode'>> {
  readonly state: GateCheckState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  readonly command?: string;
  readonly evaluator?: string;
  /** Of what was looked at; set iff it ever ran. */
  readonly subjectHash?: string;
  readonly conditions: Findings['conditions'];
  readonly durationMs?: Ms;
  /** Values it rests on, and how many it would have needed; set where it was left open for want of them. */
  readonly sampleSize?: number;
  readonly neededSize?: number;
  /** Set iff blocked. */
  readonly blockedBy?: readonly string[];
  /** Why it was skipped or left open. */
  readonly stateReason?: string;
  readonly createdAt?: Instant;
  readonly startedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

type Decision = Result<readonly GateCheckEvent[], GateCheckRefusal>;
type Of<Type extends GateCheckCommand['type']> = Extract<GateCheckCommand, { readonly type: Type }>;

/** How long a check may run; after that nothing was measured. Units: ms. */
export const CHECK_TIMEOUT_MS: Ms = 600_000;
/** Automatic re-runs by how the check came out. To repeat failures until one is green would hide that it is flaky. */
export const CHECK_RERUNS = { error: 2, inconclusive: 0, failed: 0 } as const;

/**
 * One run of one check of a gate; a re-run is a new check.
 * A person may pass by what it waits for. Nobody passes by a result: a check that is wrong to fail is waived, not passed.
 */
export const gateCheckDecider: Decider<
  GateCheckCommand,
  GateCheck,
  GateCheckEvent,
  GateCheckRefusal
> = {
  initial: {
    state: 'none',
    version: 0,
    checkRunId: '',
    gateId: '',
    checkId: '',
    checkType: 'custom',
    required: false,
    dryRun: false,
    attempt: 0,
    conditions: [],
  },
  decide,
  evolve,
};

function decide(command: GateCheckCommand, check: GateCheck): Decision {
  const admitted = admit(GATE_CHECK_TRANSITIONS, command, check);
  if (!admitted.ok) return admitted;
  const stamp = admitted.value;
  const judged = judge(toGuards(command), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, check, stamp)]);
}

function toGuards(command: GateCheckCommand): readonly Guard<GateCheckRefusal>[] {
  switch (command.type) {
    case 'create':
    case 'record_error':
      return [];
    case 'start': {
      const { openChecks, command: run = '', evaluator = '' } = command;
      return [
        should(openChecks.length === 0, { code: 'GATE_BLOCKED', openChecks }),
        must(run !== '' || evaluator !== '', { code: 'GATE_UNRUNNABLE' }),
      ];
    }
    case 'block':
      return [must(command.blockedBy.length > 0, { code: 'BLOCKER_REQUIRED' })];
    case 'unblock': {
      const { openBlockers } = command;
      return [should(openBlockers.length === 0, { code: 'STILL_BLOCKED', openBlockers })];
    }
    case 'pass':
    case 'fail':
      return guardFindings(command);
    case 'leave_open':
    case 'skip':
      return [must(command.reason !== '', { code: 'REASON_REQUIRED' })];
  }
}

function guardFindings(command: Of<'pass' | 'fail'>): readonly Guard<GateCheckRefusal>[] {
  const { outputHash, conditions, results, exitCode = 0 } = command;
  const isRead = must(outputHash !== '', { code: 'RESULT_MISSING' });
  const hasFailedTest = results !== undefined && results.failed > 0;
  if (command.type === 'fail') {
    const hasUnmet = conditions.some(({ outcome }) => outcome === 'unmet');
    return [isRead, must(hasUnmet || hasFailedTest, { code: 'NOTHING_FAILED' })];
  }
  const open = conditions.filter(({ outcome }) => outcome !== 'met');
  const unmetKeys = open.map(({ metricKey }) => metricKey);
  const isMet = open.length === 0 && !hasFailedTest && exitCode === 0;
  return [isRead, must(isMet, { code: 'CRITERIA_UNMET', unmetKeys })];
}

function toEvent(command: GateCheckCommand, check: GateCheck, stamp: Happened): GateCheckEvent {
  const durationMs = elapsedMs(check.startedAt, stamp.at);
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'gate_check_created', ...toSaid(command) };
    case 'start': {
      const { openChecks: _open, ...said } = toSaid(command);
      return { ...stamp, type: 'gate_check_started', ...said };
    }
    case 'block':
      return { ...stamp, type: 'gate_check_blocked', blockedBy: command.blockedBy };
    case 'unblock': {
      const blockedMs = elapsedMs(check.enteredAt, stamp.at);
      return { ...stamp, type: 'gate_check_unblocked', blockedMs };
    }
    case 'pass':
      return { ...stamp, type: 'gate_check_passed', durationMs, ...toSaid(command) };
    case 'fail': {
      const failures = command.results?.failures ?? [];
      return { ...stamp, type: 'gate_check_failed', durationMs, failures, ...toSaid(command) };
    }
    case 'record_error':
      return { ...stamp, type: 'gate_check_errored', durationMs, ...toSaid(command) };
    case 'leave_open':
      return { ...stamp, type: 'gate_check_left_inconclusive', durationMs, ...toSaid(command) };
    case 'skip':
      return { ...stamp, type: 'gate_check_skipped', reason: command.reason };
  }
}

function evolve(check: GateCheck, event: GateCheckEvent): GateCheck {
  const { at } = event;
  const { blockedBy: _blockedBy, ...kept } = check;
  const next = { ...kept, version: check.version + 1, lastAt: at };
  const enter = (state: GateCheckState): GateCheck => ({ ...next, state, enteredAt: at });
  const close = (state: GateCheckState): GateCheck => ({ ...enter(state), endedAt: at });
  switch (event.type) {
    case 'gate_check_created':
      return { ...enter('pending'), ...toTold(event), createdAt: at };
    case 'gate_check_started':
      return { ...enter('running'), ...toTold(event), startedAt: at };
    case 'gate_check_blocked':
      return { ...enter('blocked'), blockedBy: event.blockedBy };
    case 'gate_check_unblocked':
      return enter('pending');
    case 'gate_check_passed':
      return { ...close('passed'), ...toTold(event) };
    case 'gate_check_failed': {
      const { failures: _failures, ...told } = toTold(event);
      return { ...close('failed'), ...told };
    }
    case 'gate_check_errored':
      return { ...close('error'), ...toTold(event) };
    case 'gate_check_left_inconclusive': {
      const { reason: stateReason, ...told } = toTold(event);
      return { ...close('inconclusive'), stateReason, ...told };
    }
    case 'gate_check_skipped':
      return { ...close('skipped'), stateReason: event.reason };
    case 'override_recorded':
      return { ...check, version: next.version, lastAt: at };
  }
}
