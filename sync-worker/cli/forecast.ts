import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseCapacity, parseDayHours, parseDays } from './capacity-option.ts';
import { parseDay } from './day-option.ts';
import { forecastHours } from './forecast-hours.ts';
import type { ForecastFlags } from './forecast-source.ts';
import { forecastWork } from './forecast-work.ts';
import { sayUnread } from './unread-file.ts';
import { parseZone } from './zone-option.ts';

const HELP = `
Dates are those on which half, four of five and 19 of 20 of 1,000 simulated futures are done. A task that is open takes its
estimate as it stands now, times a ratio of finished tasks like it; people do one task at a time, what is scheduled earlier
first, whatever project it is of, and no sprint holds more than its capacity. Tasks without an estimate take what their
workflow usually takes, where 5 are finished; else they and what waits for them are in no date and named. What is still to be
thought of is in no date: its growth is shown beside. Earned value counts a task when it is finished. The same input and seed
give the same dates.

Of a doc: tasks may have the columns assignee (→ people), depends_on (→ tasks), scheduled_start_date and scheduled_end_date;
sprints their capacity_hrs. Of files: task_id, project, workflow, person, estimated_hours, completed_on, depends_on (ids
between semicolons), scheduled_on, due_on, added_on, and actual_hours or the runs in --sessions.

Example:
  npm run -s founder-hq -- forecast --project "Audit Acme" --target 2026-03-31
  npm run -s founder-hq -- forecast --project "Audit Acme" --tasks tasks.csv --sessions sessions.csv --capacity dana=6
  npm run -s founder-hq -- forecast --tasks open.csv --history done.csv

The last forecasts the hours of each open task of a file from the finished ones of another, as for \`founder-hq backtest\`.`;

/** Adds `founder-hq forecast`: when projects will be finished and what they have earned; or the hours of open tasks. */
export function registerForecast(program: Command): void {
  program
    .command('forecast')
    .summary('when projects will be finished, and whether their hours hold')
    .description(
      'Simulates what is open, of a doc or of files, and shows for each project when it will be finished (P50, P80, P95), how it has grown lately, and its earned value. Where there is no number it says why. Changes nothing.',
    )
    .option('--project <name>', 'only this project, in full (default: all, a line each)')
    .option('--target <day>', 'how likely it is to be finished on this day or before', parseDay)
    .option('--date <day>', 'first day of what is left (default: today)', parseDay)
    .option(
      '--hours-per-day <hours>',
      'what a person works on a weekday (default: 8)',
      parseDayHours,
    )
    .option(
      '--capacity <person=hours>',
      'another number for this person; may be repeated',
      parseCapacity,
    )
    .option('--days-off <days>', 'days on which nobody works, between commas', parseDays)
    .addOption(
      new Option('--rule <rule>', 'what a task has earned once begun: nothing, or half')
        .choices(['0/100', '50/50'])
        .default('0/100'),
    )
    .option('--seed <number>', 'which futures are drawn', parseSeed, 1)
    .addOption(
      new Option('--tasks <file>', 'CSV with a row a task, open or finished').conflicts('doc'),
    )
    .option('--sessions <file>', 'CSV with a row a run, as for `variance`')
    .option('--history <file>', 'CSV with more finished tasks, as for `backtest`')
    .option('--doc <url or id>', 'the doc (default without files: the one that is served here)')
    .option(
      '--zone <zone>',
      'the zone whose days count (default: UTC; of a doc its own)',
      parseZone,
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(flags: ForecastFlags, command: Command): Promise<void> {
  const { tasks, history, sessions, project } = flags;
  const isOfHours = tasks !== undefined && history !== undefined;
  const { text, refused, unread } =
    isOfHours && sessions === undefined && project === undefined
      ? await forecastHours({ tasks, history, isJson: flags.json === true })
      : await forecastWork(flags, command);
  if (flags.json === true || unread === undefined) process.stdout.write(`${text}\n`);
  if (unread !== undefined) process.exitCode = sayUnread(unread, refused);
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(seed)) return seed;
  throw new InvalidArgumentError('Expected a whole number, like 7.');
}
