import { dayAt, toEpochMs } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import type { CapacityLimit, ForecastFacts, TaskPlan } from '#shared/planning/index.ts';
import type { DocFinding } from './doc-finding.ts';
import { toVarianceInput } from './inspect-work.ts';
import type { FounderHqDoc, SprintRow, TaskRow } from './model.ts';
import type { ReadableTable } from './row-parser.ts';
import { createLedgerRun } from './workflow-variance.ts';

/** The tables a forecast reads. */
export const FORECAST_TABLES = [
  'people',
  'workflows',
  'process_templates',
  'engagements',
  'projects',
  'sprints',
  'tasks',
  'execution_runs',
] as const satisfies readonly ReadableTable[];

/** A doc's work as a forecast looks at it, and what of the doc it cannot use. */
export interface ForecastInput {
  readonly facts: ForecastFacts;
  readonly findings: readonly DocFinding[];
  /** Sprints with a capacity that lack a day, end before they begin, or hold less than nothing: no limit. */
  readonly unusableSprints: readonly SprintRow[];
}

/** Tasks, runs and sprints of a doc for a forecast; the days are those of the zone. */
export function toForecastInput(
  doc: FounderHqDoc,
  { runs, timeZone }: { readonly runs: readonly ViewRun[]; readonly timeZone: string },
): ForecastInput {
  const { tasks, sessions, findings } = toVarianceInput(doc, runs.map(createLedgerRun(doc)), {
    groupings: ['project', 'workflow'],
    timeZone,
  });
  const [person, ...others] = doc.people;
  const isAlone = person !== undefined && others.length === 0;
  return {
    facts: {
      tasks,
      sessions,
      plans: new Map(doc.tasks.map((task) => [task.rowId, toPlan(task, timeZone)])),
      limits: doc.sprints.flatMap(toLimit),
      ...(isAlone ? { onlyPersonId: person.rowId } : {}),
    },
    findings,
    unusableSprints: doc.sprints.filter(
      (sprint) => sprint.capacityMs !== undefined && toLimit(sprint).length === 0,
    ),
  };
}

function toPlan(task: TaskRow, timeZone: string): TaskPlan {
  const { assignee, estimateMs, scheduledStart, scheduledEnd, createdAt, dependsOn = [] } = task;
  return {
    personId: assignee?.rowId,
    estimateMs,
    scheduledDate: scheduledStart,
    dueDate: scheduledEnd,
    addedDate: createdAt === undefined ? undefined : dayAt(toEpochMs(createdAt), timeZone),
    dependsOn: dependsOn.map(({ rowId }) => rowId),
  };
}

/** The limit a sprint sets. */
function toLimit({ startDay, endDay, capacityMs = -1 }: SprintRow): readonly CapacityLimit[] {
  if (startDay === undefined || endDay === undefined) return [];
  return startDay <= endDay && capacityMs >= 0
    ? [{ startDate: startDay, endDate: endDay, capacityMs }]
    : [];
}
