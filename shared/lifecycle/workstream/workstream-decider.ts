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
import { WORKSTREAM_TRANSITIONS, type WorkstreamState } from './workstream-lifecycle.ts';
import type {
  WorkstreamBirth,
  WorkstreamCommand,
  WorkstreamEvent,
  WorkstreamRefusal,
} from './workstream-messages.ts';

/** A workstream as its events have left it. Counts of its tasks are not in it: they are derived from the tasks. */
export interface Workstream extends WorkstreamBirth {
  readonly state: WorkstreamState | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** Rounds of repair so far. Range: 0 to `maxFixLoops`, more where a person let one pass. */
  readonly fixLoops: number;
  /** Set iff blocked. */
  readonly blockedBy?: readonly string[];
  /** Why it failed, was skipped or was canceled. */
  readonly stateReason?: string;
  readonly errorId?: string;
  readonly createdAt?: Instant;
  /** When it first became ready. */
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  /** Set iff closed. */
  readonly endedAt?: Instant;
  /** When it came to its present state. */
  readonly enteredAt?: Instant;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

type WorkstreamGuard = Guard<WorkstreamRefusal>;

/**
 * A line of tasks that belong together and are judged together.
 * A person may pass by dependencies, the order of phases, blockers, the fix limit and acceptance; not by a gate, a critical failure,
 * a run that does not run or work that is still open.
 */
export const workstreamDecider: Decider<
  WorkstreamCommand,
  Workstream,
  WorkstreamEvent,
  WorkstreamRefusal
> = {
  initial: {
    state: 'none',
    version: 0,
    workstreamId: '',
    phaseId: '',
    name: '',
    isCritical: false,
    dependsOn: [],
    maxFixLoops: 0,
    fixLoops: 0,
  },
  decide,
  evolve,
};

function decide(
  command: WorkstreamCommand,
  workstream: Workstream,
): Result<readonly WorkstreamEvent[], WorkstreamRefusal> {
  const admitted = admit(WORKSTREAM_TRANSITIONS, command, workstream);
  if (!admitted.ok) return admitted;
  const stamp = admitted.value;
  const judged = judge(toGuards(command, workstream), command, stamp);
  if (!judged.ok) return judged;
  return accept([...judged.value, toEvent(command, workstream, stamp)]);
}

function toGuards(command: WorkstreamCommand, workstream: Workstream): readonly WorkstreamGuard[] {
  switch (command.type) {
    case 'create':
      return [];
    case 'release': {
      const { openDependencies, isPhaseActive } = command;
      return [
        should(openDependencies.length === 0, { code: 'DEPENDENCY_OPEN', openDependencies }),
        should(isPhaseActive, { code: 'PHASE_NOT_ACTIVE' }),
      ];
    }
    case 'block':
      return [must(command.blockedBy.length > 0, { code: 'BLOCKER_REQUIRED' })];
    case 'unblock': {
      const { openBlockers } = command;
      return [should(openBlockers.length === 0, { code: 'STILL_BLOCKED', openBlockers })];
    }
    case 'start':
      return [must(command.isRunRunning, { code: 'RUN_NOT_RUNNING' }), gates(command)];
    case 'begin_validation': {
      const { openTasks } = command;
      return [must(openTasks === 0, { code: 'WORKSTREAM_WORK_OPEN', openTasks })];
    }
    case 'reopen': {
      const { fixLoops, maxFixLoops } = workstream;
      return [
        must(command.taskIds.length > 0, { code: 'FIX_TASK_REQUIRED' }),
        should(fixLoops < maxFixLoops, { code: 'RUN_FIX_LIMIT', maxFixLoops }),
      ];
    }
    case 'complete': {
      const { unmetChecks, failedCriticals } = command;
      return [
        should(unmetChecks.length === 0, { code: 'ACCEPTANCE_UNMET', unmetChecks }),
        must(failedCriticals.length === 0, { code: 'CRITICAL_FAILED', failedCriticals }),
        gates(command),
      ];
    }
    case 'fail':
    case 'skip':
    case 'cancel':
      return [must(command.reason !== '', { code: 'REASON_REQUIRED' })];
  }
}

const gates = ({ openGates }: { readonly openGates: readonly string[] }): WorkstreamGuard =>
  must(openGates.length === 0, { code: 'GATE_BLOCKED', openGates });

function toEvent(
  command: WorkstreamCommand,
  workstream: Workstream,
  stamp: Happened,
): WorkstreamEvent {
  const inStateMs = elapsedMs(workstream.enteredAt, stamp.at);
  switch (command.type) {
    case 'create':
      return { ...stamp, type: 'workstream_created', ...toSaid(command) };
    case 'release':
      return { ...stamp, type: 'workstream_released', waitMs: inStateMs };
    case 'block':
      return { ...stamp, type: 'workstream_blocked', ...toSaid(command) };
    case 'unblock':
      return { ...stamp, type: 'workstream_unblocked', blockedMs: inStateMs };
    case 'start': {
      const { taskCount } = command;
      return { ...stamp, type: 'workstream_started', taskCount, waitMs: inStateMs };
    }
    case 'begin_validation': {
      const { openTasks: _openTasks, ...counts } = toSaid(command);
      return { ...stamp, type: 'workstream_validation_started', ...counts };
    }
    case 'reopen': {
      const fixLoop = workstream.fixLoops + 1;
      return { ...stamp, type: 'workstream_reopened', fixLoop, taskIds: command.taskIds };
    }
    case 'complete': {
      const { completed, failed, canceled } = command;
      const durationMs = elapsedMs(workstream.startedAt, stamp.at);
      const counts = { completed, failed, canceled };
      return { ...stamp, type: 'workstream_completed', durationMs, ...counts };
    }
    case 'fail':
      return { ...stamp, type: 'workstream_failed', ...toSaid(command) };
    case 'skip':
      return { ...stamp, type: 'workstream_skipped', reason: command.reason };
    case 'cancel':
      return { ...stamp, type: 'workstream_canceled', ...toSaid(command) };
  }
}

function evolve(workstream: Workstream, event: WorkstreamEvent): Workstream {
  const { at } = event;
  const { blockedBy: _blockedBy, ...kept } = workstream;
  const next = { ...kept, version: workstream.version + 1, lastAt: at, enteredAt: at };
  switch (event.type) {
    case 'override_recorded':
      return { ...workstream, version: next.version, lastAt: at };
    case 'workstream_created':
      return { ...next, ...toTold(event), state: 'planned', createdAt: at };
    case 'workstream_released':
      return { ...next, state: 'ready', queuedAt: at };
    case 'workstream_blocked':
      return { ...next, state: 'blocked', blockedBy: event.blockedBy };
    case 'workstream_unblocked':
      return { ...next, state: 'ready', queuedAt: at };
    case 'workstream_started':
      return { ...next, state: 'executing', startedAt: at };
    case 'workstream_validation_started':
      return { ...next, state: 'validating' };
    case 'workstream_reopened':
      return { ...next, state: 'executing', fixLoops: event.fixLoop };
    case 'workstream_completed':
      return { ...next, state: 'completed', endedAt: at };
    case 'workstream_failed': {
      const { reason: stateReason, taskId: _taskId, ...error } = toTold(event);
      return { ...next, state: 'failed', stateReason, ...error, endedAt: at };
    }
    case 'workstream_skipped':
      return { ...next, state: 'skipped', stateReason: event.reason, endedAt: at };
    case 'workstream_canceled':
      return { ...next, state: 'canceled', stateReason: event.reason, endedAt: at };
  }
}
