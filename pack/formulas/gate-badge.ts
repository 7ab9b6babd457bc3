import { BADGE_STATES, drawGateBadge } from '#shared/chart/index.ts';
import { failure } from '../failures.ts';
import { PICTURE, PICTURE_EXAMPLE, toPicture } from '../picture.ts';
import * as coda from '../sdk.ts';

/** Adds `GateBadge`: a gate at a glance. */
export function addGateBadge(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    ...PICTURE,
    name: 'GateBadge',
    description:
      'A small picture of how a gate stands, told by a sign and a word: passed, waived, stale, not run, inconclusive, error or failed. Give it the columns of the table GateStatus, or texts of your own.',
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'gate',
        description: "The gate's name.",
        suggestedValue: 'client approval',
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'status',
        description: `How it stands: ${BADGE_STATES.join(', ')}.`,
        suggestedValue: 'passed',
        autocomplete: [...BADGE_STATES],
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'note',
        description: 'A few words more, such as "until Friday".',
        optional: true,
      }),
    ],
    examples: [
      { params: ['client approval', 'passed'], result: PICTURE_EXAMPLE },
      { params: ['client approval', 'waived', 'until 2026-03-09'], result: PICTURE_EXAMPLE },
    ],
    execute: async ([gate, status, note = '']) => {
      const word = status.trim().toLowerCase().replace(/_/g, ' ');
      const state = BADGE_STATES.find((known) => known === word);
      if (state === undefined)
        throw failure('STATUS_UNKNOWN', { received: status, allowed: BADGE_STATES });
      return toPicture(drawGateBadge({ gate: gate.trim(), state, note: note.trim() }));
    },
  });
}
