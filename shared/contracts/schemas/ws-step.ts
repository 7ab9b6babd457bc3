import * as z from 'zod';
import { COUNT, ID, ORDINAL, ULID, ULIDS } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { STEP_LIFE } from '../fields/lives.ts';
import { isSet, must } from '../fields/rule.ts';

/** One attempt of a task with one tool. */
export const wsStepSchema = z
  .strictObject({
    schema: z.literal('ws_step.v1'),
    stepAttemptId: ULID,
    runId: ULID,
    taskId: ULID,
    workstreamId: ULID,
    sequence: ORDINAL,
    attempt: ORDINAL,
    toolId: ID,
    decisionId: ULID,
    state: z.enum(STEP_LIFE.states),
    version: ORDINAL,
    workerId: ID.nullish(),
    leaseToken: COUNT,
    promptId: ID.nullish(),
    reservationId: ULID.nullish(),
    toolResultId: ULID.nullish(),
    outputPatchIds: ULIDS,
    exitCode: z.int().nullish(),
    failureKind: z
      .enum(['exit_code', 'timeout', 'spawn_error', 'lease_lost', 'refused', 'policy', 'budget'])
      .nullish(),
    errorId: ULID.nullish(),
    ...STAMPS,
    stateHistory: toHistory(STEP_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(STEP_LIFE)))
  .superRefine(
    must(
      {
        path: ['failureKind'],
        says: 'a kind of failure if, and only if, the attempt failed',
        holds: ({ failureKind, state }) => isSet(failureKind) === (state === 'failed'),
      },
      {
        path: ['toolResultId'],
        says: 'a stored result where the attempt succeeded',
        holds: ({ toolResultId, state }) => state !== 'succeeded' || isSet(toolResultId),
      },
    ),
  );

/** A document of {@link wsStepSchema}. */
export type StepRecord = z.infer<typeof wsStepSchema>;
