/**
 * A second, plain telling of the nine machines: rows as the specification has them, one flat record for whatever a machine counts,
 * and one way to judge. It shares nothing with the deciders but the shape of the commands.
 */

/** Everything any command may say; a row reads what it needs. */
export interface Facts {
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly override?: { readonly person: string; readonly reason: string };
  readonly [fact: string]: unknown;
}

/** Everything any machine remembers. */
export interface Model {
  readonly state: string;
  readonly version: number;
  /** The last stamp, the stamps of its life and when it came to its present state. Units: ms. */
  readonly lastMs: number;
  readonly enteredMs: number;
  readonly createdMs?: number | undefined;
  readonly queuedMs?: number | undefined;
  readonly startedMs?: number | undefined;
  readonly endedMs?: number | undefined;
  /** Rounds of repair, tries, faults: whatever is counted and bounded. */
  readonly count: number;
  readonly most: number;
  readonly token?: number | undefined;
  readonly isFenced?: boolean;
  readonly held?: string | undefined;
  readonly untilMs?: number | undefined;
  readonly beatMs?: number | undefined;
  readonly gates?: number;
  readonly hash?: unknown;
  readonly cooldownMs?: number;
}

/** Whether a guard holds. */
export type Holds = (facts: Facts, model: Model, nowMs: number) => boolean;

/** A refusal, what keeps it away, and whether a person may pass by it. */
export type Ask = readonly [code: string, holds: Holds, isPassable?: 'passable'];

/** One row of a machine's table: in each of these states this trigger leads there. `=` stays. */
export interface Row {
  readonly on: string;
  readonly from: string;
  readonly to: string;
  readonly asks?: readonly Ask[];
  /** What it changes besides the state and the stamps. */
  readonly sets?: (facts: Facts, model: Model, nowMs: number) => Partial<Model>;
  /** Whether it is kept at all. */
  readonly isKept?: Holds;
}

/** The rows of a machine and where its stamps are set. */
export interface ModelMachine {
  readonly rows: readonly Row[];
  readonly queued?: string;
  readonly started?: string;
  readonly closed: string;
  /** What a command that moves nothing answers in a final state. */
  readonly gone?: Readonly<Record<string, string>>;
}

/** What the model says of a command. */
export type Judged =
  | { readonly refused: string }
  | { readonly refused: undefined; readonly model: Model };

/** An entity before its birth. */
export const UNBORN: Model = {
  state: 'none',
  version: 0,
  lastMs: Number.NEGATIVE_INFINITY,
  enteredMs: 0,
  count: 0,
  most: 0,
};

/** What the specification says of a command: the code of the first check that refuses, or the entity after it. */
export function judgeModel(machine: ModelMachine, model: Model, facts: Facts): Judged {
  const nowMs = Math.max(model.lastMs, Date.parse(facts.at));
  const row = machine.rows.find(({ on, from }) => on === facts.type && isIn(model.state, from));
  const unlawful = findUnlawful(machine, model, facts);
  if (unlawful !== undefined) return { refused: unlawful };
  if (row === undefined) return { refused: 'ILLEGAL_TRANSITION' };
  const failed = (row.asks ?? []).filter(([, holds]) => !holds(facts, model, nowMs));
  const barred = failed.find((ask) => !mayPass(ask, facts));
  if (barred !== undefined) return { refused: barred[0] };
  if (row.isKept?.(facts, model, nowMs) === false) return { refused: undefined, model };
  const state = row.to === '=' ? model.state : row.to;
  const moved = { ...model, state, version: model.version + failed.length + 1 };
  const entered = row.to === '=' ? {} : { enteredMs: nowMs, isFenced: false };
  const changed = row.sets?.(facts, model, nowMs);
  return { refused: undefined, model: { ...stamp(machine, moved, nowMs), ...entered, ...changed } };
}

function mayPass([, , isPassable]: Ask, { override }: Facts): boolean {
  if (isPassable === undefined || override === undefined) return false;
  return override.person !== '' && override.reason !== '';
}

/** Whether a state is one of those a row names; `*` names all. */
export const isIn = (state: string, names = ''): boolean =>
  names === '*' || names.split(' ').includes(state);

/** Whether an entity has a way out of a state. */
export const hasWayOut = ({ rows }: ModelMachine, state: string): boolean =>
  rows.some(({ from, to }) => from !== '*' && to !== '=' && isIn(state, from));

function findUnlawful(machine: ModelMachine, { state }: Model, facts: Facts): string | undefined {
  const { by, type } = facts;
  if (by === '') return 'ACTOR_REQUIRED';
  if (state === 'none') return type === 'create' ? undefined : 'ENTITY_UNKNOWN';
  const isAlways = machine.rows.some(({ on, from }) => on === type && from === '*');
  if (isAlways || hasWayOut(machine, state)) return undefined;
  return machine.gone?.[type] ?? 'FINAL_STATE';
}

/** A stamp is written once, on first entry. */
function stamp(machine: ModelMachine, model: Model, nowMs: number): Model {
  const { state } = model;
  return {
    ...model,
    lastMs: nowMs,
    createdMs: model.createdMs ?? nowMs,
    queuedMs: model.queuedMs ?? (isIn(state, machine.queued) ? nowMs : undefined),
    startedMs: model.startedMs ?? (isIn(state, machine.started) ? nowMs : undefined),
    endedMs: model.endedMs ?? (isIn(state, machine.closed) ? nowMs : undefined),
  };
}
