import { addDays, compareText, type Ms, sumOf } from '#shared/kernel/index.ts';
import {
  type EarnedValue,
  earnedValue,
  type Lineage,
  type PlannedLeaf,
  type Session,
} from '#shared/variance/index.ts';
import { forecastFinish } from './finish-date.ts';
import type { OpenLeaf } from './finish-model.ts';
import type {
  ForecastFacts,
  ForecastRequest,
  PersonPace,
  ProjectForecast,
  WorkForecast,
} from './forecast-model.ts';
import { type AllPlannedWork, type PlannedWork, toPlannedWork } from './planned-work.ts';
import { toProjectFinish } from './project-finish.ts';
import { scopeGrowth } from './scope-growth.ts';
import { groupOf, toUsualWork } from './usual-work.ts';

/** Four weeks, which begin on whatever day and hold as many weekdays. */
const PACE_DAYS = 28;
const PACE_WEEKDAYS = 20;
/** Parts are named after projects, whose ids are never blank: so work of no project, and of several, has names of its own. */
const NO_PROJECT = '';
const SEVERAL_PROJECTS = ' ';

/**
 * When each project will be finished, how it has grown, and what it has earned. All open work is simulated together, since
 * it shares its people: what is scheduled earlier is done first, whatever project it is of.
 * Small samples: see {@link forecastFinish}.
 */
export function forecastProjects(facts: ForecastFacts, request: ForecastRequest): WorkForecast {
  const all = toPlannedWork(facts);
  const open = byDay(all.works.filter(isOpenLeaf));
  const { date, targetDate, capacityOf, ...drawing } = request;
  const people = [...new Set(open.map(({ personId }) => personId))];
  const { counts, ...usual } = toUsualWork(all.works, facts.moreFinished);
  const finish = forecastFinish({
    ...drawing,
    ...usual,
    leaves: open.map(toOpenLeaf),
    people: people.map((personId) => ({ personId, ...capacityOf(personId) })),
    limits: facts.limits,
    from: date,
    ...(targetDate === undefined ? {} : { targetDate }),
  });
  const parts = groupByProject(all);
  const several = parts.filter(({ part }) => part === SEVERAL_PROJECTS);
  const projects = parts.filter(({ part }) => part !== SEVERAL_PROJECTS);
  return {
    projects: projects.map(({ part, works, strays }): ProjectForecast => {
      const leaves = works.filter(({ unit }) => unit.kind === 'leaf');
      const kept = leaves.filter(({ unit }) => !unit.isDropped);
      const dated = kept.flatMap(({ addedDate, estimateMs }) =>
        addedDate === undefined ? [] : [{ addedDate, estimateMs }],
      );
      return {
        ...(part === NO_PROJECT ? {} : { projectId: part }),
        openTasks: leaves.filter(isOpenLeaf).length,
        finishedTasks: leaves.filter(({ unit }) => unit.isFinished).length,
        droppedTasks: leaves.filter(({ unit }) => unit.isDropped).length,
        finish: toProjectFinish(leaves.filter(isOpenLeaf), { finish, part, counts }),
        growth: scopeGrowth(dated, date),
        undatedTasks: kept.length - dated.length,
        earned: toEarnedValue(works, strays, request),
      };
    }),
    finishedWithRatio: sumOf([...counts.values()]),
    people: people.sort().map((personId) => toPace(personId, { open, facts, request })),
    ...toConflicts(several),
  };
}

/** What is in no project, since it leads to several. */
function toConflicts(several: readonly ProjectWork[]) {
  const works = several.flatMap((part) => part.works);
  const strays = several.flatMap((part) => part.strays);
  return {
    conflictTaskIds: works.filter(isOpenLeaf).map(({ taskId }) => taskId),
    conflictRuns: sumOf(works.map(({ unit }) => unit.nRuns)) + strays.length,
    conflictSpentMs: sumOf([
      ...works.map(({ unit }) => unit.actualMs),
      ...strays.map(({ netMs }) => netMs),
    ]),
  };
}

const isOpenLeaf = ({ unit }: PlannedWork): boolean =>
  unit.kind === 'leaf' && !unit.isFinished && !unit.isDropped;

/** In the order in which it is to be done: by the day it is to begin, then as it is listed; what has no day comes last. */
const byDay = (works: readonly PlannedWork[]): readonly PlannedWork[] =>
  [...works].sort((one, other) => compareDays(one.scheduledDate, other.scheduledDate));

function compareDays(one: string | undefined, other: string | undefined): number {
  if (one !== undefined && other !== undefined) return compareText(one, other);
  return Number(one === undefined) - Number(other === undefined);
}

function toPart(project: Lineage | undefined): string {
  if (project?.kind === 'conflict') return SEVERAL_PROJECTS;
  return project?.kind === 'resolved' ? project.id : NO_PROJECT;
}

const toOpenLeaf = (work: PlannedWork): OpenLeaf => ({
  taskId: work.taskId,
  personId: work.personId,
  group: groupOf(work),
  part: toPart(work.project),
  estimateMs: work.estimateMs,
  spentMs: work.unit.actualMs,
  dependsOn: work.dependsOn,
});

interface ProjectWork {
  readonly part: string;
  readonly works: PlannedWork[];
  /** Counted runs of the project, or of none, that are of no task. */
  readonly strays: Session[];
}

/** The work of each project, of none and of several, in the order of ids: every counted run is in one of them. */
function groupByProject({ works, strays }: AllPlannedWork): readonly ProjectWork[] {
  const projects = new Map<string, ProjectWork>();
  const at = (part: string): ProjectWork => {
    const known = projects.get(part) ?? { part, works: [], strays: [] };
    projects.set(part, known);
    return known;
  };
  for (const work of works) at(toPart(work.project)).works.push(work);
  for (const stray of strays) {
    if (stray.standing === 'counted') at(toPart(stray.groups.project)).strays.push(stray);
  }
  return [...projects.values()].sort((one, other) => compareText(one.part, other.part));
}

function toEarnedValue(
  works: readonly PlannedWork[],
  strays: readonly Session[],
  { date, rule }: ForecastRequest,
): EarnedValue {
  const leaves = [
    ...works.map(toPlannedLeaf),
    ...strays.map(({ netMs }) => toSpent('no_task', netMs)),
  ];
  return earnedValue(leaves, date, rule);
}

function toPlannedLeaf({ unit, dueDate }: PlannedWork): PlannedLeaf {
  const { node, kind, isFinished, isDropped, hasBegun, actualMs } = unit;
  if (kind === 'own_runs')
    return toSpent(node.estimateBelowMs > 0 ? 'parent' : 'no_task', actualMs);
  if (isDropped) return toSpent('no_task', actualMs);
  const { baselineMs } = node.task;
  return {
    isFinished,
    isStarted: hasBegun,
    actualMs,
    ...(baselineMs === undefined ? {} : { baselineMs }),
    ...(dueDate === undefined ? {} : { dueDate }),
  };
}

const toSpent = (kind: 'parent' | 'no_task', actualMs: Ms): PlannedLeaf => ({
  kind,
  isFinished: true,
  isStarted: true,
  actualMs,
});

function toPace(
  personId: string,
  around: {
    readonly open: readonly PlannedWork[];
    readonly facts: ForecastFacts;
    readonly request: ForecastRequest;
  },
): PersonPace {
  const { open, facts, request } = around;
  const from = addDays(request.date, -PACE_DAYS);
  const logged = facts.sessions.filter(
    ({ personId: who, standing, workedDate = '' }) =>
      who === personId && standing === 'counted' && from <= workedDate && workedDate < request.date,
  );
  const loggedMs = sumOf(logged.map(({ netMs }) => netMs));
  return {
    personId,
    tasks: open.filter((work) => work.personId === personId).length,
    weekMs: request.capacityOf(personId).weekMs,
    loggedMs: loggedMs === 0 ? null : loggedMs / PACE_WEEKDAYS,
  };
}
