import type { TransitionTable } from './decider.ts';

/** One cell of a transition table that leads somewhere. */
export interface Transition<State extends string, Trigger extends string> {
  readonly from: State;
  readonly trigger: Trigger;
  readonly to: State;
}

/** Every transition of a table, in the order of its rows. */
export function listTransitions<State extends string, Trigger extends string>(
  table: TransitionTable<State, Trigger>,
  states: readonly State[],
  triggers: readonly Trigger[],
): readonly Transition<State, Trigger>[] {
  return states.flatMap((from) =>
    triggers.flatMap((trigger) => {
      const to = table[from][trigger];
      return to === undefined ? [] : [{ from, trigger, to }];
    }),
  );
}

/** Whether a state has no way out. */
export const isFinal = <State extends string, Trigger extends string>(
  table: TransitionTable<State, Trigger>,
  state: State,
): boolean => Object.keys(table[state]).length === 0;
