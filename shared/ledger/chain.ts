import { accept, type Result, refuse, type Sha256 } from '#shared/kernel/index.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Envelope, UnsealedEnvelope } from './envelope.ts';

/** The end of a chain: where the next envelope continues. */
export interface ChainHead {
  /** Position of the last envelope, 0 before the first. */
  readonly position: number;
  /** Hash of the last envelope, 64 zeros before the first. */
  readonly hash: string;
}

/** Where a chain is broken: a place left out, a link to another envelope, or a content its hash does not fit. */
export interface ChainFault {
  readonly code: 'POSITION_SKIPPED' | 'LINK_BROKEN' | 'CONTENT_CHANGED';
  /** The position that should have followed. */
  readonly position: number;
  readonly expected: string;
  readonly received: string;
}

/** The head of an empty chain. */
export const EMPTY_HEAD: ChainHead = { position: 0, hash: '0'.repeat(64) };

/** The text an envelope's hash is taken of: its canonical JSON without `hash`. */
export function toSealedText(envelope: UnsealedEnvelope): string {
  const { position, stream, version, type, at, actor, payload, previousHash } = envelope;
  const { idempotencyKey, transition, scope, correlationId, causationId } = envelope;
  return canonicalJson({
    position,
    stream,
    version,
    type,
    at,
    actor,
    payload,
    previousHash,
    // What an event does not have is left out, so that older events keep their hash.
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    ...(transition === undefined ? {} : { transition: { ...transition } }),
    ...(scope === undefined ? {} : { scope: { ...scope } }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(causationId === undefined ? {} : { causationId }),
  });
}

/** The hash of an envelope. The hash of the envelope before is part of it, so that none can be changed alone. */
export const hashEnvelope = (envelope: UnsealedEnvelope, sha256: Sha256): string =>
  sha256(toSealedText(envelope));

/** The head after one more envelope, or why it does not continue the chain. */
export function checkNext(
  head: ChainHead,
  envelope: Envelope,
  sha256: Sha256,
): Result<ChainHead, ChainFault> {
  const position = head.position + 1;
  if (envelope.position !== position) {
    const received = String(envelope.position);
    return refuse({ code: 'POSITION_SKIPPED', position, expected: String(position), received });
  }
  if (envelope.previousHash !== head.hash) {
    const received = envelope.previousHash;
    return refuse({ code: 'LINK_BROKEN', position, expected: head.hash, received });
  }
  const hash = hashEnvelope(envelope, sha256);
  if (envelope.hash !== hash) {
    return refuse({ code: 'CONTENT_CHANGED', position, expected: envelope.hash, received: hash });
  }
  return accept({ position, hash });
}

/** The head after all envelopes, or the first that does not continue the chain. A long chain is checked page by page, each from the head before. */
export function verifyChain(
  envelopes: Iterable<Envelope>,
  sha256: Sha256,
  head: ChainHead = EMPTY_HEAD,
): Result<ChainHead, ChainFault> {
  let checked = head;
  for (const envelope of envelopes) {
    const next = checkNext(checked, envelope, sha256);
    if (!next.ok) return next;
    checked = next.value;
  }
  return accept(checked);
}
