import type { Instant, Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { WorkTimes } from './run.ts';
import type { RunFailReason, RunState, RunTrigger } from './run-lifecycle.ts';

/** What a person's run is about; a plan's run has its plan instead. */
export interface RunWork {
  readonly task: string;
  readonly person: string;
  /** The day hours were logged for, `YYYY-MM-DD`; absent where a clock ran. */
  readonly day?: string;
}

/** Why a plan cannot start. */
export type PlanFault = 'cycle' | 'missing_dependency';

/**
 * What may be asked of a run, with the facts its guards judge. The asker looks them up; `decide` reads nothing else.
 * `note` and `correct` are no triggers: they may come in every state, also after the end, and move nothing.
 */
export type RunCommand = Asked &
  (
    | ({ readonly type: 'create' } & RunBirth)
    | {
        readonly type: 'enqueue';
        readonly isConfigValid: boolean;
        readonly queueDepth: number;
        readonly priority?: string;
      }
    | {
        readonly type: 'start';
        readonly planFault?: PlanFault;
        readonly isSlotFree: boolean;
        readonly isBudgetReservable: boolean;
        readonly taskCount: number;
        readonly maxParallel?: number;
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
    | ({ readonly type: 'succeed' } & SuccessFacts & RunCost)
    | { readonly type: 'fail'; readonly reason: RunFailReason; readonly errorId?: string }
    | {
        readonly type: 'quarantine';
        readonly reason: string;
        readonly patchId?: string;
        readonly errorId?: string;
      }
    | { readonly type: 'cancel'; readonly reason: string; readonly openTasks: number }
    | ({ readonly type: 'note' } & RunNote)
    | ({ readonly type: 'correct' } & RunCorrection)
  );

/** What a person says the work of a run was; what is not given stays as it is held to be. All left out: it was as it looks. */
export interface RunCorrection {
  readonly reason: string;
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  /** All pauses together. Units: ms. */
  readonly interruptionMs?: Ms | undefined;
  /** The task it was about, and the one it was held to be about. */
  readonly task?: { readonly from: string; readonly to: string } | undefined;
}

/** What a run has cost in all; absent where nobody prices it. */
export interface RunCost {
  /** Decimal text of whole micros, since JSON keeps no large number exactly. */
  readonly costMicros?: string;
  /** ISO 4217. */
  readonly currency?: string;
}

/** A remark about a run. */
export interface RunNote {
  readonly text: string;
  /** When a waiver it had succeeded under ran out. */
  readonly waiverExpiredAt?: Instant;
}

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
  /** What it was asked to do; a person's run has neither config nor plan. */
  readonly runConfigId?: string;
  readonly projectId?: string;
  /** The phases it carries out, in order. */
  readonly phaseIds?: readonly string[];
  readonly triggerType?: string;
  /** The run it tries again. */
  readonly retryOf?: string;
}

/** What has happened to a run. */
export type RunEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'run_created' } & RunBirth)
        | { readonly type: 'run_queued'; readonly queueDepth: number; readonly priority?: string }
        | {
            readonly type: 'run_started';
            readonly waitMs: Ms;
            readonly taskCount: number;
            readonly maxParallel?: number;
          }
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
        | ({
            readonly type: 'run_succeeded';
            readonly durationMs: Ms;
            readonly activeMs: Ms;
            readonly tasksCompleted: number;
            readonly waivedGates: readonly string[];
            readonly failedWorkstreams: number;
          } & RunCost)
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
        | ({ readonly type: 'note_added' } & RunNote)
        | {
            readonly type: 'run_corrected';
            /** What the work was, and what it was held to be before: nothing is erased. */
            readonly work: WorkTimes;
            readonly workBefore: WorkTimes;
            readonly reason: string;
            /** Units: ms. */
            readonly interruptionMs?: Ms;
            readonly task?: { readonly from: string; readonly to: string };
          }
        | { readonly type: RunRemark }
      ));

/** What others note down in a run's stream; it moves nothing. */
export type RunRemark =
  | 'schedule_planned'
  | 'progress_recorded'
  | 'stall_detected'
  | 'stall_cleared';

/** Why a run says no, with the facts that let the asker ask better. */
export type RunRefusal =
  | Unlawful<RunState, RunTrigger>
  | { readonly code: 'REASON_REQUIRED' | 'EVIDENCE_REQUIRED' }
  | { readonly code: 'RUN_CONFIG_INVALID' | 'RUN_NO_SLOT' | 'BUDGET_EXHAUSTED' }
  | { readonly code: 'RUN_HARD_STOPPED' }
  | { readonly code: 'PLAN_INVALID'; readonly fault: PlanFault }
  | { readonly code: 'RUN_WORK_OPEN'; readonly openWorkstreams: number }
  | { readonly code: 'RUN_PATCHES_OPEN'; readonly openPatches: number }
  | { readonly code: 'RUN_GATES_OPEN'; readonly openGates: readonly string[] }
  | { readonly code: 'RUN_FIX_LIMIT'; readonly maxFixLoops: number }
  | RunCorrectionRefusal;

/** Why a run is not corrected. */
export interface RunCorrectionRefusal {
  readonly code:
    | 'ACTOR_REQUIRED'
    | 'ENTITY_UNKNOWN'
    | 'REASON_REQUIRED'
    | 'RUN_NOT_STARTED'
    /** Its end and its pauses are still to come. */
    | 'RUN_OPEN'
    | 'IN_THE_FUTURE'
    | 'END_BEFORE_START'
    | 'INTERRUPTION_TOO_LONG'
    | 'NOTHING_TO_CORRECT';
}
