import {
  accept,
  type Decider,
  type Instant,
  MINUTE_MS,
  type Ms,
  type Result,
  refuse,
} from '#shared/kernel/index.ts';
import { admit, elapsedMs, type Guard, type Happened, judge, must, should } from '../transition.ts';
import { BREAKER_TRANSITIONS, type BreakerState } from './breaker-lifecycle.ts';
import type {
  BreakerBirth,
  BreakerCommand,
  BreakerEvent,
  BreakerRefusal,
} from './breaker-messages.ts';

/** A breaker as its events have left it. */
export interface Breaker extends BreakerBirth {
  readonly state: BreakerState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** Faults in a row that opened it, failed probes included; 0 while closed. */
  readonly faults: number;
  /** From `openedAt` until a probe is let through. Units: ms. */
  readonly cooldownMs: Ms;
  /** When it tripped; set iff not closed. */
  readonly trippedAt?: Instant;
  /** When it last opened; set iff not closed. */
  readonly openedAt?: Instant;
  /** The call that tries the tool again; set iff half open. */
  readonly probeId?: string;
  readonly createdAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

type Decision = Result<readonly BreakerEvent[], BreakerRefusal>;

/** Faults in a row that open a breaker. */
export const FAULT_THRESHOLD = 5;
/** How long a breaker stays open at first. Units: ms. */
export const COOLDOWN_MS: Ms = MINUTE_MS;
/** How long it stays open at most, however often a probe fails. Units: ms. */
export const MAX_COOLDOWN_MS: Ms = 15 * MINUTE_MS;

/**
 * Keeps a tool that fails over and over from being asked, and lets one call at a time try it again.
 * A person may trip it early and may probe before its cooldown is over.
 */
export const breakerDecider: Decider<BreakerCommand, Breaker, BreakerEvent, BreakerRefusal> = {
  initial: { state: 'none', version: 0, toolId: '', faults: 0, cooldownMs: COOLDOWN_MS },
  decide,
  evolve,
};

/**
 * Whether a call may go through. Of a half-open breaker only the probe may.
 * Refusals: `BREAKER_OPEN` with the probe that is under way, if one is.
 */
export function judgeCall(breaker: Breaker, callId: string): Result<true, BreakerRefusal> {
  const { state, probeId } = breaker;
  const isOpen = state === 'open' || (state === 'half_open' && probeId !== callId);
  return isOpen ? refuse({ code: 'BREAKER_OPEN', probeId }) : accept(true);
}

function decide(command: BreakerCommand, breaker: Breaker): Decision {
  const admitted = admit(BREAKER_TRANSITIONS, command, breaker);
  if (!admitted.ok) return admitted;
  const stamp = admitted.value;
  const judged = judge(toGuards(command, breaker, stamp), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, breaker, stamp)]);
}

function toGuards(
  command: BreakerCommand,
  breaker: Breaker,
  stamp: Happened,
): readonly Guard<BreakerRefusal>[] {
  switch (command.type) {
    case 'create':
      return [];
    case 'trip': {
      const { faults } = command;
      const threshold = FAULT_THRESHOLD;
      return [should(faults >= threshold, { code: 'BELOW_THRESHOLD', faults, threshold })];
    }
    case 'probe': {
      const leftMs = breaker.cooldownMs - elapsedMs(breaker.openedAt, stamp.at);
      return [should(leftMs <= 0, { code: 'COOLDOWN_OPEN', leftMs })];
    }
    case 'close':
    case 'reopen': {
      // A probe that was given up for dead may still answer; it must not speak for the one after it.
      const { probeId } = breaker;
      return [must(command.probeId === probeId, { code: 'BREAKER_OPEN', probeId })];
    }
  }
}

function toEvent(command: BreakerCommand, breaker: Breaker, stamp: Happened): BreakerEvent {
  const { faults, cooldownMs } = breaker;
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'breaker_created', toolId: command.toolId };
    case 'trip':
      return { ...stamp, type: 'breaker_tripped', faults: command.faults, cooldownMs };
    case 'probe': {
      const openMs = elapsedMs(breaker.openedAt, stamp.at);
      return { ...stamp, type: 'breaker_half_opened', openMs, probeId: command.probeId };
    }
    case 'close':
      return { ...stamp, type: 'breaker_closed', openMs: elapsedMs(breaker.trippedAt, stamp.at) };
    case 'reopen': {
      const longerMs = Math.min(MAX_COOLDOWN_MS, 2 * cooldownMs);
      return { ...stamp, type: 'breaker_reopened', faults: faults + 1, cooldownMs: longerMs };
    }
  }
}

function evolve(breaker: Breaker, event: BreakerEvent): Breaker {
  const { at } = event;
  const { probeId: _probe, ...idle } = { ...breaker, version: breaker.version + 1, lastAt: at };
  switch (event.type) {
    case 'breaker_created':
      return { ...idle, state: 'closed', toolId: event.toolId, createdAt: at };
    case 'breaker_tripped': {
      const { faults, cooldownMs } = event;
      return { ...idle, state: 'open', faults, cooldownMs, trippedAt: at, openedAt: at };
    }
    case 'breaker_half_opened':
      return { ...idle, state: 'half_open', probeId: event.probeId };
    case 'breaker_closed': {
      const { trippedAt: _tripped, openedAt: _opened, ...closed } = idle;
      return { ...closed, state: 'closed', faults: 0, cooldownMs: COOLDOWN_MS };
    }
    case 'breaker_reopened': {
      const { faults, cooldownMs } = event;
      return { ...idle, state: 'open', faults, cooldownMs, openedAt: at };
    }
    case 'override_recorded':
      return { ...breaker, version: idle.version, lastAt: at };
  }
}
