import type { ExecutionEventDocument } from '#shared/contracts/index.ts';
import { accept, type Result, refuse, toInstant } from '#shared/kernel/index.ts';
import {
  type Books,
  DECIDERS,
  type DocumentStep,
  ENTITY_TABLES,
  type EntityType,
  type EventScope,
  type Json,
  type JsonObject,
  readDocument,
  type StreamEvent,
  toActorKind,
  toStream,
  type WorkStep,
} from '#shared/ledger/index.ts';
import { RETRY_BASE_MS } from '#shared/lifecycle/index.ts';
import { isRecordTable } from '#worker/store/index.ts';
import { COUNTED_FIELDS, VOUCHED_FACTS } from './vouched-facts.ts';

/** What has to be asked of the ledger so that it comes to tell what an event tells. */
export type EventAsk =
  | { readonly kind: 'step'; readonly step: WorkStep }
  | { readonly kind: 'document'; readonly document: DocumentStep }
  | { readonly kind: 'notice'; readonly notice: StreamEvent };

/** Why an event is not for this ledger. */
export interface AskRefusal {
  readonly code: 'NO_HANDLER' | 'ENTITY_UNKNOWN' | 'TRIGGER_MISSING';
  readonly reason: string;
}

/** Commands that move nothing have no trigger; the event says by its type what was asked. */
const COMMAND_OF: ReadonlyMap<string, string> = new Map([
  ['note_added', 'note'],
  ['lease_fenced', 'fence'],
  ['worker_heartbeat', 'heartbeat'],
  ['worker_released', 'release'],
]);
/** Documents that only this ledger's own rules may write: approvals, and who reads the ledger. */
const OWN_TABLES: ReadonlySet<string> = new Set([
  ...Object.values(ENTITY_TABLES),
  'waivers',
  'subscribers',
  'dead_letters',
]);
const ID_FIELDS: Readonly<Record<EntityType, string>> = {
  run: 'runId',
  phase: 'phaseId',
  workstream: 'workstreamId',
  task: 'taskId',
  step: 'stepAttemptId',
  worker: 'workerId',
  patch: 'patchId',
  gate_check: 'checkRunId',
  breaker: 'toolId',
};

/** What to ask for an event, on books that know its entity. */
export function toAsk(event: ExecutionEventDocument, books: Books): Result<EventAsk, AskRefusal> {
  const { entityType, entityId, type } = event;
  if (isEntityType(entityType)) return toEntityAsk(event, entityType, books);
  if (entityType === 'gate' || entityType === 'desk') {
    const reason = `what happens to a ${entityType} is decided here and not taken from a file`;
    return refuse({ code: 'NO_HANDLER', reason });
  }
  const carried = readDocument(toJson(event.payload));
  if (carried === undefined) return accept({ kind: 'notice', notice: toNotice(event) });
  const { table, id, document } = carried;
  if (!isRecordTable(table) || OWN_TABLES.has(table)) {
    const reason = `documents of \`${table}\` are not taken from a file`;
    return refuse({ code: 'NO_HANDLER', reason });
  }
  const { table: _table, id: _id, document: _document, ...facts } = event.payload;
  const stream = `${entityType}/${entityId}`;
  const told = { at: toInstant(Date.parse(event.at)), by: toActor(event), type, stream };
  return accept({
    kind: 'document',
    document: { table, id, document, ...told, facts: toJson(facts), scope: toScope(event) },
  });
}

function toEntityAsk(
  event: ExecutionEventDocument,
  entity: EntityType,
  books: Books,
): Result<EventAsk, AskRefusal> {
  const { entityId: id, type } = event;
  const trigger = event.trigger ?? COMMAND_OF.get(type);
  if (trigger !== undefined) {
    return accept({ kind: 'step', step: parseStep({ event, entity, trigger, books }) });
  }
  if (type.startsWith(`${entity}_`)) {
    const reason = `it says that a ${entity} has moved, and not by which trigger`;
    return refuse({ code: 'TRIGGER_MISSING', reason });
  }
  if (!books[entity].has(id)) {
    return refuse({ code: 'ENTITY_UNKNOWN', reason: `nothing is known of ${entity} \`${id}\`` });
  }
  return accept({ kind: 'notice', notice: { ...toNotice(event), stream: toStream(entity, id) } });
}

/** Who caused it, so that the name tells the kind as everywhere in the ledger. */
function toActor({ actor: { kind, id } }: ExecutionEventDocument): string {
  if (kind === 'system') return 'system';
  return kind === 'worker' && toActorKind(id) !== 'worker' ? `worker/${id}` : id;
}

interface StepFacts {
  readonly event: ExecutionEventDocument;
  readonly entity: EntityType;
  readonly trigger: string;
  readonly books: Books;
}

/** A command from JSON. Whether it is one is seen by what comes of it: it must tell the very event it was made of. */
function parseStep({ event, entity, trigger, books }: StepFacts): WorkStep {
  const { definition, ...told } = event.payload;
  const id = event.entityId;
  const isBirth = trigger === 'create';
  const said = Object.entries(told).filter(([name]) => isBirth || !COUNTED_FIELDS.has(name));
  const step: WorkStep = JSON.parse(
    JSON.stringify({
      entity,
      id,
      command: {
        ...VOUCHED_FACTS[entity][trigger],
        ...(isBirth ? { [ID_FIELDS[entity]]: id.slice(id.lastIndexOf('/') + 1) } : {}),
        ...toLooked({ event, entity, trigger, books }),
        ...Object.fromEntries(said),
        type: trigger,
        at: event.at,
        by: toActor(event),
      },
      ...(isBirth && isObject(definition) ? { definition } : {}),
    }),
  );
  return step;
}

/** What a command asks and its event tells by the result alone: the lease it was done under, the draw a delay came of. */
function toLooked({ event, entity, trigger, books }: StepFacts): object {
  const { entityId, payload, fromState } = event;
  switch (`${entity}.${trigger}`) {
    case 'run.succeed':
      return { hasAcceptance: fromState === 'validating' };
    case 'task.retry':
      return { random: toDraw(payload, books.task.get(entityId)?.state.retryStrategy) };
    case 'task.submit':
    case 'task.fail':
      return { leaseToken: books.task.get(entityId)?.state.leaseToken };
    case 'step.start': {
      const taskId = books.step.get(entityId)?.state.taskId ?? '';
      const task = books.task.get(taskId)?.state;
      const { leaseToken } = task ?? {};
      return { leaseToken, currentToken: leaseToken, workerId: task?.workerIds.at(-1) };
    }
    case 'worker.finish':
    case 'worker.release':
    case 'worker.resume_task':
      return { leaseToken: books.worker.get(entityId)?.state.leaseToken };
    default:
      return {};
  }
}

/** The draw from which a retry's delay comes out as it was told. Range: 0 ≤ draw < 1. */
function toDraw(
  { delayMs, attempt }: ExecutionEventDocument['payload'],
  strategy = 'exponential',
): number {
  const factor = strategy === 'linear' ? Number(attempt) : 2 ** (Number(attempt) - 1);
  const draw = (Number(delayMs) + 0.5) / (RETRY_BASE_MS * factor) - 0.5;
  return Math.min(0.999_999, Math.max(0, draw));
}

const toNotice = (event: ExecutionEventDocument): StreamEvent => ({
  stream: `${event.entityType}/${event.entityId}`,
  event: {
    type: event.type,
    at: toInstant(Date.parse(event.at)),
    actor: toActor(event),
    payload: toJson(event.payload),
    scope: toScope(event),
  },
});

function toScope({ runId, phaseId, workstreamId, taskId }: ExecutionEventDocument): EventScope {
  const scope = { runId, phaseId, workstreamId, taskId };
  const given: EventScope = JSON.parse(
    JSON.stringify(scope, (_name, value: unknown) => value ?? undefined),
  );
  return given;
}

const toJson = (value: object): JsonObject => JSON.parse(JSON.stringify(value));

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const isEntityType = (text: string): text is EntityType => Object.hasOwn(DECIDERS, text);
