import { MINUTE_MS, toInstant } from '#shared/kernel/index.ts';
import { drawRatio, toPriorLaw } from '#shared/planning/eta-ratio.ts';
import {
  checkPlan,
  createRandom,
  estimateFinish,
  type Plan,
  type PlanTask,
  preparePlan,
  type Situation,
  schedule,
  type TaskStanding,
} from '#shared/planning/index.ts';
import {
  capacitiesOf,
  planOf,
  START_MS,
  standing,
  task,
  workers,
} from '../../shared/planning/plan-samples.ts';

/** What many played plans have shown. Shares from 0 to 1. */
export interface PlanningProof {
  readonly faults: readonly string[];
  /** Makespan by lower bound of plans held by dependencies and workers alone. */
  readonly medianStretch: number;
  readonly worstStretch: number;
  readonly coverage: { readonly p50: number; readonly p90: number; readonly band: number };
}

interface Span {
  readonly task: PlanTask;
  readonly startMs: number;
  readonly endMs: number;
}

const WORKERS = 4;

/** Plays so many random plans tick by tick, and so many forecasts. The same numbers give the same proof. */
export function provePlanning(plans: number, forecasts: number): PlanningProof {
  const seeds = Array.from({ length: plans }, (_none, seed) => seed + 1);
  const free = seeds.map((seed) => playPlan(drawPlan(seed, false)));
  const bound = seeds.map((seed) => playPlan(drawPlan(seed, true)));
  const stretches = free.map(({ stretch }) => stretch).sort((left, right) => left - right);
  return {
    faults: [...free, ...bound].flatMap(({ faults }) => faults),
    medianStretch: stretches[Math.floor(plans / 2)] ?? Number.NaN,
    worstStretch: stretches.at(-1) ?? Number.NaN,
    coverage: measureCoverage(forecasts),
  };
}

function drawPlan(seed: number, isBound: boolean): Plan {
  const random = createRandom(seed);
  const count = 10 + Math.floor(random() * 90);
  // A small reach makes chains and layers, a large one wide graphs.
  const reach = 1 + Math.floor(random() * count);
  const tasks = Array.from({ length: count }, (_none, index) => {
    const lowest = Math.max(0, index - reach);
    const upstream = [0, 1].map(() => lowest + Math.floor(random() * (index - lowest)));
    const waits = index === 0 || random() < 0.2 ? [] : [...new Set(upstream)];
    const wish = isBound ? random() : 1;
    return task(`t${String(index).padStart(4, '0')}`, {
      estimateMs: MINUTE_MS * (1 + Math.floor(random() * 60)),
      dependsOn: waits.map((from) => ({
        fromId: `t${String(from).padStart(4, '0')}`,
        kind: 'task',
        condition: 'success',
      })),
      ...(wish < 0.3 && { locks: [{ path: wish < 0.15 ? 'src' : 'src/app', mode: 'write' }] }),
      ...(wish >= 0.3 && wish < 0.5 && { conflictGroup: 'schema' }),
    });
  });
  return planOf(tasks, { maxParallel: WORKERS });
}

/** Lets the true scheduler run a plan from tick to tick, each task as long as estimated. */
function playPlan(plan: Plan) {
  const prepared = preparePlan(plan);
  const capacities = capacitiesOf({ workers: workers(WORKERS) });
  const states = new Map<string, TaskStanding>();
  const spans: Span[] = [];
  let nowMs = 0;
  for (let ticks = 0; ticks <= plan.tasks.length; ticks += 1) {
    for (const { task: each, endMs } of spans) {
      if (endMs <= nowMs) states.set(each.taskId, { state: 'completed' });
    }
    const now = toInstant(START_MS + nowMs);
    const situation: Situation = { now, standing: { ...standing(), tasks: states }, capacities };
    for (const { taskId, decision, workerId } of schedule(prepared, situation)) {
      const each = plan.tasks.find((one) => one.taskId === taskId);
      if (decision !== 'dispatch' || each === undefined || workerId === undefined) continue;
      states.set(taskId, { state: 'running', workerId });
      spans.push({ task: each, startMs: nowMs, endMs: nowMs + (each.estimateMs ?? 0) });
    }
    const ends = spans.map(({ endMs }) => endMs).filter((endMs) => endMs > nowMs);
    if (ends.length === 0) break;
    nowMs = Math.min(...ends);
  }
  const { lowerBoundMs } = checkPlan(prepared, capacities);
  return { faults: findFaults(plan, spans), stretch: nowMs / lowerBoundMs };
}

/** Judges a finished play from its times alone, with nothing of the scheduler's own. */
export function findFaults(plan: Plan, spans: readonly Span[]): readonly string[] {
  const at = new Map(spans.map((span) => [span.task.taskId, span]));
  const starved = plan.tasks.filter(({ taskId }) => !at.has(taskId));
  const faults = starved.map(({ taskId }) => `${taskId} never started`);
  for (const one of spans) {
    for (const { fromId } of one.task.dependsOn) {
      const early = (at.get(fromId)?.endMs ?? Infinity) > one.startMs;
      if (early) faults.push(`${one.task.taskId} before ${fromId}`);
    }
    const beside = spans.filter(
      ({ startMs, endMs }) => startMs <= one.startMs && endMs > one.startMs,
    );
    if (beside.length > plan.maxParallel) faults.push(`${beside.length} at once`);
    for (const other of beside) {
      if (other !== one && excludes(one.task, other.task)) {
        faults.push(`${one.task.taskId} beside ${other.task.taskId}`);
      }
    }
  }
  return faults;
}

function excludes(one: PlanTask, other: PlanTask): boolean {
  if (one.conflictGroup !== undefined && one.conflictGroup === other.conflictGroup) return true;
  return one.locks.some(({ path }) =>
    other.locks.some(
      (lock) => `${lock.path}/`.startsWith(`${path}/`) || `${path}/`.startsWith(`${lock.path}/`),
    ),
  );
}

/** How often a run whose durations follow the built-in law ends by the forecast quantiles; one worker, so the truth is a sum. */
function measureCoverage(forecasts: number): PlanningProof['coverage'] {
  const tally = { p50: 0, p90: 0, band: 0 };
  for (let seed = 1; seed <= forecasts; seed += 1) {
    const plan = drawPlan(seed, false);
    const random = createRandom(1_000_000 + seed);
    const truthMs = plan.tasks.reduce((sum, { estimateMs = 1 }) => {
      const ratio = drawRatio({ prior: toPriorLaw(estimateMs), history: [] }, random(), 0) ?? 1;
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
