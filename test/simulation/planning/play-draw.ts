import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import type { ConstraintCode } from '#shared/planning/index.ts';
import { type Draw, drawScript } from './draw-script.ts';
import { boundMakespan, boundSimply } from './makespan-bound.ts';
import { type Play, playScript } from './play-script.ts';
import type { Fault } from './referee.ts';

/** What came of playing one draw, small enough to be sent from thread to thread. */
export interface PlayTally {
  readonly draw: Draw;
  readonly faults: readonly Fault[];
  readonly starts: number;
  readonly ticks: number;
  readonly favourites: number;
  readonly longestWaitMinutes: number;
  readonly held: ReadonlyMap<ConstraintCode, number>;
  readonly failures: ReadonlyMap<FailurePolicy, number>;
  /** Makespan by what no schedule can beat; nothing where the run was paused or failed. */
  readonly stretch?: number;
}

/** Draws a script and plays it. */
export function playDraw(draw: Draw): PlayTally {
  const play = playScript(drawScript(draw), { repeatEvery: Math.ceil(draw.size / 100) });
  const { faults, ticks, favourites, held, failures, spans, longestWaitMs } = play;
  const isMeasured = faults.length === 0 && !play.wasStopped;
  return {
    draw,
    faults,
    starts: spans.length,
    ticks,
    favourites,
    longestWaitMinutes: longestWaitMs / 60_000,
    held,
    failures,
    ...(isMeasured && { stretch: stretchOf(draw, play) }),
  };
}

/** Free plans are held to the bound of the contract, the others to one that honours what else they share. */
function stretchOf({ kind }: Draw, play: Play): number {
  const endMs = play.spans.reduce((last, span) => Math.max(last, span.endMs), 0);
  return endMs / (kind === 'free' ? boundSimply(play) : boundMakespan(play));
}
