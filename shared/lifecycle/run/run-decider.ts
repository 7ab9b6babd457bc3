import {
  accept,
  type Decider,
  type Instant,
  isFinal,
  type Ms,
  type Result,
  refuse,
  toEpochMs,
} from '#shared/kernel/index.ts';
import { RUN_TRANSITIONS, type RunState } from './run-lifecycle.ts';
import type { RunCommand, RunEvent, RunRefusal, SuccessFacts } from './run-messages.ts';

/** A run as its events have left it. */
export interface Run {
  readonly state: RunState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  readonly runId: string;
  readonly createdAt?: Instant;
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  /** Set while paused. */
  readonly pausedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  readonly quarantinedAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
  /** Pauses that have ended. Units: ms. */
  readonly pausedMs: Ms;
  readonly fixLoops: number;
  readonly maxFixLoops: number;
}

type Decision = Result<readonly RunEvent[], RunRefusal>;
type Of<Type extends RunCommand['type']> = Extract<RunCommand, { readonly type: Type }>;
type Stamp = Pick<RunEvent, 'at' | 'clockAdjusted'>;

/** One execution of a plan or of a person's stretch of work, from its birth to one of four ends. */
export const runDecider: Decider<RunCommand, Run, RunEvent, RunRefusal> = {
  initial: { state: 'none', version: 0, runId: '', pausedMs: 0, fixLoops: 0, maxFixLoops: 0 },
  decide,
  evolve,
};

function decide(command: RunCommand, run: Run): Decision {
  if (command.by === '') return refuse({ code: 'ACTOR_REQUIRED' });
  const stamp = toStamp(command.at, run.lastAt);
  if (run.state === 'none') {
    if (command.type !== 'create') return refuse({ code: 'ENTITY_UNKNOWN' });
    const { runId, maxFixLoops, work } = command;
    const birth = { runId, maxFixLoops, ...(work === undefined ? {} : { work }) };
    return accept([{ ...stamp, type: 'run_created', ...birth }]);
  }
  const from = run.state;
  if (isFinal(RUN_TRANSITIONS, from)) return refuse({ code: 'FINAL_STATE', from });
  if (command.type === 'create' || RUN_TRANSITIONS[from][command.type] === undefined) {
    return refuse({ code: 'ILLEGAL_TRANSITION', from, trigger: command.type });
  }
  return decideMove(command, { ...run, state: from }, stamp);
}

function decideMove(
  command: Exclude<RunCommand, { type: 'create' }>,
  run: Run & { readonly state: RunState },
  stamp: Stamp,
): Decision {
  switch (command.type) {
    case 'enqueue':
      if (!command.isConfigValid) return refuse({ code: 'RUN_CONFIG_INVALID' });
      return accept([{ ...stamp, type: 'run_queued', queueDepth: command.queueDepth }]);
    case 'start':
      return decideStart(command, run, stamp);
    case 'pause': {
      const { reason, inFlightTasks } = command;
      if (reason === '') return refuse({ code: 'REASON_REQUIRED' });
      return accept([{ ...stamp, type: 'run_paused', reason, inFlightTasks }]);
    }
    case 'resume':
      if (command.isHardStopped) return refuse({ code: 'RUN_HARD_STOPPED' });
      if (!command.isBudgetReservable) return refuse({ code: 'BUDGET_EXHAUSTED' });
      return accept([
        { ...stamp, type: 'run_resumed', pausedMs: elapsedMs(run.pausedAt, stamp.at) },
      ]);
    case 'begin_validation': {
      const { openWorkstreams, requiredGates, openPatches } = command;
      if (openWorkstreams > 0) return refuse({ code: 'RUN_WORK_OPEN', openWorkstreams });
      return accept([{ ...stamp, type: 'run_validation_started', requiredGates, openPatches }]);
    }
    case 'reopen': {
      const { maxFixLoops, fixLoops } = run;
      if (fixLoops >= maxFixLoops) return refuse({ code: 'RUN_FIX_LIMIT', maxFixLoops });
      const { reason, taskIds } = command;
      return accept([{ ...stamp, type: 'run_reopened', fixLoop: fixLoops + 1, reason, taskIds }]);
    }
    case 'succeed':
      return decideSucceed(command, run, stamp);
    case 'fail':
    case 'quarantine':
    case 'cancel':
      return decideStop(command, run, stamp);
  }
}

function decideStart(command: Of<'start'>, run: Run, stamp: Stamp): Decision {
  const { planFault, taskCount } = command;
  if (planFault !== undefined) return refuse({ code: 'PLAN_INVALID', fault: planFault });
  if (!command.isSlotFree) return refuse({ code: 'RUN_NO_SLOT' });
  if (!command.isBudgetReservable) return refuse({ code: 'BUDGET_EXHAUSTED' });
  const waitMs = elapsedMs(run.queuedAt ?? run.createdAt, stamp.at);
  return accept([{ ...stamp, type: 'run_started', waitMs, taskCount }]);
}

function decideSucceed(command: Of<'succeed'>, run: Run, stamp: Stamp): Decision {
  const refusal = firstOpen(command);
  if (refusal !== undefined) return refuse(refusal);
  if (run.state === 'running' && command.hasAcceptance) {
    return refuse({ code: 'ILLEGAL_TRANSITION', from: run.state, trigger: 'succeed' });
  }
  const durationMs = elapsedMs(run.startedAt, stamp.at);
  const { tasksCompleted, waivedGates, failedWorkstreams } = command;
  const activeMs = durationMs - run.pausedMs;
  const facts = { durationMs, activeMs, tasksCompleted, waivedGates, failedWorkstreams };
  return accept([{ ...stamp, type: 'run_succeeded', ...facts }]);
}

function firstOpen(facts: SuccessFacts): RunRefusal | undefined {
  const { openGates, openWorkstreams, openPatches } = facts;
  if (openGates.length > 0) return { code: 'RUN_GATES_OPEN', openGates };
  if (openWorkstreams > 0) return { code: 'RUN_WORK_OPEN', openWorkstreams };
  return openPatches > 0 ? { code: 'RUN_PATCHES_OPEN', openPatches } : undefined;
}

function decideStop(
  command: Of<'fail'> | Of<'quarantine'> | Of<'cancel'>,
  run: Run,
  stamp: Stamp,
): Decision {
  if (command.reason === '') return refuse({ code: 'REASON_REQUIRED' });
  switch (command.type) {
    case 'fail': {
      const { reason, errorId } = command;
      const durationMs = elapsedMs(run.startedAt, stamp.at);
      const error = errorId === undefined ? {} : { errorId };
      return accept([{ ...stamp, type: 'run_failed', reason, ...error, exitCode: 1, durationMs }]);
    }
    case 'quarantine': {
      const { reason, patchId, errorId } = command;
      if (patchId === undefined && errorId === undefined) {
        return refuse({ code: 'EVIDENCE_REQUIRED' });
      }
      const evidence = {
        ...(patchId === undefined ? {} : { patchId }),
        ...(errorId === undefined ? {} : { errorId }),
      };
      return accept([{ ...stamp, type: 'run_quarantined', reason, ...evidence }]);
    }
    case 'cancel': {
      const { reason, openTasks } = command;
      return accept([{ ...stamp, type: 'run_canceled', reason, openTasks }]);
    }
  }
}

function evolve(run: Run, event: RunEvent): Run {
  const { at } = event;
  const next = { ...run, version: run.version + 1, lastAt: at };
  switch (event.type) {
    case 'run_created': {
      const { runId, maxFixLoops } = event;
      return { ...next, state: 'pending', runId, maxFixLoops, createdAt: at };
    }
    case 'run_queued':
      return { ...next, state: 'queued', queuedAt: at };
    case 'run_started':
      return { ...next, state: 'running', startedAt: at };
    case 'run_paused':
      return { ...next, state: 'paused', pausedAt: at };
    case 'run_resumed':
      return { ...withoutPause(next), state: 'running' };
    case 'run_validation_started':
      return { ...next, state: 'validating' };
    case 'run_reopened':
      return { ...next, state: 'running', fixLoops: event.fixLoop };
    case 'run_succeeded':
      return { ...next, state: 'succeeded', endedAt: at };
    case 'run_failed':
      return { ...withoutPause(next), state: 'failed', endedAt: at };
    case 'run_quarantined':
      return { ...next, state: 'quarantined', endedAt: run.endedAt ?? at, quarantinedAt: at };
    case 'run_canceled':
      return { ...withoutPause(next), state: 'canceled', endedAt: at };
  }
}

/** A run that ends while paused has that pause taken out too, else its last idle hours would count as work. */
function withoutPause(run: Run): Run {
  const { pausedAt, ...rest } = run;
  return { ...rest, pausedMs: run.pausedMs + elapsedMs(pausedAt, run.lastAt) };
}

/** Later of the asked instant and the last stamp: a clock that runs backwards must not reorder history. */
function toStamp(asked: Instant, lastAt: Instant | undefined): Stamp {
  return lastAt !== undefined && asked < lastAt
    ? { at: lastAt, clockAdjusted: true }
    : { at: asked };
}

function elapsedMs(from: Instant | undefined, to: Instant | undefined): Ms {
  return from === undefined || to === undefined ? 0 : toEpochMs(to) - toEpochMs(from);
}
