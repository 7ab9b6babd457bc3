import { accept, type Result, refuse, type Sha256 } from '#shared/kernel/index.ts';
import type { EventScope, NewEvent } from '../envelope.ts';
import type { Json } from '../json.ts';
import { type OpenBooks, openBooks } from './books.ts';
import { type Books, type Entry, evolveEntry, type JsonObject, unborn } from './entry.ts';
import {
  type CommandOf,
  DECIDERS,
  type EntityType,
  type EventOf,
  type RefusalOf,
  type StateOf,
} from './machines.ts';

/** One command to one entity. */
export interface StepOf<Type extends EntityType> {
  readonly entity: Type;
  readonly id: string;
  readonly command: CommandOf<Type>;
  /** With a birth: the fields of its document that never change. */
  readonly definition?: JsonObject;
}

/** One command to one entity of any type; rules that span machines answer lists of them. */
export type WorkStep = { readonly [Type in EntityType]: StepOf<Type> }[EntityType];

/** The events one step adds to one stream. */
export interface StreamAppend {
  readonly stream: string;
  /** The version the stream must stand at. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
}

/** What a list of steps comes to: nothing of it holds before all of it is stored. */
export interface WorkDecision {
  readonly appends: readonly StreamAppend[];
  /** Every entity that was touched, as it then stands. */
  readonly entries: readonly Entry[];
}

/** The step that was refused, and why; none of the others holds then. */
export interface StepRefusal {
  /** Ordinal of the step, from 0. */
  readonly index: number;
  readonly entity: EntityType;
  readonly id: string;
  readonly refusal: RefusalOf<EntityType>;
}

/** Name of an entity's stream. */
export const toStream = (entity: EntityType, id: string): string => `${entity}/${id}`;

/** Decides steps in their order, each on what the ones before it would leave, or names the first that is refused. */
export function decideSteps(
  books: Books,
  steps: readonly WorkStep[],
  sha256: Sha256,
): Result<WorkDecision, StepRefusal> {
  const touched = openBooks();
  const appends: StreamAppend[] = [];
  for (const [index, step] of steps.entries()) {
    const decided = decideStep(step, { books, touched, sha256 });
    if (!decided.ok) {
      const { entity, id } = step;
      return refuse({ index, entity, id, refusal: decided.refusal });
    }
    appends.push(decided.value);
  }
  const entries = Object.values(touched).flatMap((some) => [...some.values()]);
  return accept({ appends, entries });
}

function decideStep<Type extends EntityType>(
  step: StepOf<Type>,
  around: { readonly books: Books; readonly touched: OpenBooks; readonly sha256: Sha256 },
): Result<StreamAppend, RefusalOf<Type>> {
  const { entity, id, command } = step;
  const { books, touched, sha256 } = around;
  const known: ReadonlyMap<string, Entry<Type>> = books[entity];
  const mine: Map<string, Entry<Type>> = touched[entity];
  const before = mine.get(id) ?? known.get(id) ?? unborn(entity, id);
  const decided = DECIDERS[entity].decide(command, before.state);
  if (!decided.ok) return decided;
  const events: NewEvent[] = [];
  let entry: Entry<Type> =
    step.definition === undefined ? before : { ...before, definition: step.definition };
  for (const event of decided.value) {
    const after: StateOf<Type> = DECIDERS[entity].evolve(entry.state, event);
    const told = toNewEvent(event, { entry, command, after });
    events.push(told);
    entry = evolveEntry(entry, event, { told, sha256 });
  }
  mine.set(id, entry);
  return accept({
    stream: toStream(entity, id),
    expectedVersion: before.state.version,
    events,
  });
}

function toNewEvent<Type extends EntityType>(
  event: EventOf<Type>,
  move: {
    readonly entry: Entry<Type>;
    readonly command: CommandOf<Type>;
    readonly after: StateOf<Type>;
  },
): NewEvent {
  const { entry, command, after } = move;
  const { type, at, ...facts } = event;
  const from = entry.state.state;
  const isBirth = from === 'none';
  const scope = toScope(entry);
  return {
    type,
    at,
    actor: command.by,
    payload: toJson(isBirth ? { ...facts, definition: entry.definition } : facts),
    ...(from === after.state
      ? {}
      : { transition: { from, trigger: command.type, to: after.state } }),
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
  };
}

/** The run, phase, workstream and task an entity belongs to, as its definition names them, itself included. */
function toScope({ definition }: Entry): EventScope {
  const { runId, phaseId, workstreamId, taskId } = definition;
  return {
    ...(typeof runId === 'string' ? { runId } : {}),
    ...(typeof phaseId === 'string' ? { phaseId } : {}),
    ...(typeof workstreamId === 'string' ? { workstreamId } : {}),
    ...(typeof taskId === 'string' ? { taskId } : {}),
  };
}

/** Facts as JSON has them: what is `undefined` is left out. */
const toJson = (value: object): Json => JSON.parse(JSON.stringify(value));
