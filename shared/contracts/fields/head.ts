import * as z from 'zod';
import { utf8Bytes } from '#shared/kernel/index.ts';

/** Bytes of JSON that a document's `metadata` may have at most. */
const MAX_METADATA_BYTES = 16_384;

/** Whatever a maker wants to keep beside the facts; nothing in the product reads it. */
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

/** How hard a task is, from easy to hard. */
export const COMPLEXITY = z.enum(['trivial', 'simple', 'moderate', 'complex', 'expert']);
/** How dangerous work is, or how far a tool is trusted. */
export const TIER = z.enum(['low', 'medium', 'high']);
/** How soon a task is wanted. */
export const PRIORITY = z.enum(['low', 'normal', 'high', 'critical']);
/** What happens to the rest when a task fails. */
export const FAILURE_POLICY = z.enum([
  'fail_fast',
  'continue',
  'skip_dependents',
  'escalate',
  'fix_task',
]);
/** How a tool is chosen for a task. */
export const ROUTING_STRATEGY = z.enum([
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
]);
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
