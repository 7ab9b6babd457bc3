import { type Instant, type Ms, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import { quantile } from '#shared/variance/index.ts';
import { type Chances, drawFinishes } from './eta-futures.ts';
import { itemAt } from './item-at.ts';
import type { PreparedPlan } from './plan-prepared.ts';
import { isOver } from './schedule-dependencies.ts';
import { simulate } from './schedule-simulation.ts';
import { toSimulationStart } from './schedule-start.ts';
import { type Situation, standingOf } from './schedule-states.ts';

/** With fewer finished tasks than this, only the built-in ratios are used. */
export const MIN_FINISHED = 5;

/** The time still needed, so that one run in ten, in two, nine in ten are done by then. */
export interface RemainingTime {
  readonly p10Ms: Ms;
  readonly p50Ms: Ms;
  readonly p90Ms: Ms;
}

/** When a run will be over, as far as can be told. */
export type Eta =
  /** Nothing is moving: the run is paused or not started, or all that is open is stuck or has nobody to do it. */
  | { readonly etaState: 'none'; readonly sampleSize: number }
  | { readonly etaState: 'done'; readonly sampleSize: number }
  | {
      readonly etaState: 'insufficient' | 'estimated';
      readonly sampleSize: number;
      readonly remaining: RemainingTime;
      readonly etaP50At: Instant;
      readonly etaP90At: Instant;
    };

/**
 * The finish of a run from 500 seeded futures of what is left, on the workers there are. A duration is the estimate times a
 * ratio drawn from finished tasks of the kind and the built-in ones, with weight n ÷ (n + 20). Tasks that will not come to
 * their turn are left out; more tasks than planned are not foreseen, and gates are taken to be passed in time.
 */
export function estimateFinish(
  prepared: PreparedPlan,
  situation: Situation,
  chances: Chances,
): Eta {
  const { standing, now } = situation;
  const sampleSize = [...chances.history.values()].reduce((sum, ratios) => sum + ratios.length, 0);
  const isDone = prepared.tasks.every(({ taskId }) => isOver(standingOf(standing, taskId).state));
  if (isDone) return { etaState: 'done', sampleSize };
  const start = toSimulationStart(prepared, situation);
  const isMoving = simulate(start, (index) => itemAt(prepared.effortsMs, index)).finishMs > 0;
  if (standing.run !== 'running' || !isMoving) return { etaState: 'none', sampleSize };
  const isEnough = sampleSize >= MIN_FINISHED;
  const history = isEnough ? chances.history : new Map<string, readonly number[]>();
  const remaining = toRemaining(drawFinishes(start, { ...chances, history }));
  const later = (ms: Ms): Instant => toInstant(toEpochMs(now) + ms);
  return {
    etaState: isEnough ? 'estimated' : 'insufficient',
    sampleSize,
    remaining,
    etaP50At: later(remaining.p50Ms),
    etaP90At: later(remaining.p90Ms),
  };
}

/** The quantiles of ascending finishing times, to the millisecond. */
export function toRemaining(finishesMs: readonly Ms[]): RemainingTime {
  const at = (share: number): Ms => Math.round(quantile(finishesMs, share));
  return { p10Ms: at(0.1), p50Ms: at(0.5), p90Ms: at(0.9) };
}
