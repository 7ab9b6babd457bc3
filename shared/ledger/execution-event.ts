import { SEVERITIES, type Severity, severityOf } from '#shared/contracts/index.ts';
import { toEpochMs, toUlid } from '#shared/kernel/index.ts';
import type { Envelope, EventScope } from './envelope.ts';
import type { Json } from './json.ts';

/** An event as other programs read it: the document of contract `execution_event.v1`. */
export interface ExecutionEvent extends EventScope {
  readonly schema: 'execution_event.v1';
  /** Named after its moment and its content, so that the same event has the same id wherever it is read. */
  readonly eventId: string;
  readonly position: number;
  readonly type: string;
  readonly severity: Severity;
  readonly at: string;
  readonly entityType: string;
  readonly entityId: string;
  readonly version?: number;
  readonly fromState?: string;
  readonly toState?: string;
  readonly trigger?: string;
  readonly actor: { readonly kind: ActorKind; readonly id: string };
  readonly correlationId: string;
  readonly causationId?: string;
  readonly idempotencyKey?: string;
  readonly payload: Json;
}

/** Who can cause an event. */
export type ActorKind = 'system' | 'worker' | 'person';

/** The document an envelope is told to the outside as. A stream's name is its entity: `task/<id>`. */
export function toExecutionEvent(envelope: Envelope): ExecutionEvent {
  const { position, type, at, actor, payload, stream, version, hash } = envelope;
  const { transition, scope = {}, causationId, idempotencyKey } = envelope;
  const eventId = toUlid(toEpochMs(at), hash);
  const [entityType, entityId] = splitStream(stream);
  return {
    schema: 'execution_event.v1',
    eventId,
    position,
    type,
    at,
    entityType,
    entityId,
    severity: severityOf(type, toRecordSeverity(payload)),
    ...(transition === undefined ? {} : { version, ...toMove(transition) }),
    actor: { kind: toActorKind(actor), id: actor },
    ...scope,
    correlationId: envelope.correlationId ?? eventId,
    ...(causationId === undefined ? {} : { causationId }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    payload,
  };
}

/** The entity type and id a stream is named after. A name without a slash is a type that exists once. */
export function splitStream(stream: string): readonly [entityType: string, entityId: string] {
  const slash = stream.indexOf('/');
  return slash < 0 ? [stream, stream] : [stream.slice(0, slash), stream.slice(slash + 1)];
}

const toMove = ({ from, trigger, to }: NonNullable<Envelope['transition']>) => ({
  // A birth comes from nowhere, and no machine lists that as a state.
  ...(from === 'none' ? {} : { fromState: from }),
  trigger,
  toState: to,
});

/** An event that tells of a record is as severe as the record, which says so itself. */
function toRecordSeverity(payload: Json): Severity | undefined {
  const isObject = typeof payload === 'object' && payload !== null && 'severity' in payload;
  return isObject ? SEVERITIES.find((one) => one === payload['severity']) : undefined;
}

/** Who an actor's name belongs to. */
export function toActorKind(actor: string): ActorKind {
  if (actor === 'system') return 'system';
  return actor === 'worker' || actor.startsWith('worker/') ? 'worker' : 'person';
}
