import type { Command } from 'commander';
import { DomainError } from '#shared/kernel/index.ts';
import { forecastProjects, type ProjectForecast } from '#shared/planning/index.ts';
import { toWeek } from './capacity-option.ts';
import { toForecastJson } from './forecast-json.ts';
import {
  createDayMs,
  type ForecastAnswer,
  type ForecastFlags,
  type ForecastSource,
  readForecastSource,
} from './forecast-source.ts';
import { describeForecasts, describeProject, type ShownForecast } from './forecast-text.ts';
import { findUnread, toFileRows } from './unread-file.ts';

/** The dates and the earned value of one project in full, or of all in a line each: as text, or as one JSON object. */
export async function forecastWork(
  flags: ForecastFlags,
  command: Command,
): Promise<ForecastAnswer> {
  const source = await readForecastSource(flags, command);
  const { refused, rowsRead } = source;
  const unread = findUnread(rowsRead.map(({ file, rows }) => toFileRows(file, rows, refused)));
  // Of a project nobody could read anything of, it would be said that there is none.
  const { project: _, ...others } = flags;
  const text = describe(source, unread === undefined ? flags : others);
  return { text, refused, unread };
}

function describe(source: ForecastSource, flags: ForecastFlags): string {
  const projectId = flags.project === undefined ? undefined : source.pickProject(flags.project);
  const { target: targetDate, seed, rule, date = source.today, daysOff = [] } = flags;
  const dayMsOf = createDayMs(flags, source);
  const forecast = forecastProjects(source.facts, {
    date,
    seed,
    rule,
    capacityOf: (personId) => ({ weekMs: toWeek(dayMsOf(personId)), daysOff }),
    ...(targetDate === undefined ? {} : { targetDate }),
  });
  const nameOf = (one: ProjectForecast): string =>
    one.projectId === undefined ? '' : source.nameOf(one.projectId);
  const projects = forecast.projects
    .filter((one) => projectId === undefined || one.projectId === projectId)
    .sort((one, other) => nameOf(one).localeCompare(nameOf(other), 'en'));
  const [project] = projects;
  if (projectId !== undefined && project === undefined) {
    const text = `The project \`${source.nameOf(projectId)}\` has no task and no run, so there is nothing to forecast.`;
    throw new DomainError('NO_WORK', text);
  }
  const shown: ShownForecast = {
    source,
    forecast: { ...forecast, projects },
    date,
    targetDate,
    seed,
  };
  if (flags.json === true) return JSON.stringify(toForecastJson(shown));
  return projectId === undefined || project === undefined
    ? describeForecasts(shown)
    : describeProject(project, shown);
}
