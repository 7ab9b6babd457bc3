import type { TransitionTable } from '#shared/kernel/index.ts';
import { RUN_STATES, RUN_TRANSITIONS } from '#shared/lifecycle/index.ts';
import { failure } from '../failures.ts';
import * as coda from '../sdk.ts';

interface Lifecycle {
  readonly states: readonly string[];
  readonly transitions: TransitionTable<string, string>;
}

const LIFECYCLES: ReadonlyMap<string, Lifecycle> = new Map([
  ['run', { states: RUN_STATES, transitions: RUN_TRANSITIONS }],
]);
const ENTITIES = [...LIFECYCLES.keys()];

/** Adds `NextStates`: where something may go from the state it is in. */
export function addNextStates(pack: coda.PackDefinitionBuilder): void {
  pack.addFormula({
    name: 'NextStates',
    description:
      'Lists the states that may follow a state, so that a person or an agent asks only for what can be done. A final state gives an empty list. Entity: run.',
    connectionRequirement: coda.ConnectionRequirement.None,
    cacheTtlSecs: 86_400,
    parameters: [
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'entity',
        description: 'What kind of thing it is. Allowed: run.',
        suggestedValue: 'run',
        autocomplete: ENTITIES,
      }),
      coda.makeParameter({
        type: coda.ParameterType.String,
        name: 'state',
        description: `The state it is in now. For a run: ${RUN_STATES.join(', ')}.`,
        suggestedValue: 'running',
        autocomplete: [...RUN_STATES],
      }),
    ],
    examples: [
      { params: ['run', 'pending'], result: ['queued', 'running', 'canceled'] },
      { params: ['run', 'paused'], result: ['running', 'failed', 'canceled'] },
      { params: ['run', 'succeeded'], result: [] },
    ],
    resultType: coda.ValueType.Array,
    items: { type: coda.ValueType.String },
    execute: async ([entity, state]) => [...listNextStates(entity, state)],
  });
}

function listNextStates(entity: string, state: string): readonly string[] {
  const lifecycle = LIFECYCLES.get(entity.trim().toLowerCase());
  if (lifecycle === undefined) {
    throw failure('ENTITY_UNKNOWN', { received: entity, allowed: ENTITIES });
  }
  const { states, transitions } = lifecycle;
  const from = states.find((known) => known === state.trim().toLowerCase());
  if (from === undefined) throw failure('STATE_UNKNOWN', { received: state, allowed: states });
  return Object.values(transitions[from] ?? {}).filter((to) => to !== undefined);
}
