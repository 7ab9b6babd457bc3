import type { Instant, Ms } from '#shared/kernel/index.ts';
import { elapsedMs } from '../transition.ts';
import type { Run, RunPause, WorkTimes } from './run.ts';

/** The most pauses a run remembers one by one; the time of earlier ones is kept in their sum alone. */
const PAUSES_KEPT = 100;

/** From when to when a run was worked on: as a person corrected it, else as its clock saw it. Nothing where it never ran. */
export function toWorkTimes(run: Run): WorkTimes | undefined {
  const { corrected, startedAt, endedAt = toStoppedAt(run), pausedMs } = run;
  if (startedAt === undefined) return undefined;
  if (corrected === undefined) {
    return { startedAt, ...(endedAt === undefined ? {} : { over: { endedAt, pausedMs } }) };
  }
  const { startedAt: from, over = toOver(run, from) } = corrected;
  return { startedAt: from, ...(over === undefined ? {} : { over }) };
}

/** What was worked in times that are over, pauses taken out. Units: ms. */
export const toNetMs = ({ startedAt, over }: Required<WorkTimes>): Ms =>
  elapsedMs(startedAt, over.endedAt) - over.pausedMs;

/** When the work of a run was over, its wait for gates left out; nothing while it goes on. */
export function toWorkEnd(run: Run): Instant | undefined {
  return run.corrected?.over?.endedAt ?? findWait(run)?.from ?? run.endedAt ?? toStoppedAt(run);
}

/** Pauses between two moments, with those that are known by their sum alone; the wait for gates at a run's end is none. Units: ms. */
export function toPausedMs(run: Run, from: Instant, until: Instant): Ms {
  const wait = findWait(run);
  let { pausedMs } = run;
  for (const pause of run.pauses ?? []) {
    const start = pause.from > from ? pause.from : from;
    const end = pause.to < until ? pause.to : until;
    const isWithin = pause !== wait && start < end;
    pausedMs += (isWithin ? elapsedMs(start, end) : 0) - elapsedMs(pause.from, pause.to);
  }
  return pausedMs;
}

/** A run whose clock goes on, or stands still for good: the pause that was open is over. */
export function endPause(run: Run): Run {
  const { pausedAt: from, ...rest } = run;
  const { pausedMs, pauses = [], lastAt: to, state } = run;
  if (from === undefined || to === undefined || from === to) return rest;
  const pause = { from, to, ...(state === 'validating' ? { isWait: true } : {}) };
  return {
    ...rest,
    pausedMs: pausedMs + elapsedMs(from, to),
    pauses: [...pauses, pause].slice(-PAUSES_KEPT),
  };
}

/** A run that is worked on once more: from its corrected end up to now it stood still. */
export function reopenWork(run: Run, at: Instant): Run {
  const { corrected, pausedAt: _pausedAt, ...rest } = run;
  if (corrected?.over === undefined) return endPause(run);
  const { over, ...start } = corrected;
  const pausedMs = over.pausedMs + elapsedMs(over.endedAt, at);
  return { ...rest, pausedMs, pauses: [], corrected: start };
}

const toStoppedAt = ({ state, pausedAt }: Run): Instant | undefined =>
  state === 'validating' ? pausedAt : undefined;

/** The wait for gates that a run ended with. */
const findWait = ({ pauses = [], endedAt }: Run): RunPause | undefined =>
  pauses.find(({ to, isWait }) => isWait === true && to === endedAt);

function toOver(run: Run, from: Instant): WorkTimes['over'] {
  const endedAt = toWorkEnd(run);
  return endedAt && { endedAt, pausedMs: toPausedMs(run, from, endedAt) };
}
