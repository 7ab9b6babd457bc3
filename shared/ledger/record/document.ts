import { toActorKind } from '../execution-event.ts';
import { keepEntry, openBooks } from './books.ts';
import { countParts, countTasks, listParts, type Parts } from './count-parts.ts';
import type { WorkDecision } from './decide-steps.ts';
import type { Books, Entry, HistoryRow, JsonObject } from './entry.ts';
import type { EntityType, StateOf } from './machines.ts';

/** A document in its table. */
export interface TableDocument {
  readonly table: string;
  readonly id: string;
  readonly document: JsonObject;
}

/** The table that keeps the documents of each type. */
export const ENTITY_TABLES = {
  run: 'runs',
  phase: 'phases',
  workstream: 'workstreams',
  task: 'tasks',
  step: 'step_attempts',
  worker: 'workers',
  patch: 'patch_ledger',
  gate_check: 'test_gates',
  breaker: 'breakers',
} as const satisfies Readonly<Record<EntityType, string>>;

const STAMPS = ['createdAt', 'queuedAt', 'startedAt', 'endedAt'] as const;
const OPEN_STAMPS = ['createdAt', 'startedAt', 'endedAt'] as const;
/** Fields of a document that its entity's events change; the others are its definition. */
export const MOVING = {
  run: [
    ...(['state', 'stateReason', 'version', 'fixLoops', 'pausedMs', 'exitCode'] as const),
    ...(['errorId', ...STAMPS, 'quarantinedAt', 'waiverExpiredAt'] as const),
  ],
  phase: ['state', 'version', 'fixLoops', ...OPEN_STAMPS],
  workstream: ['state', 'version', 'fixLoops', ...OPEN_STAMPS],
  task: [
    ...(['state', 'version', 'attempt', 'workerId', 'leaseToken', 'deadLettered'] as const),
    ...STAMPS,
  ],
  step: [
    ...(['state', 'version', 'workerId', 'leaseToken', 'toolResultId', 'outputPatchIds'] as const),
    ...(['exitCode', 'failureKind', 'errorId', ...OPEN_STAMPS] as const),
  ],
  worker: [
    ...(['state', 'version', 'heldTaskId', 'leaseToken', 'leaseExpiresAt'] as const),
    ...(['lastHeartbeatAt', 'crash'] as const),
  ],
  patch: [
    ...(['state', 'version', 'validation', 'apply', 'commitId', 'quarantine', 'rollback'] as const),
    ...(['createdAt', 'closedAt', 'rolledBackAt'] as const),
  ],
  gate_check: [
    ...(['state', 'version', 'exitCode', 'signal', 'errorKind', 'results', 'conditions'] as const),
    ...(['durationMs', 'outputHash', ...OPEN_STAMPS] as const),
  ],
  breaker: ['state', 'version', 'faults', 'openedAt', 'cooldownMs', 'probeId'],
} as const satisfies MovingFields;

type MovingFields = {
  readonly [Type in EntityType]: readonly (keyof StateOf<Type> & string)[];
};

/** The fields of an entity's document that its events change, and those that are counted or told from its history. */
export type Moving<Type extends EntityType> =
  | (typeof MOVING)[Type][number]
  | 'stateHistory'
  | 'counts'
  | 'counters'
  | 'failedWorkstreams';

/** The documents a decision changes: of every entity it touched, and of the workstream and run whose counts it moved. */
export function toDocuments(decision: WorkDecision, books: Books): readonly TableDocument[] {
  const after = withEntries(books, decision.entries);
  const touched = new Map(decision.entries.map((entry) => [`${entry.entity}/${entry.id}`, entry]));
  for (const { definition } of decision.entries) {
    for (const parent of [
      find(after.workstream, definition['workstreamId']),
      find(after.run, definition['runId']),
    ]) {
      if (parent !== undefined) touched.set(`${parent.entity}/${parent.id}`, parent);
    }
  }
  const parts = listParts(after);
  // Who has no definition, such as a person's run, has no document either.
  const entries = [...touched.values()].filter(
    ({ definition }) => Object.keys(definition).length > 0,
  );
  return entries.map((entry) => ({
    table: ENTITY_TABLES[entry.entity],
    id: entry.id,
    document: toDocument(entry, parts),
  }));
}

/** The document of an entity, as its contract has it. */
export function toDocument(entry: Entry, parts: Parts): JsonObject {
  const { entity, definition, history } = entry;
  const hasHistory = entity !== 'worker' && entity !== 'breaker';
  return {
    ...definition,
    ...toMoving(entry),
    ...(entity === 'workstream' ? { counts: countTasks(entry.id, parts) } : {}),
    ...(entity === 'run' ? countParts(entry.id, parts) : {}),
    ...(hasHistory ? { stateHistory: history.map(toHistoryEntry) } : {}),
  };
}

function toMoving<Type extends EntityType>({ entity, state }: Entry<Type>): JsonObject {
  const moving: MovingFields = MOVING;
  const fields = moving[entity].map((field) => [field, state[field]] as const);
  return JSON.parse(JSON.stringify(Object.fromEntries(fields)));
}

function toHistoryEntry({ actor, ...row }: HistoryRow): JsonObject {
  return { ...row, actor: { kind: toActorKind(actor), id: actor } };
}

const find = <Type extends EntityType>(
  entries: ReadonlyMap<string, Entry<Type>>,
  id: unknown,
): Entry<Type> | undefined => (typeof id === 'string' ? entries.get(id) : undefined);

/** The books as they stand once these entities are written down. */
function withEntries(books: Books, entries: readonly Entry[]): Books {
  const fresh = openBooks();
  for (const entry of entries) keepEntry(fresh, entry);
  return {
    run: merge(books.run, fresh.run),
    phase: merge(books.phase, fresh.phase),
    workstream: merge(books.workstream, fresh.workstream),
    task: merge(books.task, fresh.task),
    step: merge(books.step, fresh.step),
    worker: merge(books.worker, fresh.worker),
    patch: merge(books.patch, fresh.patch),
    gate_check: merge(books.gate_check, fresh.gate_check),
    breaker: merge(books.breaker, fresh.breaker),
  };
}

const merge = <Value>(
  old: ReadonlyMap<string, Value>,
  fresh: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> => (fresh.size === 0 ? old : new Map([...old, ...fresh]));
