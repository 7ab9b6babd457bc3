import type { Instant } from '#shared/kernel/index.ts';
import type { GateEvent } from '../gate/gate-events.ts';
import type { GateEvaluation } from '../gate/gate-status.ts';
import { listExpired, type Waiver } from '../gate/waiver.ts';
import { type GuardingGate, toGateBlocks } from './gates-block.ts';
import type { RunView, SpanStep } from './run-view.ts';

/** A gate as an evaluation at the present moment found it, and what may not go on without it. */
export type EvaluatedGate = GateEvaluation & Pick<GuardingGate, 'guards'>;

/** The waivers, the moment of the last look at them and the moment of this one. */
export interface WaiverWatch {
  readonly waivers: readonly Waiver[];
  readonly since: Instant;
  readonly at: Instant;
  readonly by: string;
}

/** What the end of waivers brings about. */
export interface Resurfacing {
  readonly events: readonly GateEvent[];
  readonly steps: readonly SpanStep[];
}

/** What a run says that succeeded under a waiver that has ended. */
export const WAIVER_NOTE = 'a waiver this run succeeded under has expired';

/**
 * What follows when waivers come to their end: the status they covered shows again and holds up what depends on it. A run that
 * already succeeded stays so, with a note.
 */
export function expireWaivers(
  view: RunView,
  gates: readonly EvaluatedGate[],
  watch: WaiverWatch,
): Resurfacing {
  const { since, at, by } = watch;
  const ended = listExpired(watch.waivers, since, at).flatMap((waiver) => {
    const check = gates
      .flatMap(({ checks }) => checks)
      .find(({ checkId }) => checkId === waiver.checkId);
    return check === undefined ? [] : [{ waiver, status: check.status }];
  });
  const events = ended.map(({ waiver, status }): GateEvent => {
    return { at, type: 'waiver_expired', waiverId: waiver.waiverId, status };
  });
  const [first] = ended.map(({ waiver }) => waiver.expiresAt).sort();
  const blocks = toGateBlocks(view, gates, { at, by });
  const { runId: id, state } = view.run;
  if (state !== 'succeeded' || first === undefined) return { events, steps: blocks };
  const note = { text: WAIVER_NOTE, waiverExpiredAt: first };
  return {
    events,
    steps: [...blocks, { entity: 'run', id, command: { at, by, type: 'note', ...note } }],
  };
}
