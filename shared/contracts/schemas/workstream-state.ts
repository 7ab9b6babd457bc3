import * as z from 'zod';
import {
  COUNT,
  FLAG,
  ID,
  IDS,
  ORDINAL,
  text,
  ULID,
  ULIDS,
  usually,
  words,
} from '../fields/field-kinds.ts';
import { FAILURE_POLICY, METADATA } from '../fields/head.ts';
import { STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { WORKSTREAM_LIFE } from '../fields/lives.ts';
import { areDistinct, must } from '../fields/rule.ts';
import { ACCEPTANCE } from '../fields/work.ts';

/** A workstream of a run: tasks that belong together, and how they go. */
export const workstreamStateSchema = z
  .strictObject({
    schema: z.literal('workstream_state.v1'),
    workstreamId: ULID,
    runId: ULID,
    phaseId: ID,
    name: words(200),
    objective: text(1_000).nullish(),
    tags: IDS,
    state: z.enum(WORKSTREAM_LIFE.states),
    version: ORDINAL,
    isCritical: usually(FLAG, true),
    dependsOn: ULIDS,
    concurrency: z.strictObject({
      mode: z.enum(['sequential', 'parallel', 'parallel_groups']),
      maxParallel: ORDINAL.max(64),
    }),
    onFailure: FAILURE_POLICY.nullish(),
    counts: z.strictObject({
      total: COUNT,
      completed: COUNT,
      failed: COUNT,
      canceled: COUNT,
      blocked: COUNT,
    }),
    fixLoops: COUNT,
    acceptance: ACCEPTANCE,
    ...STAMPS,
    stateHistory: toHistory(WORKSTREAM_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(WORKSTREAM_LIFE)))
  .superRefine(
    must(
      {
        path: ['counts', 'total'],
        says: 'as many tasks as ended once the workstream is completed or failed, and never fewer',
        holds: ({ counts: { total, completed, failed, canceled }, state }) =>
          state === 'completed' || state === 'failed'
            ? completed + failed + canceled === total
            : completed + failed + canceled <= total,
      },
      {
        path: ['dependsOn'],
        says: 'other workstreams, each once',
        holds: ({ dependsOn, workstreamId }) => areDistinct([workstreamId, ...dependsOn]),
      },
    ),
  );

/** A document of {@link workstreamStateSchema}. */
export type WorkstreamRecord = z.infer<typeof workstreamStateSchema>;
