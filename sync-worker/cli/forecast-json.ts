import { msToHours } from '#shared/kernel/index.ts';
import { FUTURES, type PersonPace, type ProjectForecast } from '#shared/planning/index.ts';
import { countUncounted, type EarnedValue, type Figure } from '#shared/variance/index.ts';
import type { ForecastSource } from './forecast-source.ts';
import { NOBODY, type ShownForecast } from './forecast-text.ts';

/** The forecasts as one JSON object; hours unrounded. Where a number is missing, its reason stands beside. */
export function toForecastJson({
  source,
  forecast,
  date,
  targetDate,
  seed,
}: ShownForecast): object {
  const { timeZone, refused, findings, unusableSprints } = source;
  const toTask = (taskId: string) => ({ taskId, name: source.nameOf(taskId) });
  return {
    date,
    timeZone,
    target: targetDate ?? null,
    seed,
    futures: FUTURES,
    finishedWithRatio: forecast.finishedWithRatio,
    projects: forecast.projects.map((project) => toProjectJson(project, source, toTask)),
    people: forecast.people.map((pace) => toPersonJson(pace, source)),
    sprints: source.facts.limits.map(({ startDate, endDate, capacityMs }) => ({
      startDate,
      endDate,
      capacityHours: msToHours(capacityMs),
    })),
    inSeveralProjects: forecast.conflictTaskIds.map(toTask),
    runsInSeveralProjects: {
      runs: forecast.conflictRuns,
      spentHours: msToHours(forecast.conflictSpentMs),
    },
    uncountedRuns: countUncounted(source.facts.sessions),
    unusableSprints,
    refused,
    ...(findings.length === 0 ? {} : { docFindings: findings }),
  };
}

type ToTask = (taskId: string) => { readonly taskId: string; readonly name: string };

function toProjectJson(project: ProjectForecast, { nameOf }: ForecastSource, toTask: ToTask) {
  const { projectId, openTasks, finishedTasks, droppedTasks, finish, growth } = project;
  const { addedMs, perWeekMs, ...added } = growth;
  return {
    project: projectId === undefined ? null : nameOf(projectId),
    projectId: projectId ?? null,
    openTasks,
    finishedTasks,
    droppedTasks,
    finish: {
      p50: finish.p50,
      p80: finish.p80,
      p95: finish.p95,
      onTimeShare: finish.onTimeShare,
      reason: finish.reason,
      simulatedTasks: finish.simulated,
      finishedAlike: finish.finishedAlike,
      estimateHours: msToHours(finish.estimateMs),
      unestimated: finish.unestimatedTaskIds.map(toTask),
      waiting: finish.waitingTaskIds.map(toTask),
      waitedFor: finish.waitedForTaskIds.map(toTask),
      assumed: finish.assumedTaskIds.map(toTask),
      beyond: finish.beyondTaskIds.map(toTask),
      circular: finish.cycleTaskIds.map(toTask),
      unknownDependencies: finish.unknownDependsOn,
      unassigned: finish.unassignedTaskIds.map(toTask),
      withoutCapacity: finish.withoutCapacity.map((id) => (id === '' ? NOBODY : nameOf(id))),
    },
    scopeGrowth: {
      ...added,
      addedHours: msToHours(addedMs),
      hoursPerWeek: msToHours(perWeekMs),
      undatedTasks: project.undatedTasks,
    },
    earnedValue: toEarnedJson(project.earned),
  };
}

const toPersonJson = (pace: PersonPace, { nameOf }: ForecastSource) => ({
  person: pace.personId === '' ? null : nameOf(pace.personId),
  openTasks: pace.tasks,
  weekHours: pace.weekMs.map(msToHours),
  loggedHoursPerWeekday: pace.loggedMs === null ? null : msToHours(pace.loggedMs),
});

function toEarnedJson(earned: EarnedValue): object {
  const { estimateAtCompletion: atEnd } = earned;
  return {
    plannedHours: msToHours(earned.budgetMs),
    dueHours: msToHours(earned.plannedMs),
    earnedHours: msToHours(earned.earnedMs),
    spentHours: msToHours(earned.spentMs),
    costVarianceHours: msToHours(earned.costVarianceMs),
    scheduleVarianceHours: msToHours(earned.scheduleVarianceMs),
    costIndex: earned.costIndex,
    scheduleIndex: earned.scheduleIndex,
    estimateAtCompletionHours: {
      atCostIndex: inHours(atEnd.atCostIndex),
      asPlanned: inHours(atEnd.asPlanned),
      atBothIndices: inHours(atEnd.atBothIndices),
    },
    estimateToCompleteHours: inHours(earned.estimateToComplete),
    varianceAtCompletionHours: inHours(earned.varianceAtCompletion),
    toCompleteIndex: earned.toCompleteIndex,
    unestimatedTasks: earned.unestimatedLeaves,
    unestimatedSpentHours: msToHours(earned.unestimatedSpentMs),
  };
}

const inHours = (figure: Figure): Figure =>
  figure.value === null ? figure : { value: msToHours(figure.value), reason: null };
