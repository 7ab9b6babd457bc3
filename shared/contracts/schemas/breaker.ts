import * as z from 'zod';
import { AT, COUNT, ID, MS, ORDINAL, usually } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { BREAKER_LIFE } from '../fields/lives.ts';
import { isSet, must } from '../fields/rule.ts';

/** The circuit breaker of one tool. */
export const breakerSchema = z
  .strictObject({
    schema: z.literal('breaker.v1'),
    toolId: ID,
    state: z.enum(BREAKER_LIFE.states),
    version: ORDINAL,
    faults: COUNT,
    openedAt: AT.nullish(),
    cooldownMs: usually(MS.max(900_000), 60_000),
    probeId: ID.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['openedAt'],
        says: 'an instant if, and only if, the breaker is not closed',
        holds: ({ openedAt, state }) => isSet(openedAt) === (state !== 'closed'),
      },
      {
        path: ['probeId'],
        says: 'a probe only while the breaker is half open',
        holds: ({ probeId, state }) => !isSet(probeId) || state === 'half_open',
      },
    ),
  );

/** A document of {@link breakerSchema}. */
export type BreakerRecord = z.infer<typeof breakerSchema>;
