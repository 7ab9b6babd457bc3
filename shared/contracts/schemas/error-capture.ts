import * as z from 'zod';
import { AT, COUNT, FLAG, HASH, ORDINAL, text, ULID, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, must } from '../fields/rule.ts';
import { ENTITY_TYPE } from './execution-event.ts';

const ERROR_CODES = [
  'E_TOOL_FAILURE',
  'E_TIMEOUT',
  'E_RESOURCE_LIMIT',
  'E_POLICY',
  'E_PLAN_CONSISTENCY',
  'E_MERGE_CONFLICT',
  'E_LEASE_LOST',
  'E_ORCHESTRATOR_CRASH',
  'E_UNKNOWN',
] as const;

const ERROR_CATEGORIES = [
  'syntax',
  'config',
  'network',
  'tool_timeout',
  'ai_refusal',
  'validation_failed',
  'build_failed',
  'test_failed',
  'merge_conflict',
  'permission_denied',
  'budget',
  'unknown',
] as const;

/** One place an error points at; a tool that names no line or column leaves them out. */
const ISSUE = z.strictObject({
  path: text(1_000),
  line: COUNT.nullish(),
  column: COUNT.nullish(),
  code: text(128).nullish(),
  category: z.enum(ERROR_CATEGORIES),
  severity: z.enum(['warning', 'error', 'critical']),
  message: text(2_000),
});

/** An error as it was met, once per fingerprint while it is open; secrets are masked before it is stored. */
export const errorCaptureSchema = z
  .strictObject({
    schema: z.literal('error_capture.v1'),
    errorId: ULID,
    entityType: ENTITY_TYPE,
    entityId: words(512),
    runId: ULID.nullish(),
    taskId: ULID.nullish(),
    stepAttemptId: ULID.nullish(),
    code: z.enum(ERROR_CODES),
    category: z.enum(ERROR_CATEGORIES),
    severity: z.enum(['warning', 'error', 'critical']),
    humanMessage: words(500),
    technicalDetails: text(8_000).nullish(),
    recommendation: text(500).nullish(),
    fingerprint: HASH,
    firstSeenAt: AT,
    lastSeenAt: AT,
    occurrences: ORDINAL,
    retryable: FLAG,
    autoFixAvailable: FLAG,
    issues: z.array(ISSUE),
    resolvedAt: AT.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['lastSeenAt'],
      says: 'instants in the order `firstSeenAt`, `lastSeenAt`, `resolvedAt`',
      holds: ({ firstSeenAt, lastSeenAt, resolvedAt }) =>
        areInOrder([firstSeenAt, lastSeenAt, resolvedAt]),
    }),
  );

/** A document of {@link errorCaptureSchema}. */
export type ErrorCapture = z.infer<typeof errorCaptureSchema>;
