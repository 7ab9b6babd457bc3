import { type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { Run } from './run.ts';
import { toNetMs, toPausedMs, toWorkTimes } from './run-work.ts';

/** Net effort of a run. */
export interface RunClock {
  /** Wall time minus pauses, up to its end or to the moment of asking. Units: ms. */
  readonly activeMs: Ms;
  /** Pauses, the one still open included. Units: ms. */
  readonly pausedMs: Ms;
  /** Whether time still adds to it. */
  readonly isTicking: boolean;
}

/**
 * What a run's clock shows at a moment; before it ever ran, nothing. Validation is no work: the clock stood since it began.
 * Where a person corrected the work, that is what it shows.
 */
export function projectClock(run: Run, now: Instant): RunClock {
  const work = toWorkTimes(run);
  if (work === undefined) return { activeMs: 0, pausedMs: 0, isTicking: false };
  const { startedAt, over } = work;
  const { corrected, lastAt = now, pausedAt } = run;
  if (corrected !== undefined && over !== undefined) {
    return { activeMs: toNetMs({ startedAt, over }), pausedMs: over.pausedMs, isTicking: false };
  }
  const isTicking = run.state === 'running';
  const until = run.endedAt ?? (isTicking || pausedAt !== undefined ? later(lastAt, now) : lastAt);
  const pausesMs = corrected === undefined ? run.pausedMs : toPausedMs(run, startedAt, until);
  const pausedMs = pausesMs + elapsed(startedAt, until) - elapsed(startedAt, pausedAt ?? until);
  return { activeMs: elapsed(startedAt, until) - pausedMs, pausedMs, isTicking };
}

/** The asker's clock may be behind the one that stamped the run; time already recorded is never taken back. */
const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);

const elapsed = (from: Instant, to: Instant): Ms => Math.max(0, toEpochMs(to) - toEpochMs(from));
