import { describe, expect, it } from 'vitest';
import type { Decider, TransitionTable } from '#shared/kernel/index.ts';
import { listTransitions } from '#shared/kernel/index.ts';

/** A pair the table does not have. */
export const NO = 'ILLEGAL_TRANSITION';
/** A pair of a state with no way out. */
export const FIN = 'FINAL_STATE';

/** A machine, the cells its specification has for it, and how to come to each of its states. */
export interface Written<State extends string, Trigger extends string, Command, Entity, Event> {
  readonly decider: Decider<Command, Entity, Event, { readonly code: string }>;
  readonly table: TransitionTable<State, Trigger>;
  readonly states: readonly State[];
  readonly triggers: readonly Trigger[];
  readonly matrix: Readonly<
    Record<State, Readonly<Record<Trigger, State | typeof NO | typeof FIN>>>
  >;
  readonly history: Readonly<Record<State, readonly Event[]>>;
  /** Other histories, by `state trigger`, for a pair whose guard wants one. */
  readonly instead?: Readonly<Record<string, readonly Event[]>>;
  readonly command: (from: State) => Readonly<Record<Trigger, Command>>;
  readonly birth: Command;
  readonly counts: { readonly edges: number; readonly refused: number; readonly final: number };
}

/** Tests that the decider, the exported table and the written matrix say the same of every pair, and that the counts are right. */
export function followMatrix<
  State extends string,
  Trigger extends string,
  Command,
  Entity extends { readonly state: State | 'none'; readonly version: number },
  Event,
>(machine: Written<State, Trigger, Command, Entity, Event>): void {
  const { decider, table, states, triggers, matrix, history, command, birth, counts } = machine;
  const { instead = {} } = machine;
  const replay = (events: readonly Event[]) => events.reduce(decider.evolve, decider.initial);

  describe.each(states.map((state) => [state] as const))('from %s', (from) => {
    it.each(triggers.map((trigger) => [trigger] as const))(
      '%s leads where the matrix says',
      (trigger) => {
        const before = replay(instead[`${from} ${trigger}`] ?? history[from]);
        expect(before.state).toBe(from);
        const result = decider.decide(command(from)[trigger], before);
        const after = result.ok ? result.value.reduce(decider.evolve, before) : before;
        expect(result.ok ? after.state : result.refusal.code).toBe(matrix[from][trigger]);
        expect(after.version).toBe(before.version + (result.ok ? result.value.length : 0));
        const isFinal = Object.values(matrix[from]).every((cell) => cell === FIN);
        expect(table[from][trigger] ?? (isFinal ? FIN : NO)).toBe(matrix[from][trigger]);
      },
    );

    it('keeps a second birth out', () => {
      const result = decider.decide(birth, replay(history[from]));
      expect(result.ok ? 'ok' : result.refusal.code).toMatch(/^(ILLEGAL_TRANSITION|FINAL_STATE)$/);
    });
  });

  it('has the edges, the refused pairs and the final states of its specification', () => {
    const transitions = listTransitions(table, states, triggers);
    expect(new Set(transitions.map(({ from, to }) => `${from} ${to}`)).size).toBe(counts.edges);
    expect(states.length * triggers.length - transitions.length).toBe(counts.refused);
    const finals = states.filter((state) => Object.keys(table[state]).length === 0);
    expect(finals).toHaveLength(counts.final);
  });

  it('refuses every trigger before the birth', () => {
    const [first] = states;
    for (const trigger of triggers) {
      const asked = first === undefined ? birth : command(first)[trigger];
      const result = decider.decide(asked, decider.initial);
      expect(result).toMatchObject({ ok: false, refusal: { code: 'ENTITY_UNKNOWN' } });
    }
  });
}
