import {
  findRow,
  type PersonRow,
  type ProjectRow,
  type RowMatch,
  type TaskRow,
} from '#shared/doc/index.ts';
import { accept, type Result, refuse } from '#shared/kernel/index.ts';
import { findNearest } from '#shared/lifecycle/index.ts';
import type { TimeEntry } from './time-entry.ts';

/** The rows of a doc that work is told by. */
export interface KnownWork {
  readonly tasks: readonly TaskRow[];
  readonly projects: readonly ProjectRow[];
  readonly people: readonly PersonRow[];
}

/** How names are taken. */
export interface MatchOptions {
  /** Whether a task is known by its name alone, in whatever project the file has it. @default false */
  readonly isAnyProject?: boolean | undefined;
}

/** The rows an entry belongs to. */
export interface MatchedWork {
  readonly task: TaskRow;
  /** Absent where nobody says who it was, or the doc knows nobody. */
  readonly person: PersonRow | undefined;
}

/** Finds the rows entries belong to. */
export type MatchWork = (entry: TimeEntry) => Result<MatchedWork, string>;

/** Names for which the nearest one is looked for; looking compares every letter with every task's. */
const SUGGESTED_MAX = 20;

/**
 * Finds the task and the person an entry names: by id, else by name, a task within the project the entry names. Nothing is guessed.
 * Refusals of the match: plain words, with the name that is nearest to it.
 */
export function createMatchWork(known: KnownWork, options: MatchOptions = {}): MatchWork {
  const suggestTask = createSuggest(known.tasks);
  const suggestPerson = createSuggest(known.people);
  return (entry) => {
    const task = matchTask(entry, { ...options, ...known, suggest: suggestTask });
    if (!task.ok) return task;
    const person = matchPerson(entry, { ...options, ...known, suggest: suggestPerson });
    return person.ok ? accept({ task: task.value, person: person.value }) : person;
  };
}

/** The end of a sentence that says which row has the nearest name. */
type Suggest = (name: string) => string;

function createSuggest(rows: readonly { readonly name: string }[]): Suggest {
  const names = [...new Set(rows.map((row) => row.name))];
  const found = new Map<string, string>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    if (names.length === 0 || found.size >= SUGGESTED_MAX) return '';
    const text = `; the nearest is \`${findNearest(name, names)}\``;
    found.set(name, text);
    return text;
  };
}

interface Within extends KnownWork, MatchOptions {
  readonly suggest: Suggest;
}

function matchTask(entry: TimeEntry, within: Within): Result<TaskRow, string> {
  const names = [entry.task, entry.note].filter((name) => name !== undefined);
  if (names.length === 0) return refuse('it names no task');
  const project = within.isAnyProject === true ? undefined : entry.project;
  let reason: string | undefined;
  for (const name of names) {
    const found = matchName(name, project, within);
    if (found.ok) return found;
    reason ??= found.refusal;
  }
  const byId = findById(entry.note ?? '', within.tasks);
  return byId === undefined ? refuse(reason ?? '') : accept(byId);
}

function matchName(
  name: string,
  project: string | undefined,
  { tasks, projects, suggest }: Within,
): Result<TaskRow, string> {
  const match = findRow(tasks, name);
  if (match.kind === 'missing') return refuse(`no task is called \`${name}\`${suggest(name)}`);
  const rows = match.kind === 'found' ? [match.row] : match.rows;
  const [byId] = rows.filter(({ rowId, externalId }) => rowId === name || externalId === name);
  if (match.kind === 'found' && byId !== undefined) return accept(byId);
  const fitting = rows.filter((row) => isInProject(row, project, projects));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return accept(only);
  if (fitting.length > 1) return refuse(`${fitting.length} tasks are called \`${name}\``);
  const there = [...new Set(rows.map((row) => row.project?.name ?? ''))].join('`, `');
  return refuse(
    `the task \`${name}\` is in the project \`${there}\` and the file has it in \`${project ?? ''}\`; --any-project takes it by its name alone`,
  );
}

/** A task without a project is in every one; a project goes by its name or its id. */
function isInProject(
  { project: link }: TaskRow,
  project: string | undefined,
  projects: readonly ProjectRow[],
): boolean {
  if (project === undefined || link === undefined) return true;
  const match = findRow(projects, project);
  const rows = match.kind === 'ambiguous' ? match.rows : match.kind === 'found' ? [match.row] : [];
  return rows.some(({ rowId }) => rowId === link.rowId);
}

/** Ids such as `T-12` that stand in a text; a plain word or number in it may mean anything. */
function findById(note: string, tasks: readonly TaskRow[]): TaskRow | undefined {
  const words = note
    .split(/[\s,;:()[\]{}]+/)
    .filter((word) => /\d/.test(word) && /[a-z]/i.test(word));
  const rows = words.flatMap((word) => {
    const match = findRow(tasks, word);
    return match.kind === 'found' && match.row.externalId === word ? [match.row] : [];
  });
  const [first] = rows;
  return rows.every((row) => row === first) ? first : undefined;
}

function matchPerson(
  { person, email }: TimeEntry,
  { people, suggest }: Within,
): Result<PersonRow | undefined, string> {
  const asked = [email, person].filter((name) => name !== undefined);
  if (people.length === 0 || asked.length === 0) return accept(undefined);
  for (const name of asked) {
    const match = findPerson(people, name);
    if (match.kind === 'found') return accept(match.row);
    if (match.kind === 'ambiguous') return refuse(`several people are called \`${name}\``);
  }
  const name = asked.at(-1) ?? '';
  return refuse(`nobody is called \`${name}\`${suggest(name)}`);
}

/** By address, else as any row is found. */
function findPerson(people: readonly PersonRow[], name: string): RowMatch<PersonRow> {
  const address = name.toLowerCase();
  const rows = people.filter(({ email }) => email?.toLowerCase() === address);
  const [row] = rows;
  if (row === undefined) return findRow(people, name);
  return rows.length === 1 ? { kind: 'found', row } : { kind: 'ambiguous', rows };
}
