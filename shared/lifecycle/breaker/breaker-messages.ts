import type { Ms } from '#shared/kernel/index.ts';
import type { Asked, Happened, OverrideRecorded, Unlawful } from '../transition.ts';
import type { BreakerState, BreakerTrigger } from './breaker-lifecycle.ts';

/** What a breaker is born with. */
export interface BreakerBirth {
  readonly toolId: string;
}

/** What may be asked of a breaker, with the facts its guards judge. */
export type BreakerCommand = Asked &
  (
    | ({ readonly type: 'create' } & BreakerBirth)
    | {
        readonly type: 'trip';
        /** Faults of the tool in a row. */
        readonly faults: number;
      }
    | {
        readonly type: 'probe' | 'close' | 'reopen';
        /** The one call that tries the tool again. */
        readonly probeId: string;
      }
  );

/** What has happened to a breaker. */
export type BreakerEvent =
  | OverrideRecorded
  | (Happened &
      (
        | ({ readonly type: 'breaker_created' } & BreakerBirth)
        | {
            readonly type: 'breaker_tripped' | 'breaker_reopened';
            readonly faults: number;
            /** Until a probe is let through. Units: ms. */
            readonly cooldownMs: Ms;
          }
        | {
            readonly type: 'breaker_half_opened';
            /** Since it last opened. Units: ms. */
            readonly openMs: Ms;
            readonly probeId: string;
          }
        | {
            readonly type: 'breaker_closed';
            /** Since it tripped. Units: ms. */
            readonly openMs: Ms;
          }
      ));

/** Why a breaker says no, with the facts that let the asker ask better. */
export type BreakerRefusal =
  | Unlawful<BreakerState, BreakerTrigger>
  | { readonly code: 'BELOW_THRESHOLD'; readonly faults: number; readonly threshold: number }
  | { readonly code: 'COOLDOWN_OPEN'; readonly leftMs: Ms }
  | { readonly code: 'BREAKER_OPEN'; readonly probeId: string | undefined };
