import { type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { Run } from './run.ts';

/** Net effort of a run. */
export interface RunClock {
  /** Wall time minus pauses, up to its end or to the moment of asking. Units: ms. */
  readonly activeMs: Ms;
  /** Pauses, the one still open included. Units: ms. */
  readonly pausedMs: Ms;
  /** Whether time still adds to it. */
  readonly isTicking: boolean;
}

/** What a run's clock shows at a moment; before it ever ran, nothing. Validation is no work: the clock stood since it began. */
export function projectClock(run: Run, now: Instant): RunClock {
  if (run.startedAt === undefined) return { activeMs: 0, pausedMs: 0, isTicking: false };
  const isTicking = run.state === 'running';
  const { lastAt = now } = run;
  // The asker's clock may be behind the one that stamped the run; time already recorded is never taken back.
  const moment = lastAt > now ? lastAt : now;
  const until = run.endedAt ?? (isTicking || run.pausedAt !== undefined ? moment : lastAt);
  const openPauseMs = run.pausedAt === undefined ? 0 : elapsed(run.pausedAt, until);
  const pausedMs = run.pausedMs + openPauseMs;
  return { activeMs: elapsed(run.startedAt, until) - pausedMs, pausedMs, isTicking };
}

const elapsed = (from: Instant, to: Instant): Ms => Math.max(0, toEpochMs(to) - toEpochMs(from));
