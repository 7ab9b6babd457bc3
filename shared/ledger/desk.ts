import { HOUR_MS, toEpochMs } from '#shared/kernel/index.ts';
import { type Run, type RunEvent, runDecider } from '#shared/lifecycle/index.ts';
import { ENDED_LIMIT, FOLDED_KEPT_MS, FOLDED_LIMIT, PRESSES_LIMIT } from './protocol.ts';

/** The pause a person did not ask for: another task of theirs began. */
export const OTHER_TASK_STARTED = 'other_task_started';

/** One run on a desk. */
export interface DeskRun {
  readonly run: Run;
  readonly task: string;
  /** What it was held to be about before it was corrected, oldest first: presses of that time mean that. Units: ms since 1970. */
  readonly tasksBefore?: readonly { readonly task: string; readonly untilMs: number }[];
  /** The day hours were logged for; absent where a clock ran. */
  readonly day?: string;
  readonly note?: string;
  /** When the last command applied to it was pressed; an earlier one is superseded. Units: ms since 1970. */
  readonly commandMs: number;
}

/** A lifecycle press, kept for a while whatever came of it, so that its double is known as one. */
export interface Press {
  readonly type: string;
  readonly task: string;
  readonly by: string;
  /** Units: ms since 1970. */
  readonly atMs: number;
  /** Position of its decision; absent while it has none. */
  readonly position?: number;
}

/**
 * One person's runs, and what is needed to decide the next command about them: the unit of consistency.
 * A person works on one thing at a time, so a press on one task may pause another; on one desk that is one decision
 * and one state row, and no reader can see half of it.
 */
export interface Desk {
  readonly deskId: string;
  /** Position of the last decision folded in; 0 before any. */
  readonly seq: number;
  readonly runs: readonly DeskRun[];
  readonly presses: readonly Press[];
  /** Keys folded in, each with when it was pressed. Units: ms since 1970. */
  readonly foldedKeys: Readonly<Record<string, number>>;
  /** Keys pressed before this may have been folded and forgotten. Units: ms since 1970. */
  readonly foldedBeforeMs: number;
}

/** A run's event, and the run it belongs to. */
export interface DeskEvent {
  readonly runId: string;
  readonly event: RunEvent;
}

/** What the ledger keeps of a decided command, beside the events it caused. */
export interface Decided {
  readonly key: string;
  readonly atMs: number;
  /** Position of the decision in the ledger. */
  readonly position: number;
  /** Set iff it was about a run that has a clock. */
  readonly press?: Press;
  /** Set iff the command brought a note for this run. */
  readonly note?: { readonly runId: string; readonly text: string };
}

/** A desk before anything has happened. */
export const emptyDesk = (deskId: string): Desk => ({
  deskId,
  seq: 0,
  runs: [],
  presses: [],
  foldedKeys: {},
  foldedBeforeMs: 0,
});

/** The desk after one more event of one of its runs; a run that is nobody's work does not lie on a desk. */
export function evolveRun(desk: Desk, { runId, event }: DeskEvent): Desk {
  const before = desk.runs.find((one) => one.run.runId === runId) ?? toDeskRun(event);
  if (before === undefined) return desk;
  const isByCommand = !(event.type === 'run_paused' && event.reason === OTHER_TASK_STARTED);
  const after = {
    ...before,
    ...toTask(before, event),
    run: runDecider.evolve(before.run, event),
    commandMs: isByCommand ? toEpochMs(event.at) : before.commandMs,
  };
  const others = desk.runs.filter((one) => one !== before);
  return { ...desk, runs: [...others, after] };
}

function toTask({ task, tasksBefore = [] }: DeskRun, event: RunEvent) {
  if (event.type !== 'run_corrected' || event.task === undefined) return {};
  const before = { task, untilMs: toEpochMs(event.at) };
  return { task: event.task.to, tasksBefore: [...tasksBefore, before] };
}

function toDeskRun(event: RunEvent): DeskRun | undefined {
  if (event.type !== 'run_created' || event.work === undefined) return undefined;
  const { task, day } = event.work;
  const logged = day === undefined ? {} : { day };
  return { run: runDecider.initial, task, ...logged, commandMs: 0 };
}

/** The desk once a decision is in the ledger: its key is folded, its press remembered. */
export function evolveDecided(desk: Desk, decided: Decided): Desk {
  const { key, atMs, position, press, note } = decided;
  return {
    ...desk,
    seq: position,
    foldedKeys: { ...desk.foldedKeys, [key]: atMs },
    presses: press === undefined ? desk.presses : [...desk.presses, press],
    runs:
      note === undefined
        ? desk.runs
        : desk.runs.map((one) =>
            one.run.runId === note.runId ? { ...one, note: note.text } : one,
          ),
  };
}

/**
 * The desk without what no reader can still need: keys and ended runs of more than a day ago, and beyond that whatever
 * exceeds a state row's room, oldest first. A run leaves only once the doc shows it elsewhere.
 */
export function trimDesk(desk: Desk, nowMs: number, isPublished: (runId: string) => boolean): Desk {
  const since = nowMs - FOLDED_KEPT_MS;
  const keys = Object.entries(desk.foldedKeys).sort(([, a], [, b]) => b - a);
  const overflow = keys[FOLDED_LIMIT]?.[1];
  const foldedBeforeMs = Math.max(
    desk.foldedBeforeMs,
    since,
    overflow === undefined ? 0 : overflow + 1,
  );
  const ended = desk.runs.filter(({ run }) => run.endedAt !== undefined);
  const kept = new Set(
    ended
      .filter(({ commandMs, run }, index) => {
        const isRecent = commandMs >= since && index >= ended.length - ENDED_LIMIT;
        return isRecent || !isPublished(run.runId);
      })
      .map(({ run }) => run.runId),
  );
  return {
    ...desk,
    runs: desk.runs.filter(({ run }) => run.endedAt === undefined || kept.has(run.runId)),
    presses: desk.presses.filter(({ atMs }) => atMs >= nowMs - HOUR_MS).slice(-PRESSES_LIMIT),
    foldedKeys: Object.fromEntries(keys.filter(([, atMs]) => atMs >= foldedBeforeMs)),
    foldedBeforeMs,
  };
}
