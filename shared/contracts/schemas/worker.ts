import * as z from 'zod';
import { AT, COUNT, ID, IDS, MS, ORDINAL, text, ULID, usually } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { WORKER_LIFE } from '../fields/lives.ts';
import { isSet, must } from '../fields/rule.ts';

/** States in which a worker may have a task in hand. */
const HOLDING: ReadonlySet<string> = new Set(['busy', 'paused', 'draining']);

/** A process that takes tasks, and what it has in hand. */
export const workerSchema = z
  .strictObject({
    schema: z.literal('worker.v1'),
    workerId: ID,
    workerType: z.enum(['executor', 'monitor', 'validator', 'scheduler', 'custom']),
    adapterType: ID,
    state: z.enum(WORKER_LIFE.states),
    version: ORDINAL,
    capabilities: IDS,
    affinity: ID.nullish(),
    heldTaskId: ULID.nullish(),
    leaseToken: COUNT.nullish(),
    leaseExpiresAt: AT.nullish(),
    lastHeartbeatAt: AT.nullish(),
    config: z.strictObject({
      heartbeatMs: usually(MS.min(1), 60_000),
      lostAfterMs: usually(MS.min(1), 120_000),
      deadAfterMs: usually(MS.min(1), 300_000),
      leaseMs: usually(MS.min(1), 120_000),
    }),
    crash: z.strictObject({ reason: text(500), message: text(8_000), at: AT }).nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['heldTaskId'],
        says: 'a task only in busy, paused or draining, and always in busy',
        holds: ({ heldTaskId, state }) =>
          isSet(heldTaskId) ? HOLDING.has(state) : state !== 'busy',
      },
      {
        path: ['leaseToken'],
        says: 'a lease where a task is held',
        holds: ({ heldTaskId, leaseToken, leaseExpiresAt }) =>
          !isSet(heldTaskId) || (isSet(leaseToken) && isSet(leaseExpiresAt)),
      },
      {
        path: ['crash'],
        says: 'a note of the crash if, and only if, there was one',
        holds: ({ crash, state }) => isSet(crash) === (state === 'crashed'),
      },
      {
        path: ['config', 'deadAfterMs'],
        says: 'durations in the order `heartbeatMs`, `lostAfterMs`, `deadAfterMs`',
        holds: ({ config: { heartbeatMs, lostAfterMs, deadAfterMs } }) =>
          heartbeatMs <= lostAfterMs && lostAfterMs <= deadAfterMs,
      },
    ),
  );

/** A document of {@link workerSchema}. */
export type WorkerRecord = z.infer<typeof workerSchema>;
