import { HOUR_MS } from '#shared/kernel/index.ts';
import type { Cadence } from './cadence.ts';

/** Two clocks: one that people set and that jumps, and one that only ever goes on. Units: ms. */
export interface TwoClocks {
  readonly wall: () => number;
  readonly elapsed: () => number;
}

/** Says when the next pass is due. */
export interface NextPass {
  /** Notes that a pass begins; `failures` says how many in a row have failed before it. */
  readonly begin: () => void;
  /** Notes how a pass ended: how many have failed in a row by now. */
  readonly end: (failures: number) => void;
  /** How long to wait before asking again; 0 where a pass is due. Units: ms. */
  readonly leftMs: () => number;
}

/** The longest rest after failures, where the cadence itself is no slower. Units: ms. */
const LONGEST_REST_MS = HOUR_MS;
/** Even a pass that takes longer than its cadence leaves this much between it and the next. Units: ms. */
const BREATH_MS = 1_000;
/** A wall clock that goes back by less than this was only being adjusted. Units: ms. */
const STEP_BACK_MS = 1_000;

/**
 * Keeps a cadence against clocks that jump and passes that fail. An interval is measured on the clock that only goes on. A
 * calendar is read on the wall: a jump over several moments makes one pass, and one that comes again since the clock was set back is passed
 * over until half the way to its next has gone by. After failures the rest doubles, up to an hour.
 */
export function createNextPass(cadence: Cadence, clocks: TwoClocks): NextPass {
  return cadence.kind === 'interval'
    ? createInterval(cadence.everyMs, clocks)
    : createCalendar(cadence.after, clocks);
}

const toRestMs = (periodMs: number, failures: number): number =>
  Math.min(periodMs * 2 ** (failures - 1), Math.max(periodMs, LONGEST_REST_MS));

function createInterval(everyMs: number, { elapsed }: TwoClocks): NextPass {
  let begunMs = elapsed();
  let dueMs = begunMs;
  return {
    begin: () => {
      begunMs = elapsed();
    },
    end: (failures) => {
      const restMs = failures === 0 ? everyMs : toRestMs(everyMs, failures);
      dueMs = Math.max(begunMs + restMs, elapsed() + BREATH_MS);
    },
    leftMs: () => Math.max(0, dueMs - elapsed()),
  };
}

function createCalendar(after: (wallMs: number) => number, { wall, elapsed }: TwoClocks): NextPass {
  let notBeforeMs = elapsed();
  let begunMs = notBeforeMs;
  let gapMs = 0;
  let seenMs = wall();
  // The first pass does not wait for the calendar: whoever starts the watch wants to see it work.
  let dueMs = seenMs;
  return {
    begin: () => {
      begunMs = elapsed();
      const begunWallMs = wall();
      gapMs = after(begunWallMs) - begunWallMs;
    },
    end: (failures) => {
      const restMs = failures === 0 ? gapMs : toRestMs(gapMs, failures);
      // Half a gap less: the moment after the rest must not be missed by a hair.
      notBeforeMs = begunMs + restMs - gapMs / 2;
      seenMs = wall();
      dueMs = after(seenMs + Math.max(0, notBeforeMs - elapsed() - 1));
    },
    leftMs: () => {
      const nowMs = wall();
      const isSetBack = nowMs < seenMs - STEP_BACK_MS;
      const isTooSoon = nowMs >= dueMs && elapsed() < notBeforeMs;
      if (isSetBack || isTooSoon) dueMs = after(nowMs);
      seenMs = nowMs;
      return Math.max(0, dueMs - nowMs);
    },
  };
}
