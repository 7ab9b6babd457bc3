import { accept, type Decider, type Instant, type Ms, type Result } from '#shared/kernel/index.ts';
import {
  admit,
  elapsedMs,
  type Guard,
  type Happened,
  judge,
  must,
  toSaid,
  toTold,
} from '../transition.ts';
import { STEP_TRANSITIONS, type StepFailureKind, type StepState } from './step-lifecycle.ts';
import type { StepBirth, StepCommand, StepEvent, StepRefusal } from './step-messages.ts';

/** A step attempt as its events have left it: one call of one tool within one try of a task. */
export interface Step extends StepBirth {
  readonly state: StepState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  readonly workerId?: string;
  /** The lease it began under; 0 before that. */
  readonly leaseToken: number;
  readonly toolResultId?: string;
  readonly outputPatchIds: readonly string[];
  readonly exitCode?: number;
  /** Set iff failed. */
  readonly failureKind?: StepFailureKind;
  readonly errorId?: string;
  /** Why it was canceled. */
  readonly stateReason?: string;
  readonly durationMs?: Ms;
  readonly createdAt?: Instant;
  readonly startedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

/** One call of one tool. It stays `pending` between routing and call, so that a crash in between can be seen. Nobody passes by its guards. */
export const stepDecider: Decider<StepCommand, Step, StepEvent, StepRefusal> = {
  initial: {
    state: 'none',
    version: 0,
    stepAttemptId: '',
    taskId: '',
    decisionId: '',
    toolId: '',
    attempt: 0,
    sequence: 0,
    leaseToken: 0,
    outputPatchIds: [],
  },
  decide,
  evolve,
};

function decide(command: StepCommand, step: Step): Result<readonly StepEvent[], StepRefusal> {
  const admitted = admit(STEP_TRANSITIONS, command, step);
  if (!admitted.ok) return admitted;
  const judged = judge(toGuards(command), command, admitted.value);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, step, admitted.value)]);
}

function toGuards(command: StepCommand): readonly Guard<StepRefusal>[] {
  switch (command.type) {
    case 'create':
      return [must(command.isRunRunning, { code: 'RUN_NOT_RUNNING' })];
    case 'start': {
      const { isRunRunning, leaseToken, currentToken, isBreakerOpen } = command;
      return [
        must(isRunRunning, { code: 'RUN_NOT_RUNNING' }),
        must(leaseToken === currentToken, { code: 'STALE_LEASE', leaseToken, currentToken }),
        must(!isBreakerOpen, { code: 'BREAKER_OPEN' }),
      ];
    }
    case 'succeed':
      return [must(command.toolResultId !== '', { code: 'RESULT_MISSING' })];
    case 'fail':
      return [];
    case 'cancel':
      return [must(command.reason !== '', { code: 'REASON_REQUIRED' })];
  }
}

function toEvent(command: StepCommand, step: Step, stamp: Happened): StepEvent {
  switch (command.type) {
    case 'create': {
      const { isRunRunning: _isRunRunning, ...birth } = toSaid(command);
      return { ...stamp, type: 'step_created', ...birth };
    }
    case 'start': {
      const { toolId, attempt, sequence } = step;
      const { workerId, leaseToken } = command;
      const call = { toolId, attempt, sequence, workerId, leaseToken };
      return { ...stamp, type: 'step_started', ...call };
    }
    case 'succeed': {
      const durationMs = elapsedMs(step.startedAt, stamp.at);
      return { ...stamp, type: 'step_succeeded', durationMs, ...toSaid(command) };
    }
    case 'fail': {
      const durationMs = elapsedMs(step.startedAt, stamp.at);
      return { ...stamp, type: 'step_failed', durationMs, ...toSaid(command) };
    }
    case 'cancel':
      return { ...stamp, type: 'step_canceled', reason: command.reason };
  }
}

function evolve(step: Step, event: StepEvent): Step {
  const { at } = event;
  const next = { ...step, version: step.version + 1, lastAt: at, enteredAt: at };
  switch (event.type) {
    case 'override_recorded':
      return { ...step, version: next.version, lastAt: at };
    case 'step_created':
      return { ...next, ...toTold(event), state: 'pending', createdAt: at };
    case 'step_started': {
      const { workerId, leaseToken } = event;
      return { ...next, state: 'running', workerId, leaseToken, startedAt: at };
    }
    case 'step_succeeded': {
      const { patchIds: outputPatchIds, ...result } = toTold(event);
      return { ...next, ...result, state: 'succeeded', outputPatchIds, endedAt: at };
    }
    case 'step_failed':
      return { ...next, ...toTold(event), state: 'failed', endedAt: at };
    case 'step_canceled':
      return { ...next, state: 'canceled', stateReason: event.reason, endedAt: at };
  }
}
