import * as z from 'zod';
import { AT, CURRENCY, MICROS, ULID, unique } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { isSet, must } from '../fields/rule.ts';

/** Money set aside before a call, in every budget of its scope. */
export const reservationSchema = z
  .strictObject({
    schema: z.literal('reservation.v1'),
    reservationId: ULID,
    budgetIds: unique(ULID),
    runId: ULID,
    taskId: ULID,
    amountMicros: MICROS,
    currency: CURRENCY,
    state: z.enum(['held', 'settled', 'released', 'expired']),
    settledMicros: MICROS.nullish(),
    expiresAt: AT,
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['settledMicros'],
      says: 'an amount if, and only if, the reservation is settled',
      holds: ({ settledMicros, state }) => isSet(settledMicros) === (state === 'settled'),
    }),
  );

/** A document of {@link reservationSchema}. */
export type ReservationRecord = z.infer<typeof reservationSchema>;
