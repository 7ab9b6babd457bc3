import type { Instant, Sha256 } from '#shared/kernel/index.ts';
import { canonicalJson } from '../canonical-json.ts';
import { EMPTY_HEAD } from '../chain.ts';
import type { NewEvent, TransitionNote } from '../envelope.ts';
import type { Json } from '../json.ts';
import { DECIDERS, type EntityType, type EventOf, type StateOf } from './machines.ts';

/** A JSON object: what a document and a payload are. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/** One line of an entity's history: the state it came to, and how. */
export interface HistoryRow {
  readonly state: string;
  readonly at: Instant;
  readonly trigger: string;
  /** Who caused it: an account, a worker's id or `system`. */
  readonly actor: string;
  readonly reason?: string;
  /** SHA-256 of the hash before and this row, so that no line can be taken out of a document unseen. */
  readonly hash: string;
}

/** An entity, and all that its events have told of it. */
export interface Entry<Type extends EntityType = EntityType> {
  readonly entity: Type;
  readonly id: string;
  /** The fields of its document that never change. */
  readonly definition: JsonObject;
  readonly state: StateOf<Type>;
  readonly history: readonly HistoryRow[];
}

/** Every entity that is known, by its id, for each type. */
export type Books = {
  readonly [Type in EntityType]: ReadonlyMap<string, Entry<Type>>;
};

/** What an envelope says about an event beside the event itself. */
export type Told = Pick<NewEvent, 'at' | 'actor' | 'transition'>;

/** An entity before its birth. */
export const unborn = <Type extends EntityType>(entity: Type, id: string): Entry<Type> => ({
  entity,
  id,
  definition: {},
  state: DECIDERS[entity].initial,
  history: [],
});

/** The entity after one more of its events. */
export function evolveEntry<Type extends EntityType>(
  entry: Entry<Type>,
  event: EventOf<Type>,
  { told, sha256 }: { readonly told: Told; readonly sha256: Sha256 },
): Entry<Type> {
  const state = DECIDERS[entry.entity].evolve(entry.state, event);
  const { transition } = told;
  if (transition === undefined) return { ...entry, state };
  const reason = 'reason' in event && typeof event.reason === 'string' ? event.reason : undefined;
  const row = toHistoryRow({ ...told, transition }, reason);
  const before = entry.history.at(-1)?.hash ?? EMPTY_HEAD.hash;
  const hash = sha256(`${before}${canonicalJson({ ...row })}`);
  return { ...entry, state, history: [...entry.history, { ...row, hash }] };
}

function toHistoryRow(
  { at, actor, transition }: Told & { readonly transition: TransitionNote },
  reason: string | undefined,
): Omit<HistoryRow, 'hash'> {
  const { to: state, trigger } = transition;
  return { state, at, trigger, actor, ...(reason === undefined ? {} : { reason }) };
}
