import type { ContractDocument, Priority } from '#shared/contracts/index.ts';
import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { DependencyCondition, FailurePolicy } from '#shared/lifecycle/index.ts';

/** How much a task matters to people. */
export type PlanPriority = Priority;

/** The upstream a kind names: a task for `task`, `file` and `capability`, else the thing itself. */
export type DependencyKind = ContractDocument<'ws_dependency'>['kind'];

/** Something that must come first. */
export interface PlanDependency {
  readonly fromId: string;
  readonly kind: DependencyKind;
  readonly condition: DependencyCondition;
}

/** A place in the workspace a task wants; a folder stands for all that lies below it, and `.` for everything. */
export interface PlanLock {
  readonly path: string;
  readonly mode: 'read' | 'append' | 'write';
}

/** What a task needs free in one budget before it may start. Units: micros of the budget's currency. */
export interface BudgetDemand {
  readonly budgetId: string;
  readonly neededMicros: bigint;
}

/** One task as a plan knows it: what it takes, what it waits for, and nothing of how it is going. */
export interface PlanTask {
  readonly taskId: string;
  readonly workstreamId: string;
  /** What sort of work it is; forecasts learn from finished tasks of the same kind. */
  readonly kind: string;
  readonly createdAt: Instant;
  readonly priority: PlanPriority;
  /** Range: above zero. Without one, the median of the plan stands in. */
  readonly estimateMs?: Ms;
  readonly dependsOn: readonly PlanDependency[];
  readonly locks: readonly PlanLock[];
  readonly conflictGroup?: string;
  readonly toolId?: string;
  readonly requiredCapabilities: readonly string[];
  readonly affinity?: string;
  readonly budgetDemands: readonly BudgetDemand[];
  readonly notBefore?: Instant;
  readonly deadlineAt?: Instant;
  /** Whether others of its workstream may run beside it under `parallel_groups`. */
  readonly parallelOk: boolean;
  readonly onFailure?: FailurePolicy;
  /** The failed task this one repairs. */
  readonly fixes?: string;
}

/** How many tasks of a workstream may run at once; under `parallel_groups` only those that say `parallelOk`. */
export interface WorkstreamConcurrency {
  readonly mode: ContractDocument<'workstream_state'>['concurrency']['mode'];
  readonly maxParallel: number;
}

/** One workstream of a plan. */
export interface PlanWorkstream {
  readonly workstreamId: string;
  readonly phaseId: string;
  readonly dependsOn: readonly PlanDependency[];
  readonly concurrency: WorkstreamConcurrency;
  readonly onFailure?: FailurePolicy;
}

/** What a run is to do, in which order its phases come, and how much of it at once. */
export interface Plan {
  readonly runId: string;
  /** In order: the work of a phase waits for the phase before it. */
  readonly phaseIds: readonly string[];
  readonly workstreams: readonly PlanWorkstream[];
  readonly tasks: readonly PlanTask[];
  /** Range: 1 to 64. */
  readonly maxParallel: number;
  readonly onFailure: FailurePolicy;
}

/** Somebody who can take tasks, one at a time. */
export interface PlanWorker {
  readonly workerId: string;
  readonly capabilities: readonly string[];
  readonly affinity?: string;
}

/** The failure policy in force for a task: its own, else its workstream's, else the run's. */
export function failurePolicyOf(plan: Plan, task: PlanTask): FailurePolicy {
  const workstream = plan.workstreams.find((each) => each.workstreamId === task.workstreamId);
  return task.onFailure ?? workstream?.onFailure ?? plan.onFailure;
}

/** Whether a worker can do a task: it has all that is required and is the one asked for, if any is. */
export const canWork = (
  worker: PlanWorker,
  task: Pick<PlanTask, 'requiredCapabilities' | 'affinity'>,
): boolean =>
  (task.affinity === undefined || task.affinity === worker.affinity) &&
  task.requiredCapabilities.every((capability) => worker.capabilities.includes(capability));

/** What a task asks of its worker, in words: the affinity, then the capabilities; `any` if nothing. */
export const toNeed = ({
  affinity,
  requiredCapabilities,
}: Pick<PlanTask, 'requiredCapabilities' | 'affinity'>): string =>
  [...(affinity === undefined ? [] : [affinity]), ...requiredCapabilities].join(' ') || 'any';
