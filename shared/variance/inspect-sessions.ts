import { compareText, type Ms, toEpochMs } from '#shared/kernel/index.ts';
import type { Session } from './model.ts';
import { isForgotten } from './net-effort.ts';

/** Runs that add no hours, by why. */
export type UncountedRuns = Readonly<Record<Exclude<Session['standing'], 'counted'>, number>>;

/** How many runs add no hours to any sum, by why. */
export function countUncounted(sessions: readonly Session[]): UncountedRuns {
  const counts = { open: 0, suspect: 0, invalid: 0 };
  for (const { standing } of sessions) if (standing !== 'counted') counts[standing] += 1;
  return counts;
}

/** How much of one person's recorded time lies on top of other recorded time of theirs. */
export interface PersonOverlap {
  readonly personId: string;
  /** Runs that began before an earlier one of the same person had ended, in the order of their starts. */
  readonly runIds: readonly string[];
  /** Each of `runIds` with the earlier run that had not ended then, of several the one that ends last. */
  readonly pairs: readonly { readonly runId: string; readonly onRunId: string }[];
  /** Σ of the runs' lengths on the clock. Units: ms. */
  readonly wallMs: Ms;
  /** Time covered by at least one of them: what the clock on the wall allows. Units: ms. */
  readonly unionMs: Ms;
  /** `wallMs − unionMs`. Units: ms. */
  readonly overlapMs: Ms;
}

/** Runs of one task with the very same start: often one stretch of work entered twice, often not. */
export interface PossibleDuplicate {
  readonly taskId: string;
  readonly runIds: readonly string[];
}

/** What a person should look at among the runs. Everything named here is still in the sums. */
export interface SessionFindings {
  readonly overlaps: readonly PersonOverlap[];
  readonly possibleDuplicates: readonly PossibleDuplicate[];
  /** Runs that lasted over 24 h on the clock, whether their hours count or not. */
  readonly suspectRunIds: readonly string[];
}

interface Stretch {
  readonly runId: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The counted runs that overlap others of the same person, and those that may have been entered twice.
 * Both are told and neither is trimmed: two things can be done at once, and seconds are often missing.
 * Only runs with a start and an end after it can overlap; ends that touch starts do not.
 */
export function inspectSessions(sessions: readonly Session[]): SessionFindings {
  const stretchesOf = new Map<string, Stretch[]>();
  const startsOf = new Map<string, { taskId: string; runIds: string[] }>();
  for (const { runId, taskId, personId, startedAt, endedAt, standing } of sessions) {
    if (standing !== 'counted' || startedAt === undefined) continue;
    if (taskId !== undefined) {
      const key = `${startedAt} ${taskId}`;
      const known = startsOf.get(key);
      if (known === undefined) startsOf.set(key, { taskId, runIds: [runId] });
      else known.runIds.push(runId);
    }
    if (personId === undefined || endedAt === undefined || endedAt <= startedAt) continue;
    const stretch = { runId, startMs: toEpochMs(startedAt), endMs: toEpochMs(endedAt) };
    const known = stretchesOf.get(personId);
    if (known === undefined) stretchesOf.set(personId, [stretch]);
    else known.push(stretch);
  }
  return {
    suspectRunIds: sessions.filter(isSuspect).map(({ runId }) => runId),
    overlaps: [...stretchesOf]
      .map(([personId, stretches]) => sweep(personId, stretches))
      .filter(({ overlapMs }) => overlapMs > 0)
      .sort((one, other) => compareText(one.personId, other.personId)),
    possibleDuplicates: [...startsOf.values()]
      .filter(({ runIds }) => runIds.length > 1)
      .map(({ taskId, runIds }) => ({ taskId, runIds: [...runIds].sort(compareText) }))
      .sort((one, other) => compareText(one.runIds[0] ?? '', other.runIds[0] ?? '')),
  };
}

function isSuspect({ standing, startedAt, endedAt }: Session): boolean {
  if (standing === 'suspect') return true;
  if (standing !== 'counted' || startedAt === undefined || endedAt === undefined) return false;
  return isForgotten(toEpochMs(endedAt) - toEpochMs(startedAt));
}

function sweep(personId: string, stretches: readonly Stretch[]): PersonOverlap {
  const ordered = [...stretches].sort(
    (one, other) => one.startMs - other.startMs || compareText(one.runId, other.runId),
  );
  const pairs: { runId: string; onRunId: string }[] = [];
  let coveringRunId = '';
  let coveredUntilMs = Number.NEGATIVE_INFINITY;
  let wallMs = 0;
  let unionMs = 0;
  for (const { runId, startMs, endMs } of ordered) {
    if (startMs < coveredUntilMs) pairs.push({ runId, onRunId: coveringRunId });
    wallMs += endMs - startMs;
    unionMs += Math.max(0, endMs - Math.max(startMs, coveredUntilMs));
    if (endMs > coveredUntilMs) [coveringRunId, coveredUntilMs] = [runId, endMs];
  }
  const runIds = pairs.map(({ runId }) => runId);
  return { personId, runIds, pairs, wallMs, unionMs, overlapMs: wallMs - unionMs };
}
