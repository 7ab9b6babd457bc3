import { listEventKinds } from '#shared/contracts/index.ts';
import type { Sha256 } from '#shared/kernel/index.ts';
import type { Envelope } from '../envelope.ts';
import { splitStream } from '../execution-event.ts';
import type { Json } from '../json.ts';
import { type Entry, evolveEntry, type JsonObject, unborn } from './entry.ts';
import { DECIDERS, type EntityType, type EventOf } from './machines.ts';

/** Books that are kept up to date in place: they may hold thousands of entities, and each event changes one. */
export type OpenBooks = {
  readonly [Type in EntityType]: Map<string, Entry<Type>>;
};

/** Books in which nobody is known yet. */
export const openBooks = (): OpenBooks => ({
  run: new Map(),
  phase: new Map(),
  workstream: new Map(),
  task: new Map(),
  step: new Map(),
  worker: new Map(),
  patch: new Map(),
  gate_check: new Map(),
  breaker: new Map(),
});

/** Writes an entity down as it now stands. */
export function keepEntry<Type extends EntityType>(books: OpenBooks, entry: Entry<Type>): void {
  const mine: Map<string, Entry<Type>> = books[entry.entity];
  mine.set(entry.id, entry);
}

/** Brings the books one stored event further; an event of no machine changes nothing. Returns the entity it moved. */
export function applyEnvelope(
  books: OpenBooks,
  envelope: Envelope,
  sha256: Sha256,
): Entry | undefined {
  const [entity, id] = splitStream(envelope.stream);
  return isEntityType(entity) ? applyTo(books, { entity, id }, { envelope, sha256 }) : undefined;
}

function applyTo<Type extends EntityType>(
  books: OpenBooks,
  { entity, id }: { readonly entity: Type; readonly id: string },
  { envelope, sha256 }: { readonly envelope: Envelope; readonly sha256: Sha256 },
): Entry<Type> | undefined {
  const mine: Map<string, Entry<Type>> = books[entity];
  const before = mine.get(id) ?? unborn(entity, id);
  // The books hold it already: a page was read twice.
  if (envelope.version <= before.state.version) return before;
  const { event, definition } = toEvent(envelope);
  if (!isEventOf(entity, event)) return undefined;
  const born = definition === undefined ? before : { ...before, definition };
  const entry = evolveEntry(born, event, { told: envelope, sha256 });
  mine.set(id, entry);
  return entry;
}

function toEvent({ type, at, payload }: Envelope): {
  readonly event: { readonly type: string };
  readonly definition?: JsonObject;
} {
  if (!isObject(payload)) return { event: { type } };
  const { definition, ...facts } = payload;
  const event = { ...facts, type, at };
  return isObject(definition) ? { event, definition } : { event };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEntityType = (text: string): text is EntityType => Object.hasOwn(DECIDERS, text);

/** The catalogue says which types a machine tells; payloads were held to it when they were appended, and the chain kept them so. */
const isEventOf = <Type extends EntityType>(
  entity: Type,
  event: { readonly type: string },
): event is EventOf<Type> => EVENT_TYPES[entity].has(event.type);

const typesOf = (entity: EntityType): ReadonlySet<string> =>
  new Set(
    listEventKinds()
      .filter((kind) => kind.entity === entity || kind.entity === 'any')
      .map(({ type }) => type),
  );

const EVENT_TYPES: Readonly<Record<EntityType, ReadonlySet<string>>> = {
  run: typesOf('run'),
  phase: typesOf('phase'),
  workstream: typesOf('workstream'),
  task: typesOf('task'),
  step: typesOf('step'),
  worker: typesOf('worker'),
  patch: typesOf('patch'),
  gate_check: typesOf('gate_check'),
  breaker: typesOf('breaker'),
};
