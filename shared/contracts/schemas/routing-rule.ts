import * as z from 'zod';
import { ID, IDS, unique } from '../fields/field-kinds.ts';
import { COMPLEXITY, METADATA, ROUTING_STRATEGY, TIER } from '../fields/head.ts';

/** Which tools take which tasks. A field the rule names and the task lacks is no match. */
export const routingRuleSchema = z.strictObject({
  schema: z.literal('routing_rule.v1'),
  ruleId: ID,
  match: z.strictObject({
    taskKinds: IDS.nullish(),
    riskTiers: z.array(TIER).nullish(),
    complexityAtMost: COMPLEXITY.nullish(),
    domains: IDS.nullish(),
  }),
  selectFrom: unique(ID),
  strategy: ROUTING_STRATEGY.nullish(),
  fallbackTo: unique(ID),
  validateWith: IDS,
  metadata: METADATA,
});

/** A document of {@link routingRuleSchema}. */
export type RoutingRule = z.infer<typeof routingRuleSchema>;
