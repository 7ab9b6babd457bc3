import {
  type CostEntry,
  type CostLeaf,
  type PriceLabour,
  timeDimensions,
  toEntryLeaves,
  toLabourLeaf,
} from '#shared/cost/index.ts';
import { type Day, type Instant, startOfDay, toInstant } from '#shared/kernel/index.ts';
import type { ViewRun } from '#shared/ledger/index.ts';
import {
  countUncounted,
  type Groups,
  type Session,
  type UncountedRuns,
} from '#shared/variance/index.ts';
import type { DocFinding } from './doc-finding.ts';
import { toVarianceInput } from './inspect-work.ts';
import { createLineageIndex, resolveLineage } from './lineage.ts';
import type { FounderHqDoc } from './model.ts';
import { createLedgerRun } from './workflow-variance.ts';

/** What costs are read from beside the doc. */
export interface CostFacts {
  /** The runs of the ledger. */
  readonly runs: readonly ViewRun[];
  readonly entries: readonly CostEntry[];
  readonly priceLabour: PriceLabour;
  /** The owner's zone, whose days count. */
  readonly timeZone: string;
}

/** Everything that cost something, leaf by leaf, and what is in no leaf. */
export interface DocCosts {
  readonly leaves: readonly CostLeaf[];
  /** Runs without hours that can be believed, by why. */
  readonly uncounted: UncountedRuns;
  readonly findings: readonly DocFinding[];
}

/** What costs can be counted under, beside the day, week and month. A value is a row id, `conflict`, or nothing. */
export const COST_LINEAGE = [
  'project',
  'workflow',
  'process_template',
  'service_blueprint',
  'engagement',
  'offer',
  'venture',
] as const;

/** Every dimension of a leaf. */
export const COST_DIMENSIONS = [
  ...COST_LINEAGE,
  'person',
  'category',
  'currency',
  'day',
  'week',
  'month',
] as const;
/** One of {@link COST_DIMENSIONS}. */
export type CostDimension = (typeof COST_DIMENSIONS)[number];

/**
 * The leaves of a doc and its ledger: each counted run once, priced at its person's rates on the day it ended (or began, where its end is not
 * known; or its task was completed), touchpoints too; and each cost entry that stands.
 */
export function toDocCosts(doc: FounderHqDoc, facts: CostFacts): DocCosts {
  const { runs, entries, timeZone } = facts;
  const input = toVarianceInput(doc, runs.map(createLedgerRun(doc)), {
    groupings: COST_LINEAGE,
    timeZone,
    countsTouchpoints: true,
  });
  const counted = input.sessions.filter(({ standing }) => standing === 'counted');
  const placeOf = createPlaces(doc, facts);
  const toLeaf = createLabourLeaf(doc, facts, placeOf);
  const lineageOf = new Map(input.sessions.map(({ runId, groups }) => [runId, toValues(groups)]));
  const ofProject = createProjectLineage(doc);
  const entryLeaves = toEntryLeaves(entries, {
    timeZone,
    dimensionsOf: ({ projectId, runId = '', workerId = '' }) => ({
      project: projectId,
      ...(lineageOf.get(runId) ?? ofProject(projectId)),
      person: workerId,
    }),
  });
  return {
    leaves: [...counted.map(toLeaf), ...entryLeaves],
    uncounted: countUncounted(input.sessions),
    findings: input.findings,
  };
}

/** When a session was worked: the day it counts under, and the moment whose rates hold. */
interface Place {
  readonly day?: Day;
  readonly occurredAt?: Instant;
}

function createPlaces(
  doc: FounderHqDoc,
  { runs, timeZone }: CostFacts,
): (session: Session) => Place {
  const loggedDay = new Map(
    runs.flatMap(({ runId, day }) => (day === undefined ? [] : [[runId, day]])),
  );
  const completedOn = new Map(doc.tasks.map(({ rowId, completedOn: day }) => [rowId, day]));
  const ofDay = (day: Day): Place => ({ day, occurredAt: toInstant(startOfDay(day, timeZone)) });
  return ({ runId, taskId, endedAt, startedAt, workedDate }) => {
    const logged = loggedDay.get(runId);
    if (logged !== undefined) return ofDay(logged);
    const occurredAt = endedAt ?? startedAt;
    if (occurredAt !== undefined && workedDate !== undefined)
      return { day: workedDate, occurredAt };
    const completed = completedOn.get(taskId ?? '');
    return completed === undefined ? {} : ofDay(completed);
  };
}

function createLabourLeaf(
  doc: FounderHqDoc,
  { priceLabour }: CostFacts,
  placeOf: (session: Session) => Place,
): (session: Session) => CostLeaf {
  const people = new Map(doc.people.map(({ rowId, name }) => [rowId, name]));
  const billable = new Set(
    doc.projects.filter(({ isBillable }) => isBillable).map(({ rowId }) => rowId),
  );
  return (session) => {
    const { runId, personId = '', netMs: effortMs, groups } = session;
    const { day, occurredAt } = placeOf(session);
    const { project } = groups;
    return toLabourLeaf(
      {
        leafId: `run/${runId}`,
        person: personId,
        personName: people.get(personId) ?? (personId === '' ? 'nobody named' : personId),
        effortMs,
        isBillable: project?.kind === 'resolved' && billable.has(project.id),
        dimensions: {
          ...toValues(groups),
          person: personId,
          ...(day === undefined ? {} : timeDimensions(day)),
        },
        ...(occurredAt === undefined ? {} : { occurredAt }),
      },
      priceLabour,
    );
  };
}

/** What a project leads to, by its row id; nothing where the doc has no such row. */
function createProjectLineage(doc: FounderHqDoc): (projectId: string) => Values {
  const rows = createLineageIndex(doc);
  return (rowId) => {
    const links = { project: { rowId, name: rowId } };
    const answers = COST_LINEAGE.map((dimension) => [
      dimension,
      resolveLineage(links, rows, dimension),
    ]);
    return toValues(Object.fromEntries(answers));
  };
}

type Values = Readonly<Record<string, string>>;

/** What is unresolved has no value; a conflict is a value of its own. */
const toValues = (groups: Groups): Values =>
  Object.fromEntries(
    Object.entries(groups).flatMap(([dimension, lineage]): [string, string][] => {
      if (lineage.kind === 'unresolved') return [];
      return [[dimension, lineage.kind === 'resolved' ? lineage.id : 'conflict']];
    }),
  );

/** What the rows of a doc are called, by row id: for showing the values of dimensions. */
export function namesOf(doc: FounderHqDoc): ReadonlyMap<string, string> {
  const tables = [
    doc.projects,
    doc.workflows,
    doc.processTemplates,
    doc.serviceBlueprints,
    doc.engagements,
    doc.offers,
    doc.ventures,
    doc.people,
  ];
  return new Map(tables.flat().map(({ rowId, name }) => [rowId, name]));
}
