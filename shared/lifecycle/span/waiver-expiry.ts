import type { Instant } from '#shared/kernel/index.ts';
import type { GateNews } from '../gate/gate-events.ts';
import type { Gate, GateEvaluation } from '../gate/gate-status.ts';
import { listExpired, type Waiver } from '../gate/waiver.ts';
import { type GuardingGate, toGateBlocks } from './gates-block.ts';
import type { RunView, SpanStep } from './run-view.ts';

/** A gate as an evaluation at the present moment found it, and what may not go on without it. */
export type EvaluatedGate = GateEvaluation & Pick<Gate, 'scope'> & Pick<GuardingGate, 'guards'>;

/** The waivers, the moment of the last look at them and the moment of this one. */
export interface WaiverWatch {
  readonly waivers: readonly Waiver[];
  readonly since: Instant;
  readonly at: Instant;
  readonly by: string;
}

/** What the end of waivers brings about. */
export interface Resurfacing {
  /** One for each gate the waiver had covered something of. */
  readonly news: readonly GateNews[];
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
  const ended = listExpired(watch.waivers, since, at).flatMap((waiver) =>
    gates
      .filter(({ scope }) => scope === waiver.scope)
      .flatMap(({ gateId, checks }) => checks.map((check) => ({ ...check, gateId })))
      .filter(({ checkId }) => checkId === waiver.checkId)
      .map(({ gateId, status }) => ({ gateId, status, waiver })),
  );
  const news = ended.map(({ gateId, status, waiver: { waiverId } }): GateNews => {
    return { gateId, event: { at, type: 'waiver_expired', waiverId, status } };
  });
  const [first] = ended.map(({ waiver }) => waiver.expiresAt).sort();
  const blocks = toGateBlocks(view, gates, { at, by });
  const { runId: id, state } = view.run;
  if (state !== 'succeeded' || first === undefined) return { news, steps: blocks };
  const note = { text: WAIVER_NOTE, waiverExpiredAt: first };
  return {
    news,
    steps: [...blocks, { entity: 'run', id, command: { at, by, type: 'note', ...note } }],
  };
}
