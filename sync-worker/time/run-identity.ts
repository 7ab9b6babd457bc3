import {
  compareText,
  type Day,
  type Ms,
  type Sha256,
  toCrockfordId,
} from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import type { TimeEntry } from './time-entry.ts';

/** What of an entry tells it from others; a change of any of it is a change of the entry. */
export interface EntryFacts {
  readonly sourceId: string | null;
  readonly day: Day;
  readonly clock: string | null;
  readonly endClock: string | null;
  readonly person: string | null;
  readonly client: string | null;
  readonly project: string | null;
  readonly task: string | null;
  readonly note: string | null;
  readonly netMs: Ms;
}

/** A run that came of an entry earlier. */
export interface KnownRun {
  readonly runId: string;
  readonly facts: EntryFacts;
}

/** An entry with the run that is its own, now and for good. */
export interface IdentifiedEntry {
  readonly runId: string;
  readonly entry: TimeEntry;
  readonly facts: EntryFacts;
  /** `changed`: the run was made of what the entry said before. */
  readonly kind: 'new' | 'same' | 'changed';
}

/** Every entry with its run, and the runs whose entries the file no longer has. */
export interface Identified {
  readonly entries: readonly IdentifiedEntry[];
  readonly gone: readonly KnownRun[];
}

/** What identity rests on. */
export interface IdentityFacts {
  readonly known: readonly KnownRun[];
  /** Whether the file holds only some entries of its days. */
  readonly isPart: boolean;
  readonly sha256: Sha256;
}

/** What an entry is told from others by. */
const toFacts = (entry: TimeEntry): EntryFacts => ({
  sourceId: entry.sourceId ?? null,
  day: entry.day,
  clock: entry.clock ?? null,
  endClock: entry.endClock ?? null,
  person: entry.email ?? entry.person ?? null,
  client: entry.client ?? null,
  project: entry.project ?? null,
  task: entry.task ?? null,
  note: entry.note ?? null,
  netMs: entry.netMs,
});

/**
 * Gives each entry its run. Entries alike in everything are told apart by their ordinal, so an export with more rows leaves the others
 * theirs. A run whose entry is no longer there goes to one that is the same but for some change: by its id where the tool has ids; else, of
 * one person and day, by its start or its end, by task and note, by task and length. What is left over within the days of the file is gone.
 * Of a file that is only a part of its days nothing is taken for changed or gone, save by its id.
 */
export function identifyEntries(
  source: string,
  entries: readonly TimeEntry[],
  { known, isPart, sha256 }: IdentityFacts,
): Identified {
  const open = new Map(known.map((run) => [run.runId, run]));
  const taken = new Set(open.keys());
  const born = bearIds(source, entries, sha256);
  const result = new Map<TimeEntry, IdentifiedEntry>();
  for (const toKey of isPart ? [toExactKey, toSourceKey] : KEYS) {
    const free = groupBy([...open.values()], toKey);
    const kind = toKey === toExactKey ? 'same' : 'changed';
    for (const each of born) {
      const key = result.has(each.entry) ? undefined : toKey(each);
      const run = key === undefined ? undefined : free.get(key)?.shift();
      if (run === undefined) continue;
      result.set(each.entry, { ...each, runId: run.runId, kind });
      open.delete(run.runId);
    }
  }
  const toFreeId = (wanted: string): string => {
    let runId = wanted;
    // Another entry, which has changed since, was once what this one is now.
    while (taken.has(runId)) runId = toId(sha256, [runId, 'again']);
    taken.add(runId);
    return runId;
  };
  const all = born.map(
    (each): IdentifiedEntry =>
      result.get(each.entry) ?? { ...each, runId: toFreeId(each.runId), kind: 'new' },
  );
  return { entries: all, gone: isPart ? [] : [...open.values()].filter(createIsCovered(entries)) };
}

type Born = Omit<IdentifiedEntry, 'kind'>;

/** An id of the tool names the run for good; where it has none, all that the entry says does. */
function bearIds(source: string, entries: readonly TimeEntry[], sha256: Sha256): readonly Born[] {
  const counts = new Map<string, number>();
  return entries.map((entry) => {
    const facts = toFacts(entry);
    const name = toSourceKey({ facts }) ?? canonicalJson({ ...facts });
    const ordinal = (counts.get(name) ?? 0) + 1;
    counts.set(name, ordinal);
    return { entry, facts, runId: toId(sha256, ['time entry', source, name, String(ordinal)]) };
  });
}

const toId = (sha256: Sha256, words: readonly string[]): string =>
  toCrockfordId(sha256(canonicalJson([...words])));

/** What entry and run have to share; `undefined` for one that is not to be found in this way. */
type KeyOf = (told: { readonly facts: EntryFacts }) => string | undefined;

const toExactKey: KeyOf = ({ facts }) => canonicalJson({ ...facts });

/** An event that several people have in their calendars has one id in all of them. */
const toSourceKey: KeyOf = ({ facts: { sourceId, person } }) =>
  sourceId === null ? undefined : canonicalJson([sourceId, person]);

/** Nobody starts two things at one moment. */
const toStartKey: KeyOf = ({ facts: { sourceId, day, person, clock } }) =>
  sourceId === null && clock !== null ? canonicalJson([day, person, clock]) : undefined;

const toEndKey: KeyOf = ({ facts: { sourceId, day, person, endClock } }) =>
  sourceId === null && endClock !== null ? canonicalJson([day, person, endClock]) : undefined;

const toNoteKey: KeyOf = ({ facts: { sourceId, note, ...facts } }) =>
  sourceId === null ? canonicalJson([toWork(facts), note]) : undefined;

const toLengthKey: KeyOf = ({ facts: { sourceId, netMs, ...facts } }) =>
  sourceId === null ? canonicalJson([toWork(facts), netMs]) : undefined;

const toWork = ({
  day,
  person,
  client,
  project,
  task,
}: Pick<EntryFacts, 'day' | 'person' | 'client' | 'project' | 'task'>) => [
  day,
  person,
  client,
  project,
  task,
];

/** From what tells most to what tells least. */
const KEYS: readonly KeyOf[] = [
  toExactKey,
  toSourceKey,
  toStartKey,
  toEndKey,
  toNoteKey,
  toLengthKey,
];

function groupBy(runs: readonly KnownRun[], toKey: KeyOf): ReadonlyMap<string, KnownRun[]> {
  const groups = new Map<string, KnownRun[]>();
  for (const run of runs.toSorted((one, other) => compareText(one.runId, other.runId))) {
    const key = toKey(run);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return groups;
}

/** An export of one month says nothing about another, and that of one person nothing about others. */
function createIsCovered(entries: readonly TimeEntry[]): (run: KnownRun) => boolean {
  const people = new Set(entries.map((entry) => toFacts(entry).person));
  const days = entries.map(({ day }) => day).toSorted(compareText);
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return () => false;
  return ({ facts: { day, person } }) => people.has(person) && day >= first && day <= last;
}
