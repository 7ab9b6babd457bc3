import * as z from 'zod';
import { SEVERITIES } from '../events/event-catalogue.ts';
import { AT, COUNT, ID, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';

/** Which events a subscriber wants; what it leaves out, it takes all of. */
const FILTER = z
  .strictObject({
    /** An event type, `prefix_*` or `*`. */
    types: z.array(z.string().regex(/^(\*|[a-z][a-z_]{0,62}\*?)$/, 'a type, `prefix_*` or `*`')),
    entityType: words(64),
    entityId: words(512),
    runId: words(512),
    severities: z.array(z.enum(SEVERITIES)),
  })
  .partial();

/** How far a reader of the ledger has come. */
export const subscriberSchema = z.strictObject({
  schema: z.literal('subscriber.v1'),
  subscriberId: ID,
  /** The last position dealt with; 0 before the first. */
  position: COUNT,
  filter: FILTER,
  updatedAt: AT,
  metadata: METADATA,
});

/** A document of {@link subscriberSchema}. */
export type SubscriberRecord = z.infer<typeof subscriberSchema>;
