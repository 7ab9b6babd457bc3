import { assert, type Instant, type Sha256, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import { type Run, type RunCommand, type RunEvent, runDecider } from '#shared/lifecycle/index.ts';
import { type Command, type HoursCommand, type LifecycleCommand, toRunId } from './command.ts';
import { type Desk, type DeskEvent, type DeskRun, OTHER_TASK_STARTED, type Press } from './desk.ts';
import { decideCorrection } from './desk-correction.ts';
import { SAME_PRESS_MS, START_TOLERANCE_MS } from './protocol.ts';
import type { DeskFacts, Verdict } from './verdict.ts';

/** Judges a command against one desk; the worker, the tables and a button's preview all ask this one function. */
export function decideOnDesk(command: Command, desk: Desk, facts: DeskFacts): Verdict {
  const { sha256 } = facts;
  if (command.type === 'LogHours') return decideHours(command, sha256);
  if (command.type === 'CorrectRun') return decideCorrection(command, desk, facts);
  const first = findSamePress(command, desk);
  if (first !== undefined) {
    const { position } = first;
    return position === undefined ? { kind: 'same' } : { kind: 'same', position };
  }
  return command.type === 'StartRun'
    ? decideStart(command, desk, sha256)
    : decideMove(command, desk, facts);
}

/**
 * The press this one doubles, whatever came of it: same account, same button, same task, within seconds, and nothing else pressed
 * by that account in between. Start, Finish and Start again within seconds are three presses.
 */
function findSamePress(command: LifecycleCommand, desk: Desk): Press | undefined {
  const { type, atMs, data } = command;
  const near = desk.presses.filter(
    ({ by, atMs: pressMs }) => by === command.by && Math.abs(pressMs - atMs) <= SAME_PRESS_MS,
  );
  const isBetween = (one: number, press: Press): boolean =>
    Math.min(one, atMs) < press.atMs && press.atMs < Math.max(one, atMs);
  return near.find(
    (press) =>
      press.type === type &&
      isSameTask(press.task, data.task) &&
      !near.some((other) => isBetween(press.atMs, other)),
  );
}

function decideHours(command: HoursCommand, sha256: Sha256): Verdict {
  const { task, person, day, hours } = command.data;
  const runId = toRunId(command.key, sha256);
  const from = toInstant(Date.parse(`${day}T00:00:00.000Z`));
  const until = toInstant(toEpochMs(from) + Math.round(hours * 3_600_000));
  const ask = { by: command.by };
  const events = commandRun(runDecider.initial, [
    { ...ask, at: from, type: 'create', runId, maxFixLoops: 0, work: { task, person, day } },
    { ...ask, at: from, ...START },
    { ...ask, at: until, ...SUCCEED },
  ]);
  return { kind: 'accept', runId, events: events.map((event) => ({ runId, event })) };
}

function decideStart(command: LifecycleCommand, desk: Desk, sha256: Sha256): Verdict {
  const { atMs, by, data } = command;
  const mine = latest(
    ofTask(desk, data, atMs),
    ({ run }) => startMs(run) - START_TOLERANCE_MS <= atMs && atMs <= endMs(run),
  );
  if (mine !== undefined) {
    return isPausedAt(mine.run, atMs) ? resume(command, desk, mine) : { kind: 'already_so' };
  }
  const runId = toRunId(command.key, sha256);
  const at = toInstant(atMs);
  const work = { task: data.task, person: data.person };
  const born = commandRun(runDecider.initial, [
    { at, by, type: 'create', runId, maxFixLoops: 0, work },
    { at, by, ...START },
  ]);
  const run = born.reduce(runDecider.evolve, runDecider.initial);
  const events = [...born.map((event) => ({ runId, event })), ...takeOver(command, desk, run)];
  return { kind: 'accept', runId, events };
}

function decideMove(command: LifecycleCommand, desk: Desk, facts: DeskFacts): Verdict {
  const { atMs, data } = command;
  const runs = ofTask(desk, data, atMs);
  const named = runs.find(({ run }) => run.runId === data.run);
  const mine = named ?? latest(runs, ({ run }) => startMs(run) <= atMs && atMs <= endMs(run));
  if (mine !== undefined) {
    return atMs < mine.commandMs ? { kind: 'superseded' } : moveRun(command, mine, { desk, facts });
  }
  const last = latest(runs, ({ run }) => endMs(run) < atMs);
  return last === undefined
    ? { kind: 'inapplicable', code: 'NO_OPEN_RUN', reason: 'no run of this task was open then' }
    : finalState(last.run);
}

function moveRun(
  command: LifecycleCommand,
  mine: DeskRun,
  { desk, facts }: { readonly desk: Desk; readonly facts: DeskFacts },
): Verdict {
  const { run } = mine;
  if (run.endedAt !== undefined || run.state === 'validating') return finalState(run);
  const { by, type } = command;
  const at = toInstant(command.atMs);
  const isPaused = run.state === 'paused';
  if (type === 'ResumeRun') {
    return isPausedAt(run, command.atMs) ? resume(command, desk, mine) : { kind: 'already_so' };
  }
  if (type === 'FinishRun') {
    const finish = { at, by, ...toFinish(mine, facts) };
    return accepted(run, [...(isPaused ? [{ at, by, ...RESUME }] : []), finish]);
  }
  if (isPaused) return { kind: 'already_so' };
  return accepted(run, [{ at, by, type: 'pause', reason: 'by_person', inFlightTasks: 0 }]);
}

/** What is required is looked at first: a finish stops the clock, and is the end only where nothing is. */
function toFinish({ run: { runId }, task }: DeskRun, { gatesOf }: DeskFacts): Finish {
  const requiredGates = gatesOf?.({ runId, task }) ?? [];
  return requiredGates.length === 0 ? SUCCEED : { ...BEGIN_VALIDATION, requiredGates };
}

function resume(command: LifecycleCommand, desk: Desk, { run }: DeskRun): Verdict {
  const { runId } = run;
  const events = commandRun(run, [{ at: toInstant(command.atMs), by: command.by, ...RESUME }]);
  const others = takeOver(command, desk, events.reduce(runDecider.evolve, run));
  return {
    kind: 'accept',
    runId,
    events: [...events.map((event) => ({ runId, event })), ...others],
  };
}

/** One person, one clock: whatever else ticks is paused, unless it began later; then this press is the older one and yields. */
function takeOver(command: LifecycleCommand, desk: Desk, mine: Run): readonly DeskEvent[] {
  const { atMs, by } = command;
  const ticking = clocked(desk).filter(
    ({ run }) => run.state === 'running' && run.runId !== mine.runId,
  );
  return ticking.flatMap((other) => {
    const [run, at] = other.commandMs <= atMs ? [other.run, atMs] : [mine, other.commandMs];
    const pause = { at: toInstant(at), by, ...PAUSE_FOR_OTHER };
    return commandRun(run, [pause]).map((event) => ({ runId: run.runId, event }));
  });
}

const accepted = (run: Run, commands: readonly RunCommand[]): Verdict => ({
  kind: 'accept',
  runId: run.runId,
  events: commandRun(run, commands).map((event) => ({ runId: run.runId, event })),
});

/** The events of commands this desk has already found to apply; a refusal here is a bug. */
function commandRun(run: Run, commands: readonly RunCommand[]): readonly RunEvent[] {
  const events: RunEvent[] = [];
  for (const command of commands) {
    const result = runDecider.decide(command, events.reduce(runDecider.evolve, run));
    assert(result.ok, `the run refused \`${command.type}\` after the desk had agreed`);
    events.push(...result.value);
  }
  return events;
}

/** A press made before the pause found the run going, and cannot have meant to end a pause that was still to come. */
const isPausedAt = ({ state, pausedAt }: Run, atMs: number): boolean =>
  state === 'paused' && toMs(pausedAt, 0) <= atMs;

const finalState = (run: Run): Verdict => {
  const at = toInstant(endMs(run));
  return run.state === 'validating'
    ? {
        kind: 'inapplicable',
        code: 'IN_VALIDATION',
        reason: `the run was finished ${at} and waits for its gates`,
      }
    : { kind: 'inapplicable', code: 'FINAL_STATE', reason: `the run ended ${at}` };
};

const isSameTask = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
/** The runs of a task, each by what it was held to be about at that moment. */
const ofTask = (desk: Desk, { task }: LifecycleCommand['data'], atMs: number): readonly DeskRun[] =>
  clocked(desk).filter(({ tasksBefore = [], task: now }) =>
    isSameTask(tasksBefore.find(({ untilMs }) => atMs < untilMs)?.task ?? now, task),
  );
const latest = (runs: readonly DeskRun[], fits: (one: DeskRun) => boolean): DeskRun | undefined =>
  runs
    .filter(fits)
    .reduce<DeskRun | undefined>(
      (best, one) => (best === undefined || startMs(one.run) > startMs(best.run) ? one : best),
      undefined,
    );
const clocked = (desk: Desk): readonly DeskRun[] =>
  desk.runs.filter(({ day }) => day === undefined);
const startMs = (run: Run): number => toMs(run.startedAt, 0);
/** When its work was over: a run that is being validated is finished for whoever works on it. */
const endMs = ({ state, endedAt, pausedAt }: Run): number =>
  toMs(state === 'validating' ? pausedAt : endedAt, Number.POSITIVE_INFINITY);
const toMs = (instant: Instant | undefined, otherwise: number): number =>
  instant === undefined ? otherwise : toEpochMs(instant);

const START = { type: 'start', isSlotFree: true, isBudgetReservable: true, taskCount: 1 } as const;
const RESUME = { type: 'resume', isHardStopped: false, isBudgetReservable: true } as const;
const PAUSE_FOR_OTHER = { type: 'pause', reason: OTHER_TASK_STARTED, inFlightTasks: 0 } as const;
const BEGIN_VALIDATION = { type: 'begin_validation', openWorkstreams: 0, openPatches: 0 } as const;
type Finish =
  | typeof SUCCEED
  | (typeof BEGIN_VALIDATION & { readonly requiredGates: readonly string[] });
const SUCCEED = {
  type: 'succeed',
  openGates: [],
  openWorkstreams: 0,
  openPatches: 0,
  hasAcceptance: false,
  waivedGates: [],
  failedWorkstreams: 0,
  tasksCompleted: 1,
} as const;
