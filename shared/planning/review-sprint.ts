import { type Ms, sumOf } from '#shared/kernel/index.ts';
import { type Session, type Task, toTaskTree } from '#shared/variance/index.ts';
import type { ReviewFacts } from './review-facts.ts';
import type { RunwayStatement, SprintStatement } from './review-model.ts';
import { type DaySpan, netWithin, toDaySpan } from './review-span.ts';

/** From so many weeks of money on, what is billable is the founder's own matter. */
const SAFE_RUNWAY_WEEKS = 12;
const LEAST_BILLABLE_SHARE = 0.6;

/** Work within a span, by whether somebody pays for it. Units: ms. */
interface WorkedTime {
  readonly session: Session;
  readonly netMs: Ms;
  readonly isBillable: boolean;
}

/**
 * Planned and done of the sprint around the day. Planned: the estimates of its tasks in billable projects, without
 * those nobody means to do any more. Done: the effort of its days on billable projects, planned for it or not, in the days of the zone.
 */
export function reviewSprint(facts: ReviewFacts): SprintStatement | null {
  const { sprint, details, timeZone, billableProjects } = facts;
  if (sprint === undefined) return null;
  const tasks = withoutDropped(facts.tasks);
  const isPlanned = (taskId: string | undefined): boolean => {
    const place = details.get(taskId ?? '')?.place;
    return place?.kind === 'sprint' && place.sprintId === sprint.rowId;
  };
  const estimateOf = ({ taskId }: Task): Ms => details.get(taskId)?.estimateMs ?? 0;
  const planned = tasks.filter(({ taskId }) => isPlanned(taskId));
  const isPaid = (task: Task): boolean => isIn(task.groups?.project, billableProjects);
  const plannedBillableMs = sumOf(planned.filter(isPaid).map(estimateOf));
  const worked = findWorked(facts, toDaySpan(sprint.startDate, sprint.endDate, timeZone));
  const actualBillableMs = sumNet(worked.filter(({ isBillable }) => isBillable));
  const unscheduled = tasks.filter(
    ({ taskId, isFinished }) => !isFinished && details.get(taskId)?.place.kind === 'unscheduled',
  );
  return {
    name: sprint.name,
    plannedBillableMs,
    actualBillableMs,
    share: plannedBillableMs === 0 ? null : actualBillableMs / plannedBillableMs,
    actualMs: sumNet(worked),
    unplannedMs: sumNet(worked.filter(({ session }) => !isPlanned(session.taskId))),
    unscheduledTasks: unscheduled.length,
    unscheduledMs: sumOf(unscheduled.map(estimateOf)),
    rowIds: [
      sprint.rowId,
      ...planned.map(({ taskId }) => taskId),
      ...worked.map(({ session }) => session.runId),
    ],
  };
}

/** The tasks that are done or still to be done, in their order. */
function withoutDropped(tasks: readonly Task[]): readonly Task[] {
  const dropped = new Set(
    toTaskTree(tasks).flatMap(({ task, isDropped }) =>
      isDropped && !task.isFinished ? task.taskId : [],
    ),
  );
  return tasks.filter(({ taskId }) => !dropped.has(taskId));
}

/**
 * The warning of the last twelve weeks of money: less than 60 % of the span's effort is billable, or of the sprint is
 * meant to be. Null where there is nothing to warn of, and where nobody has said how long the money lasts.
 */
export function judgeRunway(facts: ReviewFacts, span: DaySpan): RunwayStatement | null {
  const { runwayWeeks: weeks, sprint } = facts;
  if (weeks === undefined || weeks >= SAFE_RUNWAY_WEEKS) return null;
  const worked = findWorked(facts, span);
  const allMs = sumNet(worked);
  const billableShare =
    allMs === 0 ? null : sumNet(worked.filter(({ isBillable }) => isBillable)) / allMs;
  const target = sprint?.billableTarget ?? null;
  const isShort = [billableShare, target].some(
    (share) => share !== null && share < LEAST_BILLABLE_SHARE,
  );
  if (!isShort) return null;
  return { weeks, billableShare, target, rowIds: worked.map(({ session }) => session.runId) };
}

function findWorked(facts: ReviewFacts, span: DaySpan): readonly WorkedTime[] {
  const { sessions, billableProjects } = facts;
  return sessions.flatMap((session) => {
    const netMs = netWithin(session, span);
    const isBillable = isIn(session.groups.project, billableProjects);
    return netMs > 0 ? [{ session, netMs, isBillable }] : [];
  });
}

const isIn = (lineage: Session['groups']['project'], ids: ReadonlySet<string>): boolean =>
  lineage?.kind === 'resolved' && ids.has(lineage.id);

const sumNet = (worked: readonly WorkedTime[]): Ms => sumOf(worked.map(({ netMs }) => netMs));
