import type { Instant } from '#shared/kernel/index.ts';
import type { Json } from './json.ts';

/** An event not yet in the ledger. */
export interface NewEvent {
  readonly type: string;
  readonly at: Instant;
  /** Who caused it: an account, or `worker`. */
  readonly actor: string;
  readonly payload: Json;
  /** Set iff it moved a lifecycle. */
  readonly transition?: TransitionNote;
  /** The work it belongs to, so that a reader can choose without folding. */
  readonly scope?: EventScope;
  /** The first event of the affair it belongs to; absent where it stands alone. */
  readonly correlationId?: string;
  /** The event that brought it about. */
  readonly causationId?: string;
}

/** The run, and the part of it, an event belongs to. */
export interface EventScope {
  readonly runId?: string;
  readonly phaseId?: string;
  readonly workstreamId?: string;
  readonly taskId?: string;
}

/** Which cell of its machine's table an event went through. */
export interface TransitionNote {
  readonly from: string;
  readonly trigger: string;
  readonly to: string;
}

/** An event in its place, before its hash is known. */
export interface UnsealedEnvelope extends NewEvent {
  /** Place in the whole ledger, from 1, without gaps. */
  readonly position: number;
  readonly stream: string;
  /** Place in its stream, from 1, without gaps. */
  readonly version: number;
  /** The intention it came of; all events of one append carry the same. */
  readonly idempotencyKey?: string;
  /** SHA-256 of the envelope before, 64 zeros for the first. */
  readonly previousHash: string;
}

/** An event as the ledger keeps it. */
export interface Envelope extends UnsealedEnvelope {
  /** SHA-256 of this envelope's canonical JSON without `hash`. */
  readonly hash: string;
}
