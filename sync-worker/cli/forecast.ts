import type { Command } from 'commander';
import {
  describeForecast,
  learnHistory,
  toBacktestScene,
  toHoursText,
} from '#shared/variance/index.ts';
import { readBacktestFile, readFileBytes, readForecastFile } from '#worker/import/index.ts';
import { givenPath } from './given-path.ts';

interface ForecastFlags {
  readonly tasks: string;
  readonly history: string;
  readonly json?: true;
}

const HELP = `
Both files name workflow, person, category, subcategory, project and priority as far as they are known. The history
has a row a finished task with estimated_hours, actual_hours, estimated_on and completed_on, as for
\`founder-hq backtest\`; the task file has task_id and estimated_hours, and completed_on where a task is done.

Example:
  npm run -s founder-hq -- forecast --tasks open.csv --history done.csv`;

/** Adds `founder-hq forecast`: hours for open tasks, from finished ones. */
export function registerForecast(program: Command): void {
  program
    .command('forecast')
    .summary('how long open tasks may take, from your finished ones')
    .description(
      'Learns from a file of finished tasks and forecasts each open task of another: a range that should hold four of five, and one number. Below 20 finished tasks of its kind your estimate stands. Needs no doc and sends nothing.',
    )
    .requiredOption('--tasks <file>', 'CSV with a row a task to be forecast')
    .requiredOption('--history <file>', 'CSV with a row a finished task')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(flags: ForecastFlags): Promise<void> {
  const history = await readBacktestFile(readFileBytes(givenPath(flags.history)));
  const tasks = await readForecastFile(readFileBytes(givenPath(flags.tasks)));
  const { rows } = toBacktestScene(history.history);
  const { forecast } = learnHistory(rows);
  const forecasts = tasks.asked.map(({ taskId, task }) => ({
    taskId,
    estimateHours: task.estimateHours,
    ...forecast(task),
  }));
  const { unestimatedIds } = tasks;
  const refused = [
    ...history.refused.map((row) => ({ ...row, file: 'history' })),
    ...tasks.refused.map((row) => ({ ...row, file: 'tasks' })),
  ];
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ forecasts, unestimatedIds, refused })}\n`);
    return;
  }
  const lines = [
    ...forecasts.map(
      (each) => `${each.taskId}: ${toHoursText(each.point)} h, ${describeForecast(each)}`,
    ),
    ...(forecasts.length === 0 ? ['No open task with an estimate.'] : []),
    ...unestimatedIds.map((taskId) => `${taskId}: no estimate, so no forecast`),
    ...refused.map(({ file, line, reason }) => `not read: ${file} line ${line}: ${reason}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
