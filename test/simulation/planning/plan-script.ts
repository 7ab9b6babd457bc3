import type { Ms } from '#shared/kernel/index.ts';
import type { FailurePolicy } from '#shared/lifecycle/index.ts';
import type { Plan, PlanWorker } from '#shared/planning/index.ts';

/**
 * What a drawn plan is limited by. free: dependencies and workers alone. limited: every constraint there is. failing: the same,
 * with tasks that fail. crowded: a stream of small wanted tasks beside a few that want for themselves what all of those use.
 */
export const PLAN_KINDS = ['free', 'limited', 'failing', 'crowded'] as const;
/** One of {@link PLAN_KINDS}. */
export type PlanKind = (typeof PLAN_KINDS)[number];

/** How one try of a task goes. */
export interface Try {
  readonly runMs: Ms;
  /** How long the result is checked after the run; 0 for not at all. */
  readonly checkMs: Ms;
  readonly ending: 'completed' | 'failed' | 'retry';
  readonly backoffMs: Ms;
  /** What it comes to cost, in percent of what was held for it. */
  readonly costPercent: bigint;
  /** For how long its tool takes nobody else once this has started; 0 for most. */
  readonly rateMs: Ms;
}

/** All that will become of a task. */
export interface Fate {
  /** In order; the last one is what every later try is like. */
  readonly tries: readonly [Try, ...Try[]];
  readonly isCritical: boolean;
  /** What a person decides if it fails and the policy is to ask one. */
  readonly decision: FailurePolicy;
}

/** A gate that changes. */
export interface GateChange {
  readonly gateId: string;
  readonly atMs: Ms;
  readonly status: 'met' | 'failed' | 'open';
}

/** A plan and all that the world will do to it, drawn beforehand: the same script is the same play. Units: ms from the start. */
export interface Script {
  readonly seed: number;
  readonly kind: PlanKind;
  readonly plan: Plan;
  readonly workers: readonly PlanWorker[];
  /** How many tasks each tool runs at once. */
  readonly tools: ReadonlyMap<string, number>;
  /** Units: micros. */
  readonly budgets: ReadonlyMap<string, bigint>;
  /** In the order of time. */
  readonly gates: readonly GateChange[];
  readonly fates: ReadonlyMap<string, Fate>;
  readonly maxFixLoops: number;
}

/** The fate of a task the script does not know: done at the first try. */
const PLAIN_FATE: Fate = {
  tries: [
    {
      runMs: 1_800_000,
      checkMs: 0,
      ending: 'completed',
      backoffMs: 0,
      costPercent: 100n,
      rateMs: 0,
    },
  ],
  isCritical: false,
  decision: 'skip_dependents',
};

/** What will become of a task. */
export const fateOf = ({ fates }: Script, taskId: string): Fate => fates.get(taskId) ?? PLAIN_FATE;

/** The id of the task that repairs another. */
export const toRepairId = (taskId: string): string => `${taskId}-fix`;
