import * as z from 'zod';
import { AT, COUNT, ID, NUMBER, ULID, words } from '../fields/field-kinds.ts';
import { METADATA, PRIORITY } from '../fields/head.ts';
import { isSet, must } from '../fields/rule.ts';

/** What can hold a task, in the order in which it is looked at; the first that does is the reason. */
export const CONSTRAINT_CODES = [
  'dependency',
  'gate',
  'run_not_running',
  'not_before',
  'conflict_group',
  'lock',
  'tool_capacity',
  'rate',
  'budget',
  'worker',
  'workstream_parallel',
  'run_parallel',
] as const;
/** One of {@link CONSTRAINT_CODES}. */
export type ConstraintCode = (typeof CONSTRAINT_CODES)[number];

const BLOCKER_KINDS = [
  'dependency',
  'gate',
  'lock',
  'tool',
  'worker',
  'budget',
  'rate',
  'time',
  'run',
] as const;

/** Sums of weighted parts are compared with this tolerance: they are added in floats. */
const SCORE_TOLERANCE = 1e-6;

/** One task's place in the plan at one tick. */
export const scheduleEntrySchema = z
  .strictObject({
    schema: z.literal('schedule_entry.v1'),
    entryId: ULID,
    runId: ULID,
    taskId: ULID,
    tick: COUNT,
    level: COUNT,
    batch: COUNT.nullish(),
    priority: PRIORITY,
    score: NUMBER,
    scoreParts: z.strictObject({
      criticalPath: NUMBER,
      dependents: NUMBER,
      explicit: NUMBER,
      aging: NUMBER,
      urgency: NUMBER,
      contention: NUMBER,
    }),
    decision: z.enum(['dispatch', 'hold', 'done']),
    holdReason: z.enum(CONSTRAINT_CODES).nullish(),
    blockedBy: z.array(z.strictObject({ kind: z.enum(BLOCKER_KINDS), id: words(1_000) })),
    notBefore: AT.nullish(),
    deadlineAt: AT.nullish(),
    conflictGroup: ID.nullish(),
    locks: z.array(z.strictObject({ path: words(1_000), mode: z.enum(['append', 'write']) })),
    at: AT,
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['holdReason'],
        says: 'a reason if, and only if, the decision is `hold`',
        holds: ({ holdReason, decision }) => isSet(holdReason) === (decision === 'hold'),
      },
      {
        path: ['score'],
        says: 'the sum of its parts by the weights 10, 5, 20, 2, 15 and −3',
        holds: ({ score, scoreParts }) =>
          Math.abs(score - toScore(scoreParts)) <= SCORE_TOLERANCE * Math.max(1, Math.abs(score)),
      },
    ),
  );

/** A document of {@link scheduleEntrySchema}. */
export type ScheduleEntry = z.infer<typeof scheduleEntrySchema>;

const toScore = (parts: ScheduleEntry['scoreParts']): number =>
  10 * parts.criticalPath +
  5 * parts.dependents +
  20 * parts.explicit +
  2 * parts.aging +
  15 * parts.urgency -
  3 * parts.contention;
