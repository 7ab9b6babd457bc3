import { accept, type Ms, type Result, refuse } from '#shared/kernel/index.ts';
import { elapsedMs, toStamp } from '../transition.ts';
import type { Run, WorkTimes } from './run.ts';
import type { RunCommand, RunCorrectionRefusal, RunEvent } from './run-messages.ts';
import { toPausedMs, toWorkEnd, toWorkTimes } from './run-work.ts';

type Correct = Extract<RunCommand, { readonly type: 'correct' }>;
type Corrected = Extract<RunEvent, { readonly type: 'run_corrected' }>;

/**
 * What a correction comes to. It moves no state and rewrites no stamp: it says what the work was, and what it was held to be before.
 * Of a run that goes on only the start and the task can be wrong yet.
 */
export function decideCorrection(
  command: Correct,
  run: Run,
): Result<readonly RunEvent[], RunCorrectionRefusal> {
  const workBefore = toWorkTimes(run);
  if (command.by === '') return refuse({ code: 'ACTOR_REQUIRED' });
  if (run.state === 'none') return refuse({ code: 'ENTITY_UNKNOWN' });
  if (command.reason.trim() === '') return refuse({ code: 'REASON_REQUIRED' });
  if (workBefore === undefined) return refuse({ code: 'RUN_NOT_STARTED' });
  const works = { work: toWork(command, run, workBefore), workBefore };
  const code = findFault(command, run, works);
  return code === undefined ? accept([toEvent(command, run, works)]) : refuse({ code });
}

interface Works {
  readonly work: WorkTimes;
  readonly workBefore: WorkTimes;
}

const toEvent = (
  { at, reason, task, interruptionMs }: Correct,
  run: Run,
  works: Works,
): Corrected => ({
  ...toStamp(at, run.lastAt),
  type: 'run_corrected',
  reason,
  ...works,
  ...(task === undefined ? {} : { task }),
  ...(interruptionMs === undefined ? {} : { interruptionMs }),
});

/** A run after a correction. An interruption that was given stands for every pause before it. */
export function evolveCorrected(run: Run, { work, interruptionMs, at }: Corrected): Run {
  const given = interruptionMs === undefined ? {} : { pausedMs: interruptionMs, pauses: [] };
  return { ...run, ...given, corrected: { at, ...work } };
}

function toWork(command: Correct, run: Run, before: WorkTimes): WorkTimes {
  const { startedAt = before.startedAt } = command;
  const workEnd = toWorkEnd(run);
  // What ended after it was asked was going on for whoever asked; so it comes to the same whichever is decided first.
  if (workEnd === undefined || workEnd > command.at) return { startedAt };
  const { endedAt = workEnd } = command;
  const { interruptionMs: pausedMs = toPausedMs(run, startedAt, endedAt) } = command;
  return { startedAt, over: { endedAt, pausedMs } };
}

function findFault(
  command: Correct,
  run: Run,
  works: Works,
): RunCorrectionRefusal['code'] | undefined {
  const { at } = command;
  const { startedAt, over } = works.work;
  if (over === undefined && saysEnd(command)) return 'RUN_OPEN';
  const said = [command.startedAt, command.endedAt];
  if (said.some((one) => one !== undefined && one > at)) return 'IN_THE_FUTURE';
  const soFar = over ?? { endedAt: at, pausedMs: toPausedMs(run, startedAt, at) };
  const misfit = findMisfit(elapsedMs(startedAt, soFar.endedAt), soFar.pausedMs);
  if (misfit !== undefined || saysTask(command)) return misfit;
  return isNothingNew(run, works) ? 'NOTHING_TO_CORRECT' : undefined;
}

function findMisfit(spanMs: Ms, pausedMs: Ms): RunCorrectionRefusal['code'] | undefined {
  if (spanMs < 0) return 'END_BEFORE_START';
  return pausedMs > spanMs ? 'INTERRUPTION_TOO_LONG' : undefined;
}

const saysTask = ({ task }: Correct): boolean => task?.from !== task?.to;

const saysEnd = ({ endedAt, interruptionMs }: Correct): boolean =>
  (endedAt ?? interruptionMs) !== undefined;

/** What is said of a run for the first time after its end confirms it at least. */
const isNothingNew = ({ corrected }: Run, { work, workBefore }: Works): boolean =>
  work.startedAt === workBefore.startedAt &&
  (work.over === undefined ||
    (corrected !== undefined &&
      work.over.endedAt === workBefore.over?.endedAt &&
      work.over.pausedMs === workBefore.over.pausedMs));
