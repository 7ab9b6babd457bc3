import { accept, type Decider, type Result, refuse } from '#shared/kernel/index.ts';
import { admit, elapsedMs, type Happened, judge, toSaid, toStamp, toTold } from '../transition.ts';
import type { Run, RunOutcome } from './run.ts';
import { decideCorrection, evolveCorrected } from './run-correction.ts';
import { toRunGuards } from './run-guards.ts';
import { RUN_TRANSITIONS } from './run-lifecycle.ts';
import type { RunCommand, RunEvent, RunRefusal } from './run-messages.ts';
import { projectClock } from './run-projection.ts';
import { endPause, reopenWork, toWorkTimes } from './run-work.ts';

type Decision = Result<readonly RunEvent[], RunRefusal>;
type Of<Type extends RunCommand['type']> = Extract<RunCommand, { readonly type: Type }>;
type Telling = 'run_paused' | 'run_reopened' | Ending | 'note_added';
type Ending = 'run_succeeded' | 'run_failed' | 'run_quarantined' | 'run_canceled';

/**
 * One execution of a plan or of a person's stretch of work, from its birth to one of four ends.
 * A person may pass by the fix limit; not by a gate, a budget, a hard stop, open work or an open patch.
 */
export const runDecider: Decider<RunCommand, Run, RunEvent, RunRefusal> = {
  initial: { state: 'none', version: 0, runId: '', pausedMs: 0, fixLoops: 0, maxFixLoops: 0 },
  decide,
  evolve,
};

function decide(command: RunCommand, run: Run): Decision {
  if (command.type === 'note') return decideNote(command, run);
  if (command.type === 'correct') return decideCorrection(command, run);
  const admitted = admit(RUN_TRANSITIONS, command, run);
  if (!admitted.ok) return admitted;
  const judged = judge(toRunGuards(command, run), command, admitted.value);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, run, admitted.value)]);
}

function decideNote(command: Of<'note'>, run: Run): Decision {
  if (command.by === '') return refuse({ code: 'ACTOR_REQUIRED' });
  if (run.state === 'none') return refuse({ code: 'ENTITY_UNKNOWN' });
  return accept([{ ...toStamp(command.at, run.lastAt), type: 'note_added', ...toSaid(command) }]);
}

function toEvent(
  command: Exclude<RunCommand, Of<'note' | 'correct'>>,
  run: Run,
  stamp: Happened,
): RunEvent {
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'run_created', ...toSaid(command) };
    case 'enqueue': {
      const { isConfigValid: _isConfigValid, ...place } = toSaid(command);
      return { ...stamp, type: 'run_queued', ...place };
    }
    case 'start':
      return toStarted(command, run, stamp);
    case 'pause':
      return { ...stamp, type: 'run_paused', ...toSaid(command) };
    case 'resume':
      return { ...stamp, type: 'run_resumed', pausedMs: elapsedMs(run.pausedAt, stamp.at) };
    case 'begin_validation': {
      const { requiredGates, openPatches } = command;
      return { ...stamp, type: 'run_validation_started', requiredGates, openPatches };
    }
    case 'reopen':
      return { ...stamp, type: 'run_reopened', fixLoop: run.fixLoops + 1, ...toSaid(command) };
    case 'succeed':
      return toSucceeded(command, run, stamp);
    case 'fail': {
      const durationMs = elapsedMs(run.startedAt, stamp.at);
      return { ...stamp, type: 'run_failed', ...toSaid(command), exitCode: 1, durationMs };
    }
    case 'quarantine':
      return { ...stamp, type: 'run_quarantined', ...toSaid(command) };
    case 'cancel':
      return { ...stamp, type: 'run_canceled', ...toSaid(command) };
  }
}

function toStarted(command: Of<'start'>, run: Run, stamp: Happened): RunEvent {
  const {
    planFault: _planFault,
    isSlotFree: _isSlotFree,
    isBudgetReservable: _isBudgetReservable,
    ...plan
  } = toSaid(command);
  const waitMs = elapsedMs(run.queuedAt ?? run.createdAt, stamp.at);
  return { ...stamp, type: 'run_started', waitMs, ...plan };
}

function toSucceeded(command: Of<'succeed'>, run: Run, stamp: Happened): RunEvent {
  const {
    openGates: _openGates,
    openWorkstreams: _openWorkstreams,
    openPatches: _openPatches,
    hasAcceptance: _hasAcceptance,
    ...outcome
  } = toSaid(command);
  const durationMs = elapsedMs(toWorkTimes(run)?.startedAt, stamp.at);
  const { activeMs } = projectClock(run, stamp.at);
  return { ...stamp, type: 'run_succeeded', durationMs, activeMs, ...outcome };
}

function evolve(run: Run, event: RunEvent): Run {
  const { at } = event;
  const told = { ...run, version: run.version + 1, lastAt: at };
  // A reason belongs to the state it led to, and is gone with it.
  const { stateReason: _stateReason, ...next } = told;
  switch (event.type) {
    case 'run_created': {
      const { runId, maxFixLoops, runConfigId } = event;
      const config = runConfigId === undefined ? {} : { runConfigId };
      return { ...next, state: 'pending', runId, maxFixLoops, ...config, createdAt: at };
    }
    case 'run_queued':
      return { ...next, state: 'queued', queuedAt: at };
    case 'run_started':
      return { ...next, state: 'running', startedAt: at };
    case 'run_paused':
      return { ...next, state: 'paused', pausedAt: at, ...toOutcome(run, event) };
    case 'run_resumed':
      return { ...endPause(next), state: 'running' };
    case 'run_validation_started':
      // Validation is no work: its time is taken out like a pause, however long an approval takes.
      return { ...next, state: 'validating', pausedAt: at };
    case 'run_reopened': {
      const { fixLoop: fixLoops } = event;
      return { ...reopenWork(next, at), state: 'running', fixLoops, ...toOutcome(run, event) };
    }
    case 'run_succeeded':
      return { ...endPause(next), state: 'succeeded', endedAt: at, ...toOutcome(run, event) };
    case 'run_failed':
      return { ...endPause(next), state: 'failed', endedAt: at, ...toOutcome(run, event) };
    case 'run_quarantined': {
      const end = { endedAt: run.endedAt ?? at, quarantinedAt: at };
      return { ...endPause(next), state: 'quarantined', ...end, ...toOutcome(run, event) };
    }
    case 'run_canceled':
      return { ...endPause(next), state: 'canceled', endedAt: at, ...toOutcome(run, event) };
    case 'note_added':
      return { ...told, ...toOutcome(run, event) };
    case 'run_corrected':
      return evolveCorrected(told, event);
    case 'override_recorded':
    case 'schedule_planned':
    case 'progress_recorded':
    case 'stall_detected':
    case 'stall_cleared':
      return told;
  }
}

function toOutcome(run: Run, event: Extract<RunEvent, { readonly type: Telling }>): RunOutcome {
  if (run.runConfigId === undefined) return {};
  switch (event.type) {
    case 'run_paused':
    case 'run_reopened':
      return { stateReason: event.reason };
    case 'run_succeeded':
      return { exitCode: 0, failedWorkstreams: event.failedWorkstreams };
    case 'run_failed': {
      const { reason: stateReason, durationMs: _durationMs, ...why } = toTold(event);
      return { stateReason, ...why };
    }
    case 'run_quarantined': {
      const { reason: stateReason, patchId: _patchId, ...why } = toTold(event);
      return { stateReason, ...why, exitCode: 2 };
    }
    case 'run_canceled':
      return { stateReason: event.reason, exitCode: 3 };
    case 'note_added': {
      const { text: _text, ...told } = toTold(event);
      return told;
    }
  }
}
