import type { Instant } from '#shared/kernel/index.ts';
import type { PhaseState, RunState, TaskState, WorkstreamState } from '#shared/lifecycle/index.ts';
import type { PlanWorker } from './plan.ts';

/** How one task stands. */
export interface TaskStanding {
  readonly state: TaskState;
  /** When it was first queued. */
  readonly queuedAt?: Instant;
  readonly startedAt?: Instant;
  /** Before this it may not be tried again: its backoff, or the wait for a tool. */
  readonly notBefore?: Instant;
  /** Set iff running. */
  readonly workerId?: string;
  /** What it waits for beyond its plan, while blocked. */
  readonly blockedBy?: string;
}

/** How a run stands. A task, workstream or phase that is not named has not begun. */
export interface RunStanding {
  readonly run: RunState;
  readonly tasks: ReadonlyMap<string, TaskStanding>;
  readonly workstreams: ReadonlyMap<string, WorkstreamState>;
  readonly phases: ReadonlyMap<string, PhaseState>;
  /** `met` is passed or waived; a gate that is not named is open. */
  readonly gates: ReadonlyMap<string, 'met' | 'failed' | 'open'>;
}

/** What a tool can still take. */
export interface ToolCapacity {
  /** How many tasks it may run at once; those of this run that it runs already are among them. */
  readonly maxParallel: number;
  /** A rate limit holds it until then. */
  readonly notBefore?: Instant;
}

/** What there is to work with. A tool or budget that is not named sets no limit. */
export interface Capacities {
  /** All live workers, busy ones too. */
  readonly workers: readonly PlanWorker[];
  readonly tools: ReadonlyMap<string, ToolCapacity>;
  /** What is neither spent nor held, of budgets that stop the work. Units: micros of the budget's currency. */
  readonly budgets: ReadonlyMap<string, bigint>;
}

const NOT_BEGUN: TaskStanding = { state: 'pending' };

/** How a task stands; one of which nothing is known has not begun. */
export const standingOf = ({ tasks }: RunStanding, taskId: string): TaskStanding =>
  tasks.get(taskId) ?? NOT_BEGUN;

/** What a tick looks at. */
export interface Situation {
  readonly now: Instant;
  readonly standing: RunStanding;
  readonly capacities: Capacities;
}

/** Whether a task has been sent off and is not over. */
export const isUnderWay = ({ state }: TaskStanding): boolean =>
  state === 'running' || state === 'validating';
