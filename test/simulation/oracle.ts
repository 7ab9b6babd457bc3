/**
 * What people meant, and what it must come to. It knows nothing of keys, rows, desks or ledgers: only that somebody
 * wanted a thing at a time, and which presses were the same wish.
 */
export interface Intention {
  readonly desk: string;
  readonly task: string;
  readonly atMs: number;
  readonly want:
    | { readonly kind: 'start' | 'pause' | 'resume' | 'finish' }
    | { readonly kind: 'log'; readonly hoursMs: number }
    | ({ readonly kind: 'correct' } & Saying);
  /** What the run would be called that a start with it makes. */
  readonly runId?: string;
}

/** What somebody says of the run of a name, in place of what was clocked. */
export interface Saying {
  readonly of: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly pausedMs?: number;
  readonly toTask?: string;
}

/** What one stretch of work came to. */
export interface Stretch {
  readonly task: string;
  readonly state: 'running' | 'paused' | 'succeeded';
  readonly netMs: number;
  readonly endedMs: number | undefined;
}

interface Timer {
  readonly runId: string | undefined;
  task: string;
  startMs: number;
  /** From when to when it stood still; the last one is open while it does. */
  breaks: { readonly fromMs: number; toMs: number }[];
  /** What breaks came to by somebody's word. */
  saidMs: number;
  stoppedMs: number | undefined;
  finishedMs: number | undefined;
  endMs: number | undefined;
  lastMs: number;
}

/** The stretches of one person at a moment, by naive bookkeeping in the order of the wishes. */
export function expectStretches(intentions: readonly Intention[], nowMs: number): Stretch[] {
  const timers: Timer[] = [];
  for (const { task, atMs, want, runId } of intentions.toSorted((a, b) => a.atMs - b.atMs)) {
    if (want.kind === 'correct') correct(timers, want, atMs);
    if (want.kind === 'correct' || want.kind === 'log') continue;
    const open = timers
      .filter((timer) => timer.task === task && timer.finishedMs === undefined)
      .at(-1);
    if (want.kind === 'start') begin(timers, open ?? add(timers, { task, runId, atMs }), atMs);
    else if (open !== undefined) change(timers, open, { kind: want.kind, atMs });
  }
  return timers.map((timer) => toStretch(timer, nowMs));
}

function add(
  timers: Timer[],
  { task, runId, atMs }: Pick<Intention, 'task' | 'atMs'> & { readonly runId: string | undefined },
): Timer {
  const timer: Timer = {
    runId,
    task,
    startMs: atMs,
    breaks: [],
    saidMs: 0,
    stoppedMs: undefined,
    finishedMs: undefined,
    endMs: undefined,
    lastMs: atMs,
  };
  timers.push(timer);
  return timer;
}

function change(
  timers: readonly Timer[],
  mine: Timer,
  { kind, atMs }: { readonly kind: 'pause' | 'resume' | 'finish'; readonly atMs: number },
): void {
  if (kind === 'resume') begin(timers, mine, atMs);
  if (kind === 'pause') stop(mine, atMs);
  if (kind !== 'finish') return;
  if (mine.stoppedMs !== undefined) mine.breaks.push({ fromMs: mine.stoppedMs, toMs: atMs });
  Object.assign(mine, { stoppedMs: undefined, finishedMs: atMs, endMs: atMs });
}

/** One person, one clock. */
function begin(timers: readonly Timer[], mine: Timer, atMs: number): void {
  for (const other of timers.filter((timer) => timer !== mine)) stop(other, atMs);
  // What already runs is as it was, whatever the clock of whoever asks for it says.
  if (mine.stoppedMs === undefined) return;
  mine.breaks.push({ fromMs: mine.stoppedMs, toMs: atMs });
  Object.assign(mine, { stoppedMs: undefined, lastMs: Math.max(mine.lastMs, atMs) });
}

function stop(timer: Timer, atMs: number): void {
  if (timer.finishedMs !== undefined) return;
  timer.stoppedMs ??= atMs;
  timer.lastMs = Math.max(timer.lastMs, atMs);
}

/** What cannot be so is not believed: an end or breaks of what goes on, times to come, more breaks than there is time. */
function correct(timers: readonly Timer[], said: Saying, atMs: number): void {
  const timer = timers.find(({ runId }) => runId === said.of);
  if (timer === undefined || isTooEarly(timer, said, atMs)) return;
  const { startMs = timer.startMs, endMs = toEnd(timer, atMs), pausedMs } = said;
  const [breaks, saidMs] = pausedMs === undefined ? [timer.breaks, timer.saidMs] : [[], pausedMs];
  const spanMs = endMs - startMs;
  if (spanMs < 0 || saidMs + stillMs(breaks, startMs, endMs) > spanMs) return;
  const { toTask: task = timer.task } = said;
  const lastMs = Math.max(timer.lastMs, atMs);
  Object.assign(timer, { startMs, breaks, saidMs, task, lastMs });
  if (timer.finishedMs !== undefined) timer.endMs = endMs;
}

const toEnd = ({ endMs }: Timer, atMs: number): number => endMs ?? atMs;

function isTooEarly({ finishedMs }: Timer, said: Saying, atMs: number): boolean {
  const { startMs = atMs, endMs = atMs, pausedMs } = said;
  const isOpen = finishedMs === undefined;
  return startMs > atMs || endMs > atMs || (isOpen && (said.endMs ?? pausedMs) !== undefined);
}

const stillMs = (breaks: Timer['breaks'], startMs: number, endMs: number): number =>
  breaks.reduce((sum, { fromMs, toMs }) => {
    return sum + Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs));
  }, 0);

function toStretch(timer: Timer, nowMs: number): Stretch {
  const { task, startMs, breaks, saidMs, stoppedMs, finishedMs, lastMs } = timer;
  const untilMs = timer.endMs ?? Math.max(nowMs, lastMs);
  const open = stoppedMs === undefined ? [] : [{ fromMs: stoppedMs, toMs: untilMs }];
  return {
    task,
    state: finishedMs !== undefined ? 'succeeded' : stoppedMs === undefined ? 'running' : 'paused',
    netMs: untilMs - startMs - saidMs - stillMs([...breaks, ...open], startMs, untilMs),
    endedMs: timer.endMs,
  };
}

/** Hours somebody wanted recorded, in all. Units: ms. */
export const expectLoggedMs = (intentions: readonly Intention[]): number =>
  intentions.reduce((sum, { want }) => sum + (want.kind === 'log' ? want.hoursMs : 0), 0);
