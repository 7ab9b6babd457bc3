import * as z from 'zod';
import { AT, CURRENCY, ID, QUANTITY, SIGNED_MICROS, ULID, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { isSet, must } from '../fields/rule.ts';

/** One line of cost. Written once; a correction is a new line. No amount means unpriced, which is not zero. */
export const costEntrySchema = z
  .strictObject({
    schema: z.literal('cost_entry.v1'),
    entryId: ULID,
    entryType: z.enum(['charge', 'reversal', 'adjustment']),
    idempotencyKey: words(512),
    runId: ULID.nullish(),
    taskId: ULID.nullish(),
    stepAttemptId: ULID.nullish(),
    workerId: ID.nullish(),
    projectId: ID,
    phaseId: ID.nullish(),
    workstreamId: ULID.nullish(),
    resourceType: z.enum([
      'api_call',
      'compute_time',
      'storage',
      'network',
      'tool_usage',
      'labour',
      'custom',
    ]),
    resourceName: words(200),
    usageType: words(64),
    quantity: QUANTITY,
    unit: words(64),
    amountMicros: SIGNED_MICROS.nullish(),
    currency: CURRENCY.nullish(),
    priceId: ID.nullish(),
    priceBookVersion: ID.nullish(),
    reservationId: ULID.nullish(),
    reverses: ULID.nullish(),
    source: z.enum(['measured', 'reported', 'estimated']),
    occurredAt: AT,
    recordedAt: AT,
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['currency'],
        says: 'a currency if, and only if, there is an amount',
        holds: ({ currency, amountMicros }) => isSet(currency) === isSet(amountMicros),
      },
      {
        path: ['reverses'],
        says: 'another entry if, and only if, this one is a reversal',
        holds: ({ reverses, entryType, entryId }) =>
          isSet(reverses) === (entryType === 'reversal') && reverses !== entryId,
      },
      {
        path: ['amountMicros'],
        says: 'no negative amount on a charge',
        holds: ({ amountMicros, entryType }) =>
          entryType !== 'charge' || !(amountMicros ?? '0').startsWith('-'),
      },
      {
        path: ['priceBookVersion'],
        says: 'a price book if, and only if, a price of it was used',
        holds: ({ priceBookVersion, priceId }) => isSet(priceBookVersion) === isSet(priceId),
      },
    ),
  );

/** A document of {@link costEntrySchema}. */
export type CostEntryRecord = z.infer<typeof costEntrySchema>;
