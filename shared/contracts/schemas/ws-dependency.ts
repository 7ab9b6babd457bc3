import * as z from 'zod';
import { AT, FLAG, text, ULID, usually, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { must } from '../fields/rule.ts';

/** Why one piece of work waits for another. */
export const wsDependencySchema = z
  .strictObject({
    schema: z.literal('ws_dependency.v1'),
    dependencyId: ULID,
    runId: ULID,
    // A file is waited for by its path, so an end of an edge is no ULID.
    fromId: words(1_000),
    toId: words(1_000),
    kind: z.enum(['task', 'file', 'gate', 'phase', 'workstream', 'capability']),
    condition: usually(z.enum(['success', 'finished', 'always']), 'success'),
    inferred: FLAG,
    reason: text(300).nullish(),
    at: AT,
    metadata: METADATA,
  })
  .superRefine(
    must({
      path: ['toId'],
      says: 'another thing than `fromId`',
      holds: ({ fromId, toId }) => fromId !== toId,
    }),
  );

/** A document of {@link wsDependencySchema}. */
export type WsDependency = z.infer<typeof wsDependencySchema>;
