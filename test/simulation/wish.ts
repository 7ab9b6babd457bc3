import { toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import type { Intention } from './oracle.ts';
import type { Random } from './random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One wish, and every press that expressed it: a doubled press is the same wish twice. */
export interface Wish extends Intention {
  readonly presses: { readonly key: string; readonly atMs: number }[];
}

/** What a wish asks for, in the words of a command. */
export function toAsked({ task, desk: person, want }: Wish, entry: number): object {
  switch (want.kind) {
    case 'log': {
      const day = { day: '2026-03-02', note: 'call', entry };
      const data = { task, person, hours: want.hoursMs / HOUR, ...day };
      return { type: 'LogHours', data };
    }
    case 'correct': {
      const { of: run, startMs, endMs, pausedMs, toTask } = want;
      const data = {
        run,
        reason: 'forgot',
        ...(startMs === undefined ? {} : { start: toInstant(startMs) }),
        ...(endMs === undefined ? {} : { end: toInstant(endMs) }),
        ...(pausedMs === undefined ? {} : { interruptionHours: pausedMs / HOUR }),
        ...(toTask === undefined ? {} : { task: toTask }),
      };
      return { type: 'CorrectRun', data };
    }
    case 'start':
    case 'pause':
    case 'resume':
    case 'finish':
      return { type: TYPE[want.kind], data: { task, person } };
  }
}

const TYPE = {
  start: 'StartRun',
  pause: 'PauseRun',
  resume: 'ResumeRun',
  finish: 'FinishRun',
} as const;

/** Whether a wish moves a clock by its press, so that its double is known by it. */
export const isMove = ({ kind }: Intention['want']): boolean =>
  kind !== 'log' && kind !== 'correct';

/** What somebody says of a run, right or wrong: times around those it shows, other pauses, another task. */
export function sayOfRun(
  run: ViewRun,
  random: Random,
  tasks: readonly string[],
): Intention['want'] & { readonly kind: 'correct' } {
  const minutes = (from: number, to: number) => random.between(from, to) * MINUTE;
  return {
    kind: 'correct',
    of: run.runId,
    ...(random.chance(0.5) ? { startMs: run.startedAtMs + minutes(-30, 30) } : {}),
    ...(random.chance(0.5) && run.endedAtMs !== undefined
      ? { endMs: run.endedAtMs + minutes(-30, 10) }
      : {}),
    ...(random.chance(0.3) ? { pausedMs: minutes(0, 10) } : {}),
    ...(random.chance(0.1) ? { toTask: random.pick(tasks) } : {}),
  };
}
