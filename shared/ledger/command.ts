import * as v from 'valibot';
import {
  type Instant,
  isDay,
  isInstant,
  type Result,
  type Sha256,
  toCrockfordId,
} from '#shared/kernel/index.ts';
import { type DraftOf, type Malformed, type Pressed, readCommandRow } from './command-form.ts';
import type { LedgerRow } from './ledger-row.ts';

const words = (most: number) => {
  const isWithin = (text: string): boolean => text !== '' && text.length <= most;
  return v.pipe(v.string(), v.check(isWithin, `Expected 1 to ${most} characters`));
};
/** A task, a person or a run; longer than any of their names, short enough for many in one state row. */
const text = words(500);
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

const moment = v.custom<Instant>((value) => {
  return typeof value === 'string' && isInstant(value) && isWorkday(value.slice(0, 10));
}, 'Expected an instant from 1970 to 2099');
const isInterruption = (hours: number): boolean => hours >= 0 && hours <= INTERRUPTION_HOURS_MAX;
/** A year; nobody interrupts a run for longer. */
const INTERRUPTION_HOURS_MAX = 8_784;
const Correction = v.strictObject({
  run: text,
  reason: words(2_000),
  start: v.optional(moment),
  end: v.optional(moment),
  interruptionHours: v.optional(
    v.pipe(v.number(), v.check(isInterruption, 'Expected 0 or more hours')),
  ),
  task: v.optional(text),
});

/** What each button that is about a person's runs asks for, by the type of its command. */
export const COMMAND_DATA = {
  StartRun: Lifecycle,
  PauseRun: Lifecycle,
  ResumeRun: Lifecycle,
  FinishRun: Lifecycle,
  LogHours: Hours,
  CorrectRun: Correction,
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

/** What a person says of a run that was recorded wrongly; with a reason alone it was as it looks. */
export interface CorrectionData {
  readonly run: string;
  readonly reason: string;
  readonly start?: Instant | undefined;
  readonly end?: Instant | undefined;
  /** All pauses together. */
  readonly interruptionHours?: number | undefined;
  /** The task it was about. */
  readonly task?: string | undefined;
}

/** The commands that a desk decides. */
export type CommandType = keyof typeof COMMAND_DATA;
/** The commands that move a run that is going on. */
export type LifecycleType = Exclude<CommandType, 'LogHours' | 'CorrectRun'>;

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
/** A request to hold something else of a run than what was recorded. It names the run alone: whose it is nobody need look up first. */
export type CorrectionCommand = Pressed & {
  readonly type: 'CorrectRun';
  readonly data: CorrectionData;
};
/** What a person asked for by a button that is about runs. */
export type Command = LifecycleCommand | HoursCommand | CorrectionCommand;

/** A command before it has its key. */
export type CommandDraft = DraftOf<Command>;

/** The id of the run a StartRun or LogHours makes: derived from its key, so no randomness is needed. */
export const toRunId = (key: string, sha256: Sha256): string => toCrockfordId(sha256(key));

/** The command in a row of the Ledger table, or why there is none that a desk decides. */
export const parseCommandRow = (row: LedgerRow, sha256: Sha256): Result<Command, Malformed> =>
  readCommandRow(row, COMMAND_DATA, sha256);
