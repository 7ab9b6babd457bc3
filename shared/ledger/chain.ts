import { canonicalJson } from './canonical-json.ts';
import type { UnsealedEnvelope } from './envelope.ts';
import type { Json } from './json.ts';

/** The end of a chain: where the next envelope continues. */
export interface ChainHead {
  /** Position of the last envelope, 0 before the first. */
  readonly position: number;
  /** Hash of the last envelope, 64 zeros before the first. */
  readonly hash: string;
}

/** The head of an empty chain. */
export const EMPTY_HEAD: ChainHead = { position: 0, hash: '0'.repeat(64) };

/**
 * The text an envelope's hash is taken of: its canonical JSON without `hash`. The hash of the envelope before is part of it,
 * so that none can be changed alone. The names stand here in their order, since every append writes them for every event.
 * Errors: a field that an envelope must have and has not is a bug and throws.
 * Source: RFC 8785, JSON Canonicalization Scheme, section 3.2.3.
 */
export function toSealedText(envelope: UnsealedEnvelope): string {
  const { scope, transition } = envelope;
  return (
    `{"actor":${canonicalJson(envelope.actor)},"at":${canonicalJson(envelope.at)}` +
    toField('causationId', envelope.causationId) +
    toField('correlationId', envelope.correlationId) +
    toField('idempotencyKey', envelope.idempotencyKey) +
    `,"payload":${canonicalJson(envelope.payload)},"position":${canonicalJson(envelope.position)}` +
    `,"previousHash":${canonicalJson(envelope.previousHash)}` +
    toField('scope', scope === undefined ? undefined : { ...scope }) +
    `,"stream":${canonicalJson(envelope.stream)}` +
    toField('transition', transition === undefined ? undefined : { ...transition }) +
    `,"type":${canonicalJson(envelope.type)},"version":${canonicalJson(envelope.version)}}`
  );
}

/** What an event does not have is left out, so that older events keep their hash. */
const toField = (name: keyof UnsealedEnvelope, value: Json | undefined): string =>
  value === undefined ? '' : `,"${name}":${canonicalJson(value)}`;
