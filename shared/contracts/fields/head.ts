import * as z from 'zod';
import { utf8Bytes } from '#shared/kernel/index.ts';
import { FAILURE_POLICIES } from '#shared/lifecycle/index.ts';

/** Bytes of JSON that a document's `metadata` may have at most. */
const MAX_METADATA_BYTES = 16_384;

/** Whatever a maker wants to keep beside the facts, for itself to read again. */
export const METADATA = z
  .record(z.string(), z.unknown())
  .refine(
    (metadata) => utf8Bytes(JSON.stringify(metadata)) <= MAX_METADATA_BYTES,
    `at most ${MAX_METADATA_BYTES} bytes of JSON`,
  )
  .nullish();

/** Who did something. */
export const ACTOR = z.strictObject({
  kind: z.enum(['system', 'worker', 'person']),
  id: z.string().min(1, 'text that is not empty').max(254),
});

/** How hard a task can be, from easy to hard. */
export const COMPLEXITIES = ['trivial', 'simple', 'moderate', 'complex', 'expert'] as const;
/** One of {@link COMPLEXITIES}. */
export type Complexity = (typeof COMPLEXITIES)[number];
/** How dangerous work can be, or how far a tool is trusted, from low to high. */
export const TIERS = ['low', 'medium', 'high'] as const;
/** One of {@link TIERS}. */
export type Tier = (typeof TIERS)[number];
/** How soon a task can be wanted, from late to soon. */
export const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const;
/** One of {@link PRIORITIES}. */
export type Priority = (typeof PRIORITIES)[number];
/** How a tool can be chosen for a task. */
export const ROUTING_STRATEGIES = [
  'fixed',
  'round_robin',
  'weighted',
  'least_loaded',
  'priority',
  'random',
  'capability',
  'metrics',
  'cost',
  'latency',
  'sticky',
] as const;
/** One of {@link ROUTING_STRATEGIES}. */
export type RoutingStrategy = (typeof ROUTING_STRATEGIES)[number];

/** How hard a task is. */
export const COMPLEXITY = z.enum(COMPLEXITIES);
/** How dangerous work is, or how far a tool is trusted. */
export const TIER = z.enum(TIERS);
/** How soon a task is wanted. */
export const PRIORITY = z.enum(PRIORITIES);
/** What happens to the rest when a task fails. */
export const FAILURE_POLICY = z.enum(FAILURE_POLICIES);
/** How a tool is chosen for a task. */
export const ROUTING_STRATEGY = z.enum(ROUTING_STRATEGIES);
/** What a gate check measures. */
export const CHECK_TYPE = z.enum([
  'unit_tests',
  'integration_tests',
  'e2e_tests',
  'security_scan',
  'lint',
  'metric',
  'custom',
]);
/** How a measured value is compared; it states what must hold. */
export const COMPARISON = z.enum(['lt', 'lte', 'gt', 'gte', 'eq']);
