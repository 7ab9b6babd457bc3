import type { Ms } from '#shared/kernel/index.ts';
import { type RemainingTime, toRemaining } from './eta.ts';
import { type Chances, drawFinishes } from './eta-futures.ts';
import { itemAt } from './item-at.ts';
import type { Plan, PlanTask } from './plan.ts';
import { checkPlan, type PlanCheck } from './plan-check.ts';
import { preparePlan } from './plan-prepared.ts';
import type { ConstraintCode } from './schedule-entry.ts';
import { simulate } from './schedule-simulation.ts';
import { toSimulationStart } from './schedule-start.ts';
import type { Situation } from './schedule-states.ts';

/** What a plan would do if every task took as long as estimated, and what it may take. Units: ms from the start. */
export interface DryRun {
  readonly check: PlanCheck;
  /** Task ids by the number of tasks above them. */
  readonly levels: readonly (readonly string[])[];
  /** Task ids by the moment they start together. */
  readonly batches: readonly { readonly startMs: Ms; readonly taskIds: readonly string[] }[];
  /** How many tasks run from each moment on. */
  readonly parallelism: readonly { readonly fromMs: Ms; readonly running: number }[];
  /** What held the tasks, summed over them, the worst first; waiting for dependencies is part of any plan and comes too. */
  readonly bottlenecks: readonly { readonly constraint: ConstraintCode; readonly heldMs: Ms }[];
  /** Tasks that would never start. */
  readonly unplaced: readonly string[];
  readonly finishMs: Ms;
  /** Drawn from history; nothing when no task would run. */
  readonly remaining?: RemainingTime;
  /** What the tasks that would run ask of each budget. Units: micros of the budget's currency. */
  readonly costs: readonly { readonly budgetId: string; readonly neededMicros: bigint }[];
  /** Tasks that would run and name no cost. */
  readonly unpricedTasks: number;
}

/** Plays a plan through without sending anything off: gates are taken to be passed, and the run to be running. */
export function dryRun(plan: Plan, situation: Situation, chances: Chances): DryRun {
  const prepared = preparePlan(plan);
  const start = toSimulationStart(prepared, situation);
  const future = simulate(start, (index) => itemAt(prepared.effortsMs, index));
  const played = plan.tasks.map((task, index) => ({
    ...task,
    level: itemAt(prepared.paths.levels, index),
    startMs: itemAt(future.startsMs, index),
    endMs: itemAt(future.endsMs, index),
    isOut: itemAt(start.isOut, index),
  }));
  const placed = played.filter(({ startMs }) => !Number.isNaN(startMs));
  return {
    check: checkPlan(prepared, situation.capacities),
    levels: group(placed.map(({ level, taskId }) => [level, taskId])).map(([, ids]) => ids),
    batches: group(placed.map(({ startMs, taskId }) => [startMs, taskId])).map(
      ([startMs, taskIds]) => ({ startMs, taskIds }),
    ),
    parallelism: listParallelism(placed),
    bottlenecks: [...future.heldMs]
      .map(([constraint, heldMs]) => ({ constraint, heldMs }))
      .sort((left, right) => right.heldMs - left.heldMs),
    unplaced: played
      .filter(({ isOut, startMs }) => !isOut && Number.isNaN(startMs))
      .map(({ taskId }) => taskId),
    finishMs: future.finishMs,
    ...(placed.length > 0 && { remaining: toRemaining(drawFinishes(start, chances)) }),
    costs: sumCosts(placed),
    unpricedTasks: placed.filter(({ budgetDemands }) => budgetDemands.length === 0).length,
  };
}

/** Ids by number, the smallest first. */
function group(
  pairs: readonly (readonly [number, string])[],
): readonly (readonly [number, readonly string[]])[] {
  const groups = new Map<number, string[]>();
  for (const [number, id] of pairs) {
    const ids = groups.get(number) ?? [];
    groups.set(number, ids);
    ids.push(id);
  }
  return [...groups].sort(([left], [right]) => left - right);
}

function listParallelism(
  placed: readonly { readonly startMs: Ms; readonly endMs: Ms }[],
): DryRun['parallelism'] {
  const changes = new Map<Ms, number>();
  const change = (atMs: Ms, by: number): Map<Ms, number> =>
    changes.set(atMs, (changes.get(atMs) ?? 0) + by);
  for (const { startMs, endMs } of placed) {
    change(startMs, 1);
    change(endMs, -1);
  }
  let running = 0;
  return [...changes]
    .sort(([left], [right]) => left - right)
    .map(([fromMs, by]) => {
      running += by;
      return { fromMs, running };
    });
}

function sumCosts(placed: readonly PlanTask[]): DryRun['costs'] {
  const sums = new Map<string, bigint>();
  for (const { budgetId, neededMicros } of placed.flatMap(({ budgetDemands }) => budgetDemands)) {
    sums.set(budgetId, (sums.get(budgetId) ?? 0n) + neededMicros);
  }
  return [...sums].map(([budgetId, neededMicros]) => ({ budgetId, neededMicros }));
}
