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
    | { readonly kind: 'log'; readonly hoursMs: number };
}

/** What one stretch of work came to. */
export interface Stretch {
  readonly task: string;
  readonly state: 'running' | 'paused' | 'succeeded';
  readonly netMs: number;
  readonly endedMs: number | undefined;
}

interface Timer {
  readonly task: string;
  netMs: number;
  sinceMs: number | undefined;
  endedMs: number | undefined;
}

/** The stretches of one person at a moment, by naive bookkeeping in the order of the wishes. */
export function expectStretches(intentions: readonly Intention[], nowMs: number): Stretch[] {
  const timers: Timer[] = [];
  for (const { task, atMs, want } of intentions.toSorted((a, b) => a.atMs - b.atMs)) {
    const open = timers.find((timer) => timer.task === task && timer.endedMs === undefined);
    if (want.kind === 'start') begin(timers, open ?? add(timers, task), atMs);
    else if (open !== undefined) change(timers, open, { kind: want.kind, atMs });
  }
  return timers.map((timer) => toStretch(timer, nowMs));
}

function add(timers: Timer[], task: string): Timer {
  const timer: Timer = { task, netMs: 0, sinceMs: undefined, endedMs: undefined };
  timers.push(timer);
  return timer;
}

function change(
  timers: readonly Timer[],
  mine: Timer,
  { kind, atMs }: { readonly kind: Intention['want']['kind']; readonly atMs: number },
): void {
  if (kind === 'resume') begin(timers, mine, atMs);
  if (kind === 'pause' || kind === 'finish') stop(mine, atMs);
  if (kind === 'finish') mine.endedMs = atMs;
}

/** One person, one clock. */
function begin(timers: readonly Timer[], mine: Timer, atMs: number): void {
  for (const other of timers.filter((timer) => timer !== mine)) stop(other, atMs);
  mine.sinceMs ??= atMs;
}

function stop(timer: Timer, atMs: number): void {
  if (timer.sinceMs !== undefined) timer.netMs += atMs - timer.sinceMs;
  timer.sinceMs = undefined;
}

function toStretch({ task, netMs, sinceMs, endedMs }: Timer, nowMs: number): Stretch {
  return {
    task,
    state: endedMs !== undefined ? 'succeeded' : sinceMs === undefined ? 'paused' : 'running',
    netMs: netMs + (sinceMs === undefined ? 0 : Math.max(0, nowMs - sinceMs)),
    endedMs,
  };
}

/** Hours somebody wanted recorded, in all. Units: ms. */
export const expectLoggedMs = (intentions: readonly Intention[]): number =>
  intentions.reduce((sum, { want }) => sum + (want.kind === 'log' ? want.hoursMs : 0), 0);
