import {
  accept,
  type Instant,
  isFinal,
  type Ms,
  type Result,
  refuse,
  type TransitionTable,
  toEpochMs,
} from '#shared/kernel/index.ts';

/** What every command carries: when it was meant to happen, and who asked. */
export interface Asked {
  readonly at: Instant;
  /** An account, a worker's id or `system`. */
  readonly by: string;
  /** A person's wish to pass by a guard that would refuse. It never opens an edge the table does not have. */
  readonly override?: Override;
}

/** Who passes by a guard, and why; both are kept for ever. */
export interface Override {
  readonly person: string;
  readonly reason: string;
}

/** What every event carries: when it happened, and whether a clock that ran backwards had to be corrected. */
export interface Happened {
  readonly at: Instant;
  readonly clockAdjusted?: true;
}

/** What every lifecycle's state holds, whatever else it holds. */
export interface Entity<State extends string> {
  readonly state: State | 'none';
  /** Events so far; a repeat or a stale writer is seen by it. */
  readonly version: number;
  /** The last stamp; no later one may lie before it. */
  readonly lastAt?: Instant;
}

/** Why any machine says no before it looks at its guards. */
export type Unlawful<State extends string, Trigger extends string> =
  | { readonly code: 'ENTITY_UNKNOWN' | 'ACTOR_REQUIRED' }
  | { readonly code: 'FINAL_STATE'; readonly from: State }
  | {
      readonly code: 'ILLEGAL_TRANSITION';
      readonly from: State;
      readonly trigger: Trigger | 'create';
    };

/** One condition beyond the table: the refusal where it does not hold, and whether a person may pass by it. */
export interface Guard<Refusal> {
  readonly refusal: Refusal | undefined;
  /** Work may be let through by a person; a lease, a tree or a result that is not there may not. @default false */
  readonly isPassable?: boolean;
}

/** A guard nobody passes by. */
export const must = <const Refusal>(holds: boolean, refusal: Refusal): Guard<Refusal> => ({
  refusal: holds ? undefined : refusal,
});

/** A guard a person may pass by. */
export const should = <const Refusal>(holds: boolean, refusal: Refusal): Guard<Refusal> => ({
  ...must(holds, refusal),
  isPassable: true,
});

/** A person passed by a guard. It moves nothing by itself: the transition it allowed follows it. */
export interface OverrideRecorded extends Happened {
  readonly type: 'override_recorded';
  readonly trigger: string;
  /** Code of the guard that would have refused. */
  readonly guard: string;
  readonly person: string;
  readonly reason: string;
}

/** What happens to the rest of the work when a task fails. */
export const FAILURE_POLICIES = [
  'fail_fast',
  'continue',
  'skip_dependents',
  'escalate',
  'fix_task',
] as const;
/** One of {@link FAILURE_POLICIES}. */
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

/** What a command says beyond who asks for what and when: guard facts to be taken off, and what its event repeats. */
export function toSaid<Command extends Asked & { readonly type: string }>(
  command: Command,
): Omit<Command, keyof Asked | 'type'> {
  const { type: _type, at: _at, by: _by, override: _override, ...said } = command;
  return said;
}

/** What an event tells beyond its type and stamp: the fields a fold keeps. */
export function toTold<Event extends Happened & { readonly type: string }>(
  event: Event,
): Omit<Event, keyof Happened | 'type'> {
  const { type: _type, at: _at, clockAdjusted: _clockAdjusted, ...told } = event;
  return told;
}

/** Whether the table lets a command in, and the stamp its events then bear. Every decider asks this first. */
export function admit<State extends string, Trigger extends string>(
  table: TransitionTable<State, Trigger>,
  command: Asked & { readonly type: Trigger | 'create' },
  entity: Entity<State>,
): Result<Happened, Unlawful<State, Trigger>> {
  const { type: trigger } = command;
  if (command.by === '') return refuse({ code: 'ACTOR_REQUIRED' });
  const { state: from } = entity;
  if (from === 'none') {
    if (trigger !== 'create') return refuse({ code: 'ENTITY_UNKNOWN' });
  } else {
    if (isFinal(table, from)) return refuse({ code: 'FINAL_STATE', from });
    if (trigger === 'create' || table[from][trigger] === undefined) {
      return refuse({ code: 'ILLEGAL_TRANSITION', from, trigger });
    }
  }
  return accept(toStamp(command.at, entity.lastAt));
}

/**
 * The overrides a command needs, none as a rule, or the first guard that refuses. Guards are judged in the order given.
 * An override without person or reason passes by nothing.
 */
export function judge<Refusal extends { readonly code: string }>(
  guards: readonly Guard<Refusal>[],
  command: Asked & { readonly type: string },
  stamp: Happened,
): Result<readonly OverrideRecorded[], Refusal> {
  const { override, type: trigger } = command;
  const passed: OverrideRecorded[] = [];
  for (const { refusal, isPassable = false } of guards) {
    if (refusal === undefined) continue;
    const mayPass = isPassable && override !== undefined && override.person !== '';
    if (!mayPass || override.reason === '') return refuse(refusal);
    const { person, reason } = override;
    passed.push({
      ...stamp,
      type: 'override_recorded',
      trigger,
      guard: refusal.code,
      person,
      reason,
    });
  }
  return accept(passed);
}

/** Later of the asked instant and the last stamp: a clock that runs backwards must not reorder history. */
export function toStamp(asked: Instant, lastAt: Instant | undefined): Happened {
  return lastAt !== undefined && asked < lastAt
    ? { at: lastAt, clockAdjusted: true }
    : { at: asked };
}

/** Milliseconds between two stamps; 0 where one of them is missing. */
export function elapsedMs(from: Instant | undefined, to: Instant | undefined): Ms {
  return from === undefined || to === undefined ? 0 : toEpochMs(to) - toEpochMs(from);
}
