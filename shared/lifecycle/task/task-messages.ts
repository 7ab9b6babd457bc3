import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { Asked, FailurePolicy, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { RetryStrategy } from './retry-delay.ts';
import type { TaskState, TaskTrigger } from './task-lifecycle.ts';

/** How urgent a task is to a person. */
export type TaskPriority = 'low' | 'normal' | 'high' | 'critical';

/** What a task is born with; none of it ever changes. */
export interface TaskBirth {
  readonly taskId: string;
  readonly workstreamId: string;
  readonly kind: string;
  /** Whether its failure fails its workstream. */
  readonly isCritical: boolean;
  /** Effort foreseen. Units: ms. */
  readonly estimateMs?: Ms;
  /** Tasks it waits for. */
  readonly dependsOn: readonly string[];
  /** Tries in total, the first included. Range: integer ≥ 1. */
  readonly maxAttempts: number;
  /** @default 'exponential' */
  readonly retryStrategy?: RetryStrategy;
  /** What its failure means for the rest; absent, its workstream says so. */
  readonly onFailure?: FailurePolicy;
  /** The failed task it repairs. */
  readonly fixes?: string;
  /** The finished task it does again. */
  readonly resetOf?: string;
}

/**
 * What may be asked of a task, with the facts its guards judge. The asker looks them up; `decide` reads nothing else.
 * `fence` is no trigger: it makes an older lease worthless and moves nothing. A command of a worker carries its lease.
 */
export type TaskCommand = Asked &
  (
    | ({ readonly type: 'create' } & TaskBirth)
    | ({ readonly type: 'queue' } & QueueFacts & Place)
    | { readonly type: 'block'; readonly blockedBy: readonly string[]; readonly reason: string }
    | { readonly type: 'unblock'; readonly openBlockers: readonly string[] }
    | ({ readonly type: 'start' } & StartFacts)
    | {
        readonly type: 'submit';
        readonly leaseToken: number;
        /** The stored tool result; empty where none is stored, and then nothing can be judged. */
        readonly toolResultId: string;
        readonly patchIds: readonly string[];
      }
    | ({ readonly type: 'complete' } & CompletionFacts)
    | {
        readonly type: 'retry';
        readonly isRetryable: boolean;
        readonly leaseToken?: number;
        /** From the run's seeded generator. Range: 0 ≤ random < 1. */
        readonly random: number;
        readonly errorId?: string;
      }
    | { readonly type: 'requeue'; readonly reason: string }
    | {
        readonly type: 'fail';
        readonly leaseToken?: number;
        readonly reason: string;
        readonly errorId?: string;
      }
    | { readonly type: 'dead_letter' }
    | { readonly type: 'cancel'; readonly reason: string; readonly causeId?: string }
    | { readonly type: 'fence' }
  );

/** Where a task stands among those that are ready. */
export interface Place {
  readonly priority: TaskPriority;
  readonly score: number;
  /** Set where it goes on although something it waits for has failed. */
  readonly degradedInputs?: true;
}

/** What a task waits for before it is queued. */
export interface QueueFacts {
  /** Dependencies whose condition does not hold. */
  readonly openDependencies: readonly string[];
  /** Gates it depends on that are neither passed nor validly waived. */
  readonly openGates: readonly string[];
}

/** What must hold as a try begins, and the lease it begins under. */
export interface StartFacts {
  readonly isRunRunning: boolean;
  readonly openGates: readonly string[];
  /** Paths it needs that another task has locked. */
  readonly heldLocks: readonly string[];
  readonly isBudgetReservable: boolean;
  /** Whoever holds a live lease on it. */
  readonly leaseHolder?: string;
  readonly workerId: string;
  /** Grows with each lease of the task. */
  readonly leaseToken: number;
}

/** What must hold for a task to be called done. */
export interface CompletionFacts {
  /** Required acceptance checks that are not met. */
  readonly unmetChecks: readonly string[];
  readonly openGates: readonly string[];
  /** Its patches that are neither verified nor committed. */
  readonly openPatches: readonly string[];
}

/** What has happened to a task. */
export type TaskEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'task_created' } & TaskBirth)
        | ({ readonly type: 'task_queued' } & Place)
        | {
            readonly type: 'task_blocked';
            readonly blockedBy: readonly string[];
            readonly reason: string;
          }
        | { readonly type: 'task_unblocked'; readonly blockedMs: Ms }
        | {
            readonly type: 'task_started';
            readonly workerId: string;
            readonly leaseToken: number;
            readonly attempt: number;
            readonly waitMs: Ms;
          }
        | {
            readonly type: 'task_submitted';
            readonly attempt: number;
            readonly runMs: Ms;
            readonly toolResultId: string;
            readonly patchIds: readonly string[];
          }
        | {
            readonly type: 'task_completed';
            readonly attempts: number;
            /** From the first start. Units: ms. */
            readonly durationMs: Ms;
            /** Time in which a worker was at it, over all tries. Units: ms. */
            readonly netMs: Ms;
          }
        | {
            readonly type: 'task_retry_scheduled';
            /** The try that failed. */
            readonly attempt: number;
            readonly delayMs: Ms;
            /** When the delay is over. */
            readonly notBefore: Instant;
            readonly errorId?: string;
          }
        | { readonly type: 'task_requeued'; readonly reason: string; readonly attempt: number }
        | {
            readonly type: 'task_failed';
            readonly reason: string;
            readonly errorId?: string;
            readonly attempts: number;
          }
        | {
            readonly type: 'task_dead_lettered';
            readonly attempts: number;
            /** Who held it, in order; once for each try. */
            readonly workerIds: readonly string[];
          }
        | { readonly type: 'task_canceled'; readonly reason: string; readonly causeId?: string }
        | {
            readonly type: 'lease_fenced';
            readonly oldToken: number;
            readonly newToken: number;
            readonly workerId: string;
          }
        | { readonly type: TaskNote }
      ));

/** What others note down in a task's stream; it moves nothing. */
export type TaskNote =
  | 'deadline_missed'
  | 'routing_decided'
  | 'routing_failed'
  | 'routing_fell_back'
  | 'schedule_held';

/** Why a task says no, with the facts that let the asker ask better. */
export type TaskRefusal =
  | Unlawful<TaskState, TaskTrigger | 'fence'>
  | { readonly code: 'REASON_REQUIRED' | 'BLOCKER_REQUIRED' }
  | { readonly code: 'RUN_NOT_RUNNING' | 'BUDGET_EXHAUSTED' | 'RESULT_MISSING' | 'NOT_RETRYABLE' }
  | { readonly code: 'NOT_RUN_YET' }
  | { readonly code: 'DEPENDENCY_OPEN'; readonly openDependencies: readonly string[] }
  | { readonly code: 'GATE_BLOCKED'; readonly openGates: readonly string[] }
  | { readonly code: 'STILL_BLOCKED'; readonly openBlockers: readonly string[] }
  | { readonly code: 'LOCK_HELD'; readonly heldLocks: readonly string[] }
  | { readonly code: 'LEASE_HELD'; readonly leaseHolder: string | undefined }
  | { readonly code: 'STALE_LEASE'; readonly leaseToken: number; readonly currentToken: number }
  | { readonly code: 'ACCEPTANCE_UNMET'; readonly unmetChecks: readonly string[] }
  | { readonly code: 'PATCHES_OPEN'; readonly openPatches: readonly string[] }
  | {
      readonly code: 'ATTEMPTS_SPENT' | 'ATTEMPTS_LEFT';
      readonly attempt: number;
      readonly maxAttempts: number;
    }
  | { readonly code: 'BACKOFF_OPEN'; readonly notBefore: Instant };
