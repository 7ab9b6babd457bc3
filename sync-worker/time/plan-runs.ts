import type { TaskRow } from '#shared/doc/index.ts';
import { compareText, type Instant, type Ms, type Sha256 } from '#shared/kernel/index.ts';
import { canonicalJson } from '#shared/ledger/index.ts';
import type { MatchWork } from './match-work.ts';
import { type RunCells, toRunCells } from './run-cells.ts';
import { type EntryFacts, type IdentifiedEntry, identifyEntries } from './run-identity.ts';
import type { RememberedRun } from './run-memory.ts';
import type { TimeEntry, TimeReading } from './time-entry.ts';

/** A run an entry comes to. */
export interface PlannedRun {
  readonly runId: string;
  readonly entry: TimeEntry;
  readonly facts: EntryFacts;
  readonly cells: RunCells;
  /** What its row may still hold from earlier imports, the latest first. */
  readonly earlier: readonly RunCells[];
  readonly kind: 'new' | 'same' | 'changed';
  /** Whether a person has deleted its row since, so that it stays away. */
  readonly isDeleted: boolean;
}

/** An entry no row of the doc could be found for. */
export interface UnmatchedEntry {
  readonly entry: TimeEntry;
  readonly reason: string;
}

/** A run whose entry is no longer in the file. */
export interface GoneRun {
  readonly runId: string;
  readonly facts: EntryFacts;
}

/** Entries of one person at the same time. */
export interface Overlap {
  readonly line: number;
  readonly otherLine: number;
}

/** What an import would come to. */
export interface TimePlan {
  readonly runs: readonly PlannedRun[];
  readonly unmatched: readonly UnmatchedEntry[];
  readonly gone: readonly GoneRun[];
  /** Tasks with time and no estimate, by name: without one there is no variance. */
  readonly withoutEstimate: readonly string[];
  /** Tasks the runs belong to. */
  readonly taskCount: number;
  readonly overlaps: readonly Overlap[];
}

/** What the doc and earlier imports say. */
export interface PlanFacts {
  readonly remembered: ReadonlyMap<string, RememberedRun>;
  readonly match: MatchWork;
  /** Runs the doc shows. */
  readonly runIds: ReadonlySet<string | undefined>;
  readonly taskOf: ReadonlyMap<string, TaskRow>;
  readonly sha256: Sha256;
}

/** Decides for every entry what its run is, and changes nothing. */
export function planRuns({ source, entries, isPart }: TimeReading, facts: PlanFacts): TimePlan {
  const { remembered, sha256 } = facts;
  const known = [...remembered.values()];
  const identified = identifyEntries(source, entries, { known, isPart, sha256 });
  const runs: PlannedRun[] = [];
  const unmatched: UnmatchedEntry[] = [];
  for (const each of identified.entries) {
    const run = planRun(each, facts);
    if (typeof run === 'string') unmatched.push({ entry: each.entry, reason: run });
    else runs.push(run);
  }
  const tasks = new Set(runs.flatMap(({ cells }) => facts.taskOf.get(String(cells['task'])) ?? []));
  const withoutEstimate = [...tasks]
    .filter(({ estimateMs = 0, baselineMs = 0 }) => estimateMs + baselineMs === 0)
    .map(({ name }) => name);
  return {
    runs,
    unmatched,
    gone: identified.gone.map(({ runId, facts: told }) => ({ runId, facts: told })),
    withoutEstimate,
    taskCount: tasks.size,
    overlaps: findOverlaps(entries),
  };
}

/** The run of an entry, or why it has none. */
function planRun(identified: IdentifiedEntry, facts: PlanFacts): PlannedRun | string {
  const { runId, kind } = identified;
  const known = facts.remembered.get(runId);
  const cells = findCells(identified, known, facts);
  if (typeof cells === 'string') return cells;
  const { entry, facts: told } = identified;
  const plan = { runId, entry, facts: told, cells };
  if (known === undefined) return { ...plan, earlier: [], kind, isDeleted: false };
  const isSame = canonicalJson(known.cells) === canonicalJson(cells);
  const before = known.earlier === undefined ? [] : [known.earlier];
  return {
    ...plan,
    earlier: isSame ? before : [known.cells, ...before],
    kind: isSame ? kind : 'changed',
    isDeleted: known.isLanded && !facts.runIds.has(runId),
  };
}

/** What the run's row is to hold. One that was imported keeps its task where the doc has renamed it since. */
function findCells(
  { entry, kind }: IdentifiedEntry,
  known: RememberedRun | undefined,
  { match, taskOf }: PlanFacts,
): RunCells | string {
  const matched = match(entry);
  if (matched.ok) return toRunCells(entry, matched.value);
  const isKept = kind === 'same' && known !== undefined && hasTask(known, taskOf);
  return isKept ? known.cells : matched.refusal;
}

const hasTask = ({ cells }: RememberedRun, taskOf: PlanFacts['taskOf']): boolean =>
  taskOf.has(String(cells['task']));

/** An entry with a clock at both ends, and whose it is. */
interface Timed {
  readonly line: number;
  readonly who: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** Entries of one person that begin before one before has ended; each is counted, and named. */
function findOverlaps(entries: readonly TimeEntry[]): readonly Overlap[] {
  const timed = entries
    .flatMap(toTimed)
    .toSorted(
      (one, other) =>
        compareText(one.who, other.who) || compareText(one.startedAt, other.startedAt),
    );
  const overlaps: Overlap[] = [];
  let last: Timed | undefined;
  for (const entry of timed) {
    const before = last?.who === entry.who ? last : undefined;
    const isOver = before !== undefined && entry.startedAt < before.endedAt;
    if (isOver) overlaps.push({ line: entry.line, otherLine: before.line });
    if (before === undefined || entry.endedAt > before.endedAt) last = entry;
  }
  return overlaps;
}

function toTimed({ line, email, person, startedAt, endedAt }: TimeEntry): readonly Timed[] {
  if (startedAt === undefined || endedAt === undefined) return [];
  return [{ line, who: email ?? person ?? '', startedAt, endedAt }];
}

/** The hours of some runs. Units: ms. */
export const sumMs = (runs: readonly PlannedRun[]): Ms =>
  runs.reduce((sum, { entry }) => sum + entry.netMs, 0);
