import * as z from 'zod';
import {
  AT,
  COUNT,
  CURRENCY,
  FLAG,
  ID,
  IDS,
  MICROS,
  MS,
  ORDINAL,
  ULID,
  ULIDS,
  usually,
  words,
} from '../fields/field-kinds.ts';
import { COMPLEXITY, FAILURE_POLICY, METADATA, PRIORITY, TIER } from '../fields/head.ts';
import { STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { TASK_LIFE } from '../fields/lives.ts';
import { areDistinct, isSet, must } from '../fields/rule.ts';
import { ACCEPTANCE, CONSTRAINTS_DELTA, RESOURCE_SCOPE_DELTA } from '../fields/work.ts';

/** A task of a run: what is to be done, by what means, and how it went. */
export const taskSchema = z
  .strictObject({
    schema: z.literal('task.v1'),
    taskId: ULID,
    runId: ULID,
    workstreamId: ULID,
    name: words(200),
    kind: ID,
    state: z.enum(TASK_LIFE.states),
    version: ORDINAL,
    dependsOn: ULIDS,
    isCritical: usually(FLAG, false),
    parallelOk: usually(FLAG, false),
    classification: z.strictObject({
      complexity: COMPLEXITY,
      riskTier: TIER,
      domain: ID,
      priority: PRIORITY,
    }),
    resourceScopeDelta: RESOURCE_SCOPE_DELTA.nullish(),
    constraintsDelta: CONSTRAINTS_DELTA.nullish(),
    execution: z.strictObject({
      maxAttempts: usually(ORDINAL.max(10), 3),
      timeoutMs: usually(MS, 1_800_000),
      retryStrategy: usually(z.enum(['none', 'immediate', 'linear', 'exponential']), 'exponential'),
      background: usually(FLAG, false),
    }),
    attempt: COUNT,
    requiredCapabilities: IDS,
    affinity: ID.nullish(),
    workerId: ID.nullish(),
    leaseToken: COUNT,
    estimateMs: MS.min(1).nullish(),
    costEstimateMicros: MICROS.nullish(),
    currency: CURRENCY.nullish(),
    notBefore: AT.nullish(),
    deadlineAt: AT.nullish(),
    conflictGroup: ID.nullish(),
    acceptance: ACCEPTANCE,
    onFailure: FAILURE_POLICY.nullish(),
    promptTemplateRef: words(500).nullish(),
    promptOverrides: z.record(ID, words(8_000)).nullish(),
    fixes: ULID.nullish(),
    resetOf: ULID.nullish(),
    deadLettered: usually(FLAG, false),
    ...STAMPS,
    stateHistory: toHistory(TASK_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(TASK_LIFE)))
  .superRefine(
    must(
      {
        path: ['attempt'],
        says: 'at most `execution.maxAttempts`',
        holds: ({ attempt, execution }) => attempt <= execution.maxAttempts,
      },
      {
        path: ['workerId'],
        says: 'a worker if, and only if, the task is running',
        holds: ({ workerId, state }) => isSet(workerId) === (state === 'running'),
      },
      {
        path: ['dependsOn'],
        says: 'other tasks, each once',
        holds: ({ dependsOn, taskId }) => areDistinct([taskId, ...dependsOn]),
      },
      {
        path: ['currency'],
        says: 'a currency if, and only if, a cost is estimated',
        holds: ({ currency, costEstimateMicros }) => isSet(currency) === isSet(costEstimateMicros),
      },
      {
        path: ['deadLettered'],
        says: 'only a failed task to be dead-lettered',
        holds: ({ deadLettered, state }) => !deadLettered || state === 'failed',
      },
    ),
  );

/** A document of {@link taskSchema}. */
export type Task = z.infer<typeof taskSchema>;
