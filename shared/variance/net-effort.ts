import { DAY_MS, type Instant, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { Session } from './model.ts';

/** Whether a run is in the sums, and with what. Only `counted` ones are. */
export interface RunEffort {
  readonly standing: Session['standing'];
  /** Units: ms. Range: 0 or more where counted or suspect; 0 otherwise. */
  readonly netMs: Ms;
}

/** What was recorded of one run's time, as far as it was. */
export interface RecordedTime {
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  /** Net effort as its source gives it. Units: ms. */
  readonly netMs?: Ms | undefined;
  /** Pauses within the run. Units: ms. */
  readonly interruptMs?: Ms | undefined;
}

/** Longer without a stored net, a run is more likely a forgotten timer than work. Source: variance rules, roll-up. */
const FORGOTTEN_TIMER_MS: Ms = DAY_MS;

/**
 * The net effort of a run: the stored net, else ended − started − interruptions, on instants and never on
 * clock faces. A stored net counts even without times. Without one a run over 24 h counts 0 until somebody
 * confirms it, and one that ends before it starts, or was interrupted for longer than it lasted, is invalid.
 */
export function toNetEffort(time: RecordedTime): RunEffort {
  const { startedAt, endedAt, netMs, interruptMs = 0 } = time;
  if (netMs !== undefined) return netMs < 0 ? INVALID_EFFORT : { standing: 'counted', netMs };
  if (startedAt === undefined || endedAt === undefined) return OPEN_EFFORT;
  const wallMs = toEpochMs(endedAt) - toEpochMs(startedAt);
  if (wallMs < interruptMs || interruptMs < 0) return INVALID_EFFORT;
  return { standing: isForgotten(wallMs) ? 'suspect' : 'counted', netMs: wallMs - interruptMs };
}

/** Whether a stretch of time is so long that somebody may have forgotten to stop a clock. Units: ms. */
export const isForgotten = (lengthMs: Ms): boolean => lengthMs > FORGOTTEN_TIMER_MS;

/** The effort of a run that is still going, or of which nobody knows the end. */
export const OPEN_EFFORT: RunEffort = { standing: 'open', netMs: 0 };
/** The effort of a run whose record makes no sense. */
export const INVALID_EFFORT: RunEffort = { standing: 'invalid', netMs: 0 };
