import { HOUR_MS, type Instant, toInstant } from '#shared/kernel/index.ts';
import {
  decideCorrection as decideRunCorrection,
  type RunCorrectionRefusal,
} from '#shared/lifecycle/index.ts';
import type { CorrectionCommand } from './command.ts';
import type { Desk, DeskRun } from './desk.ts';
import type { DeskFacts, Verdict } from './verdict.ts';

/**
 * Judges a correction by the run it names. Of two the later press counts, and one that says what is held already changes nothing.
 * Hours that were logged for a day have no hour of it, so only an interruption and the task can be wrong about them.
 */
export function decideCorrection(
  command: CorrectionCommand,
  desk: Desk,
  facts: DeskFacts,
): Verdict {
  const mine = desk.runs.find(({ run }) => run.runId === command.data.run);
  return mine === undefined ? toVerdict('RUN_UNKNOWN') : correctRun(command, mine, facts);
}

function correctRun(
  { atMs, by, data }: CorrectionCommand,
  { run, day, task: from }: DeskRun,
  { knowsTask }: DeskFacts,
): Verdict {
  const at = toAskedAt(atMs, day === undefined ? undefined : run.lastAt);
  const { startedAt: beganAt = at, corrected = { at } } = run;
  if (at < beganAt) return toVerdict('RUN_UNKNOWN');
  if (at < corrected.at) return { kind: 'superseded' };
  const fault = findFault(data, day, knowsTask);
  if (fault !== undefined) return toVerdict(fault);
  const { start: startedAt, end: endedAt, interruptionHours: hours, reason, task: to } = data;
  const decided = decideRunCorrection(
    {
      type: 'correct',
      at,
      by,
      reason,
      startedAt,
      endedAt,
      interruptionMs: hours === undefined ? undefined : Math.round(hours * HOUR_MS),
      task: to === undefined ? undefined : { from, to },
    },
    run,
  );
  if (!decided.ok) return toVerdict(decided.refusal.code);
  const { runId } = run;
  return { kind: 'accept', runId, events: decided.value.map((event) => ({ runId, event })) };
}

/** What is wrong with a correction whatever its run has come to. */
function findFault(
  { start, end, task }: CorrectionCommand['data'],
  day: string | undefined,
  knowsTask: DeskFacts['knowsTask'],
): Code | undefined {
  if (day !== undefined && (start ?? end) !== undefined) return 'DAY_LOGGED';
  return task !== undefined && knowsTask?.(task) === false ? 'TASK_UNKNOWN' : undefined;
}

/** Hours that were logged for a day are over whenever they are spoken of, wherever that day ends when. */
const toAskedAt = (atMs: number, overAt: Instant | undefined): Instant => {
  const at = toInstant(atMs);
  return overAt === undefined || overAt < at ? at : overAt;
};

type Code = RunCorrectionRefusal['code'] | 'RUN_UNKNOWN' | 'TASK_UNKNOWN' | 'DAY_LOGGED';

/** What to do about a no, where the form of a command does not keep it out. */
const NEXT: { readonly [Each in Code]?: string } = {
  RUN_UNKNOWN: 'copy its id from Runs',
  TASK_UNKNOWN: 'name a task of this doc',
  DAY_LOGGED: 'give interruptionHours alone',
  RUN_OPEN: 'finish the run first',
  IN_THE_FUTURE: 'give a time that is past',
  END_BEFORE_START: 'give both anew',
  INTERRUPTION_TOO_LONG: 'give fewer interruptionHours',
};

const toVerdict = (code: Code): Verdict =>
  code === 'NOTHING_TO_CORRECT'
    ? { kind: 'already_so' }
    : { kind: 'inapplicable', code, reason: NEXT[code] ?? 'press again' };
