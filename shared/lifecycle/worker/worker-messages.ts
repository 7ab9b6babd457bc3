import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { WorkerState, WorkerTrigger } from './worker-lifecycle.ts';

/** What a worker is there for. */
export type WorkerType = 'executor' | 'monitor' | 'validator' | 'scheduler' | 'custom';

/** How long a worker may take and how long it may be silent. */
export interface WorkerConfig {
  /** Between two signs of life. Units: ms. */
  readonly heartbeatMs: Ms;
  /** Silence after which an idle or busy worker counts as lost. Units: ms. */
  readonly lostAfterMs: Ms;
  /** Silence after which it counts as dead. Units: ms. */
  readonly deadAfterMs: Ms;
  /** How long a lease lasts; each heartbeat renews it. Units: ms. */
  readonly leaseMs: Ms;
}

/** What a worker is born with. */
export interface WorkerBirth {
  readonly workerId: string;
  readonly workerType: WorkerType;
  readonly adapterType: string;
  readonly capabilities: readonly string[];
  /** What it is kept for; a task that names an affinity goes to such a worker only. */
  readonly affinity?: string;
  readonly config: WorkerConfig;
}

/** Why a worker is said to be dead; only silence and a start that takes too long have to be shown. */
export type CrashReason = 'process_ended' | 'orchestrator_crash' | 'start_timeout' | 'silent';

/** How a worker came off its task. */
export type ReleaseOutcome = 'completed' | 'failed' | 'canceled' | 'retrying';

/**
 * What may be asked of a worker, with the facts its guards judge. The asker looks them up; `decide` reads nothing else.
 * `heartbeat` and `release` are no triggers: they move nothing, save that a heartbeat of a lost worker is its recovery.
 */
export type WorkerCommand = Asked &
  (
    | ({ readonly type: 'create' } & WorkerBirth)
    | { readonly type: 'ready'; readonly capabilities: readonly string[] }
    | ({ readonly type: 'assign' } & AssignFacts)
    | ({ readonly type: 'finish' } & Release)
    | { readonly type: 'pause' | 'drain'; readonly reason: string }
    | { readonly type: 'resume' | 'recover' }
    | {
        readonly type: 'resume_task';
        /** The newest lease of the task it holds. */
        readonly leaseToken: number;
      }
    | {
        readonly type: 'stop';
        readonly reason: string;
        /** Stops it although it holds a task; that task then needs another worker. */
        readonly force: boolean;
      }
    | ({ readonly type: 'lose' } & Hearing)
    | ({ readonly type: 'crash'; readonly reason: CrashReason; readonly message: string } & Hearing)
    | {
        readonly type: 'heartbeat';
        readonly leaseToken?: number;
        /** Share of its capacity in use. */
        readonly load: number;
      }
    | ({ readonly type: 'release' } & Release)
  );

/** What must hold before a worker takes a task, and the lease it takes it under. */
export interface AssignFacts {
  readonly taskId: string;
  readonly leaseToken: number;
  readonly isTaskQueued: boolean;
  readonly requiredCapabilities: readonly string[];
  readonly requiredAffinity?: string;
  /** Whoever holds a live lease on the task. */
  readonly leaseHolder?: string;
}

/** The lease a worker lays down, and how its task came off. */
export interface Release {
  readonly leaseToken: number;
  readonly outcome: ReleaseOutcome;
}

/** The newest sign of life, where it was too close to the one before to be stored. */
export interface Hearing {
  readonly heardAt?: Instant;
}

/** What has happened to a worker. */
export type WorkerEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'worker_created' } & WorkerBirth)
        | {
            readonly type: 'worker_became_ready';
            readonly startMs: Ms;
            readonly capabilities: readonly string[];
          }
        | {
            readonly type: 'worker_assigned';
            readonly taskId: string;
            readonly leaseToken: number;
            readonly leaseExpiresAt: Instant;
          }
        | {
            readonly type: 'worker_released';
            readonly taskId: string;
            readonly outcome: ReleaseOutcome;
            readonly durationMs: Ms;
          }
        | {
            readonly type: 'worker_paused' | 'worker_drain_started';
            readonly reason: string;
            readonly heldTaskId?: string;
          }
        | { readonly type: 'worker_resumed'; readonly pausedMs: Ms; readonly heldTaskId?: string }
        | {
            readonly type: 'worker_stopped';
            readonly reason: string;
            readonly forced: boolean;
            readonly taskId?: string;
          }
        | { readonly type: 'worker_lost'; readonly silentMs: Ms; readonly taskId?: string }
        | { readonly type: 'worker_recovered'; readonly silentMs: Ms }
        | {
            readonly type: 'worker_crashed';
            readonly reason: CrashReason;
            readonly message: string;
            readonly silentMs: Ms;
            readonly taskId?: string;
          }
        | {
            readonly type: 'worker_heartbeat';
            readonly leaseToken?: number;
            readonly load: number;
            /** Until when the lease now lasts. */
            readonly leaseExpiresAt?: Instant;
          }
      ));

/** Why a worker says no, with the facts that let the asker ask better. */
export type WorkerRefusal =
  | Unlawful<WorkerState, WorkerTrigger | 'heartbeat' | 'release'>
  | { readonly code: 'REASON_REQUIRED' | 'CAPABILITIES_MISSING' | 'TASK_NOT_QUEUED' }
  | { readonly code: 'CAPABILITY_MISMATCH'; readonly missing: readonly string[] }
  | { readonly code: 'AFFINITY_MISMATCH'; readonly requiredAffinity: string | undefined }
  | { readonly code: 'LEASE_HELD'; readonly leaseHolder: string | undefined }
  | {
      readonly code: 'STALE_LEASE';
      readonly leaseToken: number;
      readonly currentToken: number | undefined;
    }
  | { readonly code: 'TASK_HELD'; readonly heldTaskId: string | undefined }
  | { readonly code: 'NO_TASK_HELD' }
  | { readonly code: 'HEARTBEAT_FRESH'; readonly silentMs: Ms }
  | { readonly code: 'WORKER_GONE'; readonly from: WorkerState };
