import * as z from 'zod';
import { ACCOUNT, AT, COUNT, ID, MS, ORDINAL, text, ULID } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { listClosed, STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { RUN_LIFE } from '../fields/lives.ts';
import { isSet, must } from '../fields/rule.ts';

/** How a run went and goes. */
export const runStateSchema = z
  .strictObject({
    schema: z.literal('run_state.v1'),
    runId: ULID,
    runConfigId: ULID,
    projectId: ID,
    currentPhaseId: ID.nullish(),
    executionRequestId: ID.nullish(),
    state: z.enum(RUN_LIFE.states),
    stateReason: text(500).nullish(),
    version: ORDINAL,
    origin: z.strictObject({
      triggerType: z.enum(['manual', 'ci', 'error_pipeline', 'scheduled', 'other']),
      triggerRef: text(500).nullish(),
      requestedBy: ACCOUNT,
    }),
    counters: z.strictObject({
      stepAttempts: COUNT,
      patchesCreated: COUNT,
      patchesApplied: COUNT,
      errors: COUNT,
      tasksTotal: COUNT,
      tasksCompleted: COUNT,
      tasksFailed: COUNT,
      tasksCanceled: COUNT,
    }),
    retryOf: ULID.nullish(),
    fixLoops: COUNT,
    pausedMs: MS,
    exitCode: z.int().min(0).max(3).nullish(),
    errorId: ULID.nullish(),
    failedWorkstreams: COUNT,
    ...STAMPS,
    quarantinedAt: AT.nullish(),
    waiverExpiredAt: AT.nullish(),
    stateHistory: toHistory(RUN_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(RUN_LIFE)))
  .superRefine(
    must(
      {
        path: ['exitCode'],
        says: '0 succeeded, 1 failed, 2 quarantined, 3 canceled, and nothing while the run is open',
        holds: ({ exitCode, state }) => (exitCode ?? undefined) === EXIT_CODES[state],
      },
      {
        path: ['counters', 'tasksTotal'],
        says: 'as many tasks as ended once the run is closed, and never fewer',
        holds: ({ counters, state }) => {
          const ended = counters.tasksCompleted + counters.tasksFailed + counters.tasksCanceled;
          return CLOSED.has(state) ? ended === counters.tasksTotal : ended <= counters.tasksTotal;
        },
      },
      {
        path: ['retryOf'],
        says: 'another run',
        holds: ({ retryOf, runId }) => retryOf !== runId,
      },
      {
        path: ['quarantinedAt'],
        says: 'an instant only where the run is quarantined, and always if it had failed before',
        holds: ({ quarantinedAt, state, stateHistory }) =>
          state === 'quarantined'
            ? isSet(quarantinedAt) || !stateHistory.some((entry) => entry.state === 'failed')
            : !isSet(quarantinedAt),
      },
      {
        path: ['waiverExpiredAt'],
        says: 'an instant only where the run has succeeded',
        holds: ({ waiverExpiredAt, state }) => !isSet(waiverExpiredAt) || state === 'succeeded',
      },
    ),
  );

/** A document of {@link runStateSchema}. */
export type RunRecord = z.infer<typeof runStateSchema>;

const CLOSED = listClosed(RUN_LIFE);

const EXIT_CODES: Partial<Record<RunRecord['state'], number>> = {
  succeeded: 0,
  failed: 1,
  quarantined: 2,
  canceled: 3,
};
