import * as z from 'zod';
import { CONDITION } from '../fields/condition.ts';
import { FLAG, ID, IDS, MS, text, usually, words } from '../fields/field-kinds.ts';
import { CHECK_TYPE, METADATA } from '../fields/head.ts';
import { areDistinct, must } from '../fields/rule.ts';

const CHECK = z.strictObject({
  checkId: ID,
  checkType: CHECK_TYPE,
  required: usually(FLAG, true),
  dryRun: usually(FLAG, false),
  command: text(4_000).nullish(),
  conditions: z.array(CONDITION),
  staleAfterMs: usually(MS, 86_400_000),
  dependsOn: IDS,
});

/** A gate: which checks it asks for, and what may not go on without them. */
export const gateSchema = z
  .strictObject({
    schema: z.literal('gate.v1'),
    gateId: ID,
    name: words(200),
    scope: words(500),
    checks: z.array(CHECK),
    guards: z.array(words(512)),
    metadata: METADATA,
  })
  .superRefine(
    must(
      {
        path: ['checks'],
        says: 'at least one required check that is no dry run: GATE_EMPTY',
        holds: ({ checks }) => checks.some(({ required, dryRun }) => required && !dryRun),
      },
      {
        path: ['checks'],
        says: 'each check once, and dependencies among the checks of this gate that come before',
        holds: ({ checks }) =>
          areDistinct(checks.map(({ checkId }) => checkId)) &&
          checks.every(({ dependsOn }, place) =>
            dependsOn.every((id) => checks.slice(0, place).some(({ checkId }) => checkId === id)),
          ),
      },
    ),
  );

/** A document of {@link gateSchema}. */
export type GateDefinition = z.infer<typeof gateSchema>;
