import {
  dayAt,
  HOUR_MS,
  MINUTE_MS,
  type Ms,
  parseMoment,
  toInstant,
} from '#shared/kernel/index.ts';
import type { RefusedRow } from '#worker/import/index.ts';
import { readLines } from './read-lines.ts';
import { type DayRange, isWithin, type TimeEntry, type TimeReading } from './time-entry.ts';

/** The log of a repository, and how it is read. */
export interface GitLog extends DayRange {
  /** What `git log --date=iso-strict` prints. */
  readonly source: AsyncIterable<Uint8Array>;
  /** What tells it from other repositories. */
  readonly name: string;
  /** Whose days count. */
  readonly timeZone: string;
}

/** One commit as `git log` prints it. */
interface Commit {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly hash: string;
  readonly author: string;
  readonly email: string;
  readonly date: string;
  readonly subject: string;
  /** Trailers by their name in lower case, in their order. */
  readonly trailers: ReadonlyMap<string, readonly string[]>;
}

const TASK_TRAILERS = ['task', 'task-id'];
const TIME_TRAILERS = ['time-spent', 'spent-time', 'time'];
const NO_TIME = 'commits without a trailer such as `Time-Spent: 1h30m`';

/**
 * Reads commits that say how long they took: `Time-Spent: 1h30m`, with `Task: T-12` or as many of each. Hours are never guessed from the
 * time between two commits. A commit is known by its author and the time it was written at, which outlive a rebase.
 */
export async function readGitLog(log: GitLog): Promise<TimeReading> {
  const entries: TimeEntry[] = [];
  const refused: RefusedRow[] = [];
  const skipped = new Map<string, number>();
  const seen = new Set<string>();
  const skip = (why: string): void => void skipped.set(why, (skipped.get(why) ?? 0) + 1);
  for await (const commit of readCommits(log.source)) {
    const found = toEntries(commit, log.timeZone);
    if (typeof found === 'string') {
      refused.push({ line: commit.line, reason: found });
      continue;
    }
    const key = `${commit.email} ${commit.date} ${commit.subject}`;
    const [first] = found;
    if (first === undefined) skip(NO_TIME);
    else if (seen.has(key)) skip('the same commit on another branch');
    else if (isWithin(first.day, log)) entries.push(...found);
    else skip('on other days than asked for');
    seen.add(key);
  }
  return {
    source: `git/${log.name}`,
    title: 'git log',
    mapping: { task: 'Task:', hours: 'Time-Spent:', person: 'Author', note: 'subject' },
    unusedColumns: [],
    entries,
    refused,
    skipped,
    chosenTimes: [],
    isPart: false,
  };
}

function toEntries(commit: Commit, timeZone: string): readonly TimeEntry[] | string {
  const { line, hash, author, email, date, subject } = commit;
  const times = valuesOf(commit, TIME_TRAILERS);
  const tasks = valuesOf(commit, TASK_TRAILERS);
  const writtenMs = parseMoment(date, timeZone);
  if (times.length === 0) return [];
  const short = hash.slice(0, 10);
  if (writtenMs === undefined) {
    return `commit ${short}: \`${date}\` is no date; make the log with --date=iso-strict`;
  }
  if (tasks.length > 1 && tasks.length !== times.length) {
    return `commit ${short} has ${tasks.length} tasks and ${times.length} times: give each task its time`;
  }
  const entries: TimeEntry[] = [];
  for (const [at, text] of times.entries()) {
    const netMs = parseSpent(text);
    if (netMs === undefined) return `commit ${short}: \`${text}\` is no time like 1h30m`;
    entries.push({
      line,
      sourceId: `${email} ${toInstant(writtenMs)}${at === 0 ? '' : ` ${at + 1}`}`,
      day: dayAt(writtenMs, timeZone),
      netMs,
      person: author,
      email,
      task: tasks.length > 1 ? tasks[at] : tasks[0],
      note: subject,
      fields: [hash, date, email, subject, text],
    });
  }
  return entries;
}

const valuesOf = ({ trailers }: Commit, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => trailers.get(name) ?? []);

const SPENT = /^(?:(\d+(?:[.,]\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?)?)?)?$/i;

/** `1h30m`, `1.5h`, `90m` or `1:30`; a number alone could be hours or minutes and is neither. */
function parseSpent(text: string): Ms | undefined {
  const [, clockHours, clockMinutes] = /^(\d{1,3}):([0-5]\d)$/.exec(text) ?? [];
  if (clockHours !== undefined) return toSpent(Number(clockHours), Number(clockMinutes));
  const [, hours = '0', minutes = '0'] = SPENT.exec(text) ?? [];
  return toSpent(Number(hours.replace(',', '.')), Number(minutes));
}

function toSpent(hours: number, minutes: number): Ms | undefined {
  const ms = Math.round(hours * HOUR_MS) + minutes * MINUTE_MS;
  return ms > 0 ? ms : undefined;
}

const COMMIT = /^commit ([0-9a-f]{7,64})\b/;
const AUTHOR = /^Author:\s+(.*?)\s*<([^>]*)>/;
const DATE = /^(?:Author)?Date:\s+(.*)$/;
const TRAILER = /^([A-Za-z][A-Za-z0-9-]*)\s*:\s*(.+)$/;

async function* readCommits(source: AsyncIterable<Uint8Array>): AsyncGenerator<Commit, void> {
  let lines: string[] = [];
  let first = 1;
  let line = 0;
  for await (const text of readLines(source)) {
    line += 1;
    if (COMMIT.test(text)) {
      yield* parseCommit(first, lines);
      lines = [];
      first = line;
    }
    lines.push(text);
  }
  yield* parseCommit(first, lines);
}

function* parseCommit(line: number, lines: readonly string[]): Generator<Commit, void> {
  const hash = COMMIT.exec(lines[0] ?? '')?.[1];
  if (hash === undefined) return;
  const find = (pattern: RegExp) =>
    lines.map((text) => pattern.exec(text)).find((one) => one !== null);
  const [, author = '', email = ''] = find(AUTHOR) ?? [];
  const [, date = ''] = find(DATE) ?? [];
  const message = lines.filter((text) => /^ {4}|^$/.test(text)).map((text) => text.trim());
  const subject = message.find((text) => text !== '') ?? '';
  yield { line, hash, author, email, date: date.trim(), subject, trailers: readTrailers(message) };
}

/** Those of the last paragraph, as git reads them; the subject alone is none. */
function readTrailers(message: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const paragraphs = message
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? '') : '';
  const trailers = new Map<string, string[]>();
  for (const text of last.split('\n')) {
    const [, name = '', value = ''] = TRAILER.exec(text) ?? [];
    if (name === '') continue;
    const key = name.toLowerCase();
    trailers.set(key, [...(trailers.get(key) ?? []), value.trim()]);
  }
  return trailers;
}
