import * as z from 'zod';
import {
  AT,
  COUNT,
  FLAG,
  ID,
  IDS,
  MS,
  ORDINAL,
  UINT32,
  ULID,
  ULIDS,
  unique,
  usually,
} from '../fields/field-kinds.ts';
import { ACTOR, FAILURE_POLICY, METADATA, ROUTING_STRATEGY } from '../fields/head.ts';
import { RESOURCE_SCOPE } from '../fields/work.ts';

/** What a run is asked to do. It never changes once a run of it exists. */
export const runConfigSchema = z.strictObject({
  schema: z.literal('run_config.v1'),
  runConfigId: ULID,
  projectId: ID,
  phaseIds: unique(ID).min(1),
  workstreamIds: IDS.nullish(),
  strategy: usually(ROUTING_STRATEGY, 'capability'),
  maxParallel: usually(ORDINAL.max(64), 4),
  maxAttempts: usually(ORDINAL.max(10), 3),
  maxFixLoops: usually(COUNT.max(10), 3),
  maxRunRetries: usually(COUNT.max(3), 0),
  timeoutMs: MS.nullish(),
  queueTimeoutMs: MS.nullish(),
  taskTimeoutMs: usually(MS, 1_800_000),
  noRouteAfterMs: usually(MS, 900_000),
  onFailure: usually(FAILURE_POLICY, 'skip_dependents'),
  seed: UINT32,
  budgetIds: ULIDS,
  gateIds: IDS,
  resourceScope: RESOURCE_SCOPE,
  policies: z.strictObject({
    patchOnly: usually(FLAG, true),
    testsMustPass: usually(FLAG, true),
    asciiOnly: usually(FLAG, false),
    maxLinesChanged: usually(COUNT, 300),
    maxFilesChanged: usually(COUNT, 10),
    requireIssueRef: usually(FLAG, true),
  }),
  dryRun: usually(FLAG, false),
  createdAt: AT,
  createdBy: ACTOR,
  metadata: METADATA,
});

/** A document of {@link runConfigSchema}. */
export type RunConfig = z.infer<typeof runConfigSchema>;
