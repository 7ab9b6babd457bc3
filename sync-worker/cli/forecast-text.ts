import { type Day, type Ms, msToHours } from '#shared/kernel/index.ts';
import {
  FUTURES,
  type PersonPace,
  type ProjectFinish,
  type ProjectForecast,
  type WorkForecast,
} from '#shared/planning/index.ts';
import { countUncounted, type EarnedValue, type Figure } from '#shared/variance/index.ts';
import type { ForecastSource } from './forecast-source.ts';
import { toFixedText } from './number-text.ts';
import { shortenName, toTable } from './text-table.ts';

/** What a forecast shows. */
export interface ShownForecast {
  readonly source: ForecastSource;
  readonly forecast: WorkForecast;
  readonly date: Day;
  readonly targetDate: Day | undefined;
  readonly seed: number;
}

/** How those nobody is named for are called. */
export const NOBODY = 'nobody named';
const NAMES_MAX = 5;

/** All projects, a line each, and below it what no line tells. */
export function describeForecasts(shown: ShownForecast): string {
  const { forecast, source, date } = shown;
  if (forecast.projects.length === 0) return 'No task and no run of any project.';
  const lines = forecast.projects.map(({ projectId, openTasks, finishedTasks, finish, earned }) => [
    projectId === undefined ? '(no project)' : shortenName(source.nameOf(projectId)),
    `${finishedTasks}/${finishedTasks + openTasks}`,
    ...toDateCells(finish),
    toHours(earned.budgetMs),
    toHours(earned.spentMs),
    toFigure(earned.costIndex),
  ]);
  const heads = ['project', 'done', 'P50', 'P80', 'P95', 'planned', 'spent', 'cost index'];
  return [
    `What is open, from ${date} on`,
    '',
    ...toTable([heads, ...lines], [0, 2, 3, 4]),
    ...(forecast.people.length === 0 ? [] : ['']),
    ...forecast.people.map((pace) => describePace(pace, source)),
    ...describeNotes(shown),
  ].join('\n');
}

function toDateCells({ p50, p80, p95, reason }: ProjectFinish): readonly string[] {
  if (p50 === null && reason !== null) return [reason, '–', '–'];
  return [p50, p80, p95].map((day) => day ?? 'never');
}

/** One project in full. */
export function describeProject(project: ProjectForecast, shown: ShownForecast): string {
  const { source, forecast, date } = shown;
  const { projectId = '', openTasks, finishedTasks, droppedTasks, finish, growth } = project;
  const people = forecast.people.filter(({ personId: who }) => finish.personIds.includes(who));
  return [
    `${source.nameOf(projectId)}: ${finishedTasks} of ${count(finishedTasks + openTasks, 'task')} finished${droppedTasks === 0 ? '' : `, ${droppedTasks} dropped`}; from ${date} on`,
    '',
    `finish   ${describeDates(finish, shown)}`,
    ...describeSimulated(finish, shown).map((line) => `         ${line}`),
    ...people.map((pace) => `         ${describePace(pace, source)}`),
    `growth   ${count(growth.addedTasks, 'task')} and ${toHours(growth.addedMs)} added since ${growth.fromDate}, ${toHours(growth.perWeekMs)} a week: in no date${growth.unestimatedTasks === 0 ? '' : `; ${growth.unestimatedTasks} of them without an estimate`}${project.undatedTasks === 0 ? '' : `; of ${project.undatedTasks} nobody knows since when`}`,
    ...describeEarned(project.earned).map(
      (line, at) => `${at === 0 ? 'earned  ' : '        '} ${line}`,
    ),
    ...describeNotes(shown),
  ].join('\n');
}

function describeDates(finish: ProjectFinish, { source }: ShownForecast): string {
  const { p50, p80, p95, reason, withoutCapacity } = finish;
  if (reason === 'nothing open') return 'nothing is open';
  if (reason === 'nothing to simulate') return 'no date: no open task can be simulated';
  if (p50 === null) {
    const who = withoutCapacity.map((id) => (id === '' ? NOBODY : source.nameOf(id)));
    return who.length === 0
      ? 'never: not within ten years'
      : `never: no hours of ${who.join(', ')} to work in`;
  }
  return `P50 ${p50}, P80 ${toLate(p80)}, P95 ${toLate(p95)} of ${FUTURES.toLocaleString('en-US')} futures`;
}

const toLate = (day: Day | null): string => day ?? 'not within ten years';

function describeSimulated(finish: ProjectFinish, shown: ShownForecast): readonly string[] {
  const { targetDate, source } = shown;
  const list = (ids: readonly string[]): string => listShort(ids.map(source.nameOf));
  const lines: readonly (readonly [readonly string[], string])[] = [
    [finish.unestimatedTaskIds, 'without an estimate, in no date'],
    [
      finish.waitingTaskIds,
      `waiting for work without an estimate (${list(finish.waitedForTaskIds)}), in no date`,
    ],
    [finish.cycleTaskIds, 'waiting for each other in a circle, in no date'],
    [finish.assumedTaskIds, 'without an estimate, taken to take what their workflow usually takes'],
    [finish.beyondTaskIds, 'beyond every known ratio, taken to take a quarter more'],
    [finish.unassignedTaskIds, 'naming nobody, taken for one more person’s'],
  ];
  const { onTimeShare, simulated, estimateMs, unknownDependsOn, finishedAlike } = finish;
  const { finishedWithRatio } = shown.forecast;
  const drawn =
    finishedWithRatio === 0
      ? 'drawn from the built-in ratios, since no finished task has an estimate and time'
      : `drawn from ${finishedAlike} finished of their workflows, ${finishedWithRatio} in all`;
  return [
    ...(onTimeShare === null || targetDate === undefined
      ? []
      : [`on ${targetDate} or before: ${Math.round(onTimeShare * 100)} %`]),
    ...(simulated === 0
      ? []
      : [`${count(simulated, 'task')} simulated, ${toHours(estimateMs)} by estimate; ${drawn}`]),
    ...lines
      .filter(([ids]) => ids.length > 0)
      .map(([ids, what]) => `${count(ids.length, 'task')} ${what}: ${list(ids)}`),
    ...(unknownDependsOn.length === 0
      ? []
      : [`taken for done, since nobody knows them: ${listShort(unknownDependsOn)}`]),
  ];
}

function describePace(
  { personId, tasks, weekMs, loggedMs }: PersonPace,
  { nameOf }: ForecastSource,
): string {
  const who = personId === '' ? NOBODY : nameOf(personId);
  const logged = loggedMs === null ? 'logged nothing' : `logged ${toHours(loggedMs)} a weekday`;
  return `${who}: ${count(tasks, 'open task')}, ${toHours(Math.max(...weekMs))} a weekday (${logged} in the four weeks before)`;
}

function describeEarned(earned: EarnedValue): readonly string[] {
  const { budgetMs, plannedMs, earnedMs, spentMs, estimateAtCompletion: atEnd } = earned;
  const { unestimatedLeaves, unestimatedSpentMs } = earned;
  return [
    `planned ${toHours(budgetMs)} (BAC), due ${toHours(plannedMs)} (PV), finished ${toHours(earnedMs)} (EV), spent ${toHours(spentMs)} (AC)`,
    `cost index ${toFigure(earned.costIndex)} (EV ÷ AC), schedule index ${toFigure(earned.scheduleIndex)} (EV ÷ PV)`,
    `at the end ${toHoursOf(atEnd.atCostIndex)} at this rate, ${toHoursOf(atEnd.asPlanned)} if the rest goes as planned, ${toHoursOf(atEnd.atBothIndices)} at both indices (EAC)`,
    `still to come ${toHoursOf(earned.estimateToComplete)} (ETC), to spare ${toHoursOf(earned.varianceAtCompletion)} (VAC); the rest has to go ${toFigure(earned.toCompleteIndex)} times as planned (TCPI)`,
    ...(unestimatedLeaves + unestimatedSpentMs === 0
      ? []
      : [
          `outside the plan: ${count(unestimatedLeaves, 'task')} without an estimate, ${toHours(unestimatedSpentMs)} spent`,
        ]),
  ];
}

function describeNotes({ source, forecast }: ShownForecast): readonly string[] {
  const { refused, findings, unusableSprints, nameOf } = source;
  const { open, suspect, invalid } = countUncounted(source.facts.sessions);
  const notes: readonly (readonly [number, string])[] = [
    [open, 'runs without an end, which count 0'],
    [suspect, 'runs of over 24 h without net minutes, which count 0'],
    [invalid, 'runs whose times or hours make no sense, which count 0'],
    [
      unusableSprints.length,
      `sprints whose days or capacity make no sense: ${listShort(unusableSprints)}`,
    ],
    [
      forecast.conflictTaskIds.length,
      `open tasks that lead to several projects, in none of them: ${listShort(forecast.conflictTaskIds.map(nameOf))}`,
    ],
    [
      forecast.conflictRuns,
      `runs that lead to several projects, in none of them: ${toHours(forecast.conflictSpentMs)}`,
    ],
    [
      refused.length,
      `rows that cannot be read: ${listShort(refused.map(({ file, line, reason }) => `${file} line ${line}: ${reason}`))}`,
    ],
  ];
  const lines = [
    ...notes.filter(([n]) => n > 0).map(([n, text]) => `${n} × ${text}`),
    ...findings.filter(({ code }) => code === 'CELL_UNREADABLE').map(({ message }) => message),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

function listShort(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).join(', ');
  return names.length > NAMES_MAX ? `${shown} and ${names.length - NAMES_MAX} more` : shown;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const toHours = (ms: Ms): string => `${toFixedText(msToHours(ms), 1)} h`;
const toFigure = ({ value, reason }: Figure): string =>
  value === null ? reason : value.toFixed(2);
const toHoursOf = ({ value, reason }: Figure): string => (value === null ? reason : toHours(value));
