import * as z from 'zod';
import {
  ACCOUNT,
  AT,
  COUNT,
  FLAG,
  GLOB,
  HASH,
  ID,
  SEMVER,
  text,
  ULID,
  usually,
  words,
} from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { areInOrder, isSet, must } from '../fields/rule.ts';

const DOC_TYPES = [
  'global_spec',
  'core_spec',
  'project_profile',
  'phase_spec_master',
  'phase_spec_instance',
  'workstream_spec',
  'error_pipeline_spec',
  'tool_profile',
  'capability_card',
  'run_artifact',
  'other',
] as const;

/** Limits a document lays on patches of its files; what it leaves out stays as the layer above has it. */
const DOC_PATCH_POLICY = z
  .strictObject({
    patchRequired: FLAG,
    requireIssueRef: FLAG,
    minReviewers: COUNT,
    maxLinesChanged: COUNT,
    maxFilesChanged: COUNT,
    forbiddenPaths: z.array(GLOB),
  })
  .partial();

/** What a specification or an artifact says of itself. */
export const docMetadataSchema = z
  .strictObject({
    schema: z.literal('doc_metadata.v1'),
    docId: ULID,
    metaVersion: z.literal(1),
    docType: z.enum(DOC_TYPES),
    docLayer: z.enum(['global', 'framework', 'project', 'module', 'run']),
    title: words(200),
    summary: text(512),
    docVersion: SEMVER,
    status: z.enum(['draft', 'active', 'deprecated', 'superseded', 'experimental']),
    schemaRef: words(500),
    createdAt: AT,
    updatedAt: AT,
    authorType: z.enum(['human', 'ai', 'mixed']),
    owner: ACCOUNT,
    securityTier: z.enum(['public', 'internal', 'confidential', 'restricted']),
    supersededBy: ULID.nullish(),
    projectId: ID.nullish(),
    moduleId: ID.nullish(),
    phaseId: ID.nullish(),
    workstreamId: ULID.nullish(),
    specRefs: z.array(words(500)),
    tags: z.array(ID),
    patchPolicy: DOC_PATCH_POLICY.nullish(),
    asciiOnly: usually(FLAG, false),
    maxLineLength: z.int().min(40).nullish(),
    lastValidatedAt: AT.nullish(),
    checksum: HASH.nullish(),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['supersededBy'],
        says: 'another document if, and only if, this one is superseded',
        holds: ({ supersededBy, status, docId }) =>
          isSet(supersededBy) === (status === 'superseded') && supersededBy !== docId,
      },
      {
        path: ['updatedAt'],
        says: 'an instant no earlier than `createdAt`',
        holds: ({ createdAt, updatedAt }) => areInOrder([createdAt, updatedAt]),
      },
    ),
  );

/** A document of {@link docMetadataSchema}. */
export type DocMetadata = z.infer<typeof docMetadataSchema>;
