import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import { createRandom, estimateFinish, type Plan, preparePlan } from '#shared/planning/index.ts';
import { drawRatio } from '#shared/planning/ratio-law.ts';
import { toBuiltInLaw } from '#shared/variance/index.ts';
import {
  capacitiesOf,
  planOf,
  START_MS,
  standing,
  task,
  workers,
} from '../../shared/planning/plan-samples.ts';

/** How often a run ends by what was forecast. Range: 0 to 1. */
export interface Coverage {
  readonly p50: number;
  readonly p90: number;
  /** Between P10 and P90. */
  readonly band: number;
}

/** How often a run whose durations follow the built-in law ends by the forecast quantiles; one worker, so the truth is a sum. */
export function measureCoverage(forecasts: number): Coverage {
  const tally = { p50: 0, p90: 0, band: 0 };
  for (let seed = 1; seed <= forecasts; seed += 1) {
    const plan = drawChains(seed);
    const random = createRandom(1_000_000 + seed);
    const truthMs = plan.tasks.reduce((sum, { estimateMs = 1 }) => {
      const ratio = drawRatio({ prior: toBuiltInLaw(estimateMs), classes: [] }, random(), 0) ?? 1;
      return sum + Math.max(1, Math.round(estimateMs * ratio));
    }, 0);
    const situation = {
      now: toInstant(START_MS),
      standing: standing(),
      capacities: capacitiesOf({ workers: workers(1) }),
    };
    const eta = estimateFinish(preparePlan(plan), situation, { history: new Map(), seed });
    if (!('remaining' in eta)) continue;
    const { p10Ms, p50Ms, p90Ms } = eta.remaining;
    if (truthMs <= p50Ms) tally.p50 += 1;
    if (truthMs <= p90Ms) tally.p90 += 1;
    if (truthMs >= p10Ms && truthMs <= p90Ms) tally.band += 1;
  }
  const { p50, p90, band } = tally;
  return { p50: p50 / forecasts, p90: p90 / forecasts, band: band / forecasts };
}

function drawChains(seed: number): Plan {
  const random = createRandom(seed);
  const count = 10 + Math.floor(random() * 90);
  // A small reach makes chains and layers, a large one wide graphs.
  const reach = 1 + Math.floor(random() * count);
  const tasks = Array.from({ length: count }, (_none, index) => {
    const lowest = Math.max(0, index - reach);
    const upstream = [0, 1].map(() => lowest + Math.floor(random() * (index - lowest)));
    const waits = index === 0 || random() < 0.2 ? [] : [...new Set(upstream)];
    return task(`t${index}`, {
      estimateMs: MINUTE_MS * (1 + Math.floor(random() * 60)),
      dependsOn: waits.map((from) => ({
        fromId: `t${from}`,
        kind: 'task',
        condition: 'success',
      })),
    });
  });
  return planOf(tasks);
}
