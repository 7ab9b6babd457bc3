import type { Day } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import type { ReviewFacts, ReviewKind, ReviewSprint, TaskPlace } from '#shared/planning/index.ts';
import { toVarianceInput } from './inspect-work.ts';
import type { FinanceRow, FounderHqDoc, SprintRow, TaskRow } from './model.ts';
import type { ReadableTable } from './row-parser.ts';
import { placeInSprint } from './sprint.ts';
import { createLedgerRun } from './workflow-variance.ts';

/** The tables a review reads. */
export const REVIEW_TABLES = [
  'ventures',
  'people',
  'offers',
  'engagements',
  'workflows',
  'process_templates',
  'projects',
  'sprints',
  'tasks',
  'finance_snapshot',
  'execution_runs',
] as const satisfies readonly ReadableTable[];

/** What a review is asked for beside the doc. */
export interface ReviewRequest {
  readonly kind: ReviewKind;
  readonly date: Day;
  readonly timeZone: string;
  /** The runs of the ledger. */
  readonly runs: readonly ViewRun[];
  readonly gates?: ReviewFacts['gates'];
  readonly budgets?: ReviewFacts['budgets'];
  /** @default what the doc's newest snapshot of its money says */
  readonly runwayWeeks?: number;
}

/**
 * The rows of a doc as a review looks at them: tasks and runs with their lineage, each task in its sprint, and what
 * people wrote about their runs.
 */
export function toReviewFacts(doc: FounderHqDoc, request: ReviewRequest): ReviewFacts {
  const { kind, date, timeZone, runs, gates = [], budgets = [] } = request;
  const { runwayWeeks = findRunway(doc.finance ?? [], date) } = request;
  const { tasks, sessions } = toVarianceInput(doc, runs.map(createLedgerRun(doc)), {
    groupings: ['workflow', 'process_template', 'project', 'venture'],
    timeZone,
  });
  const billable = doc.projects.filter(({ isBillable }) => isBillable);
  const named = [...doc.workflows, ...doc.processTemplates, ...doc.ventures];
  return {
    kind,
    date,
    timeZone,
    tasks,
    sessions,
    details: new Map(doc.tasks.map((task) => [task.rowId, toDetail(task, doc.sprints)])),
    names: new Map(named.map(({ rowId, name }) => [rowId, name])),
    notes: readNotes(doc, runs),
    billableProjects: new Set(billable.map(({ rowId }) => rowId)),
    ...findSprint(date, doc.sprints),
    people: doc.people.map(({ rowId, name }) => ({ rowId, name })),
    gates,
    budgets,
    ...(runwayWeeks === undefined ? {} : { runwayWeeks }),
  };
}

/**
 * What the newest snapshot up to a day says of how long the money lasts. Of snapshots without a date nobody knows which is the newest,
 * so only one that stands alone counts. Units: weeks.
 */
function findRunway(rows: readonly FinanceRow[], date: Day): number | undefined {
  const told = rows.filter(({ runwayWeeks }) => runwayWeeks !== undefined);
  const dated = told
    .filter((row) => row.date !== undefined && row.date <= date)
    .sort((one, other) => ((one.date ?? '') < (other.date ?? '') ? -1 : 1));
  const [only, ...others] = told;
  const isAlone = others.length === 0 && only?.date === undefined;
  return (isAlone ? only : dated.at(-1))?.runwayWeeks;
}

function toDetail({ scheduledStart, estimateMs }: TaskRow, sprints: readonly SprintRow[]) {
  const found = placeInSprint(scheduledStart, sprints);
  const place: TaskPlace =
    found.kind === 'sprint'
      ? { kind: 'sprint', sprintId: found.sprint.rowId }
      : { kind: found.kind };
  return { place, ...(estimateMs === undefined ? {} : { estimateMs }) };
}

/** A note on the row of a run is newer than the one it was finished with. */
function readNotes(doc: FounderHqDoc, runs: readonly ViewRun[]): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  for (const { runId, note } of runs) if (note !== undefined) notes.set(runId, note);
  for (const { rowId, runId = rowId, outcomeNotes } of doc.executionRuns) {
    if (outcomeNotes !== undefined) notes.set(runId, outcomeNotes);
  }
  return notes;
}

function findSprint(
  date: Day,
  sprints: readonly SprintRow[],
): Pick<ReviewFacts, 'sprint' | 'overlappingSprints'> {
  const found = placeInSprint(date, sprints);
  if (found.kind === 'overlap') {
    const overlappingSprints = found.sprints.map(({ rowId, name }) => ({ rowId, name }));
    return { overlappingSprints };
  }
  if (found.kind !== 'sprint') return { overlappingSprints: [] };
  return { sprint: toReviewSprint(found.sprint, date), overlappingSprints: [] };
}

function toReviewSprint(row: SprintRow, date: Day): ReviewSprint {
  const { rowId, name, startDay = date, endDay = date, billableTarget } = row;
  const target = billableTarget === undefined ? {} : { billableTarget };
  return { rowId, name, startDate: startDay, endDate: endDay, ...target };
}
