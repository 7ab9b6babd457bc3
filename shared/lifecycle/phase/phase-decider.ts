import { accept, type Decider, type Instant, type Result } from '#shared/kernel/index.ts';
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
import { PHASE_TRANSITIONS, type PhaseState } from './phase-lifecycle.ts';
import type { PhaseBirth, PhaseCommand, PhaseEvent, PhaseRefusal } from './phase-messages.ts';

/** A phase as its events have left it. */
export interface Phase extends PhaseBirth {
  readonly state: PhaseState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** Rounds of repair so far. Range: 0 to `maxFixLoops`, more where a person let one pass. */
  readonly fixLoops: number;
  /** Why it failed or was skipped. */
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

type PhaseGuard = Guard<PhaseRefusal>;

/**
 * A stage of a run: its workstreams, then the gates it is left by. There is no canceled phase: one that never began is skipped,
 * one that had begun has failed with its run.
 * A person may pass by the order of phases and the fix limit; not by a gate or by work that is still open.
 */
export const phaseDecider: Decider<PhaseCommand, Phase, PhaseEvent, PhaseRefusal> = {
  initial: {
    state: 'none',
    version: 0,
    phaseId: '',
    name: '',
    category: '',
    order: 0,
    gateIds: [],
    maxFixLoops: 0,
    fixLoops: 0,
  },
  decide,
  evolve,
};

function decide(command: PhaseCommand, phase: Phase): Result<readonly PhaseEvent[], PhaseRefusal> {
  const admitted = admit(PHASE_TRANSITIONS, command, phase);
  if (!admitted.ok) return admitted;
  const judged = judge(toGuards(command, phase), command, admitted.value);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, phase, admitted.value)]);
}

function toGuards(command: PhaseCommand, phase: Phase): readonly PhaseGuard[] {
  switch (command.type) {
    case 'create':
      return [];
    case 'activate': {
      const { openPhases } = command;
      return [should(openPhases.length === 0, { code: 'PHASE_ORDER', openPhases })];
    }
    case 'gate':
      return [workDone(command), must(phase.gateIds.length > 0, { code: 'GATE_EMPTY' })];
    case 'reopen': {
      const { fixLoops, maxFixLoops } = phase;
      return [should(fixLoops < maxFixLoops, { code: 'RUN_FIX_LIMIT', maxFixLoops })];
    }
    case 'complete': {
      // Where there are gates an active phase has not come to them yet, whatever the asker knows of their status.
      const openGates = phase.state === 'active' ? phase.gateIds : command.openGates;
      const gates = must(openGates.length === 0, { code: 'PHASE_GATES_OPEN', openGates });
      return [gates, workDone(command)];
    }
    case 'fail':
    case 'skip':
      return [must(command.reason !== '', { code: 'REASON_REQUIRED' })];
  }
}

const workDone = ({ openWorkstreams }: { readonly openWorkstreams: number }): PhaseGuard =>
  must(openWorkstreams === 0, { code: 'PHASE_WORK_OPEN', openWorkstreams });

function toEvent(command: PhaseCommand, phase: Phase, stamp: Happened): PhaseEvent {
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'phase_created', ...toSaid(command) };
    case 'activate': {
      const waitMs = elapsedMs(phase.createdAt, stamp.at);
      return { ...stamp, type: 'phase_activated', waitMs, workstreams: command.workstreams };
    }
    case 'gate':
      return { ...stamp, type: 'phase_gated', requiredGates: phase.gateIds };
    case 'reopen': {
      const fixLoop = phase.fixLoops + 1;
      return { ...stamp, type: 'phase_reopened', fixLoop, gateIds: command.gateIds };
    }
    case 'complete': {
      const durationMs = elapsedMs(phase.startedAt, stamp.at);
      return { ...stamp, type: 'phase_completed', durationMs, waivedGates: command.waivedGates };
    }
    case 'fail':
      return { ...stamp, type: 'phase_failed', ...toSaid(command) };
    case 'skip':
      return { ...stamp, type: 'phase_skipped', reason: command.reason };
  }
}

function evolve(phase: Phase, event: PhaseEvent): Phase {
  const { at } = event;
  const next = { ...phase, version: phase.version + 1, lastAt: at, enteredAt: at };
  switch (event.type) {
    case 'override_recorded':
      return { ...phase, version: next.version, lastAt: at };
    case 'phase_created':
      return { ...next, ...toTold(event), state: 'pending', createdAt: at };
    case 'phase_activated':
      return { ...next, state: 'active', startedAt: at };
    case 'phase_gated':
      return { ...next, state: 'gated' };
    case 'phase_reopened':
      return { ...next, state: 'active', fixLoops: event.fixLoop };
    case 'phase_completed':
      return { ...next, state: 'completed', endedAt: at };
    case 'phase_failed':
      return { ...next, state: 'failed', stateReason: event.reason, endedAt: at };
    case 'phase_skipped':
      return { ...next, state: 'skipped', stateReason: event.reason, endedAt: at };
  }
}
