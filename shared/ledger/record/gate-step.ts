import type { GateNews, Waiver } from '#shared/lifecycle/index.ts';
import type { DocumentStep, StreamEvent } from './document-event.ts';
import type { JsonObject } from './entry.ts';

/** What became known of a gate, as an event of the gate's stream. A gate has no state of its own, so no document changes with it. */
export function toGateEvent({ gateId, event }: GateNews, by: string): StreamEvent {
  const { type, at, ...facts } = event;
  return { stream: toStream(gateId), event: { type, at, actor: by, payload: toJson(facts) } };
}

/** A waiver as it stands after its grant or revocation, and the event of it in the stream of the gate it is for. */
export function toWaiverStep(
  waiver: Waiver,
  { gateId, event }: GateNews,
  by: string,
): DocumentStep {
  const { type, at, ...facts } = event;
  return {
    table: 'waivers',
    id: waiver.waiverId,
    document: toJson({ schema: 'waiver.v1', ...waiver }),
    at,
    by,
    type,
    stream: toStream(gateId),
    facts: toJson(facts),
  };
}

const toStream = (gateId: string): string => `gate/${gateId}`;

const toJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));
