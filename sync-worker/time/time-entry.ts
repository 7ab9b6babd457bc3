import type { Day, Instant, Ms } from '#shared/kernel/index.ts';
import type { RefusedRow } from '#worker/import/index.ts';

/** One stretch of work as another tool tells it. */
export interface TimeEntry {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  /** Its id in the tool, where that gives one: it stays the same when the entry is changed. */
  readonly sourceId?: string | undefined;
  readonly day: Day;
  /** Local clock as the file gives it, `2026-03-02T09:00:00`; absent where only the day is known. */
  readonly clock?: string | undefined;
  readonly endClock?: string | undefined;
  readonly startedAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  /** Net effort, breaks taken out. Range: above 0. */
  readonly netMs: Ms;
  readonly person?: string | undefined;
  readonly email?: string | undefined;
  readonly client?: string | undefined;
  readonly project?: string | undefined;
  readonly task?: string | undefined;
  readonly note?: string | undefined;
  /** The row as it stood, where somebody wants it back. */
  readonly fields?: readonly string[] | undefined;
}

/** A time that had to be chosen, since clocks of the zone show it twice or never. */
export interface ChosenTime {
  readonly line: number;
  readonly text: string;
  readonly shown: 'never' | 'twice';
}

/** What a file of time tells, every entry judged. */
export interface TimeReading {
  /** The tool, in a word that stays: `harvest`, `calendar`. */
  readonly source: string;
  /** The tool as it calls itself. */
  readonly title: string;
  /** What each fact was read from: fact → header or property. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly unusedColumns: readonly string[];
  readonly entries: readonly TimeEntry[];
  readonly refused: readonly RefusedRow[];
  /** What was passed over on purpose: why → how often. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly chosenTimes: readonly ChosenTime[];
  /** Whether it holds only some entries of its days, so that none is taken for changed or gone. */
  readonly isPart: boolean;
}

/** The days that are wanted, both ends included. */
export interface DayRange {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

/** Whether a day is wanted. */
export const isWithin = (day: Day, { from, to }: DayRange): boolean =>
  (from === undefined || day >= from) && (to === undefined || day <= to);
