import { assert, findClockOddity, HOUR_MS, type Ms, parseMoment } from '#shared/kernel/index.ts';

/** A local time, and the moment it stands for. */
export interface ClockReading {
  /** `2026-03-02T09:00:00` as clocks of the zone show it. */
  readonly clock: string;
  /** Units: ms since 1970. */
  readonly epochMs: number;
  /** Set where clocks show it twice, or never. */
  readonly shown?: 'never' | 'twice' | undefined;
}

/** From when to when something lasted, in local times. */
export interface ClockSpan {
  readonly start: string;
  readonly end: string | undefined;
}

/**
 * The moments of a start and an end. An hour that clocks show twice is taken for the one that fits the duration, else for the first; a time
 * they leap over moves on. Shape: texts like `2026-03-02T09:00:00`, days that exist.
 */
export function readClockTime(
  { start, end }: ClockSpan,
  { timeZone, netMs }: { readonly timeZone: string; readonly netMs: Ms | undefined },
): { readonly start: ClockReading; readonly end: ClockReading | undefined } {
  const first = read(start, timeZone);
  if (end === undefined) return { start: first, end: undefined };
  const last = read(end, timeZone);
  const wallMs = last.epochMs - first.epochMs;
  // Of two clocks that read the same, only one gives the length that was measured.
  if (first.shown === 'twice' && wallMs - HOUR_MS === netMs) {
    return { start: { clock: start, epochMs: first.epochMs + HOUR_MS }, end: last };
  }
  if (last.shown === 'twice' && wallMs + HOUR_MS === netMs) {
    return { start: first, end: { clock: end, epochMs: last.epochMs + HOUR_MS } };
  }
  const isKnown = wallMs === netMs;
  return isKnown
    ? {
        start: { clock: start, epochMs: first.epochMs },
        end: { clock: end, epochMs: last.epochMs },
      }
    : { start: first, end: last };
}

function read(clock: string, timeZone: string): ClockReading {
  const epochMs = parseMoment(clock, timeZone);
  assert(epochMs !== undefined, `expected a local time, received \`${clock}\``);
  return { clock, epochMs, shown: findClockOddity(clock, timeZone) };
}
