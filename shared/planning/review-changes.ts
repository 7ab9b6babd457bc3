import { addDays, type Ms, msToHours, weekdayOf } from '#shared/kernel/index.ts';
import { type Session, type Task, variancePercent } from '#shared/variance/index.ts';
import type { NamedRow } from './project-pattern.ts';
import type { ReviewFacts } from './review-facts.ts';
import type {
  FinishedStatement,
  RevisionStatement,
  SessionStatement,
  TrendStatement,
} from './review-model.ts';
import { type DaySpan, isInSpan, netWithin } from './review-span.ts';

const WEEK_DAYS = 7;
const FRIDAY = 5;
/** Who logged something in so many days before is expected to log. */
const EXPECTED_DAYS = 28;
/** A week of fewer finished tasks is none to measure another by. */
const MIN_FOR_TREND = 10;

/** The runs that were worked on in a span, with the part that lies in it. */
export function findSessions(facts: ReviewFacts, span: DaySpan): readonly SessionStatement[] {
  return facts.sessions.flatMap((session) => {
    const netMs = netWithin(session, span);
    const { runId, taskId = null } = session;
    const rowIds = taskId === null ? [runId] : [runId, taskId];
    return netMs > 0 || isEmptyRun(session, span) ? [{ runId, taskId, netMs, rowIds }] : [];
  });
}

/** A run of no minutes is a run all the same. */
const isEmptyRun = ({ standing, netMs, workedDate }: Session, span: DaySpan): boolean =>
  standing === 'counted' && netMs === 0 && isInSpan(workedDate, span);

/**
 * The tasks finished in a span, each against the estimate it was judged by. Only now is there a variance: an open task
 * has no end to compare. A parent's estimate is that of its parts, so it has none of its own.
 * Shape: in the order of completion.
 */
export function findFinished(facts: ReviewFacts, span: DaySpan): readonly FinishedStatement[] {
  const { tasks } = facts;
  const runsOf = groupRuns(facts.sessions);
  const parents = new Set(tasks.flatMap(({ parentId }) => parentId ?? []));
  return tasks
    .flatMap((task) => {
      const { taskId, name, completedDate } = task;
      if (completedDate === undefined || !isInSpan(completedDate, span)) return [];
      const runs = runsOf.get(taskId) ?? [];
      const counted = runs.filter(({ standing }) => standing === 'counted');
      const actualMs = counted.reduce((sum, { netMs }) => sum + netMs, 0);
      const isSure = counted.length === runs.length && !parents.has(taskId);
      const variance = isSure ? compare(task, actualMs) : null;
      const rowIds = [taskId, ...runs.map(({ runId }) => runId)];
      const baselineMs = task.baselineMs ?? null;
      return [{ taskId, name, completedDate, actualMs, baselineMs, variance, rowIds }];
    })
    .sort((one, other) => (one.completedDate < other.completedDate ? -1 : 1));
}

const compare = ({ baselineMs = 0, isEstimateLate }: Task, actualMs: Ms): number | null =>
  isEstimateLate === true ? null : variancePercent(msToHours(baselineMs), msToHours(actualMs));

function groupRuns(sessions: readonly Session[]): ReadonlyMap<string, readonly Session[]> {
  const runsOf = new Map<string, Session[]>();
  for (const session of sessions) {
    if (session.taskId === undefined) continue;
    const runs = runsOf.get(session.taskId);
    if (runs === undefined) runsOf.set(session.taskId, [session]);
    else runs.push(session);
  }
  return runsOf;
}

/**
 * Estimates that are no longer the ones their tasks are judged by, of the tasks worked on or finished in a span. The
 * doc keeps no day of an edit, so an older revision is named again while its task is worked on.
 */
export function findRevisions(facts: ReviewFacts, span: DaySpan): readonly RevisionStatement[] {
  const { tasks, details } = facts;
  const touched = new Set(findSessions(facts, span).map(({ taskId }) => taskId));
  return tasks.flatMap(({ taskId, name, baselineMs, completedDate }) => {
    const estimateMs = details.get(taskId)?.estimateMs;
    const isTouched = touched.has(taskId) || isInSpan(completedDate, span);
    if (!isTouched || baselineMs === undefined || estimateMs === undefined) return [];
    return estimateMs === baselineMs
      ? []
      : [{ taskId, name, baselineMs, estimateMs, rowIds: [taskId] }];
  });
}

/** Finished tasks of a week against those of the week before; of a day there is no trend. */
export function findTrend(facts: ReviewFacts, span: DaySpan): TrendStatement | null {
  if (facts.kind === 'daily') return null;
  const earlier = {
    ...span,
    from: addDays(span.from, -WEEK_DAYS),
    to: addDays(span.to, -WEEK_DAYS),
  };
  const finishedIn = (days: DaySpan): readonly Task[] =>
    facts.tasks.filter(({ completedDate }) => isInSpan(completedDate, days));
  const [now, before] = [finishedIn(span), finishedIn(earlier)];
  if (now.length + before.length === 0) return null;
  // In whole numbers, since .7 of ten tasks is not quite seven.
  const isFewer = before.length >= MIN_FOR_TREND && 10 * now.length <= 7 * before.length;
  const rowIds = [...now, ...before].map(({ taskId }) => taskId);
  return { finished: now.length, before: before.length, isFewer, rowIds };
}

/** Who logged something in the four weeks before a span and nothing in it; on a Saturday or Sunday nobody is expected to. */
export function findLoggedNothing(facts: ReviewFacts, span: DaySpan): readonly NamedRow[] {
  if (facts.kind === 'daily' && weekdayOf(span.to) > FRIDAY) return [];
  const before = { ...span, from: addDays(span.from, -EXPECTED_DAYS), to: addDays(span.from, -1) };
  const whoIn = (days: DaySpan): ReadonlySet<string> =>
    new Set(
      facts.sessions.flatMap(({ personId, workedDate }) =>
        personId !== undefined && isInSpan(workedDate, days) ? [personId] : [],
      ),
    );
  const [now, expected] = [whoIn(span), whoIn(before)];
  return facts.people.filter(({ rowId }) => expected.has(rowId) && !now.has(rowId));
}
