import { type Command, Option } from 'commander';
import { GROUPINGS, type Grouping, reportWork } from '#shared/variance/index.ts';
import { addWorkOptions, readWorkFiles, type WorkFileFlags } from './work-options.ts';
import { describeWork, toWorkJson } from './work-text.ts';

interface VarianceFlags extends WorkFileFlags {
  readonly by: Grouping;
  readonly detail?: true;
  readonly json?: true;
}

const HELP = `
The session file has a row a run: run_id, task_id, workflow, person, started_at, ended_at, net_minutes,
interruption_minutes. The task file has a row a task, or one for each estimate it was given: task_id, parent_id,
workflow, estimated_hours, estimated_on, completed_on. Either may name project, process_template,
service_blueprint, offer, engagement and venture. Other common headers are recognised. Times without an offset
are those of clocks in --zone.

Example:
  npm run -s founder-hq -- variance --sessions sessions.csv --tasks tasks.csv --zone Europe/Berlin
  npm run -s founder-hq -- variance --sessions sessions.csv --tasks tasks.csv --by person --json --detail`;

/** Adds `founder-hq variance`: the whole way from runs to the variance of every group, on plain files. */
export function registerVariance(program: Command): void {
  const command = program
    .command('variance')
    .summary('how far work ends from its estimates, from plain files')
    .description(
      'Sums the runs of each finished task, compares it with the estimate it began with, and shows each group’s typical and total variance, its range, whether it drifts, and what had to be left out. Needs no doc and sends nothing.',
    );
  addWorkOptions(command)
    .addOption(
      new Option('--by <grouping>', 'what to group by').choices(GROUPINGS).default('workflow'),
    )
    .option('--detail', 'with --json: every task behind the figures, with its runs and revisions')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(flags: VarianceFlags): Promise<void> {
  const work = await readWorkFiles(flags);
  const report = reportWork(work, flags.by);
  const shown = { work, report, isDetailed: flags.detail === true };
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(toWorkJson(shown))}\n` : `${describeWork(shown)}\n`,
  );
}
