import * as z from 'zod';
import { AT, COUNT, FLAG, ID, MS, NUMBER, PERCENT, ULID } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, isSet, must } from '../fields/rule.ts';

/** How far a run has come, and when it may end, at one instant. */
export const progressSnapshotSchema = z
  .strictObject({
    schema: z.literal('progress_snapshot.v1'),
    snapshotId: ULID,
    runId: ULID,
    at: AT,
    total: COUNT,
    completed: COUNT,
    failed: COUNT,
    canceled: COUNT,
    running: COUNT,
    blocked: COUNT,
    waiting: COUNT,
    completedPercent: PERCENT.nullish(),
    settledPercent: PERCENT.nullish(),
    inFlight: z.array(
      z.strictObject({ taskId: ULID, workerId: ID, percent: PERCENT, startedAt: AT }),
    ),
    elapsedMs: MS,
    activeMs: MS,
    etaState: z.enum(['none', 'insufficient', 'estimated', 'done']),
    etaP50At: AT.nullish(),
    etaP90At: AT.nullish(),
    remainingP50Ms: MS.nullish(),
    remainingP90Ms: MS.nullish(),
    sampleSize: COUNT,
    throughputPerHour: NUMBER.min(0).nullish(),
    stalled: FLAG,
    stalledSince: AT.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['total'],
        says: 'the sum of completed, failed, canceled, running, blocked and waiting',
        holds: (at) =>
          at.total ===
          at.completed + at.failed + at.canceled + at.running + at.blocked + at.waiting,
      },
      {
        path: ['completedPercent'],
        says: 'percents where there are tasks, and nothing where there are none',
        holds: ({ total, completedPercent, settledPercent }) =>
          isSet(completedPercent) === total > 0 && isSet(settledPercent) === total > 0,
      },
      {
        path: ['etaP90At'],
        says: 'an instant no earlier than `etaP50At`',
        holds: ({ etaP50At, etaP90At }) => areInOrder([etaP50At, etaP90At]),
      },
      {
        path: ['etaState'],
        says: 'both instants if, and only if, an end is foreseen',
        holds: ({ etaState, etaP50At, etaP90At }) =>
          etaState === 'none' || etaState === 'done'
            ? !isSet(etaP50At) && !isSet(etaP90At)
            : isSet(etaP50At) && isSet(etaP90At),
      },
      {
        path: ['remainingP90Ms'],
        says: 'a duration no shorter than `remainingP50Ms`',
        holds: ({ remainingP50Ms, remainingP90Ms }) =>
          !isSet(remainingP50Ms) || !isSet(remainingP90Ms) || remainingP50Ms <= remainingP90Ms,
      },
      {
        path: ['stalledSince'],
        says: 'an instant if, and only if, the run is stalled',
        holds: ({ stalled, stalledSince }) => isSet(stalledSince) === stalled,
      },
      {
        path: ['activeMs'],
        says: 'at most `elapsedMs`',
        holds: ({ activeMs, elapsedMs }) => activeMs <= elapsedMs,
      },
    ),
  );

/** A document of {@link progressSnapshotSchema}. */
export type ProgressSnapshot = z.infer<typeof progressSnapshotSchema>;
