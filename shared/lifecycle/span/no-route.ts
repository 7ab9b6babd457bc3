import { type Instant, MINUTE_MS, type Ms, toEpochMs, toInstant } from '#shared/kernel/index.ts';
import type { Asked } from '../transition.ts';
import type { SpanStep } from './run-view.ts';

/** A task for which no tool is left at the moment. */
export interface Unroutable {
  readonly taskId: string;
  /** When routing first found none. */
  readonly noRouteSince: Instant;
  /** When tools that are held back, by a breaker or a rate limit, may be asked again. */
  readonly notBefores: readonly Instant[];
  /** How long it is waited for a tool. Units: ms. @default 900 000 */
  readonly noRouteAfterMs?: Ms;
}

/** Waiting until a moment, or, after too long a wait, the failure of the task. */
export type NoRouteEnd = { readonly until: Instant } | { readonly step: SpanStep };

/** How long a task without a tool stays queued. Units: ms. */
export const NO_ROUTE_AFTER_MS: Ms = 15 * MINUTE_MS;

/** What becomes of a queued task for which no tool is left: it stays queued until one may be asked again, and fails only after a long wait. */
export function followNoRoute(
  { taskId: id, noRouteSince, notBefores, noRouteAfterMs = NO_ROUTE_AFTER_MS }: Unroutable,
  { at, by }: Pick<Asked, 'at' | 'by'>,
): NoRouteEnd {
  const deadline = toInstant(toEpochMs(noRouteSince) + noRouteAfterMs);
  if (at >= deadline) {
    return { step: { entity: 'task', id, command: { at, by, type: 'fail', reason: 'no_route' } } };
  }
  const [until = deadline] = [...notBefores.filter((notBefore) => notBefore > at), deadline].sort();
  return { until };
}
