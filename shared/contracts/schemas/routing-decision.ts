import * as z from 'zod';
import { AT, HASH, ID, IDS, NUMBER, ORDINAL, SEMVER, UINT32, ULID } from '../fields/field-kinds.ts';
import { METADATA, ROUTING_STRATEGY } from '../fields/head.ts';
import { areDistinct, isSet, must } from '../fields/rule.ts';

/** Why a tool may not take a task, in the order in which it is asked; the first that holds is kept. */
export const ROUTE_FILTERS = [
  'not_allowed',
  'kind_unsupported',
  'domain_unsupported',
  'capability_missing',
  'safety_too_low',
  'context_too_small',
  'breaker_open',
  'rate_limited',
  'at_capacity',
  'over_budget',
] as const;
/** One of {@link ROUTE_FILTERS}. */
export type RouteFilter = (typeof ROUTE_FILTERS)[number];

const CANDIDATE = z.strictObject({
  toolId: ID,
  eligible: z.boolean(),
  score: NUMBER.min(0).max(1).nullish(),
  rejectedBecause: z.enum(ROUTE_FILTERS).nullish(),
  features: z.record(ID, NUMBER).nullish(),
});

/** Which tool a task was given, and why not the others. Written once, never changed. */
export const routingDecisionSchema = z
  .strictObject({
    schema: z.literal('routing_decision.v1'),
    decisionId: ULID,
    runId: ULID,
    taskId: ULID,
    attempt: ORDINAL,
    strategy: ROUTING_STRATEGY,
    ruleId: ID.nullish(),
    configVersion: SEMVER,
    candidates: z.array(CANDIDATE),
    selectedTool: ID.nullish(),
    outcome: z.enum(['selected', 'no_route']),
    fallbackChain: IDS,
    seed: UINT32,
    inputHash: HASH,
    at: AT,
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['selectedTool'],
        says: 'a tool if, and only if, the outcome is `selected`',
        holds: ({ selectedTool, outcome }) => isSet(selectedTool) === (outcome === 'selected'),
      },
      {
        path: ['selectedTool'],
        says: 'a candidate that is eligible',
        holds: ({ selectedTool, candidates }) =>
          !isSet(selectedTool) ||
          candidates.some(({ toolId, eligible }) => eligible && toolId === selectedTool),
      },
      {
        path: ['fallbackChain'],
        says: 'each tool once, and not the one selected',
        holds: ({ selectedTool, fallbackChain }) => areDistinct([selectedTool, ...fallbackChain]),
      },
      {
        path: ['candidates'],
        says: 'each tool once, a score for each eligible one and a reason for each other',
        holds: ({ candidates }) =>
          areDistinct(candidates.map(({ toolId }) => toolId)) &&
          candidates.every(
            ({ eligible, score, rejectedBecause }) =>
              isSet(score) === eligible && isSet(rejectedBecause) === !eligible,
          ),
      },
    ),
  );

/** A document of {@link routingDecisionSchema}. */
export type RoutingDecision = z.infer<typeof routingDecisionSchema>;
