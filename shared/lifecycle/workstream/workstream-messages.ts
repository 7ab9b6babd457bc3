import type { Ms } from '#shared/kernel/index.ts';
import type { Asked, FailurePolicy, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { WorkstreamState, WorkstreamTrigger } from './workstream-lifecycle.ts';

/** What a workstream is born with; none of it ever changes. */
export interface WorkstreamBirth {
  readonly workstreamId: string;
  readonly phaseId: string;
  readonly name: string;
  /** Whether the run can succeed without it. */
  readonly isCritical: boolean;
  /** Workstreams it waits for. */
  readonly dependsOn: readonly string[];
  /** Rounds of repair after validation. Range: integer ≥ 0. */
  readonly maxFixLoops: number;
  /** What a failure in it means for the rest; absent, the run says so. */
  readonly onFailure?: FailurePolicy;
}

/** How many of its tasks came to which end. */
export interface TaskCounts {
  readonly completed: number;
  readonly failed: number;
  readonly canceled: number;
}

/** What may be asked of a workstream, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type WorkstreamCommand = Asked &
  (
    | ({ readonly type: 'create' } & WorkstreamBirth)
    | {
        readonly type: 'release';
        /** Workstreams it waits for that are neither completed nor skipped. */
        readonly openDependencies: readonly string[];
        readonly isPhaseActive: boolean;
      }
    | { readonly type: 'block'; readonly blockedBy: readonly string[]; readonly reason: string }
    | { readonly type: 'unblock'; readonly openBlockers: readonly string[] }
    | {
        readonly type: 'start';
        readonly isRunRunning: boolean;
        readonly openGates: readonly string[];
        readonly taskCount: number;
      }
    | ({ readonly type: 'begin_validation'; readonly openTasks: number } & TaskCounts)
    | {
        readonly type: 'reopen';
        /** The tasks added to repair what validation found. */
        readonly taskIds: readonly string[];
      }
    | ({
        readonly type: 'complete';
        readonly unmetChecks: readonly string[];
        /** Critical tasks that failed and no completed task has repaired. */
        readonly failedCriticals: readonly string[];
        readonly openGates: readonly string[];
      } & TaskCounts)
    | {
        readonly type: 'fail';
        readonly reason: string;
        readonly taskId?: string;
        readonly errorId?: string;
      }
    | { readonly type: 'skip'; readonly reason: string }
    | { readonly type: 'cancel'; readonly reason: string; readonly openTasks: number }
  );

/** What has happened to a workstream. */
export type WorkstreamEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'workstream_created' } & WorkstreamBirth)
        | { readonly type: 'workstream_released'; readonly waitMs: Ms }
        | {
            readonly type: 'workstream_blocked';
            readonly blockedBy: readonly string[];
            readonly reason: string;
          }
        | { readonly type: 'workstream_unblocked'; readonly blockedMs: Ms }
        | { readonly type: 'workstream_started'; readonly taskCount: number; readonly waitMs: Ms }
        | ({ readonly type: 'workstream_validation_started' } & TaskCounts)
        | {
            readonly type: 'workstream_reopened';
            readonly fixLoop: number;
            readonly taskIds: readonly string[];
          }
        | ({ readonly type: 'workstream_completed'; readonly durationMs: Ms } & TaskCounts)
        | {
            readonly type: 'workstream_failed';
            readonly reason: string;
            readonly taskId?: string;
            readonly errorId?: string;
          }
        | { readonly type: 'workstream_skipped'; readonly reason: string }
        | {
            readonly type: 'workstream_canceled';
            readonly reason: string;
            readonly openTasks: number;
          }
      ));

/** Why a workstream says no, with the facts that let the asker ask better. */
export type WorkstreamRefusal =
  | Unlawful<WorkstreamState, WorkstreamTrigger>
  | { readonly code: 'REASON_REQUIRED' | 'BLOCKER_REQUIRED' | 'FIX_TASK_REQUIRED' }
  | { readonly code: 'PHASE_NOT_ACTIVE' | 'RUN_NOT_RUNNING' }
  | { readonly code: 'DEPENDENCY_OPEN'; readonly openDependencies: readonly string[] }
  | { readonly code: 'STILL_BLOCKED'; readonly openBlockers: readonly string[] }
  | { readonly code: 'GATE_BLOCKED'; readonly openGates: readonly string[] }
  | { readonly code: 'WORKSTREAM_WORK_OPEN'; readonly openTasks: number }
  | { readonly code: 'RUN_FIX_LIMIT'; readonly maxFixLoops: number }
  | { readonly code: 'ACCEPTANCE_UNMET'; readonly unmetChecks: readonly string[] }
  | { readonly code: 'CRITICAL_FAILED'; readonly failedCriticals: readonly string[] };
