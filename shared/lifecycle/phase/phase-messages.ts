import type { Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { PhaseState, PhaseTrigger } from './phase-lifecycle.ts';

/** What a phase is born with; none of it ever changes. */
export interface PhaseBirth {
  readonly phaseId: string;
  readonly name: string;
  readonly category: string;
  /** Place among the phases of its run. Range: integer ≥ 1, once per run. */
  readonly order: number;
  /** Gates it must pass to be left. */
  readonly gateIds: readonly string[];
  /** Rounds of repair after a gate. Range: integer ≥ 0. */
  readonly maxFixLoops: number;
}

/** What may be asked of a phase, with the facts its guards judge. The asker looks them up; `decide` reads nothing else. */
export type PhaseCommand = Asked &
  (
    | ({ readonly type: 'create' } & PhaseBirth)
    | {
        readonly type: 'activate';
        /** Earlier phases that are neither completed nor skipped. */
        readonly openPhases: readonly string[];
        readonly workstreams: number;
      }
    | { readonly type: 'gate'; readonly openWorkstreams: number }
    | { readonly type: 'reopen'; readonly gateIds: readonly string[] }
    | {
        readonly type: 'complete';
        /** Exit gates that are neither passed nor validly waived. */
        readonly openGates: readonly string[];
        readonly openWorkstreams: number;
        readonly waivedGates: readonly string[];
      }
    | {
        readonly type: 'fail';
        readonly reason: string;
        readonly gateId?: string;
        readonly workstreamId?: string;
      }
    | { readonly type: 'skip'; readonly reason: string }
  );

/** What has happened to a phase. */
export type PhaseEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'phase_created' } & PhaseBirth)
        | { readonly type: 'phase_activated'; readonly waitMs: Ms; readonly workstreams: number }
        | { readonly type: 'phase_gated'; readonly requiredGates: readonly string[] }
        | {
            readonly type: 'phase_reopened';
            readonly fixLoop: number;
            readonly gateIds: readonly string[];
          }
        | {
            readonly type: 'phase_completed';
            readonly durationMs: Ms;
            readonly waivedGates: readonly string[];
          }
        | {
            readonly type: 'phase_failed';
            readonly reason: string;
            readonly gateId?: string;
            readonly workstreamId?: string;
          }
        | { readonly type: 'phase_skipped'; readonly reason: string }
      ));

/** Why a phase says no, with the facts that let the asker ask better. */
export type PhaseRefusal =
  | Unlawful<PhaseState, PhaseTrigger>
  | { readonly code: 'REASON_REQUIRED' }
  /** A phase without exit gates is completed, not gated. */
  | { readonly code: 'GATE_EMPTY' }
  | { readonly code: 'PHASE_ORDER'; readonly openPhases: readonly string[] }
  | { readonly code: 'PHASE_WORK_OPEN'; readonly openWorkstreams: number }
  | { readonly code: 'PHASE_GATES_OPEN'; readonly openGates: readonly string[] }
  | { readonly code: 'RUN_FIX_LIMIT'; readonly maxFixLoops: number };
