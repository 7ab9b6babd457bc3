import * as z from 'zod';
import { type Instant, isFinal, type TransitionTable } from '#shared/kernel/index.ts';
import { AT, HASH, text } from './field-kinds.ts';
import { ACTOR } from './head.ts';
import { areInOrder, isSet, type Rule } from './rule.ts';

/** A machine as the documents of its entities show it. */
export interface Life<State extends string, Trigger extends string> {
  readonly states: readonly [State, ...State[]];
  readonly triggers: readonly Trigger[];
  readonly table: TransitionTable<State, Trigger>;
  /** States in which it has ever run; the first entry is `startedAt`. */
  readonly running: readonly State[];
  /** Closed though not final. @default none */
  readonly alsoClosed?: readonly State[];
}

/** The stamps of a record: written once, on first entry. */
export const STAMPS = {
  createdAt: AT,
  queuedAt: AT.nullish(),
  startedAt: AT.nullish(),
  endedAt: AT.nullish(),
};

interface Step {
  readonly state: string;
  readonly at: string;
  readonly trigger: string;
}

interface Lived {
  readonly state: string;
  readonly version: number;
  readonly createdAt: string;
  readonly stateHistory: readonly Step[];
}

interface Stamped extends Lived {
  readonly queuedAt?: string | null | undefined;
  readonly startedAt?: string | null | undefined;
  readonly endedAt?: string | null | undefined;
}

/** One step of a history: the state it led to, and the trigger that led there, `create` for the birth. */
export interface HistoryEntry<State extends string, Trigger extends string> {
  state: State;
  at: Instant;
  trigger: Trigger | 'create';
  actor: { kind: 'system' | 'worker' | 'person'; id: string };
  reason?: string | null | undefined;
  hash: string;
}

/** The history of a record, oldest entry first. */
export function toHistory<State extends string, Trigger extends string>({
  states,
  triggers,
}: Life<State, Trigger>): z.ZodType<HistoryEntry<State, Trigger>[]> {
  const entry = z.strictObject({
    state: z.enum(states),
    at: AT,
    trigger: z.enum([...triggers, 'create']),
    actor: ACTOR,
    reason: text(2_000).nullish(),
    hash: HASH,
  });
  return z.array(entry).min(1);
}

/** That a history is one the machine allows: born into its first state, each step a cell of the table, up to the state of now. */
export function toHistoryRules<State extends string, Trigger extends string>(
  life: Life<State, Trigger>,
): readonly Rule<Lived>[] {
  const edges = toEdges(life);
  return [
    {
      path: ['stateHistory'],
      says: 'a history that begins with `create` into the first state, at `createdAt`',
      holds: ({ stateHistory: [birth], createdAt }) =>
        birth?.trigger === 'create' && birth.state === life.states[0] && birth.at === createdAt,
    },
    {
      path: ['stateHistory'],
      says: 'a history in the order of time',
      holds: ({ stateHistory }) => areInOrder(stateHistory.map(({ at }) => at)),
    },
    {
      path: ['stateHistory'],
      says: 'a history whose steps are transitions of the machine',
      holds: ({ stateHistory }) =>
        stateHistory
          .slice(1)
          .every(({ trigger, state }, place) =>
            edges.has(`${stateHistory[place]?.state} ${trigger} ${state}`),
          ),
    },
    {
      path: ['state'],
      says: 'the state that the history ends in',
      holds: ({ state, stateHistory }) => stateHistory.at(-1)?.state === state,
    },
    {
      path: ['version'],
      says: 'a version of at least one per entry of the history',
      holds: ({ version, stateHistory }) => version >= stateHistory.length,
    },
  ];
}

/** {@link toHistoryRules}, and that each stamp is the first entry the history has for it, and absent where it has none. */
export function toLifeRules<State extends string, Trigger extends string>(
  life: Life<State, Trigger>,
): readonly Rule<Stamped>[] {
  const queued = new Set<string>(['queued']);
  const running = new Set<string>(life.running);
  const closed = listClosed(life);
  return [
    ...toHistoryRules(life),
    ...(life.states.some((state) => queued.has(state))
      ? [toStampRule('queuedAt', 'queued', queued)]
      : []),
    toStampRule('startedAt', 'running', running),
    toStampRule('endedAt', 'closed', closed),
    {
      path: ['queuedAt'],
      says: 'stamps in the order `createdAt`, `queuedAt`, `startedAt`, `endedAt`',
      holds: ({ createdAt, queuedAt, startedAt, endedAt }) =>
        areInOrder([createdAt, queuedAt, startedAt, endedAt]),
    },
  ];
}

/** The states in which nothing goes on any more: the final ones, and those the life names beside them. */
export const listClosed = <State extends string, Trigger extends string>({
  states,
  table,
  alsoClosed = [],
}: Life<State, Trigger>): ReadonlySet<string> =>
  new Set([...states.filter((state) => isFinal(table, state)), ...alsoClosed]);

/** The instant at which a history first entered one of these states. */
export const firstEntry = (
  history: readonly Step[],
  states: ReadonlySet<string>,
): string | undefined => history.find(({ state }) => states.has(state))?.at;

function toStampRule(
  stamp: 'queuedAt' | 'startedAt' | 'endedAt',
  word: string,
  states: ReadonlySet<string>,
): Rule<Stamped> {
  return {
    path: [stamp],
    says: `the instant it first was ${word}, and nothing if it never was`,
    holds: (document) => {
      const entered = firstEntry(document.stateHistory, states);
      const stamped = document[stamp];
      return isSet(stamped) ? stamped === entered : entered === undefined;
    },
  };
}

function toEdges<State extends string, Trigger extends string>(
  life: Life<State, Trigger>,
): ReadonlySet<string> {
  return new Set(
    life.states.flatMap((from) =>
      life.triggers.map((trigger) => `${from} ${trigger} ${life.table[from][trigger]}`),
    ),
  );
}
