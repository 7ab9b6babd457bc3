import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { RunFailReason, RunState, RunTrigger } from './run-lifecycle.ts';

/** What every command carries: when it was meant to happen, and who asked. */
export interface RunAsked {
  readonly at: Instant;
  /** An account or `system`. */
  readonly by: string;
}

/** What a person's run is about; a plan's run has its plan instead. */
export interface RunWork {
  readonly task: string;
  readonly person: string;
  /** The day hours were logged for, `YYYY-MM-DD`; absent where a clock ran. */
  readonly day?: string;
}

/** Why a plan cannot start. */
export type PlanFault = 'cycle' | 'missing_dependency';

/** What may be asked of a run, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type RunCommand = RunAsked &
  (
    | ({ readonly type: 'create' } & RunBirth)
    | { readonly type: 'enqueue'; readonly isConfigValid: boolean; readonly queueDepth: number }
    | {
        readonly type: 'start';
        readonly planFault?: PlanFault;
        readonly isSlotFree: boolean;
        readonly isBudgetReservable: boolean;
        readonly taskCount: number;
      }
    | { readonly type: 'pause'; readonly reason: string; readonly inFlightTasks: number }
    | {
        readonly type: 'resume';
        readonly isHardStopped: boolean;
        readonly isBudgetReservable: boolean;
      }
    | {
        readonly type: 'begin_validation';
        readonly openWorkstreams: number;
        readonly requiredGates: readonly string[];
        readonly openPatches: number;
      }
    | { readonly type: 'reopen'; readonly reason: string; readonly taskIds: readonly string[] }
    | ({ readonly type: 'succeed' } & SuccessFacts)
    | { readonly type: 'fail'; readonly reason: RunFailReason; readonly errorId?: string }
    | {
        readonly type: 'quarantine';
        readonly reason: string;
        readonly patchId?: string;
        readonly errorId?: string;
      }
    | { readonly type: 'cancel'; readonly reason: string; readonly openTasks: number }
  );

/** What a run must show before it may be called done. */
export interface SuccessFacts {
  /** Required gates that are neither passed nor validly waived at that instant. */
  readonly openGates: readonly string[];
  /** Workstreams that are neither completed, nor skipped, nor failed without being critical. */
  readonly openWorkstreams: number;
  /** Patches not yet settled, and required patches not yet committed. */
  readonly openPatches: number;
  /** Whether any required gate or acceptance check is attached; then success passes through validation. */
  readonly hasAcceptance: boolean;
  readonly waivedGates: readonly string[];
  readonly failedWorkstreams: number;
  readonly tasksCompleted: number;
}

/** What a run is born with. */
export interface RunBirth {
  readonly runId: string;
  readonly maxFixLoops: number;
  readonly work?: RunWork;
}

/** What every event carries: when it happened, and whether a clock that ran backwards had to be corrected. */
export interface RunHappened {
  readonly at: Instant;
  readonly clockAdjusted?: true;
}

/** What has happened to a run. */
export type RunEvent = RunHappened &
  (
    | ({ readonly type: 'run_created' } & RunBirth)
    | { readonly type: 'run_queued'; readonly queueDepth: number }
    | { readonly type: 'run_started'; readonly waitMs: Ms; readonly taskCount: number }
    | { readonly type: 'run_paused'; readonly reason: string; readonly inFlightTasks: number }
    | { readonly type: 'run_resumed'; readonly pausedMs: Ms }
    | {
        readonly type: 'run_validation_started';
        readonly requiredGates: readonly string[];
        readonly openPatches: number;
      }
    | {
        readonly type: 'run_reopened';
        readonly fixLoop: number;
        readonly reason: string;
        readonly taskIds: readonly string[];
      }
    | {
        readonly type: 'run_succeeded';
        readonly durationMs: Ms;
        readonly activeMs: Ms;
        readonly tasksCompleted: number;
        readonly waivedGates: readonly string[];
        readonly failedWorkstreams: number;
      }
    | {
        readonly type: 'run_failed';
        readonly reason: RunFailReason;
        readonly errorId?: string;
        readonly exitCode: 1;
        readonly durationMs: Ms;
      }
    | {
        readonly type: 'run_quarantined';
        readonly reason: string;
        readonly patchId?: string;
        readonly errorId?: string;
      }
    | { readonly type: 'run_canceled'; readonly reason: string; readonly openTasks: number }
  );

/** Why a run says no, with the facts that let the asker ask better. */
export type RunRefusal =
  | { readonly code: 'ENTITY_UNKNOWN' }
  | { readonly code: 'FINAL_STATE'; readonly from: RunState }
  | {
      readonly code: 'ILLEGAL_TRANSITION';
      readonly from: RunState;
      readonly trigger: RunTrigger | 'create';
    }
  | { readonly code: 'ACTOR_REQUIRED' | 'REASON_REQUIRED' | 'EVIDENCE_REQUIRED' }
  | { readonly code: 'RUN_CONFIG_INVALID' | 'RUN_NO_SLOT' | 'BUDGET_EXHAUSTED' }
  | { readonly code: 'RUN_HARD_STOPPED' }
  | { readonly code: 'PLAN_INVALID'; readonly fault: PlanFault }
  | { readonly code: 'RUN_WORK_OPEN'; readonly openWorkstreams: number }
  | { readonly code: 'RUN_PATCHES_OPEN'; readonly openPatches: number }
  | { readonly code: 'RUN_GATES_OPEN'; readonly openGates: readonly string[] }
  | { readonly code: 'RUN_FIX_LIMIT'; readonly maxFixLoops: number };
