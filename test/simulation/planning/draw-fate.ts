import type { Ms } from '#shared/kernel/index.ts';
import type { Random } from '../random.ts';
import { DECISIONS } from './plan-failures.ts';
import type { Fate, Try } from './plan-script.ts';

/** What a fate is drawn by. */
export interface FateField {
  readonly random: Random;
  /** Range: 0 to 1. */
  readonly failingShare: number;
  readonly retryShare: number;
  /** Whether tasks take exactly as long as estimated and nothing else befalls them. */
  readonly isExact: boolean;
  /** All durations are a multiple of this, so that in a large plan much happens at one moment. */
  readonly stepMs: Ms;
}

/** What becomes of a task of this estimate. */
export function drawFate(field: FateField, estimateMs: Ms): Fate {
  const { random, failingShare, retryShare } = field;
  const last = drawTry(field, estimateMs);
  const hasFailed = random.chance(failingShare);
  const isRetried = random.chance(retryShare);
  const ended: Try = hasFailed ? { ...last, ending: 'failed' } : last;
  const first: Try = { ...drawTry(field, estimateMs), checkMs: 0, ending: 'retry' };
  return {
    tries: isRetried ? [first, ended] : [ended],
    isCritical: random.chance(0.1),
    decision: random.pick(DECISIONS),
  };
}

function drawTry({ random, isExact, stepMs }: FateField, estimateMs: Ms): Try {
  const ratio = isExact ? 1 : 0.5 + 1.2 * random.next();
  return {
    runMs: stepMs * Math.max(1, Math.round((estimateMs * ratio) / stepMs)),
    checkMs: !isExact && random.chance(0.15) ? stepMs * random.between(1, 4) : 0,
    ending: 'completed',
    backoffMs: stepMs * random.between(1, 6),
    costPercent: isExact ? 100n : BigInt(random.between(30, 110)),
    rateMs: !isExact && random.chance(0.12) ? stepMs * random.between(1, 3) : 0,
  };
}
