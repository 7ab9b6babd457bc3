import * as z from 'zod';
import { SEVERITIES } from '../events/event-catalogue.ts';
import { listEventKinds, severityOf } from '../events/event-kind.ts';
import { judgePayload } from '../events/payload-schema.ts';
import { AT, ID, ORDINAL, ULID, words } from '../fields/field-kinds.ts';
import { ACTOR, METADATA } from '../fields/head.ts';
import { isSet, must } from '../fields/rule.ts';

/** What an event can happen to. */
export const ENTITY_TYPE = z.enum([
  'run',
  'task',
  'workstream',
  'phase',
  'step',
  'worker',
  'patch',
  'gate_check',
  'gate',
  'breaker',
  'tool',
  'budget',
  'ledger',
  // A person's desk, where presses of buttons become runs.
  'desk',
]);

/** One fact of the ledger, as other programs read it. Written once, never changed. */
export const executionEventSchema = z
  .strictObject({
    schema: z.literal('execution_event.v1'),
    eventId: ULID,
    position: ORDINAL,
    type: z.enum(listEventKinds().map(({ type }) => type)),
    severity: z.enum(SEVERITIES),
    at: AT,
    entityType: ENTITY_TYPE,
    entityId: words(512),
    version: ORDINAL.nullish(),
    fromState: words(64).nullish(),
    toState: words(64).nullish(),
    trigger: words(64).nullish(),
    actor: ACTOR,
    runId: ULID.nullish(),
    phaseId: ID.nullish(),
    workstreamId: ULID.nullish(),
    taskId: ULID.nullish(),
    correlationId: ULID,
    causationId: ULID.nullish(),
    idempotencyKey: words(512).nullish(),
    payload: z.record(z.string(), z.unknown()),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['trigger'],
        says: 'version, trigger and `toState` all there or none; only a birth has no `fromState`',
        holds: ({ version, trigger, fromState, toState }) => {
          if (!isSet(trigger)) return !isSet(version) && !isSet(fromState) && !isSet(toState);
          return isSet(version) && isSet(toState) && isSet(fromState) === (trigger !== 'create');
        },
      },
      {
        path: ['severity'],
        says: 'the severity the catalogue gives this type',
        holds: ({ type, severity }) => severityOf(type, severity) === severity,
      },
    ),
  )
  .superRefine(({ type, payload }, context) => {
    for (const { path, message } of judgePayload(type, payload)) {
      context.addIssue({ code: 'custom', path: ['payload', ...path], message });
    }
  });

/** A document of {@link executionEventSchema}. */
export type ExecutionEventDocument = z.infer<typeof executionEventSchema>;
