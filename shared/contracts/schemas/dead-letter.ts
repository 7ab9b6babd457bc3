import * as z from 'zod';
import { AT, ID, ORDINAL, text, ULID } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';

/** An event that a subscriber could not deal with. */
export const deadLetterSchema = z.strictObject({
  schema: z.literal('dead_letter.v1'),
  deadLetterId: ULID,
  subscriberId: ID,
  position: ORDINAL,
  attempts: ORDINAL,
  lastError: text(2_000),
  at: AT,
  state: z.enum(['open', 'redriven', 'dropped']),
  metadata: METADATA,
});

/** A document of {@link deadLetterSchema}. */
export type DeadLetterRecord = z.infer<typeof deadLetterSchema>;
