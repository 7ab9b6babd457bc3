import { type Day, toInstant } from '#shared/kernel/index.ts';
import { toDeskPerson, type ViewRun } from '#shared/ledger/index.ts';
import {
  type Grouping,
  type GroupVariance,
  toHoursOf,
  toStateWords,
  varianceByGroup,
} from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import { findRow } from './find-row.ts';
import { toVarianceInput, type VarianceInput } from './inspect-work.ts';
import type { FounderHqDoc } from './model.ts';
import { namePeople } from './name-people.ts';
import type { ReadableTable } from './row-parser.ts';
import type { LedgerRun } from './run-session.ts';
import { readVarianceWork, type VarianceWork } from './variance-input.ts';

/** One line of the variance report. `typical` and `total` are variances (0.15 = +15 %), `p10` and `p90` ratios. */
export interface WorkflowVariance {
  /** Row id of the workflow, or `conflict` or `unresolved`. */
  readonly groupId: string;
  /** Whether it is a workflow, or what contradicts itself or leads nowhere. */
  readonly bucket: GroupVariance['bucket'];
  /** Name of the workflow. */
  readonly workflow: string;
  readonly nTasks: number;
  readonly nRuns: number;
  readonly estimateHours: number;
  readonly actualHours: number;
  /** Every counted run of the group, whether its task is in the sample or not. */
  readonly allHours: number;
  readonly unestimatedHours: number;
  readonly typical: number | null;
  readonly total: number | null;
  readonly p10: number;
  readonly p90: number;
  /** `insufficient`, `stable`, `drifting over`, `drifting under` or `conflict`. */
  readonly state: string;
  /** The first day of the tasks that drift; null where none do. */
  readonly since: Day | null;
  /** Finished tasks still missing until drift is judged; 0 from then on. */
  readonly needed: number;
}

/** The variance of every workflow of a doc, with all it was computed from. */
export interface VarianceReport {
  readonly rows: readonly WorkflowVariance[];
  readonly groups: readonly GroupVariance[];
  readonly input: VarianceInput;
  readonly findings: readonly DocFinding[];
}

/** The tables a variance report reads. */
export const VARIANCE_TABLES = [
  'workflows',
  'process_templates',
  'projects',
  'tasks',
  'execution_runs',
] as const;

/** The tables the variance by each grouping reads. */
export const VARIANCE_TABLES_BY: { readonly [By in Grouping]: readonly ReadableTable[] } = {
  workflow: VARIANCE_TABLES,
  process_template: VARIANCE_TABLES,
  service_blueprint: [...VARIANCE_TABLES, 'engagements', 'offers', 'service_blueprints'],
  offer: [...VARIANCE_TABLES, 'engagements', 'offers'],
  engagement: [...VARIANCE_TABLES, 'engagements'],
  project: VARIANCE_TABLES,
  venture: [...VARIANCE_TABLES, 'engagements', 'offers', 'ventures'],
  person: [...VARIANCE_TABLES, 'people'],
  month: VARIANCE_TABLES,
};

/** What the variance of a doc is computed with beside its rows. */
export interface WorkflowVarianceFacts {
  /** The runs of the ledger. */
  readonly runs: readonly ViewRun[];
  /** The doc's own: the day of work that no task says is the one it ended on there. */
  readonly timeZone: string;
}

/** The variance of every workflow, with all it was computed from and what was odd on the way: the worker's report and its columns. */
export function workflowVariance(
  doc: FounderHqDoc,
  { runs, timeZone }: WorkflowVarianceFacts,
): VarianceReport {
  const input = toVarianceInput(doc, runs.map(createLedgerRun(doc)), { timeZone });
  return { ...toFigures(doc, input), input, findings: input.findings };
}

/** One line of the variance of a doc by anything it can be grouped by; `group` is its name. */
export type GroupedVariance = Omit<WorkflowVariance, 'workflow'> & { readonly group: string };

/** The rows of {@link workflowVariance} by whatever is asked for: the very same computation. */
export function groupRows(
  doc: FounderHqDoc,
  { runs, timeZone, by }: WorkflowVarianceFacts & { readonly by: Grouping },
): readonly GroupedVariance[] {
  const options = { timeZone, groupings: [by] };
  const { tasks, sessions } = readVarianceWork(doc, runs.map(createLedgerRun(doc)), options);
  const names = new Map(ROWS_OF[by](doc).map(({ rowId, name }) => [rowId, name]));
  return varianceByGroup(tasks, sessions, by).map((group) => {
    const { workflow, ...row } = toRow(group, names);
    return { ...row, group: workflow };
  });
}

/** Where the names of groups are; a month is its own. */
const ROWS_OF: {
  readonly [By in Grouping]: (doc: FounderHqDoc) => readonly { rowId: string; name: string }[];
} = {
  workflow: (doc) => doc.workflows,
  process_template: (doc) => doc.processTemplates,
  service_blueprint: (doc) => doc.serviceBlueprints,
  offer: (doc) => doc.offers,
  engagement: (doc) => doc.engagements,
  project: (doc) => doc.projects,
  venture: (doc) => doc.ventures,
  person: (doc) => doc.people,
  month: () => [],
};

function toFigures(
  doc: FounderHqDoc,
  { tasks, sessions }: VarianceWork,
): Pick<VarianceReport, 'rows' | 'groups'> {
  const groups = varianceByGroup(tasks, sessions);
  const names = workflowNames(doc);
  return { rows: groups.map((group) => toRow(group, names)), groups };
}

/** Names of the workflows by row id. */
export const workflowNames = (doc: FounderHqDoc): ReadonlyMap<string, string> =>
  new Map(doc.workflows.map(({ rowId, name }) => [rowId, name]));

/** How the numbers see a run of the ledger: its task and its person found by whatever the button called them. */
export function createLedgerRun({
  tasks,
  people,
}: Pick<FounderHqDoc, 'tasks' | 'people'>): (run: ViewRun) => LedgerRun {
  const personOf = namePeople(people);
  return ({ runId, deskId, task, state, startedAtMs, endedAtMs, netMs, day, isCorrected }) => {
    const match = findRow(tasks, task);
    const person = personOf.get(toDeskPerson(deskId));
    return {
      runId,
      netMs,
      // A run that waits for its gates is not done, but its clock has stopped: its hours count.
      isOpen: endedAtMs === undefined && state !== 'validating',
      startedAt: toInstant(startedAtMs),
      ...(endedAtMs === undefined ? {} : { endedAt: toInstant(endedAtMs) }),
      ...(match.kind === 'found' ? { taskRowId: match.row.rowId } : {}),
      ...(person === undefined ? {} : { person: { rowId: person.rowId, name: person.name } }),
      // Logged and corrected hours are a person's word, no clock that may have been forgotten.
      isConfirmed: day !== undefined || isCorrected === true,
    };
  };
}

function toRow(group: GroupVariance, names: ReadonlyMap<string, string>): WorkflowVariance {
  const { bucket, nTasks, nRuns, typical, total, p10, p90, drift } = group;
  return {
    groupId: group.group,
    bucket,
    workflow: names.get(group.group) ?? group.group,
    nTasks,
    nRuns,
    ...toHoursOf(group),
    typical,
    total,
    p10,
    p90,
    state: toStateWords(drift.state),
    since: drift.sinceDate,
    needed: drift.needed,
  };
}
