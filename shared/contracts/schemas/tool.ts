import * as z from 'zod';
import { ID, IDS, MICROS, MS, NUMBER, ORDINAL, usually } from '../fields/field-kinds.ts';
import { METADATA, TIER } from '../fields/head.ts';

/** A tool that tasks can be routed to. No domain named means every domain. */
export const toolSchema = z.strictObject({
  schema: z.literal('tool.v1'),
  toolId: ID,
  kind: z.enum(['tool', 'validator', 'analyzer']),
  capabilities: z.strictObject({ taskKinds: IDS, domains: IDS }),
  limits: z.strictObject({
    maxParallel: usually(ORDINAL, 1),
    timeoutMs: usually(MS.min(1), 600_000),
    contextTokens: ORDINAL.nullish(),
    ratePerMinute: ORDINAL.nullish(),
  }),
  safetyTier: TIER,
  weight: usually(NUMBER.min(0), 1),
  priority: usually(NUMBER.min(0).max(10), 5),
  costHintMicros: MICROS.nullish(),
  metadata: METADATA,
});

/** A document of {@link toolSchema}. */
export type Tool = z.infer<typeof toolSchema>;
