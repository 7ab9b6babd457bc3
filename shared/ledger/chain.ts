import { canonicalJson } from './canonical-json.ts';
import type { NewEvent, UnsealedEnvelope } from './envelope.ts';
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

/** What all events of one append have in common. */
export type SealedTogether = Pick<UnsealedEnvelope, 'stream' | 'idempotencyKey'>;

/** Where an event of an append stands in its stream and in the chain. */
export type PlaceInChain = Pick<UnsealedEnvelope, 'position' | 'version' | 'previousHash'>;

/**
 * The text an envelope's hash is taken of: its canonical JSON without `hash`. The hash of the envelope before is part of it,
 * so that none can be changed alone.
 * Errors: a field that an envelope must have and has not is a bug and throws.
 * Source: RFC 8785, JSON Canonicalization Scheme, section 3.2.3.
 */
export const toSealedText = (envelope: UnsealedEnvelope): string =>
  createSeal(envelope)(envelope, envelope);

/**
 * Writes the texts of {@link toSealedText} for the events of one append. The names stand here in their order, what the events
 * share is written once, and what cannot hold a quotation mark (a moment, a hash, a number) as it is: every append comes
 * through here with every event.
 */
export function createSeal({
  stream,
  idempotencyKey,
}: SealedTogether): (event: NewEvent, place: PlaceInChain) => string {
  const keyField = toField('idempotencyKey', idempotencyKey);
  const streamField = `,"stream":${canonicalJson(stream)}`;
  return (event, { position, version, previousHash }) => {
    const { scope, transition } = event;
    return (
      `{"actor":${canonicalJson(event.actor)},"at":"${event.at}"` +
      toField('causationId', event.causationId) +
      toField('correlationId', event.correlationId) +
      keyField +
      `,"payload":${canonicalJson(event.payload)},"position":${position}` +
      `,"previousHash":"${previousHash}"` +
      toField('scope', scope === undefined ? undefined : { ...scope }) +
      streamField +
      toField('transition', transition === undefined ? undefined : { ...transition }) +
      `,"type":${canonicalJson(event.type)},"version":${version}}`
    );
  };
}

/** What an event does not have is left out, so that older events keep their hash. */
const toField = (name: keyof UnsealedEnvelope, value: Json | undefined): string =>
  value === undefined ? '' : `,"${name}":${canonicalJson(value)}`;
