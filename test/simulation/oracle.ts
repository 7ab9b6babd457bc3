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
  const stop = (timer: Timer, atMs: number) => {
    if (timer.sinceMs !== undefined) timer.netMs += atMs - timer.sinceMs;
    timer.sinceMs = undefined;
  };
  for (const { task, atMs, want } of intentions.toSorted((a, b) => a.atMs - b.atMs)) {
    const mine = timers.find((timer) => timer.task === task && timer.endedMs === undefined);
    const begin = (timer: Timer) => {
      for (const other of timers) if (other !== timer) stop(other, atMs);
      timer.sinceMs ??= atMs;
    };
    if (want.kind === 'start') {
      const timer = mine ?? { task, netMs: 0, sinceMs: undefined, endedMs: undefined };
      if (mine === undefined) timers.push(timer);
      begin(timer);
    } else if (mine !== undefined && want.kind === 'resume') {
      begin(mine);
    } else if (mine !== undefined && want.kind === 'pause') {
      stop(mine, atMs);
    } else if (mine !== undefined && want.kind === 'finish') {
      stop(mine, atMs);
      mine.endedMs = atMs;
    }
  }
  return timers.map(({ task, netMs, sinceMs, endedMs }) => ({
    task,
    state: endedMs !== undefined ? 'succeeded' : sinceMs === undefined ? 'paused' : 'running',
    netMs: netMs + (sinceMs === undefined ? 0 : Math.max(0, nowMs - sinceMs)),
    endedMs,
  }));
}

/** Hours somebody wanted recorded, in all. Units: ms. */
export const expectLoggedMs = (intentions: readonly Intention[]): number =>
  intentions.reduce((sum, { want }) => sum + (want.kind === 'log' ? want.hoursMs : 0), 0);
