import * as z from 'zod';
import { COUNT, ID, ORDINAL, ULID, unique, words } from '../fields/field-kinds.ts';
import { METADATA } from '../fields/head.ts';
import { firstEntry, STAMPS, toHistory, toLifeRules } from '../fields/life.ts';
import { PHASE_LIFE } from '../fields/lives.ts';
import { must } from '../fields/rule.ts';
import { ACCEPTANCE, CONSTRAINTS, RESOURCE_SCOPE } from '../fields/work.ts';

/** A phase of a run, and how it goes. */
export const phaseStateSchema = z
  .strictObject({
    schema: z.literal('phase_state.v1'),
    phaseId: ID,
    runId: ULID,
    order: ORDINAL,
    name: words(200),
    category: ID,
    state: z.enum(PHASE_LIFE.states),
    version: ORDINAL,
    resourceScope: RESOURCE_SCOPE,
    constraints: CONSTRAINTS,
    acceptance: ACCEPTANCE.extend({ postActions: z.array(words(500)) }),
    gateIds: unique(ID),
    fixLoops: COUNT,
    ...STAMPS,
    stateHistory: toHistory(PHASE_LIFE),
    metadata: METADATA,
  })
  .superRefine(must(...toLifeRules(PHASE_LIFE)))
  .superRefine(
    must({
      path: ['gateIds'],
      says: 'at least one exit gate in a phase that was ever gated',
      holds: ({ gateIds, stateHistory }) =>
        gateIds.length > 0 || firstEntry(stateHistory, GATED) === undefined,
    }),
  );

/** A document of {@link phaseStateSchema}. */
export type PhaseRecord = z.infer<typeof phaseStateSchema>;

const GATED: ReadonlySet<string> = new Set(['gated']);
