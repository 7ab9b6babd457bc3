import * as z from 'zod';
import { AT, FLAG, ID, SEMVER, text, ULID, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { must } from '../fields/rule.ts';

const FINDING = z.strictObject({ code: words(128), path: text(1_000), message: words(2_000) });

/** What a validator found. Written once, never changed: a newer record takes its place. */
export const validationRecordSchema = z
  .strictObject({
    schema: z.literal('validation_record.v1'),
    validationId: ULID,
    subjectType: z.enum([
      'patch',
      'task',
      'workstream',
      'phase',
      'run',
      'document',
      'config',
      'gate',
    ]),
    subjectId: words(512),
    subjectVersion: z.int().min(0),
    validator: ID,
    validatorVersion: SEMVER,
    outcome: z.enum(['passed', 'failed', 'needs_human', 'not_run']),
    criteriaMet: z.record(ID, FLAG),
    errors: z.array(FINDING),
    warnings: z.array(FINDING),
    dryRun: FLAG,
    at: AT,
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['outcome'],
        says: 'no error and every criterion met where the outcome is `passed`',
        holds: ({ outcome, errors, criteriaMet }) =>
          outcome !== 'passed' ||
          (errors.length === 0 && Object.values(criteriaMet).every(Boolean)),
      },
      {
        path: ['criteriaMet'],
        says: 'no criterion where nothing was run',
        holds: ({ outcome, criteriaMet }) =>
          outcome !== 'not_run' || Object.keys(criteriaMet).length === 0,
      },
    ),
  );

/** A document of {@link validationRecordSchema}. */
export type ValidationRecord = z.infer<typeof validationRecordSchema>;
