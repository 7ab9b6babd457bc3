import * as z from 'zod';
import { SEVERITIES } from '../events/event-catalogue.ts';
import { AT, COUNT, ID, NUMBER, ULID, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, must } from '../fields/rule.ts';

/** A rule that fires for one entity. Of one rule and entity at most one alert is open. */
export const alertSchema = z
  .strictObject({
    schema: z.literal('alert.v1'),
    alertId: ULID,
    ruleId: ID,
    severity: z.enum(SEVERITIES),
    entity: words(512),
    openedAt: AT,
    clearedAt: AT.nullish(),
    value: NUMBER,
    threshold: NUMBER,
    sampleSize: COUNT,
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['clearedAt'],
      says: 'an instant no earlier than `openedAt`',
      holds: ({ openedAt, clearedAt }) => areInOrder([openedAt, clearedAt]),
    }),
  );

/** A document of {@link alertSchema}. */
export type AlertRecord = z.infer<typeof alertSchema>;
