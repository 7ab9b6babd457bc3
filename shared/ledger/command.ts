import * as v from 'valibot';
import {
  accept,
  isDay,
  isInstant,
  type Result,
  refuse,
  type Sha256,
  toCrockfordId,
  toEpochMs,
  toInstant,
} from '#shared/kernel/index.ts';
import type { LedgerRow } from './ledger-row.ts';

/** A task, a person or a run; longer than any of their names, short enough for many in one state row. */
const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(500));
const isDayPart = (hours: number): boolean => hours > 0 && hours <= 24;
/** A year beyond these is a slip, and a moment beyond the calendar would stop every reader. */
const isWorkday = (day: string): boolean => isDay(day) && day >= '1970' && day < '2100';
const isOrdinal = (entry: number): boolean => Number.isSafeInteger(entry) && entry >= 1;
const Target = {
  task: text,
  person: text,
  run: v.optional(text),
};
const Lifecycle = v.strictObject({ ...Target, note: v.optional(v.string()) });
const Hours = v.strictObject({
  ...Target,
  hours: v.pipe(v.number(), v.check(isDayPart, 'Expected more than 0 and at most 24')),
  day: v.pipe(v.string(), v.check(isWorkday, 'Expected YYYY-MM-DD from 1970 to 2099')),
  note: v.string(),
  entry: v.pipe(v.number(), v.check(isOrdinal, 'Expected 1, 2, 3 …')),
});

/** What each button asks for, by the type of its command. */
export const COMMAND_DATA = {
  StartRun: Lifecycle,
  PauseRun: Lifecycle,
  ResumeRun: Lifecycle,
  FinishRun: Lifecycle,
  LogHours: Hours,
} as const;

/** Whose run of which task a lifecycle command is about. */
export interface LifecycleData {
  readonly task: string;
  readonly person: string;
  /** A run the asker knows of; where nobody else does, task and person find it. */
  readonly run?: string | undefined;
  readonly note?: string | undefined;
}
/** Hours somebody worked on a day. */
export interface HoursData extends LifecycleData {
  /** Range: above 0, at most 24. */
  readonly hours: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly note: string;
  /** 1, or another number where the same hours, day and note are meant to count again. */
  readonly entry: number;
}

/** The commands that have a handler. */
export type CommandType = keyof typeof COMMAND_DATA;
/** The commands that move a run that is going on. */
export type LifecycleType = Exclude<CommandType, 'LogHours'>;

/** What every command has: what makes it one, and who made it when. */
export interface Pressed {
  /** 26 Crockford characters: one key, one effect, however many rows carry it. */
  readonly key: string;
  /** When the button was pressed, fixed once and kept over retries. Units: ms since 1970. */
  readonly atMs: number;
  /** The account that pressed; not a proven person. */
  readonly by: string;
}

/** A request to start, pause, resume or finish the run of a task and person. */
export type LifecycleCommand = Pressed & {
  readonly type: LifecycleType;
  readonly data: LifecycleData;
};
/** A request to add hours worked on a day; the same hours, day, note and entry are the same hours. */
export type HoursCommand = Pressed & {
  readonly type: 'LogHours';
  readonly data: HoursData;
};
/** What a person asked for by a button. */
export type Command = LifecycleCommand | HoursCommand;

/** A command before it has its key. */
export type CommandDraft = Omit<LifecycleCommand, 'key'> | Omit<HoursCommand, 'key'>;

/** Why a row is no command. It never becomes one, so it is refused at once. */
export interface Malformed {
  readonly code: 'NO_HANDLER' | 'MALFORMED' | 'EDITED';
  readonly detail: string;
}

/**
 * The command of one press. Nothing that was read from the doc enters its key, since what a Pack reads may be minutes old:
 * a lifecycle key covers what was asked, by whom and when; a key for hours what was worked, so that a retry minutes later is the same.
 */
export function createCommand(draft: CommandDraft, sha256: Sha256): Command {
  return { ...draft, key: toKey(draft, sha256) };
}

/** The id of the run a StartRun or LogHours makes: derived from its key, so no randomness is needed. */
export const toRunId = (key: string, sha256: Sha256): string => toCrockfordId(sha256(key));

/** Whose desk a command is for: one person's runs are decided together, since a person works on one thing at a time. */
export const toDeskId = (person: string): string => `desk/${person.trim().toLowerCase()}`;

/** The one row a button inserts. It never carries an outcome or a seq: those are the worker's to say. */
export function toCommandRow(command: Command, title: string): Omit<LedgerRow, 'outcome' | 'seq'> {
  return {
    title,
    kind: 'command',
    state: 'pending',
    key: command.key,
    stream: toDeskId(command.data.person),
    type: command.type,
    at: toInstant(command.atMs),
    by: command.by,
    data: JSON.stringify(command.data),
  };
}

/** The command in a row of the Ledger table, or why there is none; a row changed by hand no longer fits its key. */
export function parseCommandRow(row: LedgerRow, sha256: Sha256): Result<Command, Malformed> {
  const { type, at, by, key } = row;
  if (!isCommandType(type))
    return refuse({ code: 'NO_HANDLER', detail: `no handler for \`${type}\`` });
  if (!isInstant(at) || by === '') {
    return refuse({ code: 'MALFORMED', detail: `\`at\` must be an instant and \`by\` an account` });
  }
  const data = parseJson(row.data);
  const press = { key, by, atMs: toEpochMs(at) };
  const read =
    type === 'LogHours'
      ? toCommand(v.safeParse(Hours, data), (hours) => ({ ...press, type, data: hours }))
      : toCommand(v.safeParse(Lifecycle, data), (target) => ({ ...press, type, data: target }));
  if (read.ok && toKey(read.value, sha256) !== key) {
    const detail = 'the row was changed by hand; press the button again';
    return refuse({ code: 'EDITED', detail });
  }
  return read;
}

function toCommand<Schema extends v.GenericSchema>(
  read: v.SafeParseResult<Schema>,
  build: (data: v.InferOutput<Schema>) => Command,
): Result<Command, Malformed> {
  if (read.success) return accept(build(read.output));
  const [issue] = read.issues;
  return refuse({
    code: 'MALFORMED',
    detail: `\`${v.getDotPath(issue) ?? ''}\`: ${issue.message}`,
  });
}

const isCommandType = (type: string): type is CommandType => Object.hasOwn(COMMAND_DATA, type);

function toKey(draft: CommandDraft, sha256: Sha256): string {
  const { data } = draft;
  const what = Object.entries(data)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const press = draft.type === 'LogHours' ? [] : [draft.by, draft.atMs];
  return toCrockfordId(sha256(JSON.stringify([draft.type, what, ...press])));
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
