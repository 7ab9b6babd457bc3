import * as z from 'zod';
import { COUNT, FLAG, GLOB, ID, ORDINAL, usually } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { must } from '../fields/rule.ts';

/** What patches may do at one level; a level below may only tighten it. */
export const patchPolicySchema = z
  .strictObject({
    schema: z.literal('patch_policy.v1'),
    policyId: ID,
    level: z.enum(['global', 'project', 'phase', 'doc']),
    allowedFormats: z.array(z.literal('unified_diff')),
    patchRequired: usually(FLAG, true),
    maxLinesChanged: usually(COUNT, 300),
    maxFilesChanged: usually(COUNT, 10),
    forbidBinary: usually(FLAG, true),
    forbiddenPaths: z.array(GLOB),
    testsForPaths: z.array(GLOB),
    requireIssueRef: usually(FLAG, true),
    minReviewers: usually(COUNT, 1),
    oscillationWindow: usually(ORDINAL, 5),
    oscillationThreshold: usually(ORDINAL, 3),
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['oscillationThreshold'],
      says: 'at most `oscillationWindow`',
      holds: ({ oscillationThreshold, oscillationWindow }) =>
        oscillationThreshold <= oscillationWindow,
    }),
  );

/** A document of {@link patchPolicySchema}. */
export type PatchPolicyRecord = z.infer<typeof patchPolicySchema>;
