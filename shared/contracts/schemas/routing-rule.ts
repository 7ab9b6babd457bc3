import * as z from 'zod';
import { ID, IDS } from '../fields/field-kinds.ts';
import { COMPLEXITY, METADATA, ROUTING_STRATEGY, TIER } from '../fields/head.ts';
import { areDistinct, must } from '../fields/rule.ts';

/** Which tools take which tasks. A field the rule names and the task lacks is no match. */
export const routingRuleSchema = z
  .strictObject({
    schema: z.literal('routing_rule.v1'),
    ruleId: ID,
    match: z.strictObject({
      taskKinds: IDS.nullish(),
      riskTiers: z.array(TIER).nullish(),
      complexityAtMost: COMPLEXITY.nullish(),
      domains: IDS.nullish(),
    }),
    selectFrom: IDS,
    strategy: ROUTING_STRATEGY.nullish(),
    fallbackTo: IDS,
    validateWith: IDS,
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['selectFrom'],
      says: 'each tool once',
      holds: ({ selectFrom, fallbackTo }) => areDistinct(selectFrom) && areDistinct(fallbackTo),
    }),
  );

/** A document of {@link routingRuleSchema}. */
export type RoutingRule = z.infer<typeof routingRuleSchema>;
