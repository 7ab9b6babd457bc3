import type { Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { GateCheckState, GateCheckTrigger } from './gate-check-lifecycle.ts';
import type { MeasuredCondition } from './measured-condition.ts';

/** What kind of look a check takes. */
export type CheckType =
  | 'unit_tests'
  | 'integration_tests'
  | 'e2e_tests'
  | 'security_scan'
  | 'lint'
  | 'metric'
  | 'custom';

/** What a check is born with; none of it ever changes. */
export interface GateCheckBirth {
  readonly checkRunId: string;
  readonly gateId: string;
  /** The definition it carries out. */
  readonly checkId: string;
  readonly checkType: CheckType;
  readonly required: boolean;
  /** A dry run is shown and counts for nothing. */
  readonly dryRun: boolean;
  /** Range: integer ≥ 1. */
  readonly attempt: number;
  /** The check it repeats; set on every attempt but the first. */
  readonly supersedes?: string;
}

/** Counts of a test run; the parts sum to the total. */
export interface TestResults {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly coveragePercent?: number;
  readonly failures: readonly TestFailure[];
}

/** One test that failed. */
export interface TestFailure {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What a check has found. */
export interface Findings {
  /** Of the output it was read from; empty where none could be read, and then nothing can be judged. */
  readonly outputHash: string;
  /** Absent where an evaluator judged and no program ran. */
  readonly exitCode?: number;
  readonly results?: TestResults;
  readonly conditions: readonly MeasuredCondition[];
}

/** Why a check came to no finding at all. */
export type CheckErrorKind = 'spawn' | 'signal' | 'timeout' | 'parse' | 'exit_code';

/** What a check could not measure. */
export interface CheckError {
  readonly errorKind: CheckErrorKind;
  readonly message: string;
  readonly exitCode?: number;
  readonly signal?: string;
}

/** What keeps a check from an answer. */
export interface OpenFindings {
  readonly reason: string;
  readonly sampleSize?: number;
  readonly neededSize?: number;
  readonly conditions: readonly MeasuredCondition[];
}

/** What may be asked of a check, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type GateCheckCommand = Asked &
  (
    | ({ readonly type: 'create' } & GateCheckBirth)
    | {
        readonly type: 'start';
        /** Checks it depends on that are neither passed nor validly waived. */
        readonly openChecks: readonly string[];
        /** What is run; or an evaluator judges. */
        readonly command?: string;
        readonly evaluator?: string;
        /** Of what is looked at. */
        readonly subjectHash: string;
      }
    | { readonly type: 'block'; readonly blockedBy: readonly string[] }
    | { readonly type: 'unblock'; readonly openBlockers: readonly string[] }
    | CheckVerdict
    | { readonly type: 'skip'; readonly reason: string }
  );

/** How a running check comes out. */
export type CheckVerdict =
  | ({ readonly type: 'pass' | 'fail' } & Findings)
  | ({ readonly type: 'record_error' } & CheckError)
  | ({ readonly type: 'leave_open' } & OpenFindings);

/** What has happened to a check. */
export type GateCheckEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'gate_check_created' } & GateCheckBirth)
        | {
            readonly type: 'gate_check_started';
            readonly command?: string;
            readonly evaluator?: string;
            readonly subjectHash: string;
          }
        | { readonly type: 'gate_check_blocked'; readonly blockedBy: readonly string[] }
        | { readonly type: 'gate_check_unblocked'; readonly blockedMs: Ms }
        | ({ readonly type: 'gate_check_passed'; readonly durationMs: Ms } & Findings)
        | ({
            readonly type: 'gate_check_failed';
            readonly durationMs: Ms;
            readonly failures: readonly TestFailure[];
          } & Findings)
        | ({ readonly type: 'gate_check_errored'; readonly durationMs: Ms } & CheckError)
        | ({
            readonly type: 'gate_check_left_inconclusive';
            readonly durationMs: Ms;
          } & OpenFindings)
        | { readonly type: 'gate_check_skipped'; readonly reason: string }
      ));

/** Why a check says no, with the facts that let the asker ask better. */
export type GateCheckRefusal =
  | Unlawful<GateCheckState, GateCheckTrigger>
  | { readonly code: 'REASON_REQUIRED' | 'BLOCKER_REQUIRED' }
  | { readonly code: 'GATE_UNRUNNABLE' | 'RESULT_MISSING' | 'NOTHING_FAILED' }
  | { readonly code: 'GATE_BLOCKED'; readonly openChecks: readonly string[] }
  | { readonly code: 'STILL_BLOCKED'; readonly openBlockers: readonly string[] }
  | { readonly code: 'CRITERIA_UNMET'; readonly unmetKeys: readonly string[] };
