import type { Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { StepFailureKind, StepState, StepTrigger } from './step-lifecycle.ts';

/** What a step attempt is born with; none of it ever changes. */
export interface StepBirth {
  readonly stepAttemptId: string;
  readonly taskId: string;
  /** The routing decision that chose the tool. */
  readonly decisionId: string;
  readonly toolId: string;
  /** The task's try it is. Range: integer ≥ 1. */
  readonly attempt: number;
  /** Place among the attempts of its run. Range: integer ≥ 1, rising by one. */
  readonly sequence: number;
}

/** What may be asked of a step attempt, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type StepCommand = Asked &
  (
    | ({
        readonly type: 'create';
        /** An attempt is made only while its run is running. */
        readonly isRunRunning: boolean;
      } & StepBirth)
    | {
        readonly type: 'start';
        readonly isRunRunning: boolean;
        readonly workerId: string;
        readonly leaseToken: number;
        /** The newest lease of the task. */
        readonly currentToken: number;
        /** Whether the tool's circuit breaker refuses calls. */
        readonly isBreakerOpen: boolean;
      }
    | {
        readonly type: 'succeed';
        /** The stored tool result; empty where none is stored. */
        readonly toolResultId: string;
        /** Absent for tools that have none. */
        readonly exitCode?: number;
        readonly patchIds: readonly string[];
      }
    | {
        readonly type: 'fail';
        readonly failureKind: StepFailureKind;
        readonly toolResultId?: string;
        readonly exitCode?: number;
        readonly errorId?: string;
      }
    | { readonly type: 'cancel'; readonly reason: string }
  );

/** What has happened to a step attempt. */
export type StepEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'step_created' } & StepBirth)
        | {
            readonly type: 'step_started';
            readonly toolId: string;
            readonly attempt: number;
            readonly sequence: number;
            readonly workerId: string;
            readonly leaseToken: number;
          }
        | {
            readonly type: 'step_succeeded';
            readonly durationMs: Ms;
            readonly toolResultId: string;
            readonly exitCode?: number;
            readonly patchIds: readonly string[];
          }
        | {
            readonly type: 'step_failed';
            readonly failureKind: StepFailureKind;
            readonly durationMs: Ms;
            readonly toolResultId?: string;
            readonly exitCode?: number;
            readonly errorId?: string;
          }
        | { readonly type: 'step_canceled'; readonly reason: string }
      ));

/** Why a step attempt says no, with the facts that let the asker ask better. */
export type StepRefusal =
  | Unlawful<StepState, StepTrigger>
  | { readonly code: 'REASON_REQUIRED' | 'RUN_NOT_RUNNING' | 'BREAKER_OPEN' | 'RESULT_MISSING' }
  | { readonly code: 'STALE_LEASE'; readonly leaseToken: number; readonly currentToken: number };
